"""Answers of the operations on friends."""

from __future__ import annotations

from typing import Any

from kaskus_async.models.paging import PageNumbers
from nusantara.model import field, model

__all__ = ["FriendPage"]


@model
class FriendPage(PageNumbers):
    """A page of the signed-in user's friends."""

    friends: list[Any] = field(factory=list)
    """What a friend looks like here is not documented."""
