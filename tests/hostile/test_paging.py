"""Servers whose listings never end, or change while they are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from support.faults import Seen
from support.flavours import Flavour
from support.raw import Received, Wire

from bukalapak_async import Conversation
from nusantara.errors import DecodeError, MalformedItems, PagingLoop, Sent
from nusantara.hooks import Hooks
from nusantara.pagination import Page, Pager
from nusantara.sync.pages import SyncPager
from nusantara.sync.portal import shared

MOST_REQUESTS = 300
"""A guard that lets more through than this is taken for none."""


class Endless(Exception):
    """The guard has not stopped the walk."""


def conversation(number: int) -> dict[str, Any]:
    return {
        "id": str(number),
        "partner_id": "1",
        "partner_name": "Budi",
        "user_id": "2",
        "user_name": "Siti",
        "updated_at": "2013-02-15T10:27:50Z",
    }


def listing(pages: Callable[[int], list[int]]) -> Callable[[Wire, Received], Any]:
    """A server of an inbox: the numbers of the conversations on a page."""

    async def script(wire: Wire, request: Received) -> None:
        page = int(parse_qs(urlsplit(request.target).query).get("page", ["1"])[0])
        inbox = [conversation(number) for number in pages(page)] if page < MOST_REQUESTS else []
        await wire.answer(body=json.dumps({"status": "OK", "inbox": inbox, "message": None}).encode())

    return script


def cursors(client: Flavour[Any], after: Callable[[str | None], str | None]) -> Any:
    """A listing by cursor over the client's own calls, in its flavour."""
    fetched = 0

    async def fetch(token: str | None) -> Page[int]:
        nonlocal fetched
        fetched += 1
        if fetched > MOST_REQUESTS:
            raise Endless
        await client.core.request("GET", "/daftar", params={"cursor": token})
        return Page(items=[fetched], next=after(token))

    pager = Pager(fetch)
    return pager if client.name == "async" else SyncPager(shared(), pager)


async def answer(wire: Wire, request: Received) -> None:
    await wire.answer()


@pytest.mark.parametrize("length", [1, 2, 8, 9, 30], ids="cycle of {}".format)
@pytest.mark.parametrize("lead", [0, 5], ids="after {}".format)
@pytest.mark.parametrize("ahead", [0, 2], ids="ahead {}".format)
async def test_g54_a_cursor_that_comes_again(
    open_client: Any, serve: Any, seen: Seen, length: int, lead: int, ahead: int
) -> None:
    server = await serve(answer)
    client: Flavour[Any] = open_client(server.base_url)

    def after(token: str | None) -> str:
        place = 0 if token is None else int(token)
        return str(place + 1 if place + 1 < lead + length else lead)

    with pytest.raises(PagingLoop, match=r"names the page '\d+' again") as caught:
        await client.pages(lambda c: cursors(client, after), ahead=ahead)
    # Each page of the cycle once, and not many of them more often than that.
    assert lead + length <= len(server.requests) <= 4 * (lead + length) + 4 + ahead
    seen(caught.value, f"a cycle of {length}: {len(server.requests)} requests")


async def test_g54_pages_without_end(open_client: Any, serve: Any, seen: Seen) -> None:
    server = await serve(listing(lambda page: list(range(page * 10, page * 10 + 10))))
    client: Flavour[Any] = open_client(server.base_url)
    found = await client(lambda c: c.messages.inbox(per_page=10).collect(limit=25))
    assert [int(one.id) for one in found] == list(range(10, 35))
    assert len(server.requests) == 3
    seen("the limit holds", f"{len(found)} items, {len(server.requests)} requests")


@pytest.mark.parametrize("kind", ["the last page for ever", "two pages in turn"])
async def test_g54_full_pages_of_what_came_before(open_client: Any, serve: Any, seen: Seen, kind: str) -> None:
    def pages(page: int) -> list[int]:
        page = min(page, 3) if kind == "the last page for ever" else page % 2
        return list(range(page * 10, page * 10 + 10))

    server = await serve(listing(pages))
    client: Flavour[Any] = open_client(server.base_url)
    with pytest.raises(PagingLoop, match="nothing but items already given") as caught:
        await client.items(lambda c: c.messages.inbox(per_page=10))
    assert len(server.requests) == (5 if kind == "the last page for ever" else 4)
    seen(caught.value, f"{kind}: {len(server.requests)} requests")


async def test_g54_items_that_repeat_or_vanish(open_client: Any, serve: Any, seen: Seen) -> None:
    """New items push old ones onto the next page, deleted ones pull them off it."""
    items = list(range(100))

    def pages(page: int) -> list[int]:
        found = items[(page - 1) * 10 : page * 10]
        if page == 2:
            items[:0] = [1000, 1001, 1002]
        if page == 5:
            del items[:4]
        return found

    server = await serve(listing(pages))
    client: Flavour[Any] = open_client(server.base_url)
    found: list[Conversation] = await client.items(lambda c: c.messages.inbox(per_page=10))
    numbers = [int(one.id) for one in found]
    assert len(numbers) == len(set(numbers))
    missing = set(range(100)) - set(numbers)
    # What slid over the edge of a page that had been read is not to be seen by anyone who reads pages.
    assert len(missing) <= 4
    assert numbers == sorted(numbers)
    seen("none twice, in order", f"{len(numbers)} of 100, {len(missing)} deleted from under the reader")


# --- Items that cannot be read


def comment(number: int) -> dict[str, Any]:
    sent = {"message": "halo", "email": "a", "username": "A", "timestamp": "2017-02-07T19:01:00Z"}
    return {"id": number, "comment_before_id": max(0, number - 1), **sent}


