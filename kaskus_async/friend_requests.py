"""Requests to be friends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.requests import delete, get, post
from kaskus_async.values import positive
from nusantara.client import Resource
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["FriendRequests"]


class FriendRequests(Resource):
    """Requests to be friends, in both directions. Reference: "Friend request", "Friend"."""

    _client: AsyncKaskus

    async def incoming(self, *, page: int | None = None, limit: int | None = None) -> Record:
        """List the requests that others sent to one.

        ``GET /v1/user/friend/requests`` - safe

        The shape of the answer is not documented.

        Args:
            page: From 1.
            limit: Requests in a page.

        Reference: "Friend request", "GET friend request".
        """
        return await self._requests("incoming", page, limit)

    async def outgoing(self, *, page: int | None = None, limit: int | None = None) -> Record:
        """List the requests that one sent to others.

        ``GET /v1/user/friend/requests`` - safe

        The shape of the answer is not documented.

        Args:
            page: From 1.
            limit: Requests in a page.

        Reference: "Friend request", "GET friend request".
        """
        return await self._requests("outgoing", page, limit)

    async def send(self, user_id: int) -> Record:
        """Ask a user to be a friend.

        ``POST /v1/user/friend/requests/{user_id}`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Friend", "POST friend".
        """
        return await self._client._send(
            post("/v1/user/friend/requests/{user_id}", user_id, call_class=CallClass.UNREPEATABLE), Record
        )

    async def approve(self, user_id: int) -> Record:
        """Become friends with a user who asked for it.

        ``POST /v1/user/friends/{user_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Friend", "POST friend".
        """
        return await self._client._send(
            post("/v1/user/friends/{user_id}", user_id, call_class=CallClass.REPEATABLE), Record
        )

    async def reject(self, user_id: int) -> Record:
        """Turn down a user who asked to be a friend.

        ``DELETE /v1/user/friend/requests/{user_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Friend request", "DELETE friend request".
        """
        return await self._withdraw("incoming", user_id)

    async def cancel(self, user_id: int) -> Record:
        """Take back the request that one sent to a user.

        ``DELETE /v1/user/friend/requests/{user_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Friend request", "DELETE friend request".
        """
        return await self._withdraw("outgoing", user_id)

    async def _requests(self, direction: str, page: int | None, limit: int | None) -> Record:
        params = {"type": direction, "page": positive("page", page), "limit": positive("limit", limit)}
        return await self._client._send(get("/v1/user/friend/requests", params=params), Record)

    async def _withdraw(self, direction: str, user_id: int) -> Record:
        return await self._client._send(
            delete(
                "/v1/user/friend/requests/{user_id}",
                user_id,
                params={"type": direction},
                call_class=CallClass.REPEATABLE,
            ),
            Record,
        )
