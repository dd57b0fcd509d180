"""The subscription operations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, documented, prove, refused, unnamed, unread, whole

from kaskus_async.subscriptions import Subscriptions
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /subscribe/lapak": (lambda k: k.subscriptions.lapak(), "GET /subscribe/lapak"),
    "GET /v1/user/subscription/forums": (
        lambda k: k.subscriptions.forums(cursor="eyJv", page=1, limit=10),
        "GET /v1/user/subscription/forums?cursor=eyJv&page=1&limit=10",
    ),
    "GET /v1/user/subscription/fjb_categories": (
        lambda k: k.subscriptions.fjb_categories(cursor="eyJv", page=1, limit=10),
        "GET /v1/user/subscription/fjb_categories?cursor=eyJv&page=1&limit=10",
    ),
    "GET /v1/user/subscription/threads": (
        lambda k: k.subscriptions.threads(page=1, limit=10),
        "GET /v1/user/subscription/threads?page=1&limit=10",
    ),
    "GET /v1/user/subscription/videos": (
        lambda k: k.subscriptions.videos(page=1, limit=10),
        "GET /v1/user/subscription/videos?page=1&limit=10",
    ),
    "GET /v1/user/subscription/images": (
        lambda k: k.subscriptions.images(page=1, limit=10, width=720),
        "GET /v1/user/subscription/images?page=1&limit=10&width=720",
    ),
}

ANSWERS: dict[str, Any] = {
    "subscribe_lapak": lambda k: whole(k.subscriptions.lapak()),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(Subscriptions)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(Subscriptions)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


@pytest.mark.parametrize("name", ["forums", "fjb_categories", "threads", "videos", "images"])
@pytest.mark.parametrize("parameter", ["page", "limit"])
async def test_pages_are_counted_from_one(name: str, parameter: str) -> None:
    await refused(lambda k: getattr(k.subscriptions, name)(**{parameter: 0}), parameter)
