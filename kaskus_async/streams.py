"""The stream of what friends write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.requests import get
from nusantara.client import Resource
from nusantara.record import Record

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Streams"]


class Streams(Resource):
    """The stream of what friends write. Reference: "Stream"."""

    _client: AsyncKaskus

    async def posts(self) -> Record:
        """List the posts of one's friends and of the users that one follows.

        ``GET /stream`` - safe

        The shape of the answer is not documented.

        Reference: "Stream".
        """
        return await self._client._send(get("/stream"), Record)
