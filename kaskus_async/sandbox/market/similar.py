"""Which goods are shown beside others."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kaskus_async.sandbox.stores.goods import Goods
    from kaskus_async.sandbox.stores.market import Market

__all__ = ["of_same_seller", "similar_goods"]

_MOST = 5


def similar_goods(market: Market, goods: Goods) -> list[Goods]:
    """Of the same category, those of a similar price first."""
    forum_id = goods.thread.forum_id
    others = [one for one in _for_sale(market, goods) if one.thread.forum_id == forum_id]
    return sorted(others, key=lambda one: abs(one.price - goods.price))[:_MOST]


def of_same_seller(market: Market, goods: Goods) -> list[Goods]:
    """What else the seller has, the newest first."""
    return [one for one in _for_sale(market, goods) if one.thread.userid == goods.thread.userid][::-1][:_MOST]


def _for_sale(market: Market, goods: Goods) -> list[Goods]:
    return [one for one in market.goods.values() if one is not goods and one.is_lapak and one.thread.prefix_id == "WTS"]
