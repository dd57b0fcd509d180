# Written by "python -m nusantara.syncgen" from kaskus_async/fjb/offers.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.fjb.offers`."""

from __future__ import annotations

from kaskus_async.fjb.offers import Offers as AsyncOffers
from kaskus_async.models.fjb.offers import Offer
from nusantara.record import Record
from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager

__all__ = ["Offers"]


class Offers(SyncResource[AsyncOffers]):
    """Offers for a lapak. Reference: "Fjb"."""

    def get(self, offer_id: str) -> Offer:
        """Show an offer.

        ``GET /v1/fjb/offers/{offer_id}`` - safe

        Reference: "Fjb", "Get Offer Detail".
        """
        return self._portal.run(self._impl.get, offer_id)

    def made(self, *, limit: int | None = None) -> SyncPager[Offer]:
        """List the offers that the signed-in user made, as a buyer.

        ``GET /v1/fjb/offers/buyer`` - safe

        Args:
            limit: Offers in a page.

        Reference: "Fjb", "GET fjb/offers/buyer".
        """
        return SyncPager(self._portal, self._impl.made(limit=limit))

    def received(self, *, cursor: str | None = None, limit: int | None = None) -> Record:
        """List the offers that the signed-in user received, as a seller.

        ``GET /v1/fjb/offers/seller`` - safe

        The shape of the answer is not documented.

        Args:
            cursor: That of the next page, from an earlier answer.
            limit: Offers in a page.

        Reference: "Fjb", "GET fjb/offers/seller".
        """
        return self._portal.run(self._impl.received, cursor=cursor, limit=limit)

    def create(
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
        return self._portal.run(
            self._impl.create,
            lapak_id,
            offer_price,
            quantity,
            message=message,
            address_id=address_id,
            shipping_agent=shipping_agent,
            insurance=insurance,
        )

    def approve(self, offer_id: str, *, shipping_cost: int | None = None, message: str | None = None) -> Record:
        """Agree to an offer, as the seller.

        ``POST /v1/fjb/offers/{offer_id}/approval`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            shipping_cost: Rupiah.
            message: For the buyer.

        Reference: "Fjb", "Approve Offer".
        """
        return self._portal.run(self._impl.approve, offer_id, shipping_cost=shipping_cost, message=message)

    def reject(self, offer_id: str, *, message: str | None = None) -> Record:
        """Refuse an offer, as the seller.

        ``POST /v1/fjb/offers/{offer_id}/rejection`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            message: For the buyer.

        Reference: "Fjb", "Reject offer".
        """
        return self._portal.run(self._impl.reject, offer_id, message=message)
