"""Answers of the listings of the marketplace."""

from __future__ import annotations

from kaskus_async.models.threads import Thread
from nusantara.model import LooseStr, Model, field, model

__all__ = ["LatestProducts"]


@model
class LatestProducts(Model):
    """The newest lapak of some categories."""

    thread: list[Thread] = field(factory=list)
    cursor: LooseStr | None = None
