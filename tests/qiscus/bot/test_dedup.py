"""What an event is recognised by, and the store in memory."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.hook import event_document

from nusantara.errors import InvalidParameter
from qiscus_async.webhooks import MemoryDedupStore, parse_event
from qiscus_async.webhooks.dedup import EventKey, event_key


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def key(document: Any) -> EventKey:
    body = json.dumps(document).encode()
    return event_key(parse_event(body), body)


def test_a_comment_is_recognised_by_its_number_whatever_else_differs() -> None:
    first, again = event_document(5), event_document(5, text="lain", unique_temp_id="x")
    assert key(first) == key(again) == EventKey("post_comment_mobile:id:5", True)
    assert key(event_document(6)) != key(first)


def test_without_a_number_it_is_recognised_by_room_and_mark() -> None:
    def marked(mark: str, room: int) -> EventKey:
        document = event_document(0, room=room, unique_temp_id=mark)
        return key(document)

    assert marked("a", 1) == marked("a", 1)
    assert marked("a", 1).certain
    assert len({marked("a", 1), marked("b", 1), marked("a", 2)}) == 3


def test_a_mark_of_any_length_makes_a_short_key() -> None:
    assert len(key(event_document(0, unique_temp_id="m" * 100_000)).text) < 100


def test_without_either_it_is_recognised_by_its_body_which_is_not_certain() -> None:
    document = event_document(0)
    del document["payload"]["message"]["id"]
    assert key(document) == key(document)
    assert not key(document).certain


def test_several_events_of_an_unknown_type_about_one_comment_are_several() -> None:
    read, deleted = (event_document(5, state=state) | {"type": "comment_changed"} for state in ("read", "deleted"))
    assert key(read) != key(deleted)


async def test_a_key_is_new_once_until_its_lease_is_over() -> None:
    clock = Clock()
    store = MemoryDedupStore(clock=clock)
    assert [await store.claim("a", 10) for _ in range(3)] == [True, False, False]
    clock.now += 9.9
    assert await store.claim("a", 10) is False
    clock.now += 0.2
    assert await store.claim("a", 10) is True


async def test_a_claim_is_not_done_and_what_is_done_is_remembered_for_its_time() -> None:
    clock = Clock()
    store = MemoryDedupStore(clock=clock)
    await store.claim("a", 10)
    assert not await store.is_done("a")
    await store.done("a", 60)
    clock.now += 59
    assert await store.is_done("a")
    assert await store.claim("a", 10) is False
    clock.now += 2
    assert not await store.is_done("a")
    assert await store.claim("a", 10) is True


async def test_a_claim_that_is_renewed_ends_later_and_one_that_is_gone_does_not_come_back() -> None:
    clock = Clock()
    store = MemoryDedupStore(clock=clock)
    await store.claim("a", 10)
    for _ in range(5):
        clock.now += 9
        await store.renew("a", 10)
        assert await store.claim("a", 10) is False
    await store.release("a")
    await store.renew("a", 10)
    assert await store.claim("a", 10) is True


async def test_a_released_key_is_new_again() -> None:
    store = MemoryDedupStore()
    await store.claim("a", 10)
    await store.release("a")
    await store.release("never seen")
    assert await store.claim("a", 10) is True


async def test_a_key_that_was_released_and_came_again_has_its_new_time() -> None:
    clock = Clock()
    store = MemoryDedupStore(clock=clock)
    await store.claim("a", 5)
    await store.release("a")
    await store.claim("a", 20)
    clock.now += 6
    assert await store.claim("a", 5) is False


async def test_the_store_does_not_grow_beyond_its_bound() -> None:
    store = MemoryDedupStore(max_keys=10)
    for number in range(1000):
        assert await store.claim(str(number), 60)
        await store.done(str(number), 60)
        assert len(store) <= 10
        assert len(store._order) <= 41
    assert await store.claim("999", 60) is False


async def test_what_is_over_is_forgotten() -> None:
    clock = Clock()
    store = MemoryDedupStore(clock=clock)
    for number in range(100):
        await store.claim(str(number), 10)
    clock.now += 11
    await store.claim("one more", 10)
    assert len(store) == 1


steps = st.sampled_from(["claim", "renew", "done", "release", "is_done", "wait"])


@given(st.lists(st.tuples(st.sampled_from("abcd"), steps, st.integers(1, 5))))
def test_the_store_agrees_with_a_plain_one(steps: list[tuple[str, str, int]]) -> None:
    clock = Clock()
    store = MemoryDedupStore(clock=clock)
    plain: dict[str, tuple[float, bool]] = {}

    async def check() -> None:
        nonlocal plain
        for name, step, number in steps:
            plain = {one: entry for one, entry in plain.items() if entry[0] > clock.now}
            end = clock.now + number
            match step:
                case "claim":
                    assert await store.claim(name, number) is (name not in plain)
                    plain.setdefault(name, (end, False))
                case "renew" if name in plain and not plain[name][1]:
                    await store.renew(name, number)
                    plain[name] = (end, False)
                case "done":
                    await store.done(name, number)
                    plain[name] = (end, True)
                case "release":
                    await store.release(name)
                    plain.pop(name, None)
                case "is_done":
                    assert await store.is_done(name) is (name in plain and plain[name][1])
                case "wait":
                    clock.now += number

    asyncio.run(check())


def test_threads_may_share_a_store() -> None:
    store = MemoryDedupStore()

    def claim(_: int) -> int:
        async def all_of_them() -> int:
            return sum([await store.claim(str(number), 60) for number in range(2000)])

        return asyncio.run(all_of_them())

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(claim, range(4))) == 2000


@pytest.mark.parametrize("size", [0, -1, True, 1.5])
def test_an_unfit_bound_is_refused(size: Any) -> None:
    with pytest.raises(InvalidParameter, match="max_keys"):
        MemoryDedupStore(max_keys=size)
