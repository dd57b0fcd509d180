"""The forum tag operations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, documented, prove, unnamed, unread

from kaskus_async.forum_tags import ForumTags
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /forumtag/all": (lambda k: k.forum_tags.all(), "GET /forumtag/all"),
    "GET /forumtag/fjb": (lambda k: k.forum_tags.fjb(), "GET /forumtag/fjb"),
    "GET /forumtag/list_forum_tag": (lambda k: k.forum_tags.forum(), "GET /forumtag/list_forum_tag"),
    "GET /forumtag/list_forum_subscription": (
        lambda k: k.forum_tags.subscriptions(),
        "GET /forumtag/list_forum_subscription",
    ),
    "GET /forumtag/list_navigation_info": (
        lambda k: k.forum_tags.navigation(),
        "GET /forumtag/list_navigation_info",
    ),
}

ANSWERS: dict[str, Any] = {
    "forumtag_all": lambda k: k.forum_tags.all(),
    "forumtag_fjb": lambda k: k.forum_tags.fjb(),
    "forumtag_list_forum_tag": lambda k: k.forum_tags.forum(),
    "forumtag_list_navigation_info": lambda k: k.forum_tags.navigation(),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(ForumTags)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(ForumTags)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_a_missing_tag_is_none() -> None:
    tag, nothing = await answered(
        lambda k: k.forum_tags.forum(), read_document(DOCUMENTS / "forumtag_list_forum_tag.json")
    )
    assert (tag.tag_id, tag.forum, nothing) == (3, [21, 22], None)
