"""The documented operations: each has a method, and each of its parameters is really sent, where it is documented.

The calls are those in the tables of the groups' tests, whose requests are recorded here once more. What differs from
the reference on purpose stands below with its reason, and a difference that is gone has to go from there too.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import attrs
import pytest
from support.ledger import Call, client, read, unnamed
from support.raw import RawServer, Received, Wire
from support.tables import tables

from nusantara.catalogue.operations import operations
from nusantara.errors import ApiError
from nusantara.pagination import Pager
from nusantara.sandbox.operation import reference

HERE = Path(__file__).parent
PLACES = ("query", "form", "multipart", "files")


@attrs.frozen(kw_only=True)
class Entry:
    """An operation of the reference."""

    method: str
    path: str
    const: dict[str, str] = attrs.field(factory=dict)
    """Query parameters that tell it from another with the same verb and path."""
    query: list[str] = attrs.field(factory=list)
    form: list[str] = attrs.field(factory=list)
    multipart: list[str] = attrs.field(factory=list)
    files: list[str] = attrs.field(factory=list)

    @property
    def operation(self) -> str:
        return unnamed(f"{self.method} {self.path}")

    def __str__(self) -> str:
        return " ".join([self.method, self.path, *self.const.values()])


ENTRIES = [Entry(**entry) for entry in reference("kaskus_async.sandbox")]

SEVERAL_ENTRIES = {
    "GET /v1/user/friend/requests": "incoming and outgoing requests",
    "DELETE /v1/user/friend/requests/{}": "rejecting an incoming request and taking back an outgoing one",
    "POST /v1/registration/user": "with and without an account on the forum",
}
"""What the reference describes more than once, with a constant for each, and what the constant means."""

SEVERAL_METHODS = {
    "GET /v1/user/friend/requests": "incoming and outgoing",
    "DELETE /v1/user/friend/requests/{}": "rejecting and taking back",
    "POST /v1/registration/user": "what is needed differs",
}
"""What more than one method calls, and why."""

OUTSIDE_THE_BASE = {"POST /oauth/access-token"}
"""Not below ``/api/oauth``."""

MORE_CALLS: dict[str, Call] = {
    "a post instead of a page, on the forum": lambda k: k.threads.read_forum("5f01", post_id="5f0b"),
    "a post instead of a page, in the marketplace": lambda k: k.fjb.threads.read("5f01", post_id="5f0b"),
    "a post instead of a page, in a lapak": lambda k: k.fjb.lapak.read("5f01", post_id="5f0b"),
    "a cursor instead of a page": lambda k: k.search.forum("kamera", by_cursor=True),
}
"""For parameters that exclude one of those in the tables."""

_PAGE = "the answers count their pages, and later ones are asked for as elsewhere"
ADDED: dict[str, tuple[set[str], str]] = {
    "GET /friend": ({"page"}, _PAGE),
    "GET /mypost/{}": ({"page"}, _PAGE),
    "GET /mypost/{}/{}": ({"page"}, _PAGE),
    "GET /mythread/{}": ({"page"}, _PAGE),
    "GET /mywtb/{}": ({"page"}, _PAGE),
    "GET /mywtb/active/{}": ({"page"}, _PAGE),
    "GET /mywtb/got_it/{}": ({"page"}, _PAGE),
    "GET /mywts/{}": ({"page"}, _PAGE),
    "GET /mywts/active/{}": ({"page"}, _PAGE),
    "GET /mywts/sold_out/{}": ({"page"}, _PAGE),
    "GET /search/classified": ({"page"}, _PAGE),
    "GET /search/lapak": ({"page"}, _PAGE),
    "GET /search/user": ({"page"}, _PAGE),
    "GET /subscribe/lapak": ({"page"}, _PAGE),
    "GET /user/{}": ({"include"}, "a public program sends it, as the reference has it for one's own profile"),
    "GET /vm/{}": ({"page", "limit"}, "the reference says that paging works here, without the names"),
    "POST /v1/fjb/lapak/{}/buy_now": (
        {"buyer_name", "buyer_phone"},
        "public programs send them, as the checkout of an offer takes them: nothing else says who receives it",
    ),
}
"""Parameters that are sent though the reference does not list them."""

LEFT_OUT: dict[str, tuple[set[str], str]] = {}
"""Documented parameters that cannot be sent."""


@attrs.frozen
class Sent:
    """What a request carried: the path, the query with its values, and the names of the parameters in each place."""

    path: str
    query: dict[str, str]
    names: dict[str, frozenset[str]]


def calls() -> Iterator[Call]:
    """All calls of the groups' tables, and those here."""
    for table in tables(HERE, "LEDGER"):
        yield from (call for call, *_ in table.values())
    yield from MORE_CALLS.values()


