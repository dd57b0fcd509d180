# Written by "python -m nusantara.syncgen" from kaskus_async/fjb/listings.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.fjb.listings`."""

from __future__ import annotations

from collections.abc import Sequence

from kaskus_async.fjb.listings import Listings as AsyncListings
from kaskus_async.models.forums import SortOrder, ThreadSort
from kaskus_async.models.threads import Thread
from nusantara.record import Record
from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager

__all__ = ["Listings"]


class Listings(SyncResource[AsyncListings]):
    """What is for sale. Reference: "Fjb", "Latest_products"."""

    def threads(
        self,
        forum_id: int,
        *,
        sort: ThreadSort | str | None = None,
        order: SortOrder | str | None = None,
        limit: int | None = None,
    ) -> SyncPager[Thread]:
        """List the threads of a category: those of the old marketplace and lapak.

        ``GET /v1/fjb/{forum_id}/threads`` - safe

        The ``answer`` of a page is a :class:`~kaskus_async.models.forums.ForumThreads`, which has the category as well.

        Args:
            limit: Threads in a page.

        Reference: "Fjb", "Get Fjb Thread by category".
        """
        return SyncPager(self._portal, self._impl.threads(forum_id, sort=sort, order=order, limit=limit))

    def lapak(
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
        return self._portal.run(
            self._impl.lapak, forum_id, page=page, limit=limit, sort=sort, order=order, cursor=cursor
        )

    def latest(self, forum_ids: Sequence[int], *, limit: int | None = None) -> SyncPager[Thread]:
        """List the newest lapak of some categories, five of each.

        ``GET /latest_products`` - safe

        Only what is offered for sale, not what is wanted or sold.

        Args:
            limit: Lapak in a page.

        Reference: "Latest_products".
        """
        return SyncPager(self._portal, self._impl.latest(forum_ids, limit=limit))

    def similar(self, lapak_id: str) -> Record:
        """List goods that are like those of a lapak.

        ``GET /v1/fjb/similar_products/{lapak_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get similar lapak".
        """
        return self._portal.run(self._impl.similar, lapak_id)

    def showcases(self, *, forum_ids: Sequence[int] | None = None) -> Record:
        """Get the showcases of the front page of the marketplace.

        ``GET /v1/fjb/showcases`` - safe

        The shape of the answer is not documented.

        Args:
            forum_ids: Categories to recommend goods from.

        Reference: "Fjb", "JB Showcase".
        """
        return self._portal.run(self._impl.showcases, forum_ids=forum_ids)
