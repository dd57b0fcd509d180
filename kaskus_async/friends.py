"""Friends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async import paging
from kaskus_async.models.friends import FriendPage
from kaskus_async.requests import delete, get, post
from kaskus_async.values import positive
from nusantara.client import Resource
from nusantara.pagination import Pager
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Friends"]


class Friends(Resource):
    """Friends. Reference: "Friend", "Mutualfriend"."""

    _client: AsyncKaskus

    def mine(self) -> Pager[Record]:
        """List one's friends.

        ``GET /friend`` - safe

        What a friend looks like here is not documented. The ``answer`` of a page is a
        :class:`~kaskus_async.models.friends.FriendPage`. The reference does not say how to get further pages; they are
        asked for by ``page``, as elsewhere.

        Reference: "Friend", "GET friend".
        """

        async def fetch(page: int | None) -> FriendPage:
            return await self._client._send(get("/friend", params={"page": page}), FriendPage)

        return paging.by_number(fetch, lambda answer: [Record(friend) for friend in answer.friends], first=None)

    async def of_user(self, user_id: int, *, page: int | None = None, limit: int | None = None) -> Record:
        """List the friends of a user.

        ``GET /v1/user/{user_id}/friends`` - safe

        The shape of the answer is not documented.

        Args:
            page: From 1.
            limit: Friends in a page.

        Reference: "Friend", "GET friend".
        """
        params = {"page": positive("page", page), "limit": positive("limit", limit)}
        return await self._client._send(get("/v1/user/{user_id}/friends", user_id, params=params), Record)

    async def mutual(self, user_id: int) -> Record:
        """List the friends that one shares with a user.

        ``GET /mutualfriend/{user_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Mutualfriend", "GET mutualfriend".
        """
        return await self._client._send(get("/mutualfriend/{user_id}", user_id), Record)

    async def add(self, user_id: int) -> Record:
        """Ask a user to be a friend, by the older of two operations; the other is ``friend_requests.send``.

        ``POST /friend/{user_id}`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Friend", "POST friend".
        """
        return await self._client._send(post("/friend/{user_id}", user_id, call_class=CallClass.UNREPEATABLE), Record)

    async def remove(self, user_id: int) -> Record:
        """Be friends with a user no more.

        ``DELETE /v1/user/friends/{user_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Friend", "DELETE friend".
        """
        return await self._client._send(
            delete("/v1/user/friends/{user_id}", user_id, call_class=CallClass.REPEATABLE), Record
        )

    async def unfriend(self, user_id: int) -> Record:
        """Be friends with a user no more, by the older of two operations; the other is :meth:`remove`.

        ``DELETE /friend/{user_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Friend", "DELETE friend".
        """
        return await self._client._send(delete("/friend/{user_id}", user_id, call_class=CallClass.REPEATABLE), Record)
