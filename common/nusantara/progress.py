"""Telling how far a transfer is."""

from __future__ import annotations

import time
from collections.abc import Callable

from nusantara.errors import InvalidParameter

__all__ = ["Meter", "Progress"]

Progress = Callable[[int, int | None], None]
"""Called with what is done and what there is in all (None while that is unknown): bytes, rows or percent, as the
operation says. At most 20 times a second; what is done never shrinks but for a transfer that starts anew, and the last
call has both equal. An exception that it raises ends the transfer cleanly."""

INTERVAL = 0.05


class Meter:
    """Passes progress on, at a rate that a terminal can show.

    Raises:
        InvalidParameter: It is not a function.
    """

    def __init__(self, progress: Progress | None) -> None:
        if progress is not None and not callable(progress):
            raise InvalidParameter("progress", f"must be a function, not {progress!r}")
        self._progress = progress
        self._next = 0.0
        self._last: tuple[int, int | None] | None = None

    def show(self, done: int, total: int | None) -> None:
        """Something in between."""
        if self._progress is None:
            return
        now = time.monotonic()
        if now >= self._next:
            self._next = now + INTERVAL
            self._last = done, total
            self._progress(done, total)

    def done(self, done: int, total: int | None) -> None:
        """The end, which is always shown."""
        last = done, done if total is None else total
        if self._progress is not None and self._last != last:
            self._progress(*last)
