"""Pieces that many answers share.

No edition of the reference promises a field, and recorded answers of the same operation differ, so everything but what
identifies a thing may be absent.
"""

from __future__ import annotations

from kaskus_async.models.loose import Moment, Number
from nusantara.model import LooseBool, LooseStr, Model, field, model

__all__ = ["Author", "ThreadSummary"]


@model
class Author(Model):
    """The summary of a user that KASKUS merges into whatever the user wrote."""

    profilepicture: str | None = None
    """URL."""
    usertitle: str | None = None
    number_of_post: Number | None = None
    enable_reputation: LooseBool | None = None
    reputation: Number | None = None
    reputation_title: str | None = None
    is_donatur: bool | None = None
    """Whether the user is a KaskusPlus member."""
    reputation_box: Number | None = None
    """Boxes of the reputation bar; 0 to 11 were seen."""


@model
class ThreadSummary(Author):
    """A thread as listings show it, with its author."""

    thread_id: LooseStr
    """24 characters: hexadecimal, or an old number padded with zeros."""
    title: str | None = None
    forum_id: Number | None = None
    post_userid: Number | None = None
    post_username: str | None = None
    dateline: Moment | None = None
    """When it was started."""
    first_post_id: str | None = None
    last_post: Moment | None = None
    last_post_id: str | None = None
    last_post_userid: Number | None = None
    last_poster: str | None = None
    open: LooseBool | None = None
    poll_id: Number | None = None
    prefix_id: str | None = None
    """``""``, ``WTS``, ``WTB`` or ``SOLD``."""
    initial_prefix_id: str | None = None
    """The prefix it was started with."""
    reply_count: Number | None = None
    """Was seen below zero."""
    short_url: str | None = None
    sticky: LooseBool | None = None
    views: Number | None = None
    visible: Number | None = None
    vote_num: Number | None = None
    vote_total: Number | None = None
    """The rating is vote_total / vote_num."""
    thread_type: Number | None = None
    """10 in the forum, 20 for old and 21 for new marketplace threads; 22 was seen once among hot threads."""
    hot_thread: Number | None = None
    meta_images: list[str] | MetaImages | None = None
    """URLs; some operations send an object instead."""


@model
class MetaImages(Model):
    """The object form of ``meta_images``."""

    primary: str | None = field(default=None)