SPOILED: dict[str, Any] = {
    "bukalapak, by length": (
        "bukalapak",
        lambda c: c.messages.inbox(per_page=2),
        lambda page, items: {"status": "OK", "inbox": items, "message": None},
        conversation,
        "partner_name",
    ),
    "qiscus, by length": (
        "qiscus",
        lambda c: c.messages.load(1, per_page=2),
        lambda page, items: {"results": {"comments": items}, "status": 200},
        comment,
        "username",
    ),
    "qiscus, by number of pages": (
        "qiscus",
        lambda c: c.users.list_all(per_page=2),
        lambda page, items: {"results": {"meta": {"total_page": 3}, "users": items}, "status": 200},
        lambda number: {"id": number, "email": "a", "username": "A"},
        "username",
    ),
    "kaskus, by number of pages": (
        "kaskus",
        lambda c: c.search.user("a"),
        lambda page, items: {"current_page": page, "total_page": 3, "item": items},
        lambda number: {"userid": number, "username": "A"},
        "userid",
    ),
    "kaskus, by cursor": (
        "kaskus",
        lambda c: c.fjb.offers.made(),
        lambda page, items: {"data": items, "meta": {"cursor": {"current": str(page), "next": str(min(page + 1, 3))}}},
        lambda number: {"id": str(number), "item": {"title": "Kamera"}},
        "id",
    ),
}


@pytest.mark.parametrize("kind", SPOILED)
@pytest.mark.parametrize("place", [0, 1], ids=["first item", "last item"])
@pytest.mark.parametrize("ahead", [0, 2], ids="ahead {}".format)
async def test_g54_an_item_that_cannot_be_read(
    open_client: Any, serve: Any, seen: Seen, caplog: pytest.LogCaptureFixture, kind: str, place: int, ahead: int
) -> None:
    vendor, listed, answer, item, key = SPOILED[kind]

    async def script(wire: Wire, request: Received) -> None:
        query = parse_qs(urlsplit(request.target).query)
        page = int(query.get("page", query.get("cursor", ["1"]))[0])
        items = [item(10 * page), item(10 * page + 1)] if page <= 3 else []
        if page == 2:
            del items[place][key]
        await wire.answer(body=json.dumps(answer(page, items)).encode())

    server = await serve(script)
    client: Flavour[Any] = open_client(server.base_url, vendor)

    def number(one: Any) -> int:
        return int(getattr(one, "userid", None) or one.id)

    def behind(page: Page[Any]) -> Callable[[Any], Any]:
        return lambda c: listed(c).starting_at(page.next).collect()

    good = 21 - place
    # It ends there, with all that is needed to go on.
    for walk in (
        client.items(listed),
        client.pages(listed, ahead=ahead),
        client(lambda c: listed(c).collect()),
        client(lambda c: listed(c).starting_at("2").first()),
    ):
        with pytest.raises(MalformedItems) as caught:
            await walk
        error = caught.value
        assert error.path.endswith(f"[{place}].{key}")
        assert (error.sent, error.status, error.method) == (Sent.YES, 200, "GET")
        assert [number(one) for one in error.page.items] == [good]
        [bad] = error.page.malformed
        assert (bad.index, bad.reason.partition(":")[0], key in bad.raw) == (place, key, False)
        assert "raw" not in repr(bad)
        rest = await client(behind(error.page))
        assert [number(one) for one in rest] == [30, 31]
        assert len(error.page.answer.to_document()) > 0
    # Or it goes on.
    caplog.clear()
    expected = [10, 11, good, 30, 31]
    assert [number(one) for one in await client.items(lambda c: listed(c).skipping_malformed())] == expected
    pages = await client.pages(lambda c: listed(c).skipping_malformed().starting_at("1"), ahead=ahead)
    assert [number(one) for page in pages for one in page.items] == expected
    assert [len(page.malformed) for page in pages if page.items] == [0, 1, 0]
    assert [number(one) for one in await client(lambda c: listed(c).skipping_malformed().collect(limit=4))] == expected[
        :4
    ]
    assert {record.name for record in caplog.records if record.levelname == "WARNING"} == {"nusantara.pagination"}
    seen(error, f"{len(error.page.items)} of 2 items, {len(rest)} behind them, all {len(expected)} when asked to skip")


async def test_g54_what_is_no_item_is_wrong_with_the_whole(open_client: Any, serve: Any, seen: Seen) -> None:
    async def script(wire: Wire, request: Received) -> None:
        body = {"status": 5, "inbox": [{}, conversation(1)], "message": None}
        await wire.answer(body=json.dumps(body).encode())

    server = await serve(script)
    client: Flavour[Any] = open_client(server.base_url)
    with pytest.raises(DecodeError, match=r"status: expected a string") as caught:
        await client.items(lambda c: c.messages.inbox().skipping_malformed())
    assert type(caught.value) is DecodeError
    seen(caught.value)


async def test_g54_calls_of_hooks_are_none_of_the_listing(open_client: Any, serve: Any, seen: Seen) -> None:
    """A hook that makes a call of its own, while a page is fetched, gets that one as ever."""

    async def script(wire: Wire, request: Received) -> None:
        body = {"status": 200, "results": {"comments": [{}, comment(1)]}}
        await wire.answer(body=json.dumps(body).encode())

    server = await serve(script)
    found: list[DecodeError] = []

    async def look(event: Any) -> None:
        with pytest.raises(DecodeError) as caught:
            await other.core.messages.search("a", "halo")
        found.append(caught.value)

    other: Flavour[Any] = open_client(server.base_url, "qiscus")
    client: Flavour[Any] = open_client(server.base_url, "qiscus", hooks=Hooks(before=(look,)))
    page = await client(lambda c: c.messages.load(1).skipping_malformed().first())
    assert [len(page.items), len(page.malformed), len(found)] == [1, 1, 1]
    seen("the page without it")
