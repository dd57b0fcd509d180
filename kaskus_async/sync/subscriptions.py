# Written by "python -m nusantara.syncgen" from kaskus_async/subscriptions.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.subscriptions`."""

from __future__ import annotations

from kaskus_async.models.threads import Thread
from kaskus_async.subscriptions import Subscriptions as AsyncSubscriptions
from nusantara.record import Record
from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager

__all__ = ["Subscriptions"]


class Subscriptions(SyncResource[AsyncSubscriptions]):
    """Subscriptions of the signed-in user. Reference: "Subscribe", "user"."""

    def lapak(self) -> SyncPager[Thread]:
        """List the lapak that one subscribed to.

        ``GET /subscribe/lapak`` - safe

        The reference does not say how to get further pages; they are asked for by ``page``, as elsewhere.

        Reference: "Subscribe".
        """
        return SyncPager(self._portal, self._impl.lapak())

    def forums(self, *, cursor: str | None = None, page: int | None = None, limit: int | None = None) -> Record:
        """List the forums that one subscribed to.

        ``GET /v1/user/subscription/forums`` - safe

        The shape of the answer is not documented.

        Args:
            cursor: That of the next page, from an earlier answer.
            page: From 1.
            limit: Items in a page.

        Reference: "user", "GET v1/user/subscription/forums".
        """
        return self._portal.run(self._impl.forums, cursor=cursor, page=page, limit=limit)

    def fjb_categories(self, *, cursor: str | None = None, page: int | None = None, limit: int | None = None) -> Record:
        """List the marketplace categories that one subscribed to.

        ``GET /v1/user/subscription/fjb_categories`` - safe

        The shape of the answer is not documented.

        Args:
            cursor: That of the next page, from an earlier answer.
            page: From 1.
            limit: Items in a page.

        Reference: "user", "GET v1/user/subscription/fjb_categories".
        """
        return self._portal.run(self._impl.fjb_categories, cursor=cursor, page=page, limit=limit)

    def threads(self, *, page: int | None = None, limit: int | None = None) -> Record:
        """List the threads that one subscribed to.

        ``GET /v1/user/subscription/threads`` - safe

        The shape of the answer is not documented.

        Args:
            page: From 1.
            limit: Items in a page.

        Reference: "user", "GET v1/user/subscription/threads".
        """
        return self._portal.run(self._impl.threads, page=page, limit=limit)

    def videos(self, *, page: int | None = None, limit: int | None = None) -> Record:
        """List the threads with videos that one subscribed to.

        ``GET /v1/user/subscription/videos`` - safe

        The shape of the answer is not documented.

        Args:
            page: From 1.
            limit: Items in a page.

        Reference: "user", "GET v1/user/subscription/videos".
        """
        return self._portal.run(self._impl.videos, page=page, limit=limit)

    def images(self, *, page: int | None = None, limit: int | None = None, width: int | None = None) -> Record:
        """List the threads with pictures that one subscribed to.

        ``GET /v1/user/subscription/images`` - safe

        The shape of the answer is not documented.

        Args:
            page: From 1.
            limit: Items in a page.
            width: Wanted width of the thumbnails, in pixels.

        Reference: "user", "GET v1/user/subscription/images".
        """
        return self._portal.run(self._impl.images, page=page, limit=limit, width=width)
