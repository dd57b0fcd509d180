"""The search operations."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from support.documents import read_document
from support.ledger import answered, client, documented, prove, refused, unnamed, unread, whole
from support.raw import RawServer, Received, Wire

from kaskus_async.models.search import LapakSort, SearchInclude
from kaskus_async.search import Search
from kaskus_async.search_filters import Condition, Price, lapak_query
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

MOMENT = datetime.fromtimestamp(1458532542, UTC)

LEDGER: dict[str, Any] = {
    "GET /search/forum": (
        lambda k: k.search.forum("android 5", forum_id=8, tags=["musik", "Lol"], include="facet", limit=10),
        "GET /search/forum?q=android%205&include=facet&forum_id=8&tags=musik%2CLol&limit=10&page=1",
    ),
    "GET /search/classified": (
        lambda k: k.search.classified("android price:<10", include=SearchInclude.FACET),
        "GET /search/classified?q=android%20price%3A%3C10&include=facet",
    ),
    "GET /search/lapak": (
        lambda k: k.search.lapak("android", sort=LapakSort.PRICE, include="facet"),
        "GET /search/lapak?q=android&include=facet&sort=price",
    ),
    "GET /search/user": (lambda k: k.search.user("tokoh"), "GET /search/user?q=tokoh"),
    "GET /search/forum_recursive": (
        lambda k: k.search.forum_recursive(
            "android", start_date=MOMENT, end_date=MOMENT, forum_ids=[21, 22], recursive=True
        ),
        "GET /search/forum_recursive?"
        "q=android&start_date=1458532542&end_date=1458532542&forum_ids=21%2C22&recursive=true",
    ),
    "GET /search/classified_recursive": (
        lambda k: k.search.classified_recursive(
            "android", start_date=MOMENT, end_date=MOMENT, forum_ids=[21, 22], recursive=False
        ),
        "GET /search/classified_recursive?"
        "q=android&start_date=1458532542&end_date=1458532542&forum_ids=21%2C22&recursive=false",
    ),
    "GET /search/group": (
        lambda k: k.search.group("android", include="facet"),
        "GET /search/group?q=android&include=facet",
    ),
    "GET /search/forum_tags": (
        lambda k: k.search.forum_tags(["musik", "Lol"], forum_id=8, cursor="eyJv", page=1, limit=10),
        "GET /search/forum_tags?forum_id=8&tags=musik%2CLol&cursor=eyJv&page=1&limit=10",
    ),
}

ANSWERS: dict[str, Any] = {
    "search_forum": lambda k: whole(k.search.forum("android")),
    "search_forum.cursor": lambda k: whole(k.search.forum("android", by_cursor=True)),
    "search_classified": lambda k: whole(k.search.classified("kamera")),
    "search_lapak": lambda k: whole(k.search.lapak("kamera")),
    "search_user": lambda k: whole(k.search.user("tokoh")),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(Search)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(Search)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_what_is_found_is_counted() -> None:
    page = await answered(
        lambda k: k.search.classified("kamera").first(), read_document(DOCUMENTS / "search_classified.json")
    )
    assert (page.total, page.answer.querytime, page.items[0].score, page.items[1].resources) == (2, 0.25, 12, None)
    assert [(one.value, one.count) for one in page.answer.facet.prefix_id] == [("wts", 2)]


async def test_a_search_can_go_by_cursor() -> None:
    document = read_document(DOCUMENTS / "search_forum.cursor.json")
    following = {"0": "eyJvZmZzZXQiOjF9", "eyJvZmZzZXQiOjF9": "eyJvZmZzZXQiOjJ9", "eyJvZmZzZXQiOjJ9": ""}

    async def answer(wire: Wire, request: Received) -> None:
        cursor = request.target.partition("cursor=")[2]
        item = dict(document["item"][0], thread_id=cursor)
        await wire.answer(body=dict(document, item=[item], cursor=following[cursor]))

    async with RawServer(answer) as server, client(server) as kaskus:
        found = await kaskus.search.forum("android", by_cursor=True).collect()
    assert [thread.thread_id for thread in found] == list(following)
    assert [request.target for request in server.requests] == [
        f"/api/oauth/search/forum?q=android&cursor={cursor}" for cursor in following
    ]


async def test_a_built_query_arrives_as_it_was_built() -> None:
    query = lapak_query("kamera & lensa=1", price=Price.below(10), condition=[Condition.NEW, Condition.SECOND])

    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer(body={"item": []})

    async with RawServer(answer) as server, client(server) as kaskus:
        await kaskus.search.lapak(query)
    assert parse_qs(urlsplit(server.requests[0].target).query) == {"q": [query]}


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.search.forum("").first(), "query"),
        (lambda k: k.search.user("").first(), "query"),
        (lambda k: k.search.lapak(None).first(), "query"),
        (lambda k: k.search.forum("a", limit=0).first(), "limit"),
        (lambda k: k.search.forum_tags([]), "tags"),
        (lambda k: k.search.forum_recursive("a", start_date=datetime(2016, 1, 1)), "start_date"),
        (lambda k: k.search.forum_recursive("a", end_date=date(2016, 1, 1)), "end_date"),
        (lambda k: k.search.classified_recursive("a", forum_ids=[]), "forum_ids"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
