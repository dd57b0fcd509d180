"""Listings: of rooms, of comments, of users."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.raw import RawServer, Received, Wire

from nusantara.errors import PagingLoop
from qiscus_async import AsyncQiscus


def query(request: Received) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(request.target).query).items()}


def comment(number: int, before: int | None = None) -> dict[str, Any]:
    return {
        "id": number,
        "comment_before_id": number - 1 if before is None else before,
        "message": f"ke-{number}",
        "email": "sari",
        "username": "Sari",
        "timestamp": "2019-06-22T02:10:29Z",
        "unique_temp_id": f"u{number}",
    }


class Room:
    """A room that answers load_comments; new comments can arrive between two pages."""

    def __init__(self, size: int, *, most: int = 100, growth: int = 0) -> None:
        self.size = size
        self.most = most
        self.growth = growth
        self.pages: list[int] = []

    async def __call__(self, wire: Wire, request: Received) -> None:
        asked = query(request)
        page, limit = int(asked["page"]), min(int(asked.get("limit", 20)), self.most)
        self.pages.append(page)
        newest = [comment(number) for number in range(self.size, 0, -1)]
        self.size += self.growth
        shown = newest[(page - 1) * limit : page * limit]
        await wire.answer(body={"status": 200, "results": {"comments": shown}})


@pytest.mark.parametrize(
    ("size", "per_page", "pages"),
    [
        (0, None, [1]),
        (1, None, [1]),
        (20, None, [1, 2]),
        (45, None, [1, 2, 3]),
        (10, 5, [1, 2, 3]),
        (250, 100, [1, 2, 3]),
    ],
)
async def test_a_room_is_read_to_its_first_comment(
    served: Any, size: int, per_page: int | None, pages: list[int]
) -> None:
    room = Room(size)
    _, client = await served(room)
    comments = [one async for one in client.messages.load(7, per_page=per_page)]
    assert [one.id for one in comments] == [*range(size, 0, -1)]
    assert room.pages == pages


async def test_a_server_that_allows_less_than_asked_for_loses_nothing(served: Any) -> None:
    room = Room(250, most=100)
    _, client = await served(room)
    comments = await client.messages.load(7, per_page=500).collect()
    assert [one.id for one in comments] == [*range(250, 0, -1)]
    assert room.pages == [1, 2, 3]


@pytest.mark.parametrize("growth", [1, 7, 19])
async def test_new_comments_shift_pages_and_nothing_comes_twice_or_gets_lost(served: Any, growth: int) -> None:
    _, client = await served(Room(95, growth=growth))
    assert [one.id async for one in client.messages.load(7)] == [*range(95, 0, -1)]


async def test_a_burst_that_shifts_a_whole_page_is_passed_over(served: Any) -> None:
    room = Room(95, growth=20)
    _, client = await served(room)
    numbers: list[int] = []
    async for page in client.messages.load(7).pages():
        numbers += [one.id for one in page.items]
        room.growth = 0
    assert numbers == [*range(95, 0, -1)]
    assert room.pages == [1, 2, 3, 4, 5, 6]


async def test_a_server_that_ignores_the_page_is_found_out(served: Any) -> None:
    async def same(wire: Wire, request: Received) -> None:
        shown = [comment(number) for number in range(20, 0, -1)]
        await wire.answer(body={"status": 200, "results": {"comments": shown}})

    _, client = await served(same)
    with pytest.raises(PagingLoop):
        await client.messages.load(7).collect()


async def test_a_listing_resumes(served: Any) -> None:
    _, client = await served(Room(45))
    page = await client.messages.load(7)
    assert (page.next, page.total) == ("2", None)
    rest = await client.messages.load(7).starting_at(page.next).collect()
    assert [one.id for one in rest] == [*range(25, 0, -1)]


# --- With a total


def info(number: int) -> dict[str, Any]:
    return {"room_id": number, "room_name": f"r{number}", "room_type": "group", "unread_count": 0}


def rooms(size: int, *, per_page: int = 20, meta: bool = True) -> Any:
    async def script(wire: Wire, request: Received) -> None:
        page = int(query(request)["page"])
        results: dict[str, Any] = {
            "rooms_info": [info(n) for n in range(size)[(page - 1) * per_page : page * per_page]] or None
        }
        if meta:
            results["meta"] = {"current_page": page, "total_room": size}
        await wire.answer(body={"status": 200, "results": results})

    return script


@pytest.mark.parametrize("meta", [True, False])
@pytest.mark.parametrize(("size", "calls"), [(0, 1), (1, 1), (19, 1), (39, 2), (40, 2), (41, 3)])
async def test_the_rooms_of_a_user_are_read_to_the_end(served: Any, size: int, calls: int, meta: bool) -> None:
    server, client = await served(rooms(size, meta=meta))
    found = await client.rooms.of_user("sari").collect()
    assert [one.id for one in found] == [*range(size)]
    assert len(server.requests) == calls + (not meta and size == 40)


async def test_larger_pages_than_documented_lose_no_room(served: Any) -> None:
    _, client = await served(rooms(150, per_page=100))
    assert len(await client.rooms.of_user("sari").collect()) == 150


async def test_a_page_of_rooms_knows_the_total(served: Any) -> None:
    _, client = await served(rooms(39))
    page = await client.rooms.of_user("sari")
    assert (len(page.items), page.total, page.next) == (20, 39, "2")
    assert page.answer.meta.current_page == 1


def users(size: int, *, meta: bool = True) -> Any:
    async def script(wire: Wire, request: Received) -> None:
        asked = query(request)
        page, limit = int(asked["page"]), int(asked.get("limit", 20))
        shown = range(size)[(page - 1) * limit : page * limit]
        results: dict[str, Any] = {"users": [{"id": n, "email": f"u{n}", "username": "U"} for n in shown]}
        if meta:
            results["meta"] = {"total_data": size, "total_page": -(-size // limit)}
        await wire.answer(body={"status": 200, "results": results})

    return script


@pytest.mark.parametrize("meta", [True, False])
@pytest.mark.parametrize(("size", "per_page", "calls"), [(0, None, 1), (21, None, 2), (40, None, 2), (9, 4, 3)])
async def test_all_users_are_read_to_the_end(
    served: Any, size: int, per_page: int | None, calls: int, meta: bool
) -> None:
    server, client = await served(users(size, meta=meta))
    found = await client.users.list_all(per_page=per_page).collect()
    assert [one.id for one in found] == [*range(size)]
    assert len(server.requests) == calls + (not meta and size == 40)
    page = await client.users.list_all(per_page=per_page)
    assert page.total == (size if meta else None)


@given(st.integers(0, 70), st.integers(1, 30), st.integers(0, 9))
async def test_any_room_is_read_whole_whatever_the_pages(size: int, per_page: int, growth: int) -> None:
    room = Room(size, growth=min(growth, per_page - 1))
    async with RawServer(room) as server, AsyncQiscus("toko", "s", base_url=server.base_url) as client:
        comments = await client.messages.load(7, per_page=per_page).collect()
    assert [one.id for one in comments] == [*range(size, 0, -1)]
