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

from nusantara.errors import InvalidParameter
from qiscus_async.webhooks.events import CommentPosted, Event, EventType

__all__ = ["DedupStore", "EventKey", "MemoryDedupStore", "event_key"]

_LONGEST_KEY = 200
_KNOWN_TYPES = frozenset(EventType)


class DedupStore(Protocol):
    """Remembers keys for a while. Receivers in several processes need one that all of them reach."""

    async def add(self, key: str, ttl: float) -> bool:
        """Remember a key for ``ttl`` seconds, unless it is remembered already. True if it was not.

        It has to be one step that nobody else can come between, as ``SET key 1 NX PX ttl`` is in Redis.
        """
        ...

    async def discard(self, key: str) -> None:
        """Forget a key: its event was accepted and then not handled."""
        ...


class MemoryDedupStore:
    """Remembers keys in this process; any thread may use it.

    Args:
        max_keys: Beyond it, those are forgotten first that would be forgotten next anyway.
        clock: Seconds.
    """

    def __init__(self, *, max_keys: int = 100_000, clock: Callable[[], float] = time.monotonic) -> None:
        if isinstance(max_keys, bool) or not isinstance(max_keys, int) or max_keys < 1:
            raise InvalidParameter("max_keys", f"must be a whole number from 1, not {max_keys!r}")
        self._max_keys = max_keys
        self._clock = clock
        self._ends: dict[str, float] = {}
        self._order: list[tuple[float, str]] = []
        """A heap. Keys that were discarded are still in it, with an end that is not theirs any more."""
        self._lock = threading.Lock()

    async def add(self, key: str, ttl: float) -> bool:
        with self._lock:
            now = self._clock()
            self._forget(now)
            if key in self._ends:
                return False
            self._ends[key] = now + ttl
            heapq.heappush(self._order, (now + ttl, key))
            return True

    async def discard(self, key: str) -> None:
        with self._lock:
            self._ends.pop(key, None)

    def __len__(self) -> int:
        return len(self._ends)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {len(self)} keys>"

    def _forget(self, now: float) -> None:
        """Make room for one more."""
        while self._order and (self._order[0][0] <= now or len(self._order) >= self._max_keys):
            end, key = heapq.heappop(self._order)
            if self._ends.get(key) == end:
                del self._ends[key]


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
