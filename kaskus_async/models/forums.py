"""Answers of the forum operations. Names and titles can be HTML-escaped or hold markup."""

from __future__ import annotations

import enum
from typing import Any

from kaskus_async.models.common import Author, MetaImages
from kaskus_async.models.loose import JakartaTime, Moment, Number, Text
from kaskus_async.models.paging import PageNumbers
from kaskus_async.models.threads import Thread
from nusantara.model import LooseBool, LooseInt, LooseStr, Model, field, model

__all__ = [
    "CalendarEvent",
    "Forum",
    "ForumEntry",
    "ForumEvents",
    "ForumThreads",
    "Highlight",
    "KaskusLive",
    "MarketplaceSettings",
    "SortOrder",
    "ThreadMention",
    "ThreadSort",
    "TopUser",
    "TopUsers",
]


class ThreadSort(enum.StrEnum):
    """What threads are sorted by."""

    LAST_POST = "lastpost"
    THREAD = "thread"
    AUTHOR = "postusername"
    VIEWS = "views"
    REPLIES = "replycount"
    RATING = "rating"
    PRICE = "price"


class SortOrder(enum.StrEnum):
    """Which end comes first."""

    ASCENDING = "asc"
    DESCENDING = "desc"


@model
class MarketplaceSettings(Model):
    """Rules of a marketplace forum."""

    min_price: Number | None = None
    """Rupiah."""
    max_price: Number | None = None
    product_type: Number | None = None


@model
class ForumEntry(Model):
    """A forum or marketplace category, as the lists of all of them show it."""

    forum_id: LooseInt
    name: str | None = None
    description: str | None = None
    parent_id: Number | None = None
    parent_list: str | None = None
    """Comma text of forum ids that ends in -1."""
    child_list: str | None = None
    """Likewise."""
    type_list: LooseStr | None = None
    display_order: Number | None = None
    visible: Number | None = None
    icon_url: str | None = None
    redirect_forum_id: LooseStr | None = None
    redirect_forum_type: LooseStr | None = None
    jb_settings: MarketplaceSettings | None = None


@model
class Forum(Model):
    """A forum with its newest post."""

    forum_id: LooseInt
    name: str | None = None
    description: str | None = None
    service: str | None = None
    """``forum`` or ``classified``."""
    forum_icon: str | None = None
    """URL."""
    thread_count: Number | None = None
    post_count: Number | None = None
    visible: Number | None = None
    last_thread_id: LooseStr | None = None
    last_thread_title: str | None = None
    last_thread_starter: str | None = None
    last_post_id: LooseStr | None = None
    last_post: Moment | None = None
    last_poster: str | None = None
    is_subscribed: LooseBool | None = None
    sort: str | None = None
    order: str | None = None


@model
class ThreadMention(Author):
    """What may or may not be a thread: if it is none, nearly everything is absent."""

    thread_id: LooseStr | None = None
    title: str | None = None
    forum_id: Number | None = None
    post_userid: Number | None = None
    post_username: str | None = None
    dateline: Moment | None = None
    first_post_id: LooseStr | None = None
    last_post: Moment | None = None
    last_post_id: LooseStr | None = None
    last_post_userid: Number | None = None
    last_poster: str | None = None
    open: LooseBool | None = None
    poll_id: Number | None = None
    prefix_id: str | None = None
    initial_prefix_id: str | None = None
    reply_count: Number | None = None
    short_url: str | None = None
    sticky: LooseBool | None = None
    views: Number | None = None
    visible: Number | None = None
    vote_num: Number | None = None
    vote_total: Number | None = None
    thread_type: Number | None = None
    hot_thread: Number | None = None
    meta_images: list[str] | MetaImages | None = None


@model
class Highlight(ThreadMention):
    """What the editors put above the threads of a forum: a thread or a link."""

    section: str | None = None
    image: str | None = None
    """URL."""
    link: Text | None = None
    url: str | None = None
    feature_id: Number | None = None
    type: Number | None = None
    display_order: Number | None = None


@model
class ForumThreads(PageNumbers):
    """A forum with one page of its threads."""

    forum: Forum | None = None
    subforum: list[Forum] = field(factory=list)
    tags: list[str] | None = None
    top_feature: list[Highlight] = field(factory=list)
    top_thread: list[Thread] = field(factory=list)
    thread: list[Thread] = field(factory=list)
    total_thread: Number | None = None


@model
class TopUser(Author):
    """A user of a ranking."""

    userid: LooseInt
    username: str | None = None


@model
class TopUsers(Model):
    """The rankings."""

    top_users: list[TopUser] = field(factory=list)
    top_moderators: list[Any] = field(factory=list)
    """Only an empty one was seen."""
    top_regional_leaders: list[Any] = field(factory=list)
    """Only an empty one was seen."""


@model
class KaskusLive(ThreadMention):
    """The current live event and its thread."""

    live_id: Number | None = None
    image: str | None = None
    """URL."""
    link: Text | None = None
    description: str | None = None
    date: str | None = None
    """Text such as day-month-year."""
    day: str | None = None
    time_start: Number | None = None
    time_end: Number | None = None
    date_event: bool | None = None


@model
class CalendarEvent(ThreadMention):
    """An event of the calendar, and its thread if it has one."""

    event_id: Number | None = None
    thread_title: str | None = None
    thread_link: str | None = None
    date: JakartaTime | None = None
    """In Jakarta's time: if a day is meant, it is the day there."""
    location: str | None = None
    name: str | None = None
    phone: LooseStr | None = None


@model
class ForumEvents(Model):
    """What is on."""

    kaskus_live: KaskusLive | None = None
    event_calendar: list[CalendarEvent] = field(factory=list)
