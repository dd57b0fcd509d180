"""Stickers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.requests import get
from nusantara.client import Resource
from nusantara.record import Record

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Stickers"]


class Stickers(Resource):
    """Stickers. Reference: "Sticker", "Sticker category"."""

    _client: AsyncKaskus

    async def categories(self) -> Record:
        """List the categories of stickers.

        ``GET /v1/sticker_categories`` - safe

        The shape of the answer is not documented.

        Reference: "Sticker category".
        """
        return await self._client._send(get("/v1/sticker_categories"), Record)

    async def of_category(self, category_id: int) -> Record:
        """List the stickers of a category.

        ``GET /v1/sticker_categories/{category_id}/stickers`` - safe

        The shape of the answer is not documented.

        Reference: "Sticker".
        """
        return await self._client._send(get("/v1/sticker_categories/{category_id}/stickers", category_id), Record)
