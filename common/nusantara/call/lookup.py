"""How the outcome of a keyed call can be found out when its answer is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import attrs

from nusantara.response import Response

__all__ = ["Lookup"]

T = TypeVar("T")


@attrs.frozen(slots=True, kw_only=True)
class Lookup(Generic[T]):
    """What a keyed call brings along."""

    read: Callable[[Response], T]
    """Its result in an answer; :exc:`~nusantara.errors.BadResponse` if the answer has none."""
    find: Callable[[], Awaitable[T | None]]
    """Its result where the server keeps it, None if it is not there."""
    settling_time: float
    """Seconds for which the server may still carry out what came over a connection that has ended."""
    may_send_again: bool
    """Whether a second one may be sent at all."""
