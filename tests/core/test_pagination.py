"""Listings: every item once, nothing sent too early, no way to loop for ever."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nusantara import codec
from nusantara.errors import DecodeError, InvalidParameter, MalformedItems
from nusantara.model import Model, field, model
from nusantara.pagination import Fetch, Page, Pager, numbered
from nusantara.sync.pages import SyncPager
from nusantara.sync.portal import Portal
from qiscus_async import AsyncQiscus, Qiscus


class Listing:
    """Items in pages of a fixed size, with or without a token for the next page."""

    def __init__(self, items: list[Any], size: int, *, tokens: bool = True) -> None:
        self.items = items
        self.size = size
        self.tokens = tokens
        self.fetched: list[int] = []

    async def page(self, number: int) -> Page[Any]:
        self.fetched.append(number)
        start = (number - 1) * self.size
        more = start + self.size < len(self.items)
        return Page(
            items=self.items[start : start + self.size],
            next=str(number + 1) if self.tokens and more else None,
            total=len(self.items),
        )

    def fetch(self) -> Fetch[Any]:
        return numbered(self.page, per_page=None if self.tokens else self.size)


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    portal = Portal()
    yield portal
    portal.close()


listings = st.builds(
    Listing, st.lists(st.integers(), unique=True, max_size=40), st.integers(1, 9), tokens=st.booleans()
)


@given(listings, st.none() | st.integers(0, 50), st.integers(0, 3))
def test_every_item_comes_once_in_order(listing: Listing, limit: int | None, ahead: int) -> None:
    async def check() -> None:
        pager = Pager(listing.fetch(), key=lambda item: item)
        assert [item async for item in pager] == listing.items
        assert [item async for item in pager] == listing.items, "a pager can be used again"
        async with pager.pages(ahead=ahead) as pages:
            assert [item async for page in pages for item in page.items] == listing.items
        assert await pager.collect(limit=limit) == listing.items[:limit]
        first = await pager
        assert first.items == listing.items[: listing.size]
        if first.next is not None:
            rest = [item async for item in pager.starting_at(first.next)]
            assert rest == listing.items[listing.size :]

    asyncio.run(check())


@given(listings, st.none() | st.integers(0, 50))
def test_the_sync_twin_gives_the_same(portal: Portal, listing: Listing, limit: int | None) -> None:
    pager = SyncPager(portal, Pager(listing.fetch()))
    assert list(pager) == listing.items
    assert [item for page in pager.pages() for item in page.items] == listing.items
    with pager.pages(ahead=2) as pages:
        assert [item for page in pages for item in page.items] == listing.items
    assert pager.collect(limit=limit) == listing.items[:limit]
    assert pager.first().items == listing.items[: listing.size]


async def test_nothing_is_fetched_before_it_is_needed() -> None:
    listing = Listing(list(range(10)), 3)
    pager = Pager(listing.fetch())
    iterator = aiter(pager)
    assert listing.fetched == []
    for _ in range(3):
        await anext(iterator)
    assert listing.fetched == [1]
    await anext(iterator)
    assert listing.fetched == [1, 2]
    assert await pager.collect(limit=0) == []
    assert listing.fetched == [1, 2]


@given(st.integers(1, 6), st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_repeats_are_dropped_when_the_listing_shifts(size: int, arrivals: list[int]) -> None:
    """New items at the top push old ones onto the next page; no old item is lost and none comes twice."""
    everything = list(range(100, 0, -1))
    new = iter(range(1000, 2000))
    pushes = iter(arrivals)

    async def page(number: int) -> Page[int]:
        start = (number - 1) * size
        items = everything[start : start + size]
        for _ in range(min(next(pushes, 0), size - 1)):
            everything.insert(0, next(new))
        return Page(items=items)

    seen = asyncio.run(Pager(numbered(page, per_page=size), key=lambda item: item).collect())
    assert [item for item in seen if item <= 100] == list(range(100, 0, -1))
    assert len(seen) == len(set(seen))


async def test_the_memory_for_repeats_does_not_grow() -> None:
    listing = Listing(list(range(1_000)), 10)
    pages = Pager(listing.fetch(), key=lambda item: item).pages()
    while await pages.next_page():
        assert pages._seen is not None
        assert sum(len(page) for page in pages._seen._pages) <= 80


async def test_an_error_while_fetching_ahead_reaches_the_reader() -> None:
    async def page(number: int) -> Page[int]:
        if number == 3:
            raise LookupError("page 3")
        return Page(items=[number], next=str(number + 1))

    seen = []
    pages = Pager(numbered(page)).pages(ahead=5)
    seen += [(await anext(pages)).items, (await anext(pages)).items]
    with pytest.raises(LookupError, match="page 3"):
        await anext(pages)
    assert seen == [[1], [2]]


async def test_leaving_early_stops_the_fetching_ahead() -> None:
    listing = Listing(list(range(1_000)), 1)
    async with Pager(listing.fetch()).pages(ahead=2) as pages:
        async for _ in pages:
            break
    fetched = len(listing.fetched)
    assert fetched <= 5
    await asyncio.sleep(0.01)
    assert len(listing.fetched) == fetched
    assert asyncio.all_tasks() == {asyncio.current_task()}


@model
class Row(Model):
    number: int
    parts: list[Row] = field(factory=list)


@model
class Rows(Model):
    rows: list[Row] | None = None
    more: tuple[Row, ...] = ()
    by_name: dict[str, list[list[Row | None]]] = field(factory=dict)


def read_as(into: Any, document: Any) -> Fetch[Any]:
    """A listing of one page, whose items are a copy of a list in the answer."""

    async def fetch(token: str | None) -> Page[Any]:
        listing = codec.claim_listing()
        assert listing is not None
        assert codec.claim_listing() is None
        listing.to_be_read = True
        answer = codec.structure(document, into)
        rows = answer if isinstance(answer, list) else answer.rows
        return Page(items=list(rows or ()), answer=answer)

    return fetch


class TestMalformed:
    async def test_is_taken_out_of_the_items_and_of_the_answer(self) -> None:
        good, bad = {"number": 1, "parts": [{"number": 2}]}, {"number": 3, "parts": [{"number": "x"}]}
        document = {"rows": [bad, good, 5], "by_name": {"a": [[None, bad], [good]]}}
        page = await Pager(read_as(Rows, document)).skipping_malformed()
        row = Row(number=1, parts=[Row(number=2)])
        assert page.items == page.answer.rows == [row]
        assert page.answer.by_name == {"a": [[None], [row]]}
        reason = "parts[0].number: expected an integer, found a string 'x'"
        assert [(one.index, one.reason, one.raw) for one in page.malformed] == [
            (0, reason, bad),
            (2, "the document: expected an object, found an integer 5", 5),
            (1, reason, bad),
        ]
        assert await Pager(read_as(list[Row], [bad, good])).skipping_malformed().collect() == [row]

    async def test_the_error_has_the_page_and_survives_pickling(self) -> None:
        with pytest.raises(
            MalformedItems, match=r"^rows\[1\]\.number: expected an integer, found no such key$"
        ) as caught:
            await Pager(read_as(Rows, {"rows": [{"number": 1}, {}]})).collect()
        for error in (caught.value, pickle.loads(pickle.dumps(caught.value))):
            assert error.page.items == [Row(number=1)]
            assert [one.raw for one in error.page.malformed] == [{}]
            assert error.path == "rows[1].number"

    @pytest.mark.parametrize("document", [{"rows": 5}, {"rows": [{}], "more": [{}]}, {"rows": [{}], "by_name": 1}])
    async def test_what_is_no_element_of_a_list_is_wrong_with_the_whole(self, document: Any) -> None:
        with pytest.raises(DecodeError) as caught:
            await Pager(read_as(Rows, document)).skipping_malformed().collect()
        assert type(caught.value) is DecodeError

    @given(st.lists(st.booleans(), max_size=12), st.booleans())
    def test_all_the_others_are_there_in_order(self, flaws: list[bool], root: bool) -> None:
        rows: list[Any] = [{"number": None if flaw else place} for place, flaw in enumerate(flaws)]
        pager = Pager(read_as(list[Row], rows) if root else read_as(Rows, {"rows": rows}), key=lambda row: row.number)
        page = asyncio.run(pager.skipping_malformed().first())
        assert [row.number for row in page.items] == [place for place, flaw in enumerate(flaws) if not flaw]
        assert [one.index for one in page.malformed] == [place for place, flaw in enumerate(flaws) if flaw]
        strict = pytest.raises(MalformedItems) if any(flaws) else contextlib.nullcontext()
        with strict:
            assert len(asyncio.run(pager.collect())) == len(rows)

    async def test_outside_of_a_listing_all_is_as_ever(self) -> None:
        with pytest.raises(DecodeError) as caught:
            codec.structure({"rows": [{}]}, Rows)
        assert type(caught.value) is DecodeError
        assert codec.claim_listing() is None


@pytest.mark.parametrize(
    ("use", "name"),
    [
        (lambda pager: pager.pages(ahead=-1), "ahead"),
        (lambda pager: pager.pages(ahead=True), "ahead"),
        (lambda pager: pager.pages(ahead="1"), "ahead"),
        (lambda pager: pager.pages(ahead=None), "ahead"),
        (lambda pager: asyncio.run(pager.collect(limit=-1)), "limit"),
        (lambda pager: asyncio.run(pager.collect(limit="3")), "limit"),
        (lambda pager: asyncio.run(pager.collect(limit=2.0)), "limit"),
        (lambda pager: asyncio.run(pager.collect(limit=False)), "limit"),
        (lambda pager: pager.starting_at(2), "token"),
        (lambda pager: pager.starting_at(b"2"), "token"),
        (lambda pager: asyncio.run(pager.starting_at("x1").first()), "token"),
    ],
)
def test_senseless_values_are_refused_by_name(use: Any, name: str) -> None:
    listing = Listing([1, 2], 1)
    with pytest.raises(InvalidParameter, match=name) as caught:
        use(Pager(listing.fetch()))
    assert caught.value.parameter == name
    assert listing.fetched == []


@pytest.mark.parametrize(
    ("use", "name"),
    [
        (lambda pager: pager.pages(ahead=True), "ahead"),
        (lambda pager: pager.collect(limit="3"), "limit"),
        (lambda pager: pager.starting_at(2), "token"),
    ],
)
def test_the_sync_twin_refuses_the_same(portal: Portal, use: Any, name: str) -> None:
    with pytest.raises(InvalidParameter, match=name):
        use(SyncPager(portal, Pager(Listing([], 1).fetch())))


def test_pagers_say_that_they_have_sent_nothing(portal: Portal) -> None:
    pager = Pager(Listing([], 1).fetch())
    assert "nothing is sent" in repr(pager)
    assert "nothing is sent" in repr(SyncPager(portal, pager))


class TestRows:
    async def test_a_page_is_as_its_items_are(self) -> None:
        page = Page(items=[3, 1, 2], next="x")
        assert ([*page], len(page), page[0], page[-1], page[1:], bool(page)) == ([3, 1, 2], 3, 3, 2, [1, 2], True)
        assert not Page(items=[])
        with pytest.raises(IndexError):
            page[3]

    async def test_rows_are_dicts_of_python_values(self, nusantara_sandbox: Any, sandbox_env: dict[str, str]) -> None:
        async with AsyncQiscus.from_env() as qiscus:
            comments = await qiscus.messages.load(41002).collect(limit=7)
            rows = await qiscus.messages.load(41002, per_page=3).to_dicts(limit=7)
            assert rows == [comment.to_dict() for comment in comments]
            assert len(nusantara_sandbox.requests) == 4
            with pytest.raises(InvalidParameter, match="limit"):
                await qiscus.messages.load(41002).to_dicts(limit=-1)

        def in_sync() -> None:
            with Qiscus.from_env() as other:
                assert other.messages.load(41002, per_page=3).to_dicts(limit=7) == rows

        await asyncio.to_thread(in_sync)

    async def test_pandas_has_the_right_types_at_once(self, sandbox_env: dict[str, str]) -> None:
        pandas = pytest.importorskip("pandas", reason="pandas is not installed, so NOTHING IS KNOWN about its frames")
        async with AsyncQiscus.from_env() as qiscus:
            frame = pandas.DataFrame(await qiscus.messages.load(41002).to_dicts())
        assert str(frame.dtypes["timestamp"]).startswith("datetime64[")
        assert "UTC" in str(frame.dtypes["timestamp"])
        assert str(frame.dtypes["id"]) == "int64"
        assert str(frame.dtypes["disable_link_preview"]) == "bool"
        assert len(frame) > 5
