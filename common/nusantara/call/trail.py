"""What is known of a call only where somebody watches it."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from nusantara.errors import Sent

if TYPE_CHECKING:
    from nusantara.response import Response

__all__ = ["Trail"]


class Trail:
    """Made where there are hooks, and where something is logged."""

    __slots__ = ("_queueing_since", "attempts", "begun", "call_id", "operation", "queued", "response", "sent")

    def __init__(self, operation: str | None) -> None:
        self.operation = operation
        self.call_id = os.urandom(6).hex()
        self.begun = time.perf_counter()
        self.queued = 0.0
        """Seconds of waiting for the rate limit and a connection."""
        self._queueing_since: float | None = None
        self.attempts = 0
        self.sent = Sent.NO
        """How far the call has come, of all its attempts, once it is over."""
        self.response: Response | None = None
        """The answer that ended it well."""

    def queue(self) -> None:
        """The wait begins."""
        self._queueing_since = time.perf_counter()

    def leave(self) -> None:
        """It is over, in whatever way."""
        if self._queueing_since is not None:
            self.queued += time.perf_counter() - self._queueing_since
            self._queueing_since = None
