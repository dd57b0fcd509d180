"""What ``sandbox.qiscus`` gives: the data, the settings, and what end users do in the app."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from nusantara.errors import InvalidParameter
from nusantara.sandbox.outbox import Outbox
from qiscus_async.sandbox import payloads, seed
from qiscus_async.sandbox.backups import Backups
from qiscus_async.sandbox.data import Data
from qiscus_async.sandbox.entities import Comment, Room, User
from qiscus_async.sandbox.refusals import Invalid
from qiscus_async.sandbox.settings import Duplicates, Settings
from qiscus_async.sandbox.webhooks import Courier, event_document

__all__ = ["QiscusState"]

_APP_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}").fullmatch
_NUMBERS_OF_AN_APP = 10_000_000
"""The vendor counts users, rooms and comments of all its apps together."""


class QiscusState(Settings):
    """The data of one app and its settings. Safe to use from any thread.

    ``sandbox.qiscus`` is the app that is there from the start; :meth:`add_app` makes further ones, which share nothing.
    ``lock`` is held during each call that the sandbox answers; hold it yourself to read ``data`` piece by piece.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._first_settings = settings
        self.lock = threading.RLock()
        self._clock: Callable[[], float] = lambda: 0.0
        self._seed = "0"
        self._courier: Courier | None = None
        self._added: dict[str, QiscusState] = {}
        self._fill(seed.APP_ID, 0)

    def start(self, clock: Callable[[], float], seed_number: int, outbox: Outbox) -> None:
        """Fill with the first data."""
        self._clock, self._seed, self._courier = clock, str(seed_number), Courier(outbox)
        self.reset()

    def reset(self) -> None:
        """Back to the first data and settings; the apps that were added are gone."""
        with self.lock:
            self._added.clear()
            self._fill(seed.APP_ID, 0)
            if self._courier is not None:
                self._courier.reset()

    def add_app(self, app_id: str | None = None) -> dict[str, Any]:
        """Another app with the first data, the first settings and a secret of its own; what its clients need.

        :param app_id: small letters, digits and hyphens; by default one that is free. Raises :exc:`InvalidParameter`
            where it is none or is taken.
        """
        with self.lock:
            number = len(self._added) + 1
            name = f"{seed.APP_ID}-{number}" if app_id is None else app_id
            if not isinstance(name, str) or not _APP_ID(name) or name == "api":
                raise InvalidParameter("app_id", f"must be small letters, digits and hyphens, not {app_id!r}")
            if name == self.app_id or name in self._added:
                raise InvalidParameter("app_id", f"{name!r} is there already")
            app = QiscusState(self._first_settings)
            app._clock, app._seed, app._courier = self._clock, f"{self._seed}:{name}", self._courier
            app._fill(name, number)
            self._added[name] = app
            return app.credentials()

    def app(self, app_id: str) -> QiscusState:
        """The data and settings of one app. Raises :exc:`KeyError`."""
        return self if app_id == self.app_id else self._added[app_id]

    @property
    def apps(self) -> list[QiscusState]:
        """All apps, the first one included: a copy."""
        with self.lock:
            return [self, *self._added.values()]

    def credentials(self) -> dict[str, Any]:
        """App, secret, the identifiers of the users, and the numbers of the rooms."""
        return {
            "app_id": self.app_id,
            "secret_key": self.secret_key,
            "users": [user.email for user in self.users],
            "rooms": [room.id for room in self.rooms],
        }

    def _fill(self, app_id: str, number: int) -> None:
        for field in attrs.fields(Settings):
            setattr(self, field.name, getattr(self._first_settings, field.name))
        self.data = Data(app_id, self.now, self._seed, number * _NUMBERS_OF_AN_APP)
        self.backups = Backups(self.data, self, self.now)
        self.secret_key = hashlib.sha256(f"{self._seed}:secret".encode()).hexdigest()[:32]
        seed.fill(self.data)

    def now(self) -> int:
        """Nanoseconds since the epoch, by the sandbox's clock."""
        return int(self._clock() * 1_000_000) * 1000

    @property
    def app_id(self) -> str:
        """The name of the app."""
        return self.data.app_id

    @property
    def users(self) -> list[User]:
        """All users: a copy."""
        with self.lock:
            return self.data.users

    @property
    def rooms(self) -> list[Room]:
        """All rooms: a copy."""
        with self.lock:
            return self.data.rooms

    def comments(self, room_id: int | str) -> list[Comment]:
        """The comments of a room, oldest first: a copy. Raises :exc:`InvalidParameter`."""
        with self.lock:
            return list(self.data.comments(self._room(room_id)))

    def user_writes(
        self,
        room_id: int | str,
        email: str,
        content: str | Mapping[str, Any],
        *,
        type: str | None = None,
        message: str = "",
        unique_temp_id: str | None = None,
    ) -> Comment:
        """A user posts in the app, which the webhook announces as ``post_comment_mobile``.

        :param room_id: number or unique identifier.
        :param content: a text or a payload.
        :param type: of the payload; without it, the one that it looks like.
        :param message: text beside a payload, where the type takes one.

        Raises :exc:`InvalidParameter`: no such room or user, or what the vendor would refuse.
        """
        with self.lock:
            room, user = self._room(room_id), self._user(email)
            payload = None if isinstance(content, str) else dict(content)
            if isinstance(content, str):
                message = content
            try:
                kind = type or ("text" if payload is None else payloads.guess_type(payload))
                return self.write(
                    user, room, message, kind, payload, unique_temp_id=unique_temp_id, event="post_comment_mobile"
                )
            except Invalid as refusal:
                raise InvalidParameter(*next(iter(refusal.problems.items()))) from None
            except ValueError as error:
                raise InvalidParameter("content", str(error)) from None

    def user_presses(self, comment_id: int, email: str, label: str) -> Comment:
        """A user presses a postback button of a comment, of its card or of one of its cards.

        Raises :exc:`InvalidParameter`.
        """
        with self.lock:
            comment = self.data.comment(comment_id)
            if comment is None:
                raise InvalidParameter("comment_id", f"{comment_id!r} is not a comment")
            payload = comment.payload or {}
            for part in (payload, *payload.get("cards", ())):
                for button in part.get("buttons", ()):
                    if button["label"] == label and button["type"] == "postback":
                        return self.user_writes(
                            comment.room_id,
                            email,
                            button["payload"],
                            type="button_postback_response",
                            message=button["postback_text"] or label,
                        )
            raise InvalidParameter("label", f"the comment has no postback button {label!r}")

    def user_reads(self, room_id: int | str, email: str) -> None:
        """A user opens a room in the app, so that nothing in it is unread. Raises :exc:`InvalidParameter`."""
        with self.lock:
            room, user = self._room(room_id), self._user(email)
            self.data.mark_read(room, user.email, self.data.last_id(room))

    def wait_delivered(self, timeout: float = 10.0) -> None:
        """Wait until every webhook is accepted or given up. Raises :exc:`TimeoutError`.

        For code outside the sandbox's loop. The sandbox's own ``delivered`` waits for the first attempts only.
        """
        if self._courier is not None:
            self._courier.wait(timeout)

    async def delivered(self, timeout: float = 10.0) -> None:
        """The same for async code in any loop."""
        if self._courier is not None:
            await self._courier.drained(timeout)

    def write(
        self,
        sender: User,
        room: Room,
        message: str,
        kind: str,
        payload: dict[str, Any] | None,
        *,
        extras: dict[str, Any] | None = None,
        unique_temp_id: str | None = None,
        disable_link_preview: bool = False,
        event: str | None = None,
    ) -> Comment:
        """Store a comment and, where an ``event`` is named, announce it. Raises :exc:`Invalid`."""
        if self.participants_only and sender.email not in room.participants:
            raise Invalid(sender_email="is not a participant of the room")

        parent = self.data.comment(payload.get("replied_comment_id")) if kind == "reply" and payload else None
        quoted = (parent, self.data.sender(parent)) if parent is not None and parent.room_id == room.id else None
        message, payload = payloads.complete(kind, message, payload, quoted)
        first = self.data.comment_by_unique_id(unique_temp_id, room) if unique_temp_id else None
        if first is not None and self.duplicates is Duplicates.IGNORE:
            return first
        if first is not None and self.duplicates is Duplicates.REFUSE:
            raise Invalid(unique_temp_id="has already been taken")

        comment = self.data.add_comment(
            room,
            sender.email,
            message,
            kind,
            payload,
            extras=extras,
            unique_temp_id=unique_temp_id,
            disable_link_preview=disable_link_preview,
            parent_unique_id=parent.unique_temp_id if parent else "",
        )
        self.data.mark_read(room, sender.email, comment.id)
        if event is not None and self._courier is not None and self.webhook_urls:
            self._courier.announce(event_document(comment, event, self.data, self), self)
        return comment

    def _room(self, room_id: int | str) -> Room:
        room = self.data.room(room_id)
        if room is None:
            raise InvalidParameter("room_id", f"{room_id!r} is no room")
        return room

    def _user(self, email: str) -> User:
        user = self.data.user(email)
        if user is None:
            raise InvalidParameter("email", f"{email!r} is no user")
        return user
