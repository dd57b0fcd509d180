"""The marketplace, from a lapak to the feedback for what was bought in it. The door is ``ROUTES``."""

from __future__ import annotations

from kaskus_async.sandbox.market import (
    addresses,
    cart,
    lapak,
    listings,
    money,
    notices,
    offers,
    payments,
    purchases,
    shipping,
)
from kaskus_async.sandbox.operation import Operation

__all__ = ["ROUTES"]

ROUTES: tuple[Operation, ...] = (
    *lapak.ROUTES,
    *listings.ROUTES,
    *cart.ROUTES,
    *offers.ROUTES,
    *purchases.ROUTES,
    *addresses.ROUTES,
    *shipping.ROUTES,
    *payments.ROUTES,
    *money.ROUTES,
    *notices.ROUTES,
)
