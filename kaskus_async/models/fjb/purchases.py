"""Answers of the purchase operations."""

from __future__ import annotations

from nusantara.model import Model, model

__all__ = ["Checkout"]


@model
class Checkout(Model):
    """A purchase that waits for its payment."""

    checkout_url: str | None = None
    """The page where the buyer pays."""
