"""Users, forums, threads and posts, as stored."""

from __future__ import annotations

import hashlib
from typing import Any

import attrs

__all__ = ["Forum", "Post", "Thread", "User", "md5_of"]


def md5_of(password: str) -> str:
    """The digest of a password."""
    return hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()


@attrs.define(eq=False, kw_only=True)
class User:
    """Somebody with an account. Times are Unix seconds."""

    userid: int
    username: str
    password: str = attrs.field(default="", repr=False)
    """Empty where only its digest was ever told."""
    password_md5: str = attrs.field(
        default=attrs.Factory(lambda user: md5_of(user.password), takes_self=True), repr=False
    )
    """The digest that clients send in place of the password."""
    email: str
    firstname: str = ""
    lastname: str = ""
    usertitle: str = "newbie"
    gender: int = 0
    """0 not told, 1 male, 2 female."""
    address: str = ""
    country: str = "ID"
    province: str = ""
    ktpnumber: str = ""
    phone: str = ""
    joindate: int = 0
    dateofbirth: int = 0
    biography: str = ""
    is_donatur: bool = False
    is_vsl: bool = False
    """Whether a verified seller."""
    verified: bool = True
    """Whether the e-mail address is confirmed."""
    lastlogin: int = 0
    lastlogout: int = 0
    earlier_posts: int = 0
    """Posts beyond those that the sandbox has."""
    earlier_reputation: int = 0
    """Reputation beyond what was given for those posts."""
    profilevisits: int = 0
    has_picture: bool = True
    badges: list[int] = attrs.field(factory=list)
    hidden: set[str] = attrs.field(factory=set)
    """What of the profile only its owner sees: ``email``, ``phone`` and so on."""
    options: dict[str, bool] = attrs.field(factory=dict)
    """Notifications that were switched on or off."""

    @property
    def profilepicture(self) -> str:
        """Address of the picture."""
        name = f"avatar{self.userid}_1.gif" if self.has_picture else "default.png"
        return f"http://s.kaskus.example/user/{name}"


@attrs.define(eq=False, kw_only=True)
class Forum:
    """A forum, or a category of the marketplace."""

    forum_id: int
    name: str
    description: str
    parent_id: int = -1
    service: str = "forum"
    """``forum`` or ``classified``."""
    display_order: int = 1

    @property
    def open(self) -> bool:
        """Whether threads can be started in it; those at the top only hold others."""
        return self.parent_id != -1

    @property
    def icon_url(self) -> str:
        """Address of the picture."""
        return f"http://s.kaskus.example/img/forum/{self.forum_id}.png"


@attrs.define(eq=False, kw_only=True)
class Post:
    """One post; the first of a thread is its text."""

    post_id: str
    thread_id: str
    userid: int
    dateline: int
    pagetext: str
    """BBCode."""
    title: str = ""
    visible: int = 1
    edited: int = 0
    """When, or 0."""
    quotes: list[str] = attrs.field(factory=list)
    """Identifiers of the posts that it quotes."""


@attrs.define(eq=False, kw_only=True)
class Thread:
    """A thread of a forum, or something for sale."""

    thread_id: str
    forum_id: int
    userid: int
    title: str
    dateline: int
    thread_type: int = 10
    """10 in forums; in the marketplace 20, and 21 of a lapak."""
    prefix_id: str = ""
    """``WTS``, ``WTB``, ``SOLD`` or nothing."""
    initial_prefix_id: str = ""
    post_ids: list[str] = attrs.field(factory=list)
    """Oldest first; never empty."""
    views: int = 0
    votes: dict[int, int] = attrs.field(factory=dict)
    """User to rating, 1 to 5."""
    open: int = 1
    sticky: int = 0
    visible: int = 1
    hot_thread: int = 0
    tags: list[str] = attrs.field(factory=list)
    meta_images: list[str] = attrs.field(factory=list)
    goods: dict[str, Any] | None = None
    """What a thread of the marketplace has in addition, as it stands in answers: ``item_price`` and so on."""
