# Written by "python -m nusantara.syncgen" from qiscus_async/statistics.py. Do not edit.
"""Synchronous twin of :mod:`qiscus_async.statistics`."""

from __future__ import annotations

from datetime import date

from nusantara.sync.facade import SyncResource
from qiscus_async.models.statistics import MonthlyComments
from qiscus_async.statistics import Statistics as AsyncStatistics

__all__ = ["Statistics"]


class Statistics(SyncResource[AsyncStatistics]):
    """Numbers about the app."""

    def comments_by_month(self, month: date | str) -> MonthlyComments:
        """Count the comments of a month.

        ``POST /api/v2/rest/get_total_comments_by_month`` - safe

        Args:
            month: Any day of the month, or ``yyyy-mm``.

        Reference: "Get Total Comments By Months".
        """
        return self._portal.run(self._impl.comments_by_month, month)
