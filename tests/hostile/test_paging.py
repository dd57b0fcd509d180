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
from nusantara.errors import PagingLoop
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

    with pytest.raises(PagingLoop) as caught:
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
    with pytest.raises(PagingLoop) as caught:
        await client.items(lambda c: c.messages.inbox(per_page=10))
    assert len(server.requests) <= 5
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
