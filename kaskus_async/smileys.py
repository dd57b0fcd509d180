"""Smileys: the pictures that stand for pieces of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.models.smileys import SmileyCategories
from kaskus_async.requests import get
from nusantara.client import Resource
from nusantara.record import Record

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Smileys"]


class Smileys(Resource):
    """Smileys. Reference: "Smiley"."""

    _client: AsyncKaskus

    async def categories(self) -> SmileyCategories:
        """List the categories of smileys.

        ``GET /v1/smiley_categories`` - safe

        Reference: "Smiley", "Get Smiley Categories Legacy".
        """
        return await self._client._send(get("/v1/smiley_categories"), SmileyCategories)

    async def kaskus_plus(self) -> SmileyCategories:
        """List the smileys that only KaskusPlus members can use.

        ``GET /v1/smiley_kaskus_plus`` - safe

        Reference: "Smiley", "Get Smiley Categories only for Kaskus Plus".
        """
        return await self._client._send(get("/v1/smiley_kaskus_plus"), SmileyCategories)

    async def of_category(self, category_id: int) -> Record:
        """List the smileys of a category.

        ``GET /v1/smiley/{category_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Smiley", "Get Smiley by category".
        """
        return await self._client._send(get("/v1/smiley/{category_id}", category_id), Record)

    async def category(self, category_id: int) -> Record:
        """Show a category with its smileys.

        ``GET /v1/smiley/categories/{category_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Smiley", "Get Smiley by category".
        """
        return await self._client._send(get("/v1/smiley/categories/{category_id}", category_id), Record)
