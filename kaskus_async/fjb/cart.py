"""The cart of the signed-in user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async import paging
from kaskus_async.fjb.amounts import pieces
from kaskus_async.models.fjb.cart import CartItem, CartPage, OfferType
from kaskus_async.requests import delete, get, post
from kaskus_async.values import positive, required, text
from nusantara.client import Resource
from nusantara.errors import InvalidParameter
from nusantara.pagination import Pager
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Cart"]


class Cart(Resource):
    """What the signed-in user is about to buy, which the vendor calls checkout items. Reference: "Fjb"."""

    _client: AsyncKaskus

    def items(
        self, *, lapak_id: str | None = None, offer_type: OfferType | int | None = None, limit: int | None = None
    ) -> Pager[CartItem]:
        """List what is in the cart, newest first.

        ``GET /v1/fjb/checkout_items`` - safe

        Args:
            lapak_id: Only what is of this lapak.
            offer_type: Only what is bought this way.
            limit: Items in a page.

        Reference: "Fjb", "Get User's Checkout Item".
        """
        params = {"limit": positive("limit", limit), "thread_id": text("lapak_id", lapak_id), "offer_type": offer_type}

        async def fetch(cursor: str | None) -> CartPage:
            return await self._client._send(
                get("/v1/fjb/checkout_items", params={"cursor": cursor, **params}), CartPage
            )

        return paging.by_cursor(fetch, lambda answer: answer.data, key=lambda item: item.id, first=None)

    async def count(self) -> Record:
        """Count what is in the cart.

        ``GET /v1/fjb/checkout_items/count`` - safe

        The shape of the answer is not documented.

        Reference: "Fjb", "Get Checkout Items Count".
        """
        return await self._client._send(get("/v1/fjb/checkout_items/count"), Record)

    async def add(self, lapak_id: str, quantity: int) -> Record:
        """Put goods into the cart.

        ``POST /v1/fjb/checkout_items`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Fjb", "Add new checkout item".
        """
        return await self._client._send(
            post(
                "/v1/fjb/checkout_items",
                form={"thread_id": required("lapak_id", lapak_id), "quantity": pieces("quantity", quantity)},
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def set_quantity(self, checkout_item_id: str, quantity: int) -> Record:
        """Change how many pieces of an item are to be bought.

        ``POST /v1/fjb/checkout_items/{checkout_item_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Fjb", "Update checkout item".
        """
        return await self._client._send(
            post(
                "/v1/fjb/checkout_items/{checkout_item_id}",
                checkout_item_id,
                form={"quantity": pieces("quantity", quantity)},
                call_class=CallClass.REPEATABLE,
            ),
            Record,
        )

    async def remove(self, checkout_item_id: str) -> Record:
        """Take an item out of the cart.

        ``DELETE /v1/fjb/checkout_items/{checkout_item_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Fjb", "Delete Item from checkout items".
        """
        if str(checkout_item_id).lower() == "all":
            raise InvalidParameter("checkout_item_id", "'all' would empty the cart", hint="use clear()")
        return await self._client._send(
            delete("/v1/fjb/checkout_items/{checkout_item_id}", checkout_item_id, call_class=CallClass.REPEATABLE),
            Record,
        )

    async def clear(self) -> Record:
        """Take everything out of the cart.

        ``DELETE /v1/fjb/checkout_items/all`` - repeatable

        The shape of the answer is not documented.

        Reference: "Fjb", "Delete all checkout items user".
        """
        return await self._client._send(delete("/v1/fjb/checkout_items/all", call_class=CallClass.REPEATABLE), Record)
