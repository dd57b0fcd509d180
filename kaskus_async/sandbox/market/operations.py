"""The marketplace, from a lapak to the feedback for what was bought in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.sandbox import (
    market_addresses,
    market_cart,
    market_lapak,
    market_listings,
    market_money,
    market_notices,
    market_offers,
    market_payments,
    market_purchases,
    market_seed,
    market_shipping,
)
from kaskus_async.sandbox.market_state import Market

if TYPE_CHECKING:
    from kaskus_async.sandbox.operation import Operation
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES", "fill"]

ROUTES: tuple[Operation, ...] = (
    *market_lapak.ROUTES,
    *market_listings.ROUTES,
    *market_cart.ROUTES,
    *market_offers.ROUTES,
    *market_purchases.ROUTES,
    *market_addresses.ROUTES,
    *market_shipping.ROUTES,
    *market_payments.ROUTES,
    *market_money.ROUTES,
    *market_notices.ROUTES,
)


def fill(state: KaskusState) -> None:
    """A new market with its first data."""
    state.market = Market(state.new_id, state.digest)
    market_seed.add_market(state)
