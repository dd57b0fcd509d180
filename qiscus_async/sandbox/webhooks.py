"""Announcing new comments to the app's own server.

Reference: "Webhooks". That it repeats a webhook is documented nowhere; here it does, a few times, as a receiver has to
expect.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import threading
import time
from typing import Any

import attrs

from nusantara.sandbox.outbox import Delivery, Outbox
from qiscus_async.sandbox.data import Data
from qiscus_async.sandbox.entities import Comment
from qiscus_async.sandbox.settings import Edition, Settings
from qiscus_async.sandbox.shapes import micro_time, participant_documents, time_text

__all__ = ["ATTEMPT_HEADER", "SIGNATURE_HEADER", "Courier", "event_document"]

SIGNATURE_HEADER = "QISCUS-SDK-SIGNATURE"
ATTEMPT_HEADER = "X-Sandbox-Delivery"
"""Not the vendor's: number of the event and of the attempt."""

_POLL = 0.005
_GIVEN_UP = 15.0
"""Seconds after which an attempt without a result is lost: the sandbox was stopped or reset meanwhile."""


def event_document(comment: Comment, kind: str, data: Data, settings: Settings) -> dict[str, Any]:
    """The event of a new comment. ``kind`` is ``post_comment_mobile`` or ``post_comment_rest``."""
    sender = data.sender(comment)
    room = data.room(comment.room_id)
    assert room is not None
    users = [data.user(email) or data.system for email in room.participants]
    sent_by: dict[str, Any] = {"id": sender.id, "email": sender.email, "name": sender.username}
    sent_in: dict[str, Any] = {
        "id": room.id,
        "topic_id": room.id,
        "type": room.type,
        "name": room.name,
        "participants": [
            {"id": user.id, "email": user.email, "username": user.username, "avatar_url": user.avatar_url}
            for user in users
        ],
    }
    message: dict[str, Any] = {"type": comment.type, "text": comment.message, "payload": comment.payload or {}}
    if settings.edition is Edition.LIVE:
        sent_in["participants"] = participant_documents(room, data, settings)
        if room.type == "single":
            # As in the lists of rooms, the name is that of the other one: for who is told, the sender.
            sent_in["name"] = sender.username
        sent_by |= {"id_str": str(sender.id), "avatar_url": sender.avatar_url}
        sent_in |= {
            "id_str": str(room.id),
            "topic_id_str": str(room.id),
            "options": room.options or "{}",
            "room_avatar": room.avatar_url,
            "is_public_channel": False,
        }
        message |= {
            "id": comment.id,
            "id_str": str(comment.id),
            "comment_before_id": comment.before_id,
            "comment_before_id_str": str(comment.before_id),
            "created_at": micro_time(comment.at),
            "timestamp": time_text(comment.at),
            "unix_timestamp": comment.at // 1_000_000_000,
            "unix_nano_timestamp": comment.at,
            "unique_temp_id": comment.unique_temp_id,
            "disable_link_preview": comment.disable_link_preview,
            "extras": comment.extras,
        }
    return {"type": kind, "payload": {"from": sent_by, "room": sent_in, "message": message}}


@attrs.define(slots=True)
class _Event:
    number: int
    url: str
    body: bytes
    headers: tuple[tuple[str, str], ...]
    attempts_left: int
    delay: float
    attempt: int = 0
    due: float | None = None
    """When the next attempt is made; ``None`` while one is on its way."""
    lost_at: float = 0.0

    @property
    def mark(self) -> str:
        return f"{self.number}-{self.attempt}"


class Courier:
    """Sends events through the sandbox's outbox until they are accepted, or often enough.

    The outbox sends what it is given once and tells nobody how it went, so what became of an attempt is read from its
    list.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._lock = threading.Lock()
        self._open: dict[str, _Event] = {}
        self._count = 0
        self._seen = 0
        self._thread: threading.Thread | None = None

    def announce(self, document: dict[str, Any], settings: Settings) -> None:
        """Send an event to every receiver there is. Returns at once."""
        body = json.dumps(document, separators=(",", ":")).encode()
        headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"), ("User-Agent", "qiscus-sandbox"))
        if settings.webhook_secret is not None:
            signature = hmac.new(settings.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
            headers += ((SIGNATURE_HEADER, signature),)
        with self._lock:
            for url in settings.webhook_urls:
                self._count += 1
                attempts, delay = settings.webhook_attempts, settings.webhook_retry_delay
                self._send(_Event(self._count, url, body, headers, attempts, delay), time.monotonic())
            if self._open and self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="qiscus-sandbox-webhooks", daemon=True)
                self._thread.start()

    @property
    def idle(self) -> bool:
        """Whether every event is accepted or given up."""
        return not self._open

    def wait(self, timeout: float) -> None:
        """Wait until idle. Raises :exc:`TimeoutError`."""
        end = time.monotonic() + timeout
        while not self.idle:
            if time.monotonic() > end:
                raise TimeoutError("a webhook is still on its way")
            time.sleep(_POLL)

    async def drained(self, timeout: float) -> None:
        """The same without blocking the loop."""
        async with asyncio.timeout(timeout):
            while not self.idle:
                await asyncio.sleep(_POLL)

    def reset(self) -> None:
        """Forget what is on its way."""
        with self._lock:
            self._open = {}
            self._seen = 0

    def _send(self, event: _Event, now: float) -> None:
        event.attempt += 1
        event.attempts_left -= 1
        event.due, event.lost_at = None, now + _GIVEN_UP
        self._open[event.mark] = event
        with contextlib.suppress(RuntimeError):  # the sandbox's loop has closed
            self._outbox.post("qiscus", event.url, event.body, (*event.headers, (ATTEMPT_HEADER, event.mark)))

    def _watch(self) -> None:
        while True:
            time.sleep(_POLL)
            with self._lock:
                deliveries, count = self._outbox.deliveries_from(self._seen)
                if count < self._seen:
                    deliveries, count = self._outbox.deliveries_from(0)
                for delivery in deliveries:
                    self._settle(delivery)
                self._seen = count
                now = time.monotonic()
                for mark, event in list(self._open.items()):
                    if event.due is None and now > event.lost_at:
                        del self._open[mark]
                    elif event.due is not None and now >= event.due:
                        del self._open[mark]
                        self._send(event, now)
                if not self._open:
                    self._thread = None
                    return

    def _settle(self, delivery: Delivery) -> None:
        mark = dict(delivery.headers).get(ATTEMPT_HEADER, "")
        event = self._open.get(mark)
        if event is None:
            return
        if (delivery.status is not None and 200 <= delivery.status < 300) or not event.attempts_left:
            del self._open[mark]
            return
        event.due = time.monotonic() + event.delay
        event.delay *= 2
