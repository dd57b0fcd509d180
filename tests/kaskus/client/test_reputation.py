"""The reputation operations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, documented, prove, refused, unnamed, unread

from kaskus_async.enums import ReputationKind
from kaskus_async.reputation import ReputationPoints
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /reputation": (lambda k: k.reputation.received(), "GET /reputation"),
    "GET /reputation/{post_id}": (lambda k: k.reputation.of_post("5f0b"), "GET /reputation/5f0b"),
    "POST /reputation/{post_id}": (
        lambda k: k.reputation.give("5f0b", ReputationKind.BATA),
        "POST /reputation/5f0b",
        {"form": {"reputation": "neg"}},
    ),
}

ANSWERS: dict[str, Any] = {
    "reputation": lambda k: k.reputation.received(),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(ReputationPoints)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(ReputationPoints)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_an_entry_may_lack_its_giver_and_its_thread() -> None:
    answer = await answered(lambda k: k.reputation.received(), read_document(DOCUMENTS / "reputation.json"))
    full, bare = answer.list_reputation
    assert (answer.total_reputation, full.id, full.user_id, full.giver.username) == (40, "901", 70, "tokoh71")
    assert (bare.reputation, bare.giver, bare.thread_id) == (-2, None, None)


async def test_an_answer_of_unknown_shape_is_given_as_it_comes() -> None:
    for operation in ("GET /reputation/{post_id}", "POST /reputation/{post_id}"):
        assert await answered(LEDGER[operation][0], {"hasil": {"nilai": "1"}}) == {"hasil": {"nilai": "1"}}


async def test_a_kind_that_is_new_is_sent_as_it_is() -> None:
    await prove(
        "POST /reputation/{post_id}",
        lambda k: k.reputation.give("5f0b", "netral"),
        "POST /reputation/5f0b",
        "unrepeatable",
        form={"reputation": "netral"},
    )


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.reputation.give("5f0b", ""), "kind"),
        (lambda k: k.reputation.give("5f0b", None), "kind"),
        (lambda k: k.reputation.give("", "pos"), "post_id"),
        (lambda k: k.reputation.of_post(""), "post_id"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
