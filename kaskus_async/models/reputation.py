"""Answers of the reputation operations."""

from __future__ import annotations

from kaskus_async.models.common import Author
from kaskus_async.models.loose import Moment, Number
from nusantara.model import LooseStr, Model, field, model

__all__ = ["Reputation", "ReputationGiver", "ReputationList"]


@model
class ReputationGiver(Author):
    """Who gave reputation."""

    userid: Number | None = None
    username: str | None = None


@model
class Reputation(Model):
    """One reputation received."""

    id: LooseStr = field(key="reputationid")
    post_id: str | None = None
    user_id: Number | None = None
    reputation: Number | None = None
    """Points; negative for bad."""
    reason: str | None = None
    dateline: Moment | None = None
    post_title: str | None = None
    thread_title: str | None = None
    thread_id: str | None = None
    giver: ReputationGiver | None = field(default=None, key="from")


@model
class ReputationList(Model):
    """The reputation of the signed-in user."""

    total_reputation: Number | None = None
    list_reputation: list[Reputation] = field(factory=list)
