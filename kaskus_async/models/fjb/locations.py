"""Answers of the location operations."""

from __future__ import annotations

from nusantara.model import LooseStr, Model, field, model

__all__ = ["Location", "LocationDetail", "LocationList"]


@model
class Location(Model):
    """A province, city or area in a list."""

    id: LooseStr
    name: str | None = None


@model
class LocationList(Model):
    """Provinces, cities or areas."""

    data: list[Location] = field(factory=list)


@model
class LocationDetail(Model):
    """A province, city or area by itself."""

    name: str | None = None