def observe(request: Received) -> Sent:
    parts = urlsplit(request.target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    body = read(request)
    plain = "multipart" if body.files else "form"
    names = {"query": frozenset(query), plain: frozenset(body.form), "files": frozenset(body.files)}
    return Sent(parts.path, query, names)


async def observe_all() -> dict[str, list[Sent]]:
    found: dict[str, list[Sent]] = {}

    async def refuse(wire: Wire, request: Received) -> None:
        await wire.answer(418, {"errormessage": "cukup"})

    async with RawServer(refuse) as server, client(server) as kaskus:
        for call in calls():
            made = call(kaskus)
            for one in [made, made.starting_at("2")] if isinstance(made, Pager) else [made]:
                with pytest.raises(ApiError, match="cukup") as refusal:
                    await one
                operation = f"{refusal.value.method} {refusal.value.template}".replace(" /api/oauth/", " /")
                found.setdefault(unnamed(operation), []).append(observe(server.requests[-1]))
    return found


@pytest.fixture(scope="module")
def sent() -> dict[str, list[Sent]]:
    """What all calls send, by the operation that they are for; of a listing, also what asks for a later page."""
    return asyncio.run(observe_all())


def requests_of(entry: Entry, sent: dict[str, list[Sent]]) -> list[Sent]:
    """The requests for an entry, and not for another with the same verb and path."""
    constants = {name for other in ENTRIES if other.operation == entry.operation for name in other.const}
    return [
        one
        for one in sent.get(entry.operation, [])
        if {name: value for name, value in one.query.items() if name in constants} == entry.const
    ]


def test_the_ledger_is_the_reference() -> None:
    assert len(ENTRIES) == 218
    counts = Counter(entry.operation for entry in ENTRIES)
    assert {operation for operation, count in counts.items() if count > 1} == set(SEVERAL_ENTRIES)
    assert len({str(entry) for entry in ENTRIES}) == len(ENTRIES)


def test_every_operation_has_one_method_and_none_is_invented() -> None:
    counts = Counter(unnamed(f"{one.method} {one.path}") for one in operations("kaskus"))
    assert {entry.operation for entry in ENTRIES} == set(counts)
    assert {operation for operation, count in counts.items() if count > 1} == set(SEVERAL_METHODS)


@pytest.mark.parametrize("entry", ENTRIES, ids=str)
def test_every_documented_parameter_is_sent_in_its_place(entry: Entry, sent: dict[str, list[Sent]]) -> None:
    requests = requests_of(entry, sent)
    assert requests != []
    base = "" if entry.operation in OUTSIDE_THE_BASE else "/api/oauth"
    path = re.compile(base + re.sub(r"\\{\w+\\}", "[^/]+", re.escape(entry.path)))
    assert [one.path for one in requests if not path.fullmatch(one.path)] == []
    added, left_out = (table.get(entry.operation, (set(), ""))[0] for table in (ADDED, LEFT_OUT))
    for place in PLACES:
        names = set().union(*(one.names.get(place, ()) for one in requests))
        documented = {*getattr(entry, place), *(entry.const if place == "query" else ())}
        assert (place, names - documented - added) == (place, set())
        assert (place, documented - names - left_out) == (place, set())


def test_no_listed_difference_is_gone(sent: dict[str, list[Sent]]) -> None:
    by_operation: dict[str, set[str]] = {}
    for entry in ENTRIES:
        names = {*entry.query, *entry.form, *entry.multipart, *entry.files, *entry.const}
        by_operation.setdefault(entry.operation, set()).update(names)
    assert {*ADDED, *LEFT_OUT} <= set(by_operation)
    carried = {
        operation: set().union(*(names for one in requests for names in one.names.values()))
        for operation, requests in sent.items()
    }
    for operation, (names, _) in ADDED.items():
        assert (operation, names & by_operation[operation], names - carried[operation]) == (operation, set(), set())
    for operation, (names, _) in LEFT_OUT.items():
        assert (operation, names - by_operation[operation], names & carried[operation]) == (operation, set(), set())
