"""What ``kaskus.fjb`` is made of."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from nusantara.client import Resource

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus
    from kaskus_async.fjb.addresses import Addresses
    from kaskus_async.fjb.cart import Cart
    from kaskus_async.fjb.invoices import Invoices
    from kaskus_async.fjb.lapak import Lapak
    from kaskus_async.fjb.lapak_posts import LapakPosts
    from kaskus_async.fjb.listings import Listings
    from kaskus_async.fjb.locations import Locations
    from kaskus_async.fjb.notifications import FjbNotifications
    from kaskus_async.fjb.offers import Offers
    from kaskus_async.fjb.payments import Payments
    from kaskus_async.fjb.posts import FjbPosts
    from kaskus_async.fjb.purchases import Purchases
    from kaskus_async.fjb.shipping import ShippingServices
    from kaskus_async.fjb.threads import FjbThreads
    from kaskus_async.fjb.user_threads import UserThreads

__all__ = ["Fjb"]


class Fjb(Resource):
    """The marketplace, Forum Jual Beli, in groups."""

    _client: AsyncKaskus

    @cached_property
    def lapak(self) -> Lapak:
        """Lapak, the stalls that goods are sold at: reading, opening and bumping them."""
        from kaskus_async.fjb.lapak import Lapak

        return Lapak(self._client)

    @cached_property
    def lapak_posts(self) -> LapakPosts:
        """Posts in lapak."""
        from kaskus_async.fjb.lapak_posts import LapakPosts

        return LapakPosts(self._client)

    @cached_property
    def threads(self) -> FjbThreads:
        """Threads of the old marketplace."""
        from kaskus_async.fjb.threads import FjbThreads

        return FjbThreads(self._client)

    @cached_property
    def posts(self) -> FjbPosts:
        """Posts in threads of the old marketplace."""
        from kaskus_async.fjb.posts import FjbPosts

        return FjbPosts(self._client)

    @cached_property
    def listings(self) -> Listings:
        """What is for sale."""
        from kaskus_async.fjb.listings import Listings

        return Listings(self._client)

    @cached_property
    def cart(self) -> Cart:
        """The cart of the signed-in user."""
        from kaskus_async.fjb.cart import Cart

        return Cart(self._client)

    @cached_property
    def offers(self) -> Offers:
        """Offers: haggling over the price of a lapak."""
        from kaskus_async.fjb.offers import Offers

        return Offers(self._client)

    @cached_property
    def purchases(self) -> Purchases:
        """Buying at the asking price, the seller's answer to it, and checking out."""
        from kaskus_async.fjb.purchases import Purchases

        return Purchases(self._client)

    @cached_property
    def invoices(self) -> Invoices:
        """Invoices, from payment to feedback."""
        from kaskus_async.fjb.invoices import Invoices

        return Invoices(self._client)

    @cached_property
    def locations(self) -> Locations:
        """Provinces, cities and areas that goods can be sent to."""
        from kaskus_async.fjb.locations import Locations

        return Locations(self._client)

    @cached_property
    def addresses(self) -> Addresses:
        """Addresses that the signed-in user saved."""
        from kaskus_async.fjb.addresses import Addresses

        return Addresses(self._client)

    @cached_property
    def shipping(self) -> ShippingServices:
        """Sending goods: methods, agents and what they cost."""
        from kaskus_async.fjb.shipping import ShippingServices

        return ShippingServices(self._client)

    @cached_property
    def payments(self) -> Payments:
        """Ways to pay: payment methods, banks and tips."""
        from kaskus_async.fjb.payments import Payments

        return Payments(self._client)

    @cached_property
    def notifications(self) -> FjbNotifications:
        """What the marketplace tells the signed-in user."""
        from kaskus_async.fjb.notifications import FjbNotifications

        return FjbNotifications(self._client)

    @cached_property
    def user_threads(self) -> UserThreads:
        """What a user sells and wants to buy."""
        from kaskus_async.fjb.user_threads import UserThreads

        return UserThreads(self._client)
