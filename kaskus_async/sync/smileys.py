# Written by "python -m nusantara.syncgen" from kaskus_async/smileys.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.smileys`."""

from __future__ import annotations

from kaskus_async.models.smileys import SmileyCategories
from kaskus_async.smileys import Smileys as AsyncSmileys
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["Smileys"]


class Smileys(SyncResource[AsyncSmileys]):
    """Smileys. Reference: "Smiley"."""

    def categories(self) -> SmileyCategories:
        """List the categories of smileys.

        ``GET /v1/smiley_categories`` - safe

        Reference: "Smiley", "Get Smiley Categories Legacy".
        """
        return self._portal.run(self._impl.categories)

    def kaskus_plus(self) -> SmileyCategories:
        """List the smileys that only KaskusPlus members can use.

        ``GET /v1/smiley_kaskus_plus`` - safe

        Reference: "Smiley", "Get Smiley Categories only for Kaskus Plus".
        """
        return self._portal.run(self._impl.kaskus_plus)

    def of_category(self, category_id: int) -> Record:
        """List the smileys of a category.

        ``GET /v1/smiley/{category_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Smiley", "Get Smiley by category".
        """
        return self._portal.run(self._impl.of_category, category_id)

    def category(self, category_id: int) -> Record:
        """Show a category with its smileys.

        ``GET /v1/smiley/categories/{category_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Smiley", "Get Smiley by category".
        """
        return self._portal.run(self._impl.category, category_id)
