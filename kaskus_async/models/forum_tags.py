"""Answers of the forum tag operations."""

from __future__ import annotations

from kaskus_async.models.loose import Number
from nusantara.model import LooseBool, LooseInt, Model, field, model

__all__ = ["FjbTags", "ForumTag", "NavigationItem", "TagGroup", "TagGroups", "TaggedForum"]


@model
class TaggedForum(Model):
    """A forum below a tag."""

    forum_id: LooseInt
    name: str | None = None
    description: str | None = None
    display_order: Number | None = None
    visible: Number | None = None
    child_list: str | None = None
    """Comma text of forum ids that ends in -1."""


@model
class TagGroup(Model):
    """A tag with its forums."""

    tag_id: LooseInt
    tag_name: str | None = None
    tag_icon: str | None = None
    """URL."""
    forums: list[TaggedForum] = field(factory=list)


@model
class TagGroups(Model):
    """All tags."""

    forum: list[TagGroup] = field(factory=list)
    fjb: list[TagGroup] | None = None
    """Those of the marketplace."""


@model
class FjbTags(Model):
    """The tags of the marketplace."""

    data: list[TagGroup | None] = field(factory=list)
    """None was seen among them."""


@model
class ForumTag(Model):
    """A tag with the ids of its forums."""

    tag_id: LooseInt
    tag_name: str | None = None
    tag_icon: str | None = None
    """URL."""
    forum: list[LooseInt] = field(factory=list)


@model
class NavigationItem(Model):
    """An entry of the navigation."""

    navigation_id: LooseInt
    name: str | None = None
    navigation_icon: str | None = None
    navigation_url: str | None = None
    description: str | None = None
    flag_clickable: LooseBool | None = None
    order: Number | None = None
