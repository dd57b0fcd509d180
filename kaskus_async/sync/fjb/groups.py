# Written by "python -m nusantara.syncgen" from kaskus_async/fjb/groups.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.fjb.groups`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from kaskus_async.fjb.groups import Fjb as AsyncFjb
from nusantara.sync.facade import SyncResource

if TYPE_CHECKING:
    from kaskus_async.sync.fjb.addresses import Addresses
    from kaskus_async.sync.fjb.cart import Cart
    from kaskus_async.sync.fjb.invoices import Invoices
    from kaskus_async.sync.fjb.lapak import Lapak
    from kaskus_async.sync.fjb.lapak_posts import LapakPosts
    from kaskus_async.sync.fjb.listings import Listings
    from kaskus_async.sync.fjb.locations import Locations
    from kaskus_async.sync.fjb.notifications import FjbNotifications
    from kaskus_async.sync.fjb.offers import Offers
    from kaskus_async.sync.fjb.payments import Payments
    from kaskus_async.sync.fjb.posts import FjbPosts
    from kaskus_async.sync.fjb.purchases import Purchases
    from kaskus_async.sync.fjb.shipping import ShippingServices
    from kaskus_async.sync.fjb.threads import FjbThreads
    from kaskus_async.sync.fjb.user_threads import UserThreads

__all__ = ["Fjb"]


class Fjb(SyncResource[AsyncFjb]):
    """The marketplace, Forum Jual Beli, in groups."""

    @cached_property
    def lapak(self) -> Lapak:
        """Lapak, the stalls that goods are sold at: reading, opening and bumping them."""
        from kaskus_async.sync.fjb.lapak import Lapak

        return Lapak(self._portal, self._impl.lapak)

    @cached_property
    def lapak_posts(self) -> LapakPosts:
        """Posts in lapak."""
        from kaskus_async.sync.fjb.lapak_posts import LapakPosts

        return LapakPosts(self._portal, self._impl.lapak_posts)

    @cached_property
    def threads(self) -> FjbThreads:
        """Threads of the old marketplace."""
        from kaskus_async.sync.fjb.threads import FjbThreads

        return FjbThreads(self._portal, self._impl.threads)

    @cached_property
    def posts(self) -> FjbPosts:
        """Posts in threads of the old marketplace."""
        from kaskus_async.sync.fjb.posts import FjbPosts

        return FjbPosts(self._portal, self._impl.posts)

    @cached_property
    def listings(self) -> Listings:
        """What is for sale."""
        from kaskus_async.sync.fjb.listings import Listings

        return Listings(self._portal, self._impl.listings)

    @cached_property
    def cart(self) -> Cart:
        """The cart of the signed-in user."""
        from kaskus_async.sync.fjb.cart import Cart

        return Cart(self._portal, self._impl.cart)

    @cached_property
    def offers(self) -> Offers:
        """Offers: haggling over the price of a lapak."""
        from kaskus_async.sync.fjb.offers import Offers

        return Offers(self._portal, self._impl.offers)

    @cached_property
    def purchases(self) -> Purchases:
        """Buying at the asking price, the seller's answer to it, and checking out."""
        from kaskus_async.sync.fjb.purchases import Purchases

        return Purchases(self._portal, self._impl.purchases)

    @cached_property
    def invoices(self) -> Invoices:
        """Invoices, from payment to feedback."""
        from kaskus_async.sync.fjb.invoices import Invoices

        return Invoices(self._portal, self._impl.invoices)

    @cached_property
    def locations(self) -> Locations:
        """Provinces, cities and areas that goods can be sent to."""
        from kaskus_async.sync.fjb.locations import Locations

        return Locations(self._portal, self._impl.locations)

    @cached_property
    def addresses(self) -> Addresses:
        """Addresses that the signed-in user saved."""
        from kaskus_async.sync.fjb.addresses import Addresses

        return Addresses(self._portal, self._impl.addresses)

    @cached_property
    def shipping(self) -> ShippingServices:
        """Sending goods: methods, agents and what they cost."""
        from kaskus_async.sync.fjb.shipping import ShippingServices

        return ShippingServices(self._portal, self._impl.shipping)

    @cached_property
    def payments(self) -> Payments:
        """Ways to pay: payment methods, banks and tips."""
        from kaskus_async.sync.fjb.payments import Payments

        return Payments(self._portal, self._impl.payments)

    @cached_property
    def notifications(self) -> FjbNotifications:
        """What the marketplace tells the signed-in user."""
        from kaskus_async.sync.fjb.notifications import FjbNotifications

        return FjbNotifications(self._portal, self._impl.notifications)

    @cached_property
    def user_threads(self) -> UserThreads:
        """What a user sells and wants to buy."""
        from kaskus_async.sync.fjb.user_threads import UserThreads

        return UserThreads(self._portal, self._impl.user_threads)
