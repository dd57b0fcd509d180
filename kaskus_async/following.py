"""Following users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.models.users import Follower
from kaskus_async.requests import delete, get, post
from nusantara.client import Resource
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Following"]


class Following(Resource):
    """Whom the signed-in user follows, and by whom it is followed. Reference: "Followed", "Follower"."""

    _client: AsyncKaskus

    async def followed(self) -> Record:
        """List the users that one follows.

        ``GET /followed`` - safe

        The shape of the answer is not documented.

        Reference: "Followed", "GET followed".
        """
        return await self._client._send(get("/followed"), Record)

    async def followers(self) -> list[Follower]:
        """List the users that follow one.

        ``GET /follower`` - safe

        Reference: "Follower", "GET follower".
        """
        return await self._client._send(get("/follower"), list[Follower])

    async def follow(self, user_id: int) -> Record:
        """Follow a user.

        ``POST /followed/{user_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Followed", "POST followed".
        """
        return await self._client._send(post("/followed/{user_id}", user_id, call_class=CallClass.REPEATABLE), Record)

    async def unfollow(self, user_id: int) -> Record:
        """Stop following a user.

        ``DELETE /followed/{user_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Followed", "DELETE followed".
        """
        return await self._client._send(delete("/followed/{user_id}", user_id, call_class=CallClass.REPEATABLE), Record)
