"""The operations on users, on following them, and on badges."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, documented, prove, refused, unnamed, unread

from kaskus_async.badges import Badges
from kaskus_async.following import Following
from kaskus_async.models.fjb.invoices import FeedbackResponse
from kaskus_async.models.users import ProfileInclude
from kaskus_async.users import Users
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /user/{user_id}": (
        lambda k: k.users.get(70, include=[ProfileInclude.FEEDBACK, "badges"]),
        "GET /user/70?include=feedback%2Cbadges",
    ),
    "GET /v1/users": (lambda k: k.users.by_name("tokoh lain"), "GET /v1/users?username=tokoh%20lain"),
    "GET /user/visitor/{user_id}": (lambda k: k.users.visitors(70), "GET /user/visitor/70"),
    "GET /user/latest_visitor/{user_id}": (lambda k: k.users.latest_visitors(70), "GET /user/latest_visitor/70"),
    "GET /user/badges/{user_id}": (lambda k: k.users.badges(70), "GET /user/badges/70"),
    "GET /v1/user/{user_id}/feedbacks": (
        lambda k: k.users.feedbacks(70, response=FeedbackResponse.POSITIVE),
        "GET /v1/user/70/feedbacks?response=positive",
    ),
    "GET /followed": (lambda k: k.following.followed(), "GET /followed"),
    "POST /followed/{user_id}": (lambda k: k.following.follow(70), "POST /followed/70"),
    "DELETE /followed/{user_id}": (lambda k: k.following.unfollow(70), "DELETE /followed/70"),
    "GET /follower": (lambda k: k.following.followers(), "GET /follower"),
    "POST /v1/badges": (
        lambda k: k.badges.give(1, [70, 71]),
        "POST /v1/badges",
        {"form": {"badge_id": "1", "user_id": "70,71"}},
    ),
    "DELETE /v1/badges/{user_id}/{badge_id}": (lambda k: k.badges.take(70, 1), "DELETE /v1/badges/70/1"),
}

ANSWERS: dict[str, Any] = {
    "user_of": lambda k: k.users.get(70),
    "user_visitor": lambda k: k.users.visitors(70),
    "user_badges": lambda k: k.users.badges(70),
    "follower": lambda k: k.following.followers(),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(
        operation, call, line, documented(Badges, Following, Users)[unnamed(operation)], **(rest[0] if rest else {})
    )


def test_every_operation_is_proven() -> None:
    assert set(documented(Badges, Following, Users)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_a_profile_of_another_user_may_have_feedback() -> None:
    profile = await answered(ANSWERS["user_of"], read_document(DOCUMENTS / "user_of.json"))
    assert (profile.userid, profile.ktpnumber, profile.feedback.percentage) == (70, "0000000000000070", 95)
    assert profile.badges is None


async def test_numbers_of_users_come_as_text_too() -> None:
    visitors = await answered(ANSWERS["user_visitor"], read_document(DOCUMENTS / "user_visitor.json"))
    assert [(visitor.userid, visitor.reputation) for visitor in visitors] == [(71, 40), (72, -3)]


async def test_nothing_may_be_answered_where_nothing_is_documented() -> None:
    found = await answered(lambda k: k.following.follow(70), b"")
    assert (found.to_document(), list(found)) == (None, [])


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.users.by_name(""), "username"),
        (lambda k: k.users.get(".."), "user_id"),
        (lambda k: k.users.get(None), "user_id"),
        (lambda k: k.following.follow(""), "user_id"),
        (lambda k: k.badges.give(1, []), "user_ids"),
        (lambda k: k.badges.give(1, "70"), "user_ids"),
        (lambda k: k.badges.take(70, ""), "badge_id"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
