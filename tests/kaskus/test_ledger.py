"""The documented operations: each has a method, and each of its parameters is really sent, where it is documented.

The calls are those of the tables that the tests of the groups have, and what they send is recorded here once more.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import attrs
import pytest
from support.ledger import Call, client, read, unnamed
from support.raw import RawServer, Received, Wire

from nusantara.errors import ApiError
from nusantara.operations import operations

HERE = Path(__file__).parent
ENTRIES: list[dict[str, Any]] = json.loads((HERE / "ledger.json").read_text(encoding="utf-8"))
PLACES = ("query", "form", "multipart", "files")


def operation_of(entry: dict[str, Any]) -> str:
    return unnamed(f"{entry['method']} {entry['path']}")


OPERATIONS = Counter(map(operation_of, ENTRIES))

TOLD_APART_BY_A_CONSTANT: dict[str, str] = {}

MORE_CALLS: dict[str, Call] = {}

ADDED: dict[str, dict[str, set[str]]] = {}

LEFT_OUT: dict[str, dict[str, set[str]]] = {}


@attrs.frozen
class Observed:
    """What a request carried."""

    path: str
    constants: dict[str, str]
    """The query with its values."""
    names: dict[str, frozenset[str]]
    """The names of the parameters in each place."""


def calls() -> Iterator[Call]:
    """All calls of the tables of the groups."""
    for path in sorted(HERE.glob("test_*.py")):
        if path == Path(__file__):
            continue
        spec = importlib.util.spec_from_file_location(f"tables_of_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for entry in getattr(module, "LEDGER", {}).values():
            yield entry[0]
    yield from MORE_CALLS.values()


@pytest.fixture(scope="module")
def observed() -> dict[str, list[Observed]]:
    """What all calls send, by the operation that each of them says it is."""
    return asyncio.run(observe_all())


async def observe_all() -> dict[str, list[Observed]]:
    found: dict[str, list[Observed]] = {}

    async def refuse(wire: Wire, request: Received) -> None:
        await wire.answer(418, {"errormessage": "cukup"})

    async with RawServer(refuse) as server, client(server) as kaskus:
        for call in calls():
            with pytest.raises(ApiError, match="cukup") as refusal:
                await call(kaskus)
            template = (refusal.value.template or "").removeprefix("/api/oauth")
            found.setdefault(unnamed(f"{refusal.value.method} {template}"), []).append(observe(server.requests[-1]))
    return found


def observe(request: Received) -> Observed:
    parts = urlsplit(request.target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    sent = read(request)
    body = "multipart" if sent.files else "form"
    names = {"query": frozenset(query), body: frozenset(sent.form), "files": frozenset(sent.files)}
    return Observed(parts.path.removeprefix("/api/oauth"), query, names)


def test_x(observed):
    for entry in ENTRIES:
        mine = observed.get(operation_of(entry), [])
        if not mine: continue
        for place in PLACES:
            sent = frozenset().union(*(o.names.get(place, frozenset()) for o in mine))
            want = {*entry.get(place, ())} | (set(entry.get("const", {})) if place == "query" else set())
            if sent != want:
                print(operation_of(entry), place, "added", sorted(sent - want), "left", sorted(want - sent))
