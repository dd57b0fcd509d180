"""Answers of the search operations. Titles are written by users and untrusted."""

from __future__ import annotations

import enum

from kaskus_async.models.loose import Number
from kaskus_async.models.paging import PageNumbers
from kaskus_async.models.threads import Thread
from nusantara.model import LooseInt, LooseStr, Model, field, model

__all__ = [
    "FacetCount",
    "Facets",
    "FoundThread",
    "FoundThreads",
    "FoundUser",
    "FoundUsers",
    "LapakSort",
    "SearchInclude",
]


class SearchInclude(enum.StrEnum):
    """What a result can hold beyond what was found."""

    FACET = "facet"


class LapakSort(enum.StrEnum):
    """What found lapak are sorted by."""

    PRICE = "price"
    DATE = "date"
    LAST_POST = "last_post"
    TITLE = "title"
    USERNAME = "username"
    SCORE = "score"


@model
class FacetCount(Model):
    """How many of the found threads have a value."""

    value: LooseStr
    count: Number | None = None


@model
class Facets(Model):
    """What is found, counted by its values."""

    forum_id: list[FacetCount] | None = None
    prefix_id: list[FacetCount] | None = None
    item_location: list[FacetCount] | None = None
    item_condition: list[FacetCount] | None = None


@model
class FoundThread(Thread):
    """A thread, or lapak, that matches."""

    score: float | None = None
    """Relevance; only useful for comparing within one search."""
    thread_views: Number | None = None


@model
class FoundThreads(PageNumbers):
    """One page of what a search found."""

    item: list[FoundThread] = field(factory=list)
    start: Number | None = None
    querytime: float | None = None
    """Seconds."""
    facet: Facets | None = None
    cursor: LooseStr | None = None


@model
class FoundUser(Model):
    """A user that matches."""

    userid: LooseInt
    username: str | None = None


@model
class FoundUsers(PageNumbers):
    """One page of the users that a search found."""

    item: list[FoundUser] = field(factory=list)
    start: Number | None = None
    querytime: float | None = None
    """Seconds."""
