"""The documented operations, each proven by the request it really sends."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from support.flavours import Flavour
from support.raw import RawServer, Received, Wire

from nusantara.catalogue.operations import operations
from nusantara.sandbox.operation import reference

LEDGER = {entry["name"]: entry for entry in reference("bukalapak_async.sandbox")}

MARK = "5f0000000000000000000001"

CALLS: dict[str, Callable[[Any], Any]] = {
    "messages.inbox": lambda b: b.messages.inbox(per_page=3).first(),
    "messages.conversation": lambda b: b.messages.conversation(MARK, per_page=3).first(),
    "messages.get": lambda b: b.messages.get(MARK),
    "messages.create": lambda b: b.messages.create("6", "Halo"),
    "messages.delete_conversation": lambda b: b.messages.delete_conversation(MARK),
    "messages.delete": lambda b: b.messages.delete(MARK),
    "account.authenticate": lambda b: b.account.authenticate("budi", "rahasia"),
}


def test_the_catalogue_is_the_ledger() -> None:
    listed = {one.name: one for one in operations("bukalapak")}
    assert set(listed) == set(LEDGER) == set(CALLS)
    for name, one in listed.items():
        entry = LEDGER[name]
        assert (one.method, re.sub(r"\{\w+\}", "{id}", one.path)) == (entry["method"], entry["path"])
        assert one.call_class == entry["call_class"]


@pytest.mark.parametrize("name", sorted(LEDGER))
async def test_an_operation_sends_what_is_documented(name: str, open_bukalapak: Callable[..., Flavour[Any]]) -> None:
    async def refuse(wire: Wire, request: Received) -> None:
        await wire.answer(418, {"status": "ERROR", "message": "cukup"})

    async with RawServer(refuse) as server:
        bukalapak = open_bukalapak(base_url=server.base_url)
        with pytest.raises(Exception, match="cukup") as caught:
            await bukalapak(CALLS[name])
        await bukalapak.close()
    [request] = server.requests
    entry = LEDGER[name]
    parts = urlsplit(request.target)
    assert (request.method, parts.path.replace(MARK, "{id}")) == (entry["method"], entry["path"])
    assert [key for key, _ in parse_qsl(parts.query)] == entry["query"]
    assert request.headers["authorization"].startswith("Basic ")
    if "json" in entry:
        assert request.headers["content-type"] == "application/json"
        assert list(json.loads(request.body)) == entry["json"]
    else:
        assert request.body == b""
    assert caught.value.template is not None  # type: ignore[attr-defined]
    assert re.sub(r"\{\w+\}", "{id}", caught.value.template) == entry["path"]  # type: ignore[attr-defined]
