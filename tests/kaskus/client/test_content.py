"""The content operations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, documented, prove, refused, unnamed, unread

from kaskus_async.content import Content
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /v1/content/countries": (lambda k: k.content.countries(), "GET /v1/content/countries"),
    "GET /v1/content/locations": (lambda k: k.content.locations(), "GET /v1/content/locations"),
    "GET /v1/categories": (lambda k: k.content.categories(), "GET /v1/categories"),
    "GET /v1/kaskus/special_events": (lambda k: k.content.special_events(), "GET /v1/kaskus/special_events"),
    "GET /v1/video_previews": (
        lambda k: k.content.video_preview("http://video.example/?v=1&t=2"),
        "GET /v1/video_previews?encoded_url=http%3A%2F%2Fvideo.example%2F%3Fv%3D1%26t%3D2",
    ),
}

ANSWERS: dict[str, Any] = {
    "content_countries": lambda k: k.content.countries(),
    "content_locations": lambda k: k.content.locations(),
    "categories": lambda k: k.content.categories(),
    "special_events": lambda k: k.content.special_events(),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(Content)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(Content)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_a_preview_needs_a_video() -> None:
    await refused(lambda k: k.content.video_preview(""), "encoded_url")
