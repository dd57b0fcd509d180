"""The sticker operations."""

from __future__ import annotations

from typing import Any

import pytest
from support.ledger import documented, prove, unnamed

from kaskus_async.stickers import Stickers

LEDGER: dict[str, Any] = {
    "GET /v1/sticker_categories": (lambda k: k.stickers.categories(), "GET /v1/sticker_categories"),
    "GET /v1/sticker_categories/{categoryId}/stickers": (
        lambda k: k.stickers.of_category(1),
        "GET /v1/sticker_categories/1/stickers",
    ),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(Stickers)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(Stickers)) == set(map(unnamed, LEDGER))
