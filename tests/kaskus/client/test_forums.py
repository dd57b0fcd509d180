"""The forum operations."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, client, documented, prove, refused, unnamed, unread, whole
from support.raw import RawServer, Received, Wire

from kaskus_async.forums import Forums
from kaskus_async.models.common import MetaImages
from kaskus_async.models.forums import SortOrder, ThreadSort
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /forumlist": (lambda k: k.forums.all(), "GET /forumlist"),
    "GET /forumlist/{forum_id}": (lambda k: k.forums.subforums(21), "GET /forumlist/21"),
    "GET /v1/forum/{id}/threads": (
        lambda k: k.forums.threads(
            21, sort=ThreadSort.LAST_POST, order=SortOrder.DESCENDING, tags=["a b", "c"], include="preview", limit=20
        ),
        "GET /v1/forum/21/threads?page=1&limit=20&sort=lastpost&order=desc&include=preview&tags=a%20b%2Cc",
    ),
    "GET /foruminfo": (lambda k: k.forums.info(), "GET /foruminfo"),
    "GET /v1/forum/settings": (lambda k: k.forums.settings(), "GET /v1/forum/settings"),
    "GET /v1/forum/recommendations": (
        lambda k: k.forums.recommendations(forum_ids=[20, 21]),
        "GET /v1/forum/recommendations?forum_ids=20%2C21",
    ),
    "GET /v1/forum/showcases": (lambda k: k.forums.showcases(), "GET /v1/forum/showcases"),
    "GET /forum/top_kaskuser": (lambda k: k.forums.top_users(), "GET /forum/top_kaskuser"),
    "GET /forum/events": (lambda k: k.forums.events(), "GET /forum/events"),
}

ANSWERS: dict[str, Any] = {
    "forumlist": lambda k: k.forums.all(),
    "forumlist_of": lambda k: k.forums.subforums(21),
    "forum_threads": lambda k: whole(k.forums.threads(21)),
    "forum_threads.preview": lambda k: whole(k.forums.threads(21, include="preview")),
    "forum_top_kaskuser": lambda k: k.forums.top_users(),
    "forum_events": lambda k: k.forums.events(),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(Forums)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(Forums)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_both_forms_of_meta_images_are_understood() -> None:
    page = await answered(lambda k: k.forums.threads(21).first(), read_document(DOCUMENTS / "forum_threads.json"))
    assert page.answer.top_thread[0].meta_images == MetaImages(primary="")
    assert [thread.meta_images for thread in page.items] == [[], []]


async def test_a_highlight_that_is_no_thread_has_no_thread_id() -> None:
    page = await answered(lambda k: k.forums.threads(21).first(), read_document(DOCUMENTS / "forum_threads.json"))
    thread, advertisement = page.answer.top_feature
    assert (thread.thread_id, thread.forum_id) == ("5f0000000000000000000004", 21)
    assert (advertisement.thread_id, advertisement.feature_id, advertisement.type) == (None, 5, 2)


async def test_numbers_and_times_are_what_they_are_in_any_spelling() -> None:
    page = await answered(lambda k: k.forums.threads(21).first(), read_document(DOCUMENTS / "forum_threads.json"))
    forum = page.answer.forum
    assert (forum.forum_id, forum.thread_count) == (21, 100234)
    assert forum.last_post == datetime(2015, 12, 14, 13, 33, 21, tzinfo=UTC)
    assert (page.items[1].reply_count, page.total, page.next) == (-1, 20000, None)


async def test_a_thread_that_moved_to_the_next_page_is_given_once() -> None:
    document = read_document(DOCUMENTS / "forum_threads.json")
    pages = [dict(document, total_page=2, current_page=number) for number in (1, 2)]
    pages[0]["thread"], pages[1]["thread"] = document["thread"], document["thread"][1:]

    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer(body=pages["page=2" in request.target])

    async with RawServer(answer) as server, client(server) as kaskus:
        threads = await kaskus.forums.threads(21).collect()
    assert [thread.thread_id[-2:] for thread in threads] == ["05", "06"]


async def test_more_recent_forums_than_are_allowed_are_refused() -> None:
    await refused(lambda k: k.forums.recommendations(forum_ids=range(11)), "forum_ids")


@pytest.mark.parametrize(
    ("parameter", "value"), [("limit", 0), ("limit", True), ("tags", "satu"), ("tags", []), ("tags", ["a,b"])]
)
async def test_what_cannot_be_sent_is_refused(parameter: str, value: Any) -> None:
    await refused(lambda k: k.forums.threads(21, **{parameter: value}).first(), parameter)
