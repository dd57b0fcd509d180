"""Answers of the content operations."""

from __future__ import annotations

from kaskus_async.models.loose import Number
from nusantara.model import LooseStr, Model, field, model

__all__ = ["Freshness", "Place", "Places", "SpecialEvent", "SpecialEvents"]


@model
class Place(Model):
    """A country, or a location in Indonesia."""

    id: LooseStr
    name: str | None = None


@model
class Freshness(Model):
    """How old a list is."""

    last_update: Number | None = None
    """Its unit is not documented."""


@model
class Places(Model):
    """All places of a kind."""

    data: list[Place] = field(factory=list)
    meta: Freshness | None = None


@model
class SpecialEvent(Model):
    """A campaign of the site."""

    id: LooseStr
    image_path: str | None = None
    url: str | None = None
    start_date: Number | None = None
    """Its unit is not documented."""
    end_date: Number | None = None


@model
class SpecialEvents(Model):
    """The campaigns."""

    data: list[SpecialEvent] = field(factory=list)
