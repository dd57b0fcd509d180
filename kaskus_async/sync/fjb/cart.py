# Written by "python -m nusantara.syncgen" from kaskus_async/fjb/cart.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.fjb.cart`."""

from __future__ import annotations

from kaskus_async.fjb.cart import Cart as AsyncCart
from kaskus_async.models.fjb.cart import CartItem, OfferType
from nusantara.record import Record
from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager

__all__ = ["Cart"]


class Cart(SyncResource[AsyncCart]):
    """What the signed-in user is about to buy, which the vendor calls checkout items. Reference: "Fjb"."""

    def items(
        self, *, lapak_id: str | None = None, offer_type: OfferType | int | None = None, limit: int | None = None
    ) -> SyncPager[CartItem]:
        """List what is in the cart, newest first.

        ``GET /v1/fjb/checkout_items`` - safe

        Args:
            lapak_id: Only what is of this lapak.
            offer_type: Only what is bought this way.
            limit: Items in a page.

        Reference: "Fjb", "Get User's Checkout Item".
        """
        return SyncPager(self._portal, self._impl.items(lapak_id=lapak_id, offer_type=offer_type, limit=limit))

    def count(self) -> Record:
        """Count what is in the cart.

        ``GET /v1/fjb/checkout_items/count`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Checkout Items Count".
        """
        return self._portal.run(self._impl.count)

    def add(self, lapak_id: str, quantity: int) -> Record:
        """Put goods into the cart.

        ``POST /v1/fjb/checkout_items`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Fjb", "Add new checkout item".
        """
        return self._portal.run(self._impl.add, lapak_id, quantity)

    def set_quantity(self, checkout_item_id: str, quantity: int) -> Record:
        """Change how many pieces of an item are to be bought.

        ``POST /v1/fjb/checkout_items/{checkout_item_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Fjb", "Update checkout item".
        """
        return self._portal.run(self._impl.set_quantity, checkout_item_id, quantity)

    def remove(self, checkout_item_id: str) -> Record:
        """Take an item out of the cart.

        ``DELETE /v1/fjb/checkout_items/{checkout_item_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Fjb", "Delete Item from checkout items".
        """
        return self._portal.run(self._impl.remove, checkout_item_id)

    def clear(self) -> Record:
        """Take everything out of the cart.

        ``DELETE /v1/fjb/checkout_items/all`` - repeatable

        The shape of the answer is not documented.

        Reference: "Fjb", "Delete all checkout items user".
        """
        return self._portal.run(self._impl.clear)
