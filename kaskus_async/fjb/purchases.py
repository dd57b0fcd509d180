"""Buying at the asking price, the seller's answer to it, and checking out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.fjb.amounts import pieces, rupiah
from kaskus_async.models.fjb.purchases import Checkout
from kaskus_async.requests import post
from kaskus_async.values import flag
from nusantara.client import Resource
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Purchases"]


class Purchases(Resource):
    """Buying. Reference: "Fjb"."""

    _client: AsyncKaskus

    async def buy_now(
        self,
        lapak_id: str,
        quantity: int,
        *,
        message: str | None = None,
        buyer_name: str | None = None,
        buyer_phone: str | None = None,
        address_id: int | str | None = None,
        shipping_agent: int | str | None = None,
        insurance: bool | None = None,
        tips: int | None = None,
    ) -> Checkout:
        """Buy from a lapak at the asking price.

        ``POST /v1/fjb/lapak/{lapak_id}/buy_now`` - unrepeatable

        Args:
            message: For the seller.
            buyer_name: Who receives the goods. The reference lacks this and ``buyer_phone``; a public client sends
                both with the address, except for instant purchases.
            address_id: Where the goods are to be sent.
            shipping_agent: Id of the shipping agent or method.
            insurance: Whether shipping is to be insured.
            tips: Rupiah, for the escrow service (Brankas).

        Reference: "Fjb", "Buy lapak".
        """
        return await self._client._send(
            post(
                "/v1/fjb/lapak/{lapak_id}/buy_now",
                lapak_id,
                form={
                    "quantity": pieces("quantity", quantity),
                    "message": message,
                    "buyer_name": buyer_name,
                    "buyer_phone": buyer_phone,
                    "address_id": address_id,
                    "shipping_agent": shipping_agent,
                    "insurance": flag("insurance", insurance),
                    "tips": rupiah("tips", tips),
                },
                call_class=CallClass.UNREPEATABLE,
            ),
            Checkout,
        )

    async def approve(self, invoice_id: str, *, mark_as_sold: bool | None = None, message: str | None = None) -> Record:
        """Agree to a purchase, as its seller.

        ``POST /v1/fjb/buy_now/{invoice_id}/approval`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            mark_as_sold: Whether to mark the lapak as sold as well.
            message: For the buyer.

        Reference: "Fjb", "Approve buy now invoice".
        """
        return await self._client._send(
            post(
                "/v1/fjb/buy_now/{invoice_id}/approval",
                invoice_id,
                form={"mark_as_sold": flag("mark_as_sold", mark_as_sold), "message": message},
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def reject(self, invoice_id: str, *, message: str | None = None) -> Record:
        """Refuse a purchase, as its seller.

        ``POST /v1/fjb/buy_now/{invoice_id}/rejection`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            message: For the buyer.

        Reference: "Fjb", "Reject buy now invoice".
        """
        return await self._client._send(
            post(
                "/v1/fjb/buy_now/{invoice_id}/rejection",
                invoice_id,
                form={"message": message},
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def checkout(
        self,
        offer_id: str,
        *,
        buyer_name: str | None = None,
        buyer_phone: str | None = None,
        tips: int | None = None,
        klikbca_id: str | None = None,
        payment_method: int | str | None = None,
    ) -> Checkout:
        """Buy what the seller agreed to in an offer.

        ``POST /v1/fjb/checkouts/{offer_id}`` - unrepeatable

        Args:
            buyer_name: Who receives the goods.
            tips: Rupiah, for the escrow service (Brankas).
            klikbca_id: The buyer's name at KlikBCA.
            payment_method: Id of a payment method.

        Reference: "Fjb", "POST fjb/checkouts".
        """
        return await self._client._send(
            post(
                "/v1/fjb/checkouts/{offer_id}",
                offer_id,
                form={
                    "buyer_name": buyer_name,
                    "buyer_phone": buyer_phone,
                    "tips": rupiah("tips", tips),
                    "klikbca_id": klikbca_id,
                    "payment_method": payment_method,
                },
                call_class=CallClass.UNREPEATABLE,
            ),
            Checkout,
        )
