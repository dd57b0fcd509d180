"""How long a server asks to wait."""

from __future__ import annotations

import email.utils
import math
import re
import time
from datetime import UTC

__all__ = ["parse_retry_after"]

_SECONDS = re.compile(r"\d{1,9}(\.\d{0,9})?").fullmatch


def parse_retry_after(value: str | None, *, date: str | None = None) -> float | None:
    """Seconds that a ``Retry-After`` header asks for, or None if it makes no sense. Never raises.

    Args:
        value: Seconds, with or without a fraction, or an HTTP date (RFC 9110 section 10.2.3).
        date: The server's ``Date`` header, so that an HTTP date is judged by the server's own clock.
    """
    if value is None:
        return None
    value = value.strip()
    if _SECONDS(value):
        return float(value)
    until = _http_date(value)
    if until is None:
        return None
    now = _http_date(date) if date else None
    return max(until - (time.time() if now is None else now), 0.0)


def _http_date(text: str) -> float | None:
    try:
        moment = email.utils.parsedate_to_datetime(text)
        # "-0000" means UTC whose zone is not told; the parser leaves such a date without one.
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return seconds if math.isfinite(seconds) else None
