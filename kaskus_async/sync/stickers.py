# Written by "python -m nusantara.syncgen" from kaskus_async/stickers.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.stickers`."""

from __future__ import annotations

from kaskus_async.stickers import Stickers as AsyncStickers
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["Stickers"]


class Stickers(SyncResource[AsyncStickers]):
    """Stickers. Reference: "Sticker", "Sticker category"."""

    def categories(self) -> Record:
        """List the categories of stickers.

        ``GET /v1/sticker_categories`` - safe

        The shape of the answer is not documented.

        Reference: "Sticker category".
        """
        return self._portal.run(self._impl.categories)

    def of_category(self, category_id: int) -> Record:
        """List the stickers of a category.

        ``GET /v1/sticker_categories/{category_id}/stickers`` - safe

        The shape of the answer is not documented.

        Reference: "Sticker".
        """
        return self._portal.run(self._impl.of_category, category_id)
