"""Answers of the post operations. All text is written by users and untrusted."""

from __future__ import annotations

import enum
from typing import Any

from kaskus_async.models.common import Author
from kaskus_async.models.loose import Moment, Number
from kaskus_async.models.paging import PageNumbers
from nusantara.model import LooseBool, LooseStr, Model, field, model

__all__ = ["GoodsCondition", "Post", "PostFragment", "PostPrefix", "QuotedPost", "UserPosts"]


class PostPrefix(enum.StrEnum):
    """What a marketplace thread is for."""

    BUYING = "wtb"
    SELLING = "wts"
    SOLD = "sold"


class GoodsCondition(enum.IntEnum):
    """The state of goods."""

    NEW = 1
    SECOND = 2
    REFURBISHED = 4


@model
class PostFragment(Model):
    """A piece of a post: text, a link, a picture, ..."""

    type: str | None = None
    text: str | None = None
    linktype: str | None = None
    url: str | None = None
    link: Any = None
    """Was false wherever it was seen; what it is for a link is not known."""


@model
class Post(Author):
    """A post. Operations that can be told which fields to send leave out all others, the id among them."""

    post_id: LooseStr | None = None
    """24 characters."""
    post_userid: Number | None = None
    post_username: str | None = None
    display_name: str | None = None
    dateline: Moment | None = None
    visible: Number | None = None
    title: str | None = None
    pagetext: str | None = None
    """BBCode."""
    pagetext_noquote: str | None = None
    """BBCode without quotes."""
    decoded: str | None = None
    """HTML."""
    text: str | None = None
    """Plain text."""
    post: list[PostFragment] | None = None
    images: list[Any] | None = None
    """Only empty ones were seen."""
    forum_id: Number | None = None
    forum_title: str | None = None
    is_vsl: LooseBool | None = None
    """Whether the author is a verified seller."""


@model
class UserPosts(PageNumbers):
    """A page of the posts of a user."""

    posts: list[Post] = field(factory=list)


@model
class QuotedPost(Model):
    """A post that quotes the signed-in user."""

    post_id: LooseStr
    thread_id: LooseStr | None = None
    post_userid: Number | None = None
    post_username: str | None = None
    title: str | None = None
    dateline: Moment | None = None
    pagetext: str | None = None
    """BBCode."""
    visible: Number | None = None
    viewed: LooseBool | None = None
    forum_id: Number | None = None
    forum_name: str | None = None
