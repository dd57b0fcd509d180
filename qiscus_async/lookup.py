"""Looks for a comment by its mark, after an answer was lost."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from nusantara import codec
from nusantara.errors import OutcomeUnknown
from nusantara.request import get
from nusantara.response import Response
from qiscus_async.models.comments import Comment, CommentAnswer, CommentListAnswer, CommentResult

if TYPE_CHECKING:
    from qiscus_async.client import AsyncQiscus

__all__ = ["CommentLookup"]

LIMIT = 100
"""The largest page that public clients ask for."""
MOST_PAGES = 100
SERVER_SKEW = timedelta(minutes=1)
"""How far the clock that stamps comments may be from the one that dates answers."""
LOCAL_SKEW = timedelta(minutes=10)
"""How far it may be from ours, which is used only if the server dates no answers."""


class CommentLookup:
    """The mark of one comment, and since when it can be in the room. Made before the comment is first sent."""

    def __init__(self, client: AsyncQiscus, room_id: str, unique_temp_id: str) -> None:
        self._client = client
        self._room_id = room_id
        self._unique_temp_id = unique_temp_id
        self._began = time.monotonic()

    async def find(self) -> CommentAnswer | None:
        """The comment, if the room has it.

        Reads the room newest first, down to a page that is older than the first try. Pages that shift while it reads
        bring comments again and hide none.
        """
        since: datetime | None = None
        for page in range(1, MOST_PAGES + 1):
            request = get("/api/v2/rest/load_comments", params={"room_id": self._room_id, "page": page, "limit": LIMIT})
            response = await self._client._exchange(request)
            with codec.Listing() as shown:
                comments = self._client._structure(request, response, CommentListAnswer, shown).results.comments
            if comments is None:
                raise OutcomeUnknown("the room was shown without its comments")
            if shown.error is not None and any(map(self._may_be, shown.malformed)):
                raise shown.error
            readable = [comment for comment in comments if isinstance(comment, Comment)]
            for comment in readable:
                if comment.unique_temp_id == self._unique_temp_id:
                    return CommentAnswer(results=CommentResult(comment=comment))
            # A page shorter than asked for need not be the last: what the server allows at most is not documented.
            if not comments or getattr(comments[-1], "comment_before_id", None) == 0:
                return None
            since = since or self._since(response)
            # The whole page, because imported comments bring an old time to a new place.
            if readable and all(_moment(comment) < since for comment in readable):
                return None
        raise OutcomeUnknown(f"the room got more than {MOST_PAGES * LIMIT} comments meanwhile")

    def _may_be(self, malformed: codec.Malformed) -> bool:
        """Whether a comment that cannot be read may be this one."""
        raw = malformed.raw
        mark = raw.get("unique_temp_id") if isinstance(raw, dict) else None
        return not isinstance(mark, str) or mark in ("", self._unique_temp_id)

    def _since(self, response: Response) -> datetime:
        """When it was begun, by the server's clock as far as that is known, and a little before."""
        elapsed = timedelta(seconds=time.monotonic() - self._began)
        try:
            now, skew = parsedate_to_datetime(response.headers["Date"]).astimezone(UTC), SERVER_SKEW
        except (KeyError, ValueError, OverflowError):
            now, skew = datetime.now(UTC), LOCAL_SKEW
        return now - elapsed - skew


def _moment(comment: Comment) -> datetime:
    return comment.timestamp if comment.timestamp.tzinfo else comment.timestamp.replace(tzinfo=UTC)
