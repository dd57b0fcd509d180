"""The total timeout of a call, to the letter of :func:`asyncio.timeout` but for what it costs."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nusantara.transport import Deadlines

__all__ = ["Deadline"]


class Deadline:
    """Cancels the task of a call when the time is up."""

    __slots__ = ("_cancelled_before", "_deadlines", "_seconds", "_task", "_when", "is_over")

    _deadlines: Deadlines | None
    """Keep the time; None before it counts."""
    is_over: bool
    """Whether the time is up."""

    def begin(self, deadlines: Deadlines, seconds: float) -> None:
        """Count from now on. Only the first of several counts."""
        if self._deadlines is not None:
            return
        task = asyncio.current_task()
        assert task is not None
        self._task: asyncio.Task[Any] | None = task
        self._cancelled_before = task.cancelling()
        self._deadlines, self._seconds = deadlines, seconds
        self._when = deadlines.begin(seconds, self)

    @property
    def seconds_left(self) -> float:
        return math.inf if self._deadlines is None else self._when - asyncio.get_running_loop().time()

    def expire(self) -> None:
        self.is_over = True
        assert self._task is not None
        self._task.cancel()

    def ran_out(self) -> bool:
        """Whether the cancellation that has come here was the timeout's, and nobody else's."""
        if not self.is_over:
            return False
        task, self._task = self._task, None
        assert task is not None
        return task.uncancel() <= self._cancelled_before

    def end(self) -> None:
        """The call is over, in whatever way."""
        if self._deadlines is not None:
            self._deadlines.end(self._seconds, self)
        if self.is_over and self._task is not None:
            self._task.uncancel()
