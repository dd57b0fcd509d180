"""The stream operations."""

from __future__ import annotations

from typing import Any

import pytest
from support.ledger import documented, prove, unnamed

from kaskus_async.streams import Streams

LEDGER: dict[str, Any] = {
    "GET /stream": (lambda k: k.streams.posts(), "GET /stream"),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(Streams)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(Streams)) == set(map(unnamed, LEDGER))
