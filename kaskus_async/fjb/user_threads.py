"""What a user sells and wants to buy."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from kaskus_async import paging
from kaskus_async.models.fjb.user_threads import UserThreadList
from kaskus_async.models.threads import Thread
from kaskus_async.requests import get
from nusantara.client import Resource
from nusantara.pagination import Pager

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["UserThreads"]


class UserThreads(Resource):
    """The marketplace threads of a user: WTS, want to sell, and WTB, want to buy. Reference: "Mywts", "Mywtb".

    The reference does not say how to get further pages of these listings; they are asked for by ``page``, as elsewhere.
    """

    _client: AsyncKaskus

    def wts(self, user_id: int) -> Pager[Thread]:
        """List what a user sells or has sold.

        ``GET /mywts/{user_id}`` - safe

        Reference: "Mywts", "GET Mywts".
        """

        async def fetch(page: int | None) -> UserThreadList:
            return await self._page("/mywts/{user_id}", user_id, page)

        return _listing(fetch)

    def wts_active(self, user_id: int) -> Pager[Thread]:
        """List what a user sells.

        ``GET /mywts/active/{user_id}`` - safe

        Reference: "Mywts", "GET Mywts/active".
        """

        async def fetch(page: int | None) -> UserThreadList:
            return await self._page("/mywts/active/{user_id}", user_id, page)

        return _listing(fetch)

    def wts_sold_out(self, user_id: int) -> Pager[Thread]:
        """List what a user has sold.

        ``GET /mywts/sold_out/{user_id}`` - safe

        Reference: "Mywts", "GET Mywts/sold_out".
        """

        async def fetch(page: int | None) -> UserThreadList:
            return await self._page("/mywts/sold_out/{user_id}", user_id, page)

        return _listing(fetch)

    def wtb(self, user_id: int) -> Pager[Thread]:
        """List what a user wants to buy or has got.

        ``GET /mywtb/{user_id}`` - safe

        Reference: "Mywtb", "GET Mywtb".
        """

        async def fetch(page: int | None) -> UserThreadList:
            return await self._page("/mywtb/{user_id}", user_id, page)

        return _listing(fetch)

    def wtb_active(self, user_id: int) -> Pager[Thread]:
        """List what a user wants to buy.

        ``GET /mywtb/active/{user_id}`` - safe

        Reference: "Mywtb", "GET Mywtb/active".
        """

        async def fetch(page: int | None) -> UserThreadList:
            return await self._page("/mywtb/active/{user_id}", user_id, page)

        return _listing(fetch)

    def wtb_got_it(self, user_id: int) -> Pager[Thread]:
        """List what a user wanted to buy and has got.

        ``GET /mywtb/got_it/{user_id}`` - safe

        Reference: "Mywtb", "GET Mywtb/got_it".
        """

        async def fetch(page: int | None) -> UserThreadList:
            return await self._page("/mywtb/got_it/{user_id}", user_id, page)

        return _listing(fetch)

    async def _page(self, template: str, user_id: int, page: int | None) -> UserThreadList:
        return await self._client._send(get(template, user_id, params={"page": page}), UserThreadList)


def _listing(fetch: Callable[[int | None], Awaitable[UserThreadList]]) -> Pager[Thread]:
    return paging.by_number(fetch, lambda answer: answer.thread, key=lambda thread: thread.thread_id, first=None)
