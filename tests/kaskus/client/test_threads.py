"""The thread operations."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, client, documented, prove, refused, unnamed, unread, whole
from support.raw import RawServer, Received, Wire

from kaskus_async.models.threads import Direction
from kaskus_async.threads import Threads
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /v1/thread/{id}": (
        lambda k: k.threads.read("5f01", fields=["pagetext", "text"], limit=20),
        "GET /v1/thread/5f01?page=1&limit=20&field=pagetext%2Ctext",
    ),
    "GET /v1/forum_thread/{id}": (
        lambda k: k.threads.read_forum("5f01", fields=["text"], images=False, night_mode=True, limit=20),
        "GET /v1/forum_thread/5f01?page=1&limit=20&field=text&image=off&night_mode=on",
    ),
    "POST /v1/forum_thread": (
        lambda k: k.threads.create(21, "Judul & isi", "[B]Halo[/B]"),
        "POST /v1/forum_thread",
        {"form": {"forum_id": "21", "title": "Judul & isi", "message": "[B]Halo[/B]"}},
    ),
    "POST /v1/thread/{id}/rate": (
        lambda k: k.threads.rate("5f01", 3),
        "POST /v1/thread/5f01/rate",
        {"form": {"rate": "3"}},
    ),
    "GET /v1/thread/{forum_id}/{last_post}/{operation}": (
        lambda k: k.threads.neighbour(21, datetime(2017, 1, 16, 14, 14, tzinfo=UTC), Direction.PREVIOUS),
        "GET /v1/thread/21/1484576040/prev",
    ),
    "GET /v1/hot_threads": (lambda k: k.threads.hot(include="preview"), "GET /v1/hot_threads?include=preview"),
    "GET /v1/hot_thread_archives": (
        lambda k: k.threads.hot_archive(query="Android", start_date=date(2015, 12, 1), include="preview"),
        "GET /v1/hot_thread_archives?q=Android&date=2015-12-01&include=preview",
    ),
    "GET /mythread/{user_id}": (lambda k: k.threads.of_user(11), "GET /mythread/11"),
    "GET /whoposted/{thread_id}": (lambda k: k.threads.posters("5f01"), "GET /whoposted/5f01"),
}

ANSWERS: dict[str, Any] = {
    "thread": lambda k: whole(k.threads.read("5f01")),
    "forum_thread": lambda k: whole(k.threads.read_forum("5f01", fields=["pagetext", "text"])),
    "hot_threads": lambda k: k.threads.hot(),
    "hot_threads.uncached": lambda k: k.threads.hot(),
    "mythread": lambda k: whole(k.threads.of_user(70)),
    "whoposted": lambda k: k.threads.posters("5f01"),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(Threads)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(Threads)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_the_archive_is_given_as_it_comes() -> None:
    document = read_document(DOCUMENTS / "hot_thread_archives.json")
    archive = await answered(lambda k: k.threads.hot_archive(), document)
    assert (archive.data, archive.to_document()) == ([], document)


async def test_a_page_of_posts_comes_with_its_thread() -> None:
    page = await answered(lambda k: k.threads.read("5f01").first(), read_document(DOCUMENTS / "thread.json"))
    assert (page.answer.thread.title, page.items[0].post_userid, page.total) == ("Judul contoh 60", 70, 1)
    shipping = page.answer.thread.shipping
    assert (shipping.methods, shipping.location.id, shipping.shipping_types[0].name) == (["1", "2"], "4", "kurir")


async def test_no_number_is_none() -> None:
    page = await answered(lambda k: k.threads.read("5f01").first(), read_document(DOCUMENTS / "forum_thread.json"))
    assert (page.answer.thread.number_of_post, page.answer.thread.reputation) == (None, None)


async def test_posts_without_ids_are_not_taken_for_repeats() -> None:
    posts = await answered(lambda k: k.threads.read("5f01").collect(), read_document(DOCUMENTS / "forum_thread.json"))
    assert [post.text for post in posts] == ["Halo", "ya"]


async def test_all_forms_of_payment_methods_are_understood() -> None:
    threads = await answered(lambda k: k.threads.of_user(70).collect(), read_document(DOCUMENTS / "mythread.json"))
    assert [thread.payment_method for thread in threads] == [["1", "2"], None, ["1", "2"], None]
    assert [thread.discount for thread in threads] == [0, 0, None, 0]


async def test_xml_gives_the_same_threads() -> None:
    async def answer(wire: Wire, request: Received) -> None:
        assert request.headers["return-type"] == "text/xml"
        threads = (
            "<item><thread_id>000000000000000000000007</thread_id><forum_id>21</forum_id><is_vsl>1</is_vsl></item>"
        )
        body = f"<return><thread>{threads}</thread><thread_num>1</thread_num><total_page>1</total_page></return>"
        await wire.answer(body=body.encode(), Content_Type="text/xml")

    async with RawServer(answer) as server, client(server, output="xml") as kaskus:
        page = await kaskus.threads.of_user(70)
    [thread] = page.items
    assert (thread.thread_id, thread.forum_id, thread.is_vsl) == ("000000000000000000000007", 21, True)
    assert (page.total, page.next) == (1, None)


async def test_hot_threads_have_days() -> None:
    hot = await answered(lambda k: k.threads.hot(), read_document(DOCUMENTS / "hot_threads.json"))
    assert (hot.data[0].hot_thread_start_date, hot.data[0].hot_thread_end_date) == (
        date(2015, 12, 13),
        date(2015, 12, 14),
    )
    assert [thread.rating for thread in hot.data] == [4.5, 5.0]


async def test_reading_can_begin_at_a_post_and_goes_on_from_its_page() -> None:
    document = read_document(DOCUMENTS / "forum_thread.json")

    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer(body=dict(document, current_page=8 if "page=8" in request.target else 7, total_page=8))

    async with RawServer(answer) as server, client(server) as kaskus:
        posts = await kaskus.threads.read_forum("5f01", post_id="5f0b", limit=2).collect()
    assert len(posts) == 4
    assert [request.target.partition("?")[2] for request in server.requests] == ["post=5f0b&limit=2", "page=8&limit=2"]


async def test_further_pages_of_a_user_are_asked_for_by_number() -> None:
    document = read_document(DOCUMENTS / "mythread.json")

    async def answer(wire: Wire, request: Received) -> None:
        second = "page=2" in request.target
        threads = [dict(thread, thread_id=f"{second:d}{thread['thread_id']}") for thread in document["thread"]]
        await wire.answer(body=dict(document, thread=threads, current_page=1 + second, total_page=2))

    async with RawServer(answer) as server, client(server) as kaskus:
        assert len(await kaskus.threads.of_user(70).collect()) == 8
    assert [request.target.partition("?")[2] for request in server.requests] == ["", "page=2"]


@pytest.mark.parametrize("rate", [0, 6, True, "3", 2.5, None])
async def test_a_rating_is_one_to_five(rate: Any) -> None:
    await refused(lambda k: k.threads.rate("5f01", rate), "rate")


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.threads.create(21, "", "isi"), "title"),
        (lambda k: k.threads.create(21, "judul", ""), "message"),
        (lambda k: k.threads.neighbour(21, datetime(2017, 1, 16), "next"), "last_post"),
        (lambda k: k.threads.neighbour(21, None, "next"), "last_post"),
        (lambda k: k.threads.neighbour(21, datetime.now(UTC), ".."), "direction"),
        (lambda k: k.threads.hot_archive(start_date="2015-12-01"), "start_date"),
        (lambda k: k.threads.read("").first(), "thread_id"),
        (lambda k: k.threads.read("x", fields=[]).first(), "fields"),
        (lambda k: k.threads.of_user(70).starting_at("nol").first(), "token"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
