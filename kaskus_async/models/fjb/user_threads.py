"""Answers of the listings of a user's marketplace threads."""

from __future__ import annotations

from kaskus_async.models.threads import ThreadList
from nusantara.model import LooseStr, model

__all__ = ["UserThreadList"]


@model
class UserThreadList(ThreadList):
    """A page of a user's marketplace threads."""

    cursor: LooseStr | None = None
    """Sent beside the page numbers; what it is good for is not documented."""
