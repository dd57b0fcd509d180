"""The listings of a user's marketplace threads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, client, documented, prove, refused, unnamed, unread, whole
from support.raw import RawServer, Received, Wire

from kaskus_async.fjb.user_threads import UserThreads
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /mywts/{user_id}": (lambda k: k.fjb.user_threads.wts(11), "GET /mywts/11"),
    "GET /mywts/active/{user_id}": (lambda k: k.fjb.user_threads.wts_active(11), "GET /mywts/active/11"),
    "GET /mywts/sold_out/{user_id}": (lambda k: k.fjb.user_threads.wts_sold_out(11), "GET /mywts/sold_out/11"),
    "GET /mywtb/{user_id}": (lambda k: k.fjb.user_threads.wtb(11), "GET /mywtb/11"),
    "GET /mywtb/active/{user_id}": (lambda k: k.fjb.user_threads.wtb_active(11), "GET /mywtb/active/11"),
    "GET /mywtb/got_it/{user_id}": (lambda k: k.fjb.user_threads.wtb_got_it(11), "GET /mywtb/got_it/11"),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(UserThreads)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(UserThreads)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ["mywts", "mywtb"])
@pytest.mark.parametrize("operation", LEDGER)
async def test_a_page_is_understood_and_loses_nothing(operation: str, name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(lambda k: whole(LEDGER[operation][0](k)), document)
    assert unstructure(answer) == document
    assert (unread(answer), answer.cursor, answer.total) == ([], "MTQ1MDAwMDAwMQ", 3)


async def test_prices_discounts_and_payment_are_understood_in_all_their_forms() -> None:
    wts = await answered(lambda k: k.fjb.user_threads.wts(70).collect(), read_document(DOCUMENTS / "mywts.json"))
    wtb = await answered(lambda k: k.fjb.user_threads.wtb(70).collect(), read_document(DOCUMENTS / "mywtb.json"))
    assert [thread.payment_method for thread in wts] == [["1", "2"], ["1", "2"], ["1"]]
    assert [thread.payment_method for thread in wtb] == [None, ["2"], None]
    assert [thread.discount for thread in wts] == [10, None, 10]
    assert [thread.discounted_price for thread in wtb] == [135000, 135000, 150000]


async def test_further_pages_are_asked_for_by_number_and_not_by_cursor() -> None:
    document = read_document(DOCUMENTS / "mywts.json")

    async def answer(wire: Wire, request: Received) -> None:
        second = "page=2" in request.target
        threads = [dict(thread, thread_id=f"{second:d}{thread['thread_id']}") for thread in document["thread"]]
        await wire.answer(body=dict(document, thread=threads, current_page=1 + second, total_page=2))

    async with RawServer(answer) as server, client(server) as kaskus:
        assert len(await kaskus.fjb.user_threads.wts_active(70).collect()) == 6
    assert [request.target.partition("?")[2] for request in server.requests] == ["", "page=2"]


@pytest.mark.parametrize("name", ["wts", "wts_active", "wts_sold_out", "wtb", "wtb_active", "wtb_got_it"])
async def test_a_user_must_be_given(name: str) -> None:
    await refused(lambda k: getattr(k.fjb.user_threads, name)("").first(), "user_id")
