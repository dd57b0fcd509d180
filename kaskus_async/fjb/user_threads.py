"""What a user sells and wants to buy."""

from __future__ import annotations

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
        return _listing(self._client, "/mywts/{user_id}", user_id)

    def wts_active(self, user_id: int) -> Pager[Thread]:
        """List what a user sells.

        ``GET /mywts/active/{user_id}`` - safe

        Reference: "Mywts", "GET Mywts/active".
        """
        return _listing(self._client, "/mywts/active/{user_id}", user_id)

    def wts_sold_out(self, user_id: int) -> Pager[Thread]:
        """List what a user has sold.

        ``GET /mywts/sold_out/{user_id}`` - safe

        Reference: "Mywts", "GET Mywts/sold_out".
        """
        return _listing(self._client, "/mywts/sold_out/{user_id}", user_id)

    def wtb(self, user_id: int) -> Pager[Thread]:
        """List what a user wants to buy or has got.

        ``GET /mywtb/{user_id}`` - safe

        Reference: "Mywtb", "GET Mywtb".
        """
        return _listing(self._client, "/mywtb/{user_id}", user_id)

    def wtb_active(self, user_id: int) -> Pager[Thread]:
        """List what a user wants to buy.

        ``GET /mywtb/active/{user_id}`` - safe

        Reference: "Mywtb", "GET Mywtb/active".
        """
        return _listing(self._client, "/mywtb/active/{user_id}", user_id)

    def wtb_got_it(self, user_id: int) -> Pager[Thread]:
        """List what a user wanted to buy and has got.

        ``GET /mywtb/got_it/{user_id}`` - safe

        Reference: "Mywtb", "GET Mywtb/got_it".
        """
        return _listing(self._client, "/mywtb/got_it/{user_id}", user_id)


def _listing(client: AsyncKaskus, template: str, user_id: int) -> Pager[Thread]:
    async def fetch(page: int | None) -> UserThreadList:
        return await client._send(get(template, user_id, params={"page": page}), UserThreadList)

    return paging.by_number(fetch, lambda answer: answer.thread, key=lambda thread: thread.thread_id, first=None)
