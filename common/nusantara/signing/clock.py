"""The time that goes into signatures."""

from __future__ import annotations

import email.utils
import time
from typing import Final

from nusantara.errors import ConfigurationError

__all__ = ["Clock"]

SHORTEST_SKEW: Final = 60.0
"""Seconds. Below, it may as well be the time that the answer took."""
LONGEST_SKEW: Final = 24 * 60 * 60 + SHORTEST_SKEW
"""Seconds: a date that is wrong by one day is put up with."""


class Clock:
    """The time that is put into signatures: this machine's, until a server has shown it to be wrong."""

    __slots__ = ("_offset",)

    def __init__(self) -> None:
        self._offset: float | None = None
        """From the monotonic clock to the server's, so that setting this machine's clock right does no harm."""

    def now(self) -> int:
        return int(time.time() if self._offset is None else time.monotonic() + self._offset)

    def refused(self, date: str | None, signed_at: int) -> bool:
        """Have a signature refused, and say whether the next one will have a time that is far from its own.

        The refused time gives way to the other: this machine's to the server's ``Date``, and that, should it be of no
        use, to this machine's again. Another server than the one that checks signatures may have written the ``Date``.
        """
        if abs(signed_at - self.now()) < SHORTEST_SKEW:
            server = _moment(date)
            if server is not None and abs(server - time.time()) <= LONGEST_SKEW:
                self._offset = server - time.monotonic() if abs(server - signed_at) >= SHORTEST_SKEW else None
        return abs(signed_at - self.now()) >= SHORTEST_SKEW

    def check(self, date: str | None) -> None:
        """Raise if this machine's clock and a server's are further apart than is put up with."""
        server = _moment(date)
        skew = 0.0 if server is None else time.time() - server
        if abs(skew) > LONGEST_SKEW:
            raise ConfigurationError(
                f"this machine's clock is {abs(skew) / 86_400:.1f} days {'ahead of' if skew > 0 else 'behind'} "
                "the server's, and signatures hold the time",
                hint="set this machine's clock",
            )


def _moment(date: str | None) -> float | None:
    """Seconds since 1970 of a ``Date`` header."""
    try:
        moment = email.utils.parsedate_to_datetime(date or "")
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return None if moment.tzinfo is None else moment.timestamp()
