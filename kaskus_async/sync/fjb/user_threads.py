# Written by "python -m nusantara.syncgen" from kaskus_async/fjb/user_threads.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.fjb.user_threads`."""

from __future__ import annotations

from kaskus_async.fjb.user_threads import UserThreads as AsyncUserThreads
from kaskus_async.models.threads import Thread
from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager

__all__ = ["UserThreads"]


class UserThreads(SyncResource[AsyncUserThreads]):
    """The marketplace threads of a user: WTS, want to sell, and WTB, want to buy. Reference: "Mywts", "Mywtb".

    The reference does not say how to get further pages of these listings; they are asked for by ``page``, as elsewhere.
    """

    def wts(self, user_id: int) -> SyncPager[Thread]:
        """List what a user sells or has sold.

        ``GET /mywts/{user_id}`` - safe

        Reference: "Mywts", "GET Mywts".
        """
        return SyncPager(self._portal, self._impl.wts(user_id))

    def wts_active(self, user_id: int) -> SyncPager[Thread]:
        """List what a user sells.

        ``GET /mywts/active/{user_id}`` - safe

        Reference: "Mywts", "GET Mywts/active".
        """
        return SyncPager(self._portal, self._impl.wts_active(user_id))

    def wts_sold_out(self, user_id: int) -> SyncPager[Thread]:
        """List what a user has sold.

        ``GET /mywts/sold_out/{user_id}`` - safe

        Reference: "Mywts", "GET Mywts/sold_out".
        """
        return SyncPager(self._portal, self._impl.wts_sold_out(user_id))

    def wtb(self, user_id: int) -> SyncPager[Thread]:
        """List what a user wants to buy or has got.

        ``GET /mywtb/{user_id}`` - safe

        Reference: "Mywtb", "GET Mywtb".
        """
        return SyncPager(self._portal, self._impl.wtb(user_id))

    def wtb_active(self, user_id: int) -> SyncPager[Thread]:
        """List what a user wants to buy.

        ``GET /mywtb/active/{user_id}`` - safe

        Reference: "Mywtb", "GET Mywtb/active".
        """
        return SyncPager(self._portal, self._impl.wtb_active(user_id))

    def wtb_got_it(self, user_id: int) -> SyncPager[Thread]:
        """List what a user wanted to buy and has got.

        ``GET /mywtb/got_it/{user_id}`` - safe

        Reference: "Mywtb", "GET Mywtb/got_it".
        """
        return SyncPager(self._portal, self._impl.wtb_got_it(user_id))
