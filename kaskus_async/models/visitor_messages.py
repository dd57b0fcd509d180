"""Answers of the operations on visitor messages. All text is written by users and untrusted."""

from __future__ import annotations

from kaskus_async.models.common import Author
from kaskus_async.models.loose import Moment, Number
from kaskus_async.models.paging import PageNumbers
from nusantara.model import LooseBool, LooseInt, field, model

__all__ = ["VisitorMessage", "VisitorMessagePage"]


@model
class VisitorMessage(Author):
    """A message on the profile of a user, with who wrote it."""

    id: LooseInt = field(key="vmid")
    postuserid: Number | None = None
    postusername: str | None = None
    dateline: Moment | None = None
    pagetext: str | None = None
    """BBCode."""
    decoded: str | None = None
    """HTML."""
    messageread: LooseBool | None = None


@model
class VisitorMessagePage(PageNumbers):
    """A page of the messages on a profile."""

    vm: list[VisitorMessage] = field(factory=list)
