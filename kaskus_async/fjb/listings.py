"""What is for sale: categories, the newest, the similar, the showcases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kaskus_async import paging
from kaskus_async.models.fjb.listings import LatestProducts
from kaskus_async.models.forums import ForumThreads, SortOrder, ThreadSort
from kaskus_async.models.threads import Thread
from kaskus_async.requests import get
from kaskus_async.values import joined, positive
from nusantara.client import Resource
from nusantara.errors import InvalidParameter
from nusantara.pagination import Pager
from nusantara.record import Record

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Listings"]


class Listings(Resource):
    """What is for sale. Reference: "Fjb", "Latest_products"."""

    _client: AsyncKaskus

    def threads(
        self,
        forum_id: int,
        *,
        sort: ThreadSort | str | None = None,
        order: SortOrder | str | None = None,
        limit: int | None = None,
    ) -> Pager[Thread]:
        """List the threads of a category: those of the old marketplace and lapak.

        ``GET /v1/fjb/{forum_id}/threads`` - safe

        The ``answer`` of a page is a :class:`~kaskus_async.models.forums.ForumThreads`, which has the category as well.

        Args:
            limit: Threads in a page.

        Reference: "Fjb", "Get Fjb Thread by category".
        """
        params = {"limit": positive("limit", limit), "sort": sort, "order": order}

        async def fetch(page: int | None) -> ForumThreads:
            request = get("/v1/fjb/{forum_id}/threads", forum_id, params={"page": page, **params})
            return await self._client._send(request, ForumThreads)

        return paging.by_number(fetch, lambda answer: answer.thread, key=lambda thread: thread.thread_id, limit=limit)

    async def lapak(
        self,
        forum_id: int,
        *,
        page: int | None = None,
        limit: int | None = None,
        sort: ThreadSort | str | None = None,
        order: SortOrder | str | None = None,
        cursor: str | None = None,
    ) -> Record:
        """List the lapak of a category.

        ``GET /v1/fjb/{forum_id}/lapaks`` - safe

        The shape of the answer is not documented.

        Args:
            page: From 1.
            limit: Lapak in a page.
            sort: The reference has ``LAST_POST`` and ``THREAD`` for this operation.
            cursor: Id of the lapak after which the listing goes on; ``"0"`` for the first part.

        Reference: "Fjb", "Get Fjb Lapak by category".
        """
        params = {
            "page": positive("page", page),
            "limit": positive("limit", limit),
            "sort": sort,
            "order": order,
            "cursor": cursor,
        }
        return await self._client._send(get("/v1/fjb/{forum_id}/lapaks", forum_id, params=params), Record)

    def latest(self, forum_ids: Sequence[int], *, limit: int | None = None) -> Pager[Thread]:
        """List the newest lapak of some categories, five of each.

        ``GET /latest_products`` - safe

        Only what is offered for sale, not what is wanted or sold.

        Args:
            limit: Lapak in a page.

        Reference: "Latest_products".
        """
        forums = joined("forum_ids", forum_ids)
        if forums is None:
            raise InvalidParameter("forum_ids", "must be given")
        count = positive("limit", limit)

        async def fetch(cursor: str | None) -> LatestProducts:
            request = get("/latest_products", params={"forum_ids": forums, "cursor": cursor, "limit": count})
            return await self._client._send(request, LatestProducts)

        return paging.by_cursor(fetch, lambda answer: answer.thread, key=lambda thread: thread.thread_id)

    async def similar(self, lapak_id: str) -> Record:
        """List goods that are like those of a lapak.

        ``GET /v1/fjb/similar_products/{lapak_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get similar lapak".
        """
        return await self._client._send(get("/v1/fjb/similar_products/{lapak_id}", lapak_id), Record)

    async def showcases(self, *, forum_ids: Sequence[int] | None = None) -> Record:
        """Get the showcases of the front page of the marketplace.

        ``GET /v1/fjb/showcases`` - safe

        The shape of the answer is not documented.

        Args:
            forum_ids: Categories to recommend goods from.

        Reference: "Fjb", "JB Showcase".
        """
        return await self._client._send(
            get("/v1/fjb/showcases", params={"forum_ids": joined("forum_ids", forum_ids)}), Record
        )
