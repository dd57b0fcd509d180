"""Answers of the shipping operations."""

from __future__ import annotations

from typing import Annotated, Any

from kaskus_async.models.loose import Number
from nusantara.codec import structure, unstructure
from nusantara.model import LooseStr, Model, Via, field, model

__all__ = ["AgentCosts", "ShippingCost", "ShippingCosts"]


@model
class ShippingCost(Model):
    """What one method of an agent costs."""

    id: LooseStr
    """What a purchase or an offer takes as ``shipping_agent``."""
    name: str | None = None
    cost: Number | None = None
    """Rupiah."""
    estimation_time: LooseStr | None = None
    """How long it takes, as text to show; can be empty."""


def _load_methods(value: Any) -> list[ShippingCost]:
    return structure(list(value.values()) if isinstance(value, dict) else value, list[ShippingCost])


@model
class AgentCosts(Model):
    """What an agent charges."""

    type: LooseStr | None = None
    """``others`` is what the seller arranges on his own."""
    image: str | None = None
    """URL."""
    methods: Annotated[list[ShippingCost], Via(_load_methods, unstructure)] = field(factory=list)
    """Sent as a list, or as an object with the ids for keys."""


@model
class ShippingCosts(Model):
    """What it costs to send the goods of a lapak."""

    data: list[AgentCosts] = field(factory=list)
