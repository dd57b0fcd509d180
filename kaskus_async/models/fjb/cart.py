"""Answers of the cart operations. Titles are written by users and untrusted."""

from __future__ import annotations

import enum
from typing import Annotated

from kaskus_async.models.fjb.cursors import CursorsMeta
from kaskus_async.models.loose import Number, or_nothing
from nusantara.model import LooseStr, Model, field, model

__all__ = ["CartGoods", "CartItem", "CartPage", "OfferType"]


class OfferType(enum.IntEnum):
    """How goods in the cart are bought."""

    NEGO = 0
    """By an offer."""
    BUY_NOW = 1
    """At the asking price."""


@model
class CartGoods(Model):
    """What is in the cart."""

    id: LooseStr | None = None
    """Thread id of the lapak."""
    title: str | None = None
    image: str | None = None
    """URL."""
    discounted_price: Number | None = None
    """Rupiah."""


@model
class CartItem(Model):
    """A line of the cart."""

    id: LooseStr
    item: Annotated[CartGoods, or_nothing(CartGoods)] | None = None


@model
class CartPage(Model):
    """A page of the cart, newest first."""

    data: list[CartItem] = field(factory=list)
    meta: Annotated[CursorsMeta, or_nothing(CursorsMeta)] | None = None
