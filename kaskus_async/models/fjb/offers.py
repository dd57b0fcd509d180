"""Answers of the offer operations. Titles, names and messages are written by users and untrusted."""

from __future__ import annotations

from typing import Annotated

from kaskus_async.models.fjb.cursors import CursorsMeta
from kaskus_async.models.loose import Number, or_nothing
from nusantara.model import LooseStr, Model, field, model

__all__ = [
    "Offer",
    "OfferDestination",
    "OfferPage",
    "OfferReply",
    "OfferShipping",
    "OfferShippingMethod",
    "OfferedGoods",
]


@model
class OfferedGoods(Model):
    """What the offer is for."""

    title: str | None = None
    image: str | None = None
    """URL."""


@model
class OfferDestination(Model):
    """Where the goods are to be sent."""

    address: str | None = None
    area_id: LooseStr | None = None
    city_id: LooseStr | None = None
    province_id: LooseStr | None = None
    owner_name: str | None = None
    owner_phone: LooseStr | None = None


@model
class OfferShippingMethod(Model):
    """How the goods are to be sent."""

    name: str | None = None
    image: str | None = None
    """URL."""
    estimation_time: LooseStr | None = None


@model
class OfferShipping(Model):
    """The shipping of the goods."""

    cost: Number | None = None
    """Rupiah."""
    location: Annotated[OfferDestination, or_nothing(OfferDestination)] | None = None
    method: Annotated[OfferShippingMethod, or_nothing(OfferShippingMethod)] | None = None


@model
class OfferReply(Model):
    """What the seller says to the offer."""

    message: str | None = None
    status: Number | None = None
    """1 is accepted; what others mean is not known."""


@model
class Offer(Model):
    """An offer. Listings leave out ``quantity``, ``shipping`` and ``reply``."""

    id: LooseStr
    status: LooseStr | None = None
    """Text to show."""
    price: Number | None = None
    """Rupiah, for all pieces."""
    quantity: Number | None = None
    item: Annotated[OfferedGoods, or_nothing(OfferedGoods)] | None = None
    shipping: Annotated[OfferShipping, or_nothing(OfferShipping)] | None = None
    reply: Annotated[OfferReply, or_nothing(OfferReply)] | None = None


@model
class OfferPage(Model):
    """A page of offers."""

    data: list[Offer] = field(factory=list)
    meta: Annotated[CursorsMeta, or_nothing(CursorsMeta)] | None = None
