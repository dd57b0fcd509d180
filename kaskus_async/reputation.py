"""Reputation, given for posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.enums import ReputationKind
from kaskus_async.models.reputation import ReputationList
from kaskus_async.requests import get, post
from kaskus_async.values import required
from nusantara.client import Resource
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["ReputationPoints"]


class ReputationPoints(Resource):
    """Seeing and giving reputation. Reference: "Reputation"."""

    _client: AsyncKaskus

    async def received(self) -> ReputationList:
        """List the reputation that the signed-in user received.

        ``GET /reputation`` - safe

        Reference: "Reputation".
        """
        return await self._client._send(get("/reputation"), ReputationList)

    async def of_post(self, post_id: str) -> Record:
        """Show the reputation that a post received.

        ``GET /reputation/{post_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Reputation".
        """
        return await self._client._send(get("/reputation/{post_id}", post_id), Record)

    async def give(self, post_id: str, kind: ReputationKind | str) -> Record:
        """Give reputation to the author of a post.

        ``POST /reputation/{post_id}`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Reputation".
        """
        return await self._client._send(
            post(
                "/reputation/{post_id}",
                post_id,
                form={"reputation": required("kind", kind)},
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )
