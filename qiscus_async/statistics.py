"""Numbers about the app."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from nusantara.client import Resource
from nusantara.errors import InvalidParameter
from nusantara.request import CallClass, post
from qiscus_async.models.statistics import MonthlyComments, MonthlyCommentsAnswer

if TYPE_CHECKING:
    from qiscus_async.client import AsyncQiscus

__all__ = ["Statistics"]

_MONTH = re.compile(r"[1-9][0-9]{3}-(0[1-9]|1[0-2])").fullmatch


class Statistics(Resource):
    """Numbers about the app."""

    _client: AsyncQiscus

    async def comments_by_month(self, month: date | str) -> MonthlyComments:
        """Count the comments of a month.

        ``POST /api/v2/rest/get_total_comments_by_month`` - safe

        Args:
            month: Any day of the month, or ``yyyy-mm``.

        Reference: "Get Total Comments By Months".
        """
        text = f"{month.year}-{month.month:02}" if isinstance(month, date) else month
        if not isinstance(text, str) or not _MONTH(text):
            raise InvalidParameter("month", f"must be a date or a text such as 2017-04, not {month!r}")
        answer = await self._client._send(
            post("/api/v2/rest/get_total_comments_by_month", json={"date": text}, call_class=CallClass.SAFE),
            MonthlyCommentsAnswer,
        )
        return answer.results
