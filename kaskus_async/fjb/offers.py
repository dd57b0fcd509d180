"""Offers: haggling over the price of a lapak."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async import paging
from kaskus_async.fjb.amounts import pieces, rupiah
from kaskus_async.models.fjb.offers import Offer, OfferPage
from kaskus_async.requests import get, post
from kaskus_async.values import flag, positive
from nusantara.client import Resource
from nusantara.errors import InvalidParameter
from nusantara.pagination import Pager
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Offers"]


class Offers(Resource):
    """Offers for a lapak. Reference: "Fjb"."""

    _client: AsyncKaskus

    async def get(self, offer_id: str) -> Offer:
        """Show an offer.

        ``GET /v1/fjb/offers/{offer_id}`` - safe

        Reference: "Fjb", "Get Offer Detail".
        """
        return await self._client._send(get("/v1/fjb/offers/{offer_id}", offer_id), Offer)

    def made(self, *, limit: int | None = None) -> Pager[Offer]:
        """List the offers that the signed-in user made, as a buyer.

        ``GET /v1/fjb/offers/buyer`` - safe

        Args:
            limit: Offers in a page.

        Reference: "Fjb", "GET fjb/offers/buyer".
        """
        count = positive("limit", limit)

        async def fetch(cursor: str | None) -> OfferPage:
            return await self._client._send(
                get("/v1/fjb/offers/buyer", params={"cursor": cursor, "limit": count}), OfferPage
            )

        return paging.by_cursor(fetch, lambda answer: answer.data, key=lambda offer: offer.id, first=None)

    async def received(self, *, cursor: str | None = None, limit: int | None = None) -> Record:
        """List the offers that the signed-in user received, as a seller.

        ``GET /v1/fjb/offers/seller`` - safe

        The shape of the answer is not documented.

        Args:
            cursor: That of the next page, from an earlier answer.
            limit: Offers in a page.

        Reference: "Fjb", "GET fjb/offers/seller".
        """
        return await self._client._send(
            get("/v1/fjb/offers/seller", params={"cursor": cursor, "limit": positive("limit", limit)}), Record
        )

    async def create(
        self,
        lapak_id: str,
        offer_price: int,
        quantity: int,
        *,
        message: str | None = None,
        address_id: int | str | None = None,
        shipping_agent: int | str | None = None,
        insurance: bool | None = None,
    ) -> Record:
        """Make an offer for the goods of a lapak.

        ``POST /v1/fjb/lapak/{lapak_id}/offers`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            offer_price: Rupiah.
            message: For the seller.
            address_id: Where the goods are to be sent.
            shipping_agent: Id of the shipping agent or method.
            insurance: Whether shipping is to be insured.

        Reference: "Fjb", "Create new offer".
        """
        price = rupiah("offer_price", offer_price)
        if price is None:
            raise InvalidParameter("offer_price", "must be given")
        return await self._client._send(
            post(
                "/v1/fjb/lapak/{lapak_id}/offers",
                lapak_id,
                form={
                    "offer_price": price,
                    "quantity": pieces("quantity", quantity),
                    "message": message,
                    "address_id": address_id,
                    "shipping_agent": shipping_agent,
                    "insurance": flag("insurance", insurance),
                },
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def approve(self, offer_id: str, *, shipping_cost: int | None = None, message: str | None = None) -> Record:
        """Agree to an offer, as the seller.

        ``POST /v1/fjb/offers/{offer_id}/approval`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            shipping_cost: Rupiah.
            message: For the buyer.

        Reference: "Fjb", "Approve Offer".
        """
        return await self._client._send(
            post(
                "/v1/fjb/offers/{offer_id}/approval",
                offer_id,
                form={"shipping_cost": rupiah("shipping_cost", shipping_cost), "message": message},
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def reject(self, offer_id: str, *, message: str | None = None) -> Record:
        """Refuse an offer, as the seller.

        ``POST /v1/fjb/offers/{offer_id}/rejection`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            message: For the buyer.

        Reference: "Fjb", "Reject offer".
        """
        return await self._client._send(
            post(
                "/v1/fjb/offers/{offer_id}/rejection",
                offer_id,
                form={"message": message},
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )
