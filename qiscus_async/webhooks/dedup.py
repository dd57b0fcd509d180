"""Telling an event that comes again from one that comes for the first time.

Whether Qiscus repeats events is documented nowhere, so a receiver has to expect it. The documented form of an event has
no id; what is sent today has the number of the comment.
"""

from __future__ import annotations

import hashlib
import heapq
import threading
import time
from collections.abc import Callable
from typing import Protocol

import attrs

from nusantara.checks import check_whole
from nusantara.errors import even_half_made
from nusantara.introspection import documented
from qiscus_async.webhooks.events import CommentPosted, Event, EventType

__all__ = ["DedupStore", "EventKey", "MemoryDedupStore", "event_key"]

_LONGEST_KEY = 200
_KNOWN_TYPES = frozenset(EventType)


class DedupStore(Protocol):
    """Remembers for a while which events are being handled and which are done. Receivers in several processes need one
    that all of them reach.

    In Redis, where a key has the value ``claimed`` or ``done``: ``SET key claimed NX PX lease``,
    ``SET key claimed XX PX lease``, ``SET key done PX ttl``, ``DEL key`` and ``GET key``. All times are seconds here.
    """

    async def claim(self, key: str, lease: float) -> bool:
        """Claim a key for ``lease`` seconds, unless it is claimed or done. True if it was neither.

        It has to be one step that nobody else can come between.
        """
        ...

    async def renew(self, key: str, lease: float) -> None:
        """Let a claim of the caller's end ``lease`` seconds from now. Never called once the key is done or released."""
        ...

    async def done(self, key: str, ttl: float) -> None:
        """Remember for ``ttl`` seconds that the event was handled."""
        ...

    async def release(self, key: str) -> None:
        """Forget a key: its event was accepted and then not handled."""
        ...

    async def is_done(self, key: str) -> bool:
        """Whether the event was handled. False for one that is claimed, and for one that is forgotten."""
        ...


@attrs.frozen(slots=True)
class _Entry:
    end: float
    done: bool


class MemoryDedupStore:
    """Remembers keys in this process; any thread may use it.

    Args:
        max_keys: Beyond it, those are forgotten first that would be forgotten next anyway.
        clock: Seconds.
    """

    def __init__(self, *, max_keys: int = 100_000, clock: Callable[[], float] = time.monotonic) -> None:
        check_whole("max_keys", max_keys)
        self._max_keys = max_keys
        self._clock = clock
        self._keys: dict[str, _Entry] = {}
        self._order: list[tuple[float, str]] = []
        """A heap. Of a key that was renewed, done or released, earlier ends are still in it."""
        self._lock = threading.Lock()

    async def claim(self, key: str, lease: float) -> bool:
        with self._lock:
            now = self._clock()
            self._forget(now)
            if key in self._keys:
                return False
            while len(self._keys) >= self._max_keys:
                self._forget_next()
            self._set(key, now + lease, done=False)
            return True

    async def renew(self, key: str, lease: float) -> None:
        with self._lock:
            if key in self._keys:
                self._set(key, self._clock() + lease, done=False)

    async def done(self, key: str, ttl: float) -> None:
        with self._lock:
            self._set(key, self._clock() + ttl, done=True)

    async def release(self, key: str) -> None:
        with self._lock:
            self._keys.pop(key, None)

    async def is_done(self, key: str) -> bool:
        with self._lock:
            self._forget(self._clock())
            entry = self._keys.get(key)
            return entry is not None and entry.done

    def __len__(self) -> int:
        return len(self._keys)

    @even_half_made
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {len(self)} keys>"

    def _set(self, key: str, end: float, *, done: bool) -> None:
        self._keys[key] = _Entry(end, done)
        heapq.heappush(self._order, (end, key))
        if len(self._order) > 4 * self._max_keys:
            self._order = [(entry.end, name) for name, entry in self._keys.items()]
            heapq.heapify(self._order)

    def _forget(self, now: float) -> None:
        while self._order and self._order[0][0] <= now:
            self._forget_next()

    def _forget_next(self) -> None:
        end, key = heapq.heappop(self._order)
        entry = self._keys.get(key)
        if entry is not None and entry.end == end:
            del self._keys[key]


@documented
@attrs.frozen(slots=True)
class EventKey:
    """What an event is recognised by."""

    text: str
    certain: bool
    """Whether no two comments can have the same. Otherwise it is the body, and somebody who says "ya" twice in a
    moment says it once, where events come without ids."""


def event_key(event: Event, body: bytes) -> EventKey:
    """The number of the comment, the mark of its sender, or else the digest of the body.

    A type that is not known may well tell of one comment several times, so there it is always the digest.
    """
    if isinstance(event, CommentPosted) and event.type in _KNOWN_TYPES:
        if event.message.id:
            return EventKey(f"{event.type}:id:{event.message.id}", True)
        if event.message.unique_temp_id:
            return EventKey(_short(f"{event.type}:mark:{event.room.id}:{event.message.unique_temp_id}"), True)
    return EventKey(f"body:{hashlib.sha256(body).hexdigest()}", False)


def _short(key: str) -> str:
    if len(key) <= _LONGEST_KEY:
        return key
    return f"digest:{hashlib.sha256(key.encode('utf-8', 'backslashreplace')).hexdigest()}"
