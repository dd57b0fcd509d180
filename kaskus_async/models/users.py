"""Vocabulary and answers of the operations on users. Names, titles and biographies are untrusted text of users."""

from __future__ import annotations

import enum
from typing import Any

from kaskus_async.models.common import Author
from kaskus_async.models.loose import JakartaDay, JakartaTime, Moment, Number
from kaskus_async.models.threads import FeedbackCounts
from nusantara.model import LooseBool, LooseInt, LooseStr, Model, field, model

__all__ = ["Follower", "Gender", "ProfileInclude", "UserBadges", "UserProfile", "Visitor"]


class Gender(enum.IntEnum):
    """As profiles have it. Registration numbers it otherwise, which is taken care of there."""

    UNSPECIFIED = 0
    MALE = 1
    FEMALE = 2


class ProfileInclude(enum.StrEnum):
    """What a profile can hold beyond the usual."""

    BADGES = "badges"
    FEEDBACK = "feedback"
    """Not in the reference; a client that asks for it is known."""


@model
class UserProfile(Author):
    """A user. What the user does not share is empty."""

    userid: LooseInt
    username: str | None = None
    usergroupid: LooseStr | None = None
    firstname: str | None = None
    lastname: str | None = None
    gender: Number | None = None
    """One of :class:`Gender`."""
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    country: str | None = None
    country_name: str | None = None
    province: str | None = None
    ktpnumber: LooseStr | None = field(default=None, repr=False)
    """Number of the identity card."""
    biography: str | None = None
    dateofbirth: JakartaDay | None = field(default=None, repr=False)
    """The vendor sends an instant, the midnight with which the day begins in Jakarta."""
    joindate: Moment | None = None
    lastlogin: Moment | None = None
    lastlogout: Moment | None = None
    profilevisits: Number | None = None
    total_badge: Number | None = None
    total_wtb: Number | None = None
    """Threads of wanted goods."""
    total_wts: Number | None = None
    """Threads of goods for sale."""
    friend: Number | None = None
    """Number of friends."""
    following: Number | None = None
    """Number of users followed."""
    follower: Number | None = None
    """Number of followers."""
    vm_enable: LooseBool | None = None
    """Whether visitors can leave messages."""
    is_friend: LooseBool | None = None
    is_following: LooseBool | None = None
    is_ignored: LooseBool | None = None
    wallet_id: Number | None = None
    donatur_registration_date: JakartaTime | None = None
    """In Jakarta's time, as for the next: if a day is meant, it is the day there."""
    donatur_expiry_date: JakartaTime | None = None
    badges: list[Any] | None = None
    """What a badge looks like is not documented."""
    feedback: FeedbackCounts | None = None


@model
class Visitor(Author):
    """Who looked at a profile."""

    userid: LooseInt
    username: str | None = None


@model
class Follower(Author):
    """Who follows the signed-in user."""

    follower_id: LooseInt
    follower_name: str | None = None


@model
class UserBadges(Model):
    """The badges of a user."""

    userid: LooseInt
    username: str | None = None
    badges: list[Any] = field(factory=list)
    """What a badge looks like is not documented."""
