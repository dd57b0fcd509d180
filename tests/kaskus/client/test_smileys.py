"""The smiley operations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, documented, prove, unnamed, unread

from kaskus_async.smileys import Smileys
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /v1/smiley_categories": (lambda k: k.smileys.categories(), "GET /v1/smiley_categories"),
    "GET /v1/smiley_kaskus_plus": (lambda k: k.smileys.kaskus_plus(), "GET /v1/smiley_kaskus_plus"),
    "GET /v1/smiley/{categoryId}": (lambda k: k.smileys.of_category(1), "GET /v1/smiley/1"),
    "GET /v1/smiley/categories/{categoryId}": (lambda k: k.smileys.category(1), "GET /v1/smiley/categories/1"),
}

ANSWERS: dict[str, Any] = {
    "smiley_categories": lambda k: k.smileys.categories(),
    "smiley_kaskus_plus": lambda k: k.smileys.kaskus_plus(),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(Smileys)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(Smileys)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_no_categories_are_no_problem() -> None:
    assert (await answered(lambda k: k.smileys.categories(), {"data": []})).data == []
