"""Badges, given to users."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kaskus_async.requests import delete, post
from kaskus_async.values import given, joined, required
from nusantara.client import Resource
from nusantara.record import Record
from nusantara.request import CallClass, Params

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Badges"]


class Badges(Resource):
    """Giving and taking badges. Those that a user has are listed by ``users.badges``. Reference: "Badge"."""

    _client: AsyncKaskus

    async def give(self, badge_id: int, user_ids: Sequence[int]) -> Record:
        """Give a badge to users.

        ``POST /v1/badges`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Badge", "Insert badge to userid(s)".
        """
        form: Params = {
            "badge_id": given("badge_id", badge_id),
            "user_id": required("user_ids", joined("user_ids", user_ids) or ""),
        }
        return await self._client._send(post("/v1/badges", form=form, call_class=CallClass.UNREPEATABLE), Record)

    async def take(self, user_id: int, badge_id: int) -> Record:
        """Take a badge away from a user.

        ``DELETE /v1/badges/{user_id}/{badge_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Badge", "Delete badge from userid".
        """
        return await self._client._send(
            delete("/v1/badges/{user_id}/{badge_id}", user_id, badge_id, call_class=CallClass.REPEATABLE), Record
        )
