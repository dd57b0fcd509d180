"""What the signed-in user subscribed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async import paging
from kaskus_async.models.threads import Thread, ThreadList
from kaskus_async.requests import get
from kaskus_async.values import positive
from nusantara.client import Resource
from nusantara.pagination import Pager
from nusantara.record import Record

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Subscriptions"]


class Subscriptions(Resource):
    """Subscriptions of the signed-in user. Reference: "Subscribe", "user"."""

    _client: AsyncKaskus

    def lapak(self) -> Pager[Thread]:
        """List the lapak that one subscribed to.

        ``GET /subscribe/lapak`` - safe

        The reference does not say how to get further pages; they are asked for by ``page``, as elsewhere.

        Reference: "Subscribe".
        """

        async def fetch(page: int | None) -> ThreadList:
            return await self._client._send(get("/subscribe/lapak", params={"page": page}), ThreadList)

        return paging.by_number(fetch, lambda answer: answer.thread, key=lambda thread: thread.thread_id, first=None)

    async def forums(self, *, cursor: str | None = None, page: int | None = None, limit: int | None = None) -> Record:
        """List the forums that one subscribed to.

        ``GET /v1/user/subscription/forums`` - safe

        The shape of the answer is not documented.

        Args:
            cursor: That of the next page, from an earlier answer.
            page: From 1.
            limit: Items in a page.

        Reference: "user", "GET v1/user/subscription/forums".
        """
        params = {"cursor": cursor, "page": positive("page", page), "limit": positive("limit", limit)}
        return await self._client._send(get("/v1/user/subscription/forums", params=params), Record)

    async def fjb_categories(
        self, *, cursor: str | None = None, page: int | None = None, limit: int | None = None
    ) -> Record:
        """List the marketplace categories that one subscribed to.

        ``GET /v1/user/subscription/fjb_categories`` - safe

        The shape of the answer is not documented.

        Args:
            cursor: That of the next page, from an earlier answer.
            page: From 1.
            limit: Items in a page.

        Reference: "user", "GET v1/user/subscription/fjb_categories".
        """
        params = {"cursor": cursor, "page": positive("page", page), "limit": positive("limit", limit)}
        return await self._client._send(get("/v1/user/subscription/fjb_categories", params=params), Record)

    async def threads(self, *, page: int | None = None, limit: int | None = None) -> Record:
        """List the threads that one subscribed to.

        ``GET /v1/user/subscription/threads`` - safe

        The shape of the answer is not documented.

        Args:
            page: From 1.
            limit: Items in a page.

        Reference: "user", "GET v1/user/subscription/threads".
        """
        params = {"page": positive("page", page), "limit": positive("limit", limit)}
        return await self._client._send(get("/v1/user/subscription/threads", params=params), Record)

    async def videos(self, *, page: int | None = None, limit: int | None = None) -> Record:
        """List the threads with videos that one subscribed to.

        ``GET /v1/user/subscription/videos`` - safe

        The shape of the answer is not documented.

        Args:
            page: From 1.
            limit: Items in a page.

        Reference: "user", "GET v1/user/subscription/videos".
        """
        params = {"page": positive("page", page), "limit": positive("limit", limit)}
        return await self._client._send(get("/v1/user/subscription/videos", params=params), Record)

    async def images(self, *, page: int | None = None, limit: int | None = None, width: int | None = None) -> Record:
        """List the threads with pictures that one subscribed to.

        ``GET /v1/user/subscription/images`` - safe

        The shape of the answer is not documented.

        Args:
            page: From 1.
            limit: Items in a page.
            width: Wanted width of the thumbnails, in pixels.

        Reference: "user", "GET v1/user/subscription/images".
        """
        params = {
            "page": positive("page", page),
            "limit": positive("limit", limit),
            "width": positive("width", width),
        }
        return await self._client._send(get("/v1/user/subscription/images", params=params), Record)
