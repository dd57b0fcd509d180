"""The vendor's time zone, and when the first data was written."""

from __future__ import annotations

import datetime

__all__ = ["JAKARTA", "NEWEST"]

JAKARTA = datetime.timezone(datetime.timedelta(hours=7))
NEWEST = int(datetime.datetime(2024, 5, 20, 19, 30, tzinfo=JAKARTA).timestamp())
"""Nothing in the first data is younger."""
