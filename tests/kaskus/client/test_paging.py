"""The page family with its several names, and the three places of cursors."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaskus_async.models.paging import PageNumbers
from kaskus_async.paging import by_cursor, by_number
from nusantara.codec import structure
from nusantara.codec.xml import structure_xml
from nusantara.errors import InvalidParameter, PagingLoop
from nusantara.model import model
from nusantara.pagination import Page, Pager
from nusantara.record import Record

Fetch = Callable[[Any], Awaitable[Any]]


def rows(answer: Record) -> list[Any]:
    return list(answer.document["rows"])


def scripted(answers: dict[Any, dict[str, Any]], asked: list[Any]) -> Fetch:
    async def fetch(position: Any) -> Record:
        asked.append(position)
        return Record(answers[position])

    return fetch


async def walk(pager: Pager[Any]) -> list[Page[Any]]:
    return [page async for page in pager.pages()]


# --- By number

SPELLINGS = st.sampled_from([lambda number: number, str])
TOTALS = st.sampled_from(["thread_num", "total_thread", "total_post", "total_friend", "numFound", "total"])
PAGE_COUNTS = st.sampled_from(["total_page", "total_pages"])
CURRENT_PAGES = st.sampled_from(["current_page", "page", None])


@given(
    st.integers(0, 45), st.integers(1, 10), TOTALS, PAGE_COUNTS, CURRENT_PAGES, SPELLINGS, st.sampled_from([1, None])
)
def test_a_walk_by_number_gives_everything_once_whatever_the_counts_are_called(
    size: int, per_page: int, total: str, pages: str, current: str | None, spell: Any, first: int | None
) -> None:
    everything = list(range(size))
    asked: list[int | None] = []

    async def fetch(number: int | None) -> Record:
        asked.append(number)
        start = ((number or 1) - 1) * per_page
        document = {
            "rows": everything[start : start + per_page],
            total: spell(size),
            pages: spell(-(-size // per_page)),
            "per_page": per_page,
        }
        if current is not None:
            document[current] = spell(number or 1)
        return Record(document)

    found = asyncio.run(walk(by_number(fetch, rows, first=first)))
    assert [item for page in found for item in page.items] == everything
    assert asked == [first, *range(2, max(1, -(-size // per_page)) + 1)]
    assert {page.total for page in found} == {size}


@given(st.integers(0, 45), st.integers(1, 10), st.sampled_from(["total", "per_page", "limit"]))
def test_without_a_page_count_the_total_or_a_short_page_ends_the_walk(size: int, per_page: int, known: str) -> None:
    everything = list(range(size))

    async def fetch(number: int | None) -> Record:
        start = ((number or 1) - 1) * per_page
        document: dict[str, Any] = {"rows": everything[start : start + per_page]}
        if known != "limit":
            document["per_page"] = per_page
        if known == "total":
            document["total"] = size
        return Record(document)

    pager = by_number(fetch, rows, limit=per_page if known == "limit" else None)
    assert asyncio.run(pager.collect()) == everything


def test_an_answer_that_says_nothing_of_pages_is_the_only_one() -> None:
    asked: list[Any] = []
    pages = asyncio.run(walk(by_number(scripted({1: {"rows": [1]}}, asked), rows)))
    assert ([page.items for page in pages], pages[0].total, asked) == ([[1]], None, [1])


@given(st.integers(2, 50))
def test_a_walk_can_start_at_any_page(number: int) -> None:
    asked: list[Any] = []
    answers = {number: {"rows": ["x"], "total_page": number, "current_page": number}}
    assert asyncio.run(by_number(scripted(answers, asked), rows).starting_at(str(number)).collect()) == ["x"]
    assert asked == [number]


def test_the_page_that_the_server_chose_is_where_a_walk_goes_on() -> None:
    asked: list[Any] = []
    answers: dict[Any, dict[str, Any]] = {
        None: {"rows": ["g"], "current_page": "7", "total_page": "8"},
        8: {"rows": ["h"], "current_page": 8, "total_page": 8},
    }
    assert asyncio.run(by_number(scripted(answers, asked), rows, first=None).collect()) == ["g", "h"]
    assert asked == [None, 8]


def test_a_server_that_knows_no_page_parameter_is_noticed() -> None:
    same = {"rows": ["a"], "current_page": 1, "total_page": 3}
    with pytest.raises(PagingLoop, match="asked for page 2, the server gave page 1"):
        asyncio.run(by_number(scripted({1: same, 2: same}, []), rows).collect())


def test_a_listing_that_became_shorter_ends() -> None:
    answers = {
        1: {"rows": ["a"], "current_page": 1, "total_page": 2},
        2: {"rows": ["a"], "current_page": 1, "total_page": 1},
    }
    assert asyncio.run(by_number(scripted(answers, []), rows).collect()) == ["a"]


@pytest.mark.parametrize("odd", ["", False, None, [], "-1", "1.5", "\u0661", -1])
def test_odd_counts_count_as_missing(odd: Any) -> None:
    answer = {"rows": ["a"], "total": odd, "total_page": odd, "per_page": odd, "current_page": odd}
    [page] = asyncio.run(walk(by_number(scripted({1: answer}, []), rows)))
    assert (page.items, page.total) == (["a"], None)


@given(st.text() | st.sampled_from(["0", "-1", "1.0", "9" * 19]))
def test_a_foreign_token_is_refused(token: str) -> None:
    if token.isascii() and token.isdecimal() and 0 < int(token) < 10**18:
        return
    with pytest.raises(InvalidParameter, match="token"):
        asyncio.run(by_number(scripted({}, []), rows).starting_at(token).collect())


def test_repeats_at_the_seam_of_two_pages_are_dropped() -> None:
    answers = {1: {"rows": [1, 2], "total_page": 2}, 2: {"rows": [2, 3], "total_page": 2}}
    assert asyncio.run(by_number(scripted(answers, []), rows, key=lambda row: row).collect()) == [1, 2, 3]


@model
class Numbers(PageNumbers):
    rows: list[int]


@pytest.mark.parametrize("total", ["thread_num", "total_post", "total_friend", "numFound", "total"])
@pytest.mark.parametrize("pages", ["total_page", "total_pages"])
@pytest.mark.parametrize("current", ["current_page", "page"])
def test_models_count_as_records_do(total: str, pages: str, current: str) -> None:
    documents = {number: {"rows": [number], total: "2", pages: 2, current: number, "per_page": 1} for number in (1, 2)}

    async def fetch(number: int | None) -> Numbers:
        return structure(documents[number or 1], Numbers)

    first, second = asyncio.run(walk(by_number(fetch, lambda answer: answer.rows)))
    assert (first.items, second.items, first.total, second.next) == ([1], [2], 2, None)
    assert first.answer == Numbers(rows=[1], total=2, total_page=2, current_page=1, per_page=1)
    assert first.answer.to_document() == documents[1]


def test_xml_counts_as_json_does() -> None:
    async def fetch(number: int | None) -> Numbers:
        counts = f"<total>2</total><total_pages>2</total_pages><page>{number}</page><per_page>1</per_page>"
        return structure_xml(f"<return><rows><item>{number}</item></rows>{counts}</return>".encode(), Numbers)

    first, second = asyncio.run(walk(by_number(fetch, lambda answer: answer.rows)))
    assert (first.items, second.items, first.total, second.next) == ([1], [2], 2, None)


# --- By cursor


def nested(current: Any, following: Any) -> dict[str, Any]:
    return {"meta": {"cursor": {"current": current, "next": following}}}


def in_meta(current: Any, following: Any) -> dict[str, Any]:
    return {"meta": {"cursor": following}}


def on_top(current: Any, following: Any) -> dict[str, Any]:
    return {"cursor": following}


PLACES = st.sampled_from([nested, in_meta, on_top])
CURSORS = st.lists(st.text(min_size=1).filter(lambda text: text != "0"), unique=True, max_size=6)


@given(PLACES, CURSORS, st.sampled_from(["same", "missing", "empty", "first"]), st.sampled_from(["0", None]))
def test_a_walk_by_cursor_passes_every_cursor_through_and_ends(
    place: Any, cursors: list[str], ending: str, first: str | None
) -> None:
    path = [first, *cursors]
    answers: dict[Any, dict[str, Any]] = {}
    for place_in_path, cursor in enumerate(path):
        last = place_in_path == len(path) - 1
        endings = {"same": cursor, "missing": None, "empty": "", "first": first}
        following = endings[ending] if last else path[place_in_path + 1]
        answers[cursor] = {"rows": [place_in_path], **place(cursor, following)}
    asked: list[Any] = []
    assert asyncio.run(by_cursor(scripted(answers, asked), rows, first=first).collect()) == list(range(len(path)))
    assert asked == path


@pytest.mark.parametrize("place", [in_meta, on_top])
def test_an_answer_without_items_is_the_end_where_no_end_is_documented(place: Any) -> None:
    answers = {"0": {"rows": [1], **place(None, "a")}, "a": {"rows": [], **place(None, "b")}}
    assert asyncio.run(by_cursor(scripted(answers, []), rows).collect()) == [1]


def test_an_empty_page_with_a_documented_next_one_is_not_the_end() -> None:
    answers = {"0": {"rows": [], **nested("0", "a")}, "a": {"rows": [1], **nested("a", "a")}}
    assert asyncio.run(by_cursor(scripted(answers, []), rows).collect()) == [1]


def test_cursors_that_lead_back_are_noticed() -> None:
    answers = {
        "0": {"rows": [0], **nested("0", "a")},
        "a": {"rows": [1], **nested("a", "b")},
        "b": {"rows": [2], **nested("b", "a")},
    }
    with pytest.raises(PagingLoop):
        asyncio.run(by_cursor(scripted(answers, []), rows).collect())


def test_a_walk_by_cursor_resumes_from_its_token() -> None:
    answers = {"0": {"rows": [0], **on_top(None, "a")}, "a": {"rows": [1], **on_top(None, "a"), "numFound": 2}}
    pager = by_cursor(scripted(answers, []), rows)
    token = asyncio.run(pager.first()).next
    [page] = asyncio.run(walk(pager.starting_at(token)))
    assert (token, page.items, page.total) == ("a", [1], 2)


@pytest.mark.parametrize("odd", [{"meta": []}, {"meta": None}, {"meta": {"cursor": []}}, {"cursor": False}, {}])
def test_odd_cursors_end_a_walk(odd: dict[str, Any]) -> None:
    assert asyncio.run(by_cursor(scripted({"0": {"rows": [1], **odd}}, []), rows).collect()) == [1]


def test_a_number_may_be_a_cursor() -> None:
    answers = {"0": {"rows": [0], "cursor": 1449000000}, "1449000000": {"rows": [1], "cursor": 0}}
    assert asyncio.run(by_cursor(scripted(answers, []), rows).collect()) == [0, 1]
