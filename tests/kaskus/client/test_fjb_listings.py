"""The listings of the marketplace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, client, documented, prove, refused, unnamed, unread, whole
from support.raw import RawServer, Received, Wire

from kaskus_async.fjb.listings import Listings
from kaskus_async.models.forums import SortOrder, ThreadSort
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /v1/fjb/{id}/threads": (
        lambda k: k.fjb.listings.threads(221, sort=ThreadSort.PRICE, order=SortOrder.ASCENDING, limit=20),
        "GET /v1/fjb/221/threads?page=1&limit=20&sort=price&order=asc",
    ),
    "GET /v1/fjb/{id}/lapaks": (
        lambda k: k.fjb.listings.lapak(
            221, page=1, limit=20, sort=ThreadSort.LAST_POST, order=SortOrder.DESCENDING, cursor="0"
        ),
        "GET /v1/fjb/221/lapaks?page=1&limit=20&sort=lastpost&order=desc&cursor=0",
    ),
    "GET /latest_products": (
        lambda k: k.fjb.listings.latest([210, 208], limit=5),
        "GET /latest_products?forum_ids=210%2C208&cursor=0&limit=5",
    ),
    "GET /v1/fjb/similar_products/{lapak_id}": (
        lambda k: k.fjb.listings.similar("5f79"),
        "GET /v1/fjb/similar_products/5f79",
    ),
    "GET /v1/fjb/showcases": (
        lambda k: k.fjb.listings.showcases(forum_ids=[196, 221]),
        "GET /v1/fjb/showcases?forum_ids=196%2C221",
    ),
}

ANSWERS: dict[str, Any] = {
    "fjb_threads": lambda k: whole(k.fjb.listings.threads(221)),
    "fjb_latest_products": lambda k: whole(k.fjb.listings.latest([221])),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(Listings)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(Listings)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_a_page_of_threads_comes_with_its_category() -> None:
    page = await answered(lambda k: k.fjb.listings.threads(221).first(), read_document(DOCUMENTS / "fjb_threads.json"))
    assert (page.answer.forum.forum_id, page.answer.forum.service, page.total, page.next) == (
        221,
        "classified",
        2,
        None,
    )
    assert [thread.thread_type for thread in page.items] == [20, 21]
    assert [thread.discount for thread in page.items] == [5.0, 0.0]


async def test_numbers_of_the_newest_are_what_they_are_in_any_spelling() -> None:
    newest = await answered(
        lambda k: k.fjb.listings.latest([221]).first(), read_document(DOCUMENTS / "fjb_latest_products.json")
    )
    assert [(thread.number_of_post, thread.reputation) for thread in newest.items] == [(121, 40), (7, 0)]
    assert newest.next == "MjIxOjExMiwyMjI6MA"


async def test_the_newest_go_on_by_cursor() -> None:
    thread = read_document(DOCUMENTS / "fjb_latest_products.json")["thread"][0]
    following = {"0": "MjIxOjE", "MjIxOjE": "MjIxOjI", "MjIxOjI": ""}

    async def answer(wire: Wire, request: Received) -> None:
        cursor = request.target.partition("cursor=")[2]
        await wire.answer(body={"thread": [dict(thread, thread_id=cursor)], "cursor": following[cursor]})

    async with RawServer(answer) as server, client(server) as kaskus:
        found = await kaskus.fjb.listings.latest([221]).collect()
    assert [thread.thread_id for thread in found] == list(following)
    assert [request.target for request in server.requests] == [
        f"/api/oauth/latest_products?forum_ids=221&cursor={cursor}" for cursor in following
    ]


async def test_an_answer_of_unknown_shape_is_given_as_it_comes() -> None:
    for path in ("{id}/lapaks", "similar_products/{lapak_id}", "showcases"):
        assert await answered(LEDGER[f"GET /v1/fjb/{path}"][0], [{"id": "1"}]) == [{"id": "1"}]


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.fjb.listings.threads(221, limit=0).first(), "limit"),
        (lambda k: k.fjb.listings.threads("").first(), "forum_id"),
        (lambda k: k.fjb.listings.lapak(221, page=0), "page"),
        (lambda k: k.fjb.listings.lapak(221, limit=-1), "limit"),
        (lambda k: k.fjb.listings.latest([]).first(), "forum_ids"),
        (lambda k: k.fjb.listings.latest("221").first(), "forum_ids"),
        (lambda k: k.fjb.listings.latest(None).first(), "forum_ids"),
        (lambda k: k.fjb.listings.latest([221], limit=0).first(), "limit"),
        (lambda k: k.fjb.listings.similar(""), "lapak_id"),
        (lambda k: k.fjb.listings.showcases(forum_ids=[]), "forum_ids"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
