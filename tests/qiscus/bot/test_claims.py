"""Events at several receivers with one store, some of which die."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from qiscus.bot.conftest import Start
from support.hook import PATH_SECRET, Handled, event_body, post
from support.programs import STEPS, STORE, Launch, ended, handled_in, launching, make_store

from nusantara.errors import InvalidParameter
from qiscus_async.webhooks import Event, MemoryDedupStore, Receiver
from qiscus_async.webhooks.claims import Claims, Standing
from qiscus_async.webhooks.dedup import EventKey
from qiscus_async.webhooks.secret_path import SecretPath

KEY = EventKey("key", True)


def broken(error: Exception) -> None:
    raise AssertionError("the store failed") from error


@pytest.fixture
async def launch() -> AsyncIterator[Launch]:
    async with launching() as begin:
        yield begin


@pytest.fixture
def store(tmp_path: Path) -> Path:
    file = tmp_path / "seen.db"
    make_store(file)
    return file


# --- In processes


@pytest.mark.parametrize("wait", [0.0, 1.2])
async def test_what_was_acknowledged_and_not_handled_when_its_process_was_killed_is_handled_when_it_comes_again(
    launch: Launch, store: Path, wait: float
) -> None:
    lease = 1.0
    first, url = await launch(STORE, store, PATH_SECRET, lease, 60)
    # The second is at work, the third waits behind it, the first was handled.
    bodies = [event_body(1), event_body(2, text="hang"), event_body(3)]
    assert [await post(url, body) for body in bodies] == [200] * 3
    await asyncio.sleep(0.1)
    first.kill()
    await first.wait()
    await asyncio.sleep(wait)
    second, url = await launch(STORE, store, PATH_SECRET, lease, 0)
    assert [await post(url, body) for body in bodies] == [200] * 3
    # One at the end would be let go as another's while its claim lasts.
    await asyncio.sleep(2.5 * lease)
    assert sorted((await ended(second, 20))[0].split()) == ["2", "3"]


async def test_while_a_living_receiver_works_on_it_an_event_that_comes_again_is_not_handled_twice(
    launch: Launch, store: Path
) -> None:
    lease = 0.6
    slow, url = await launch(STORE, store, PATH_SECRET, lease, 2.0)
    other, second_url = await launch(STORE, store, PATH_SECRET, lease, 0)
    body = event_body(1, text="hang")
    assert await post(url, body) == 200
    for _ in range(4):
        await asyncio.sleep(0.6)
        assert [await post(one, body) for one in (url, second_url)] == [200, 200]
    handled = [(await ended(process, 20))[0].split() for process in (slow, other)]
    assert handled == [["1"], []]


@pytest.mark.parametrize("step", STEPS)
async def test_behind_whichever_step_its_process_is_killed_an_event_that_comes_again_is_handled(
    launch: Launch, store: Path, step: str
) -> None:
    lease = 0.5
    second, second_url = await launch(STORE, store, PATH_SECRET, lease, 0)
    first, url = await launch(STORE, store, PATH_SECRET, lease, 0, step)
    # The connection may end before the answer: then Qiscus knows of nothing.
    with contextlib.suppress(aiohttp.ClientError):
        await post(url, event_body(1))
    async with asyncio.timeout(10):
        assert await first.wait() == -signal.SIGKILL
    assert [await post(second_url, event_body(1)) for _ in range(2)] == [200] * 2
    await asyncio.sleep(2.5 * lease)
    await ended(second, 20)
    # Between the handler's end and the store's word of it nobody can tell that it was handled.
    assert handled_in(store) == [1] * (2 if step == "handled" else 1)


async def test_of_two_processes_that_get_the_same_events_at_once_one_handles_each(launch: Launch, store: Path) -> None:
    begun = [await launch(STORE, store, PATH_SECRET, 5.0, 0) for _ in range(2)]
    answers = await asyncio.gather(*(post(url, event_body(number)) for number in range(30) for _, url in begun * 2))
    assert answers == [200] * 120
    for process, _ in begun:
        await ended(process, 20)
    assert handled_in(store) == [*range(30)]


KEY_OF_EVENT_1 = f"{SecretPath('/qiscus', PATH_SECRET).digest}:post_comment_mobile:id:1"


# --- In one process


async def test_an_event_whose_receiver_lets_go_of_it_is_handled_by_the_one_it_came_to_again() -> None:
    store, done = MemoryDedupStore(), Handled()

    async def fail(event: Event) -> None:
        await asyncio.sleep(0.3)
        raise ValueError("broken")

    first = Receiver(fail, path_secret=PATH_SECRET, dedup_store=store, on_error=lambda event, error: None)
    second = Receiver(done, path_secret=PATH_SECRET, dedup_store=store)
    async with first.serving() as one, second.serving() as other:
        assert [await post(url, event_body(1)) for url in (one, other)] == [200, 200]
        await asyncio.sleep(0.05)
        assert (done.ids, second.waiting) == ([], 1)
        await second.idle()
    assert done.ids == [1]
    assert (second.counts.handled, second.counts.repeats) == (1, 0)


async def test_an_event_that_another_has_claimed_holds_up_neither_its_room_nor_the_end(handled: Handled) -> None:
    store = MemoryDedupStore()
    await store.claim(KEY_OF_EVENT_1, 60)
    receiver = Receiver(handled, path_secret=PATH_SECRET, dedup_store=store, grace=0.1)
    async with receiver.serving() as url:
        assert [await post(url, event_body(number)) for number in (1, 2)] == [200, 200]
        await asyncio.sleep(0.05)
        assert (handled.ids, receiver.waiting) == ([2], 1)
    assert (receiver.counts.repeats, receiver.counts.dropped, receiver.waiting) == (1, 0, 0)


async def test_a_claim_is_renewed_while_it_is_held_and_no_longer() -> None:
    store = MemoryDedupStore()
    claims = Claims(store, scope="x", lease=0.15, ttl=60, window=60, failed=broken)
    standing, claim = await claims.take(KEY)
    assert standing is Standing.NEW
    assert claim is not None
    for _ in range(4):
        await asyncio.sleep(0.1)
        assert await store.claim("x:key", 1) is False
    await claims.done(claim)
    assert await store.is_done("x:key")
    await asyncio.sleep(0.2)
    assert await store.is_done("x:key"), "no renewal has made it a claim again"
    assert (await claims.take(KEY))[0] is Standing.REPEAT


async def test_a_claim_lasts_no_longer_than_its_event_is_remembered() -> None:
    store = MemoryDedupStore()
    claims = Claims(store, scope="x", lease=60, ttl=60, window=0.1, failed=broken)
    moment = EventKey("body", False)
    _, first = await claims.take(moment)
    assert (await claims.take(moment))[0] is Standing.REPEAT
    await asyncio.sleep(0.15)
    standing, second = await claims.take(moment)
    assert standing is Standing.NEW, "the same words, said again"
    assert first is not None
    assert second is not None
    await claims.done(first)
    assert not await store.is_done("x:body"), "the claim is the second one's"
    await claims.done(second)
    assert await store.is_done("x:body")


class Slow(MemoryDedupStore):
    """Renewing takes longer than the handler."""

    async def renew(self, key: str, lease: float) -> None:
        await asyncio.sleep(0.1)
        await super().renew(key, lease)


async def test_a_slow_renewal_does_not_overtake_the_word_that_it_is_done() -> None:
    store = Slow()
    claims = Claims(store, scope="x", lease=0.15, ttl=60, window=60, failed=broken)
    _, claim = await claims.take(KEY)
    assert claim is not None
    await asyncio.sleep(0.08)
    await claims.done(claim)
    await asyncio.sleep(0.2)
    assert await store.is_done("x:key")


async def test_what_was_handled_and_not_yet_marked_when_the_end_came_is_neither_dropped_nor_forgotten() -> None:
    class Late(MemoryDedupStore):
        async def done(self, key: str, ttl: float) -> None:
            await asyncio.sleep(0.2)
            await super().done(key, ttl)

    store, handled = Late(), Handled()
    receiver = Receiver(handled, path_secret=PATH_SECRET, dedup_store=store, grace=0.05)
    async with receiver.serving() as url:
        assert await post(url, event_body(1)) == 200
    assert (receiver.counts.handled, receiver.counts.dropped) == (1, 0)
    assert await store.is_done(KEY_OF_EVENT_1)


@pytest.mark.parametrize("jump", [-86_400.0, 86_400.0])
async def test_the_wall_clock_may_jump_while_an_event_is_handled_and_after(
    monkeypatch: pytest.MonkeyPatch, handled: Handled, jump: float
) -> None:
    now = time.time
    receiver = Receiver(handled, path_secret=PATH_SECRET, dedup_store=MemoryDedupStore(), dedup_lease=0.2)
    handled.may_go.clear()
    async with receiver.serving() as url:
        assert await post(url, event_body(1)) == 200
        monkeypatch.setattr(time, "time", lambda: now() + jump)
        await asyncio.sleep(0.3)
        assert await post(url, event_body(1)) == 200
        handled.may_go.set()
        await receiver.idle()
        monkeypatch.undo()
        assert await post(url, event_body(1)) == 200
        await receiver.idle()
    assert handled.ids == [1]


async def test_receivers_of_two_urls_share_a_store_and_no_events() -> None:
    store, seen = MemoryDedupStore(), [Handled(), Handled()]
    receivers = [Receiver(handled, dedup_store=store) for handled in seen]
    async with receivers[0].serving() as one, receivers[1].serving() as other:
        assert [await post(url, event_body(1)) for url in (one, other, one, other)] == [200] * 4
    assert [handled.ids for handled in seen] == [[1], [1]]


@pytest.mark.parametrize("lease", [0, -1, True, "1", float("inf")])
def test_an_unfit_lease_is_refused(handled: Handled, lease: float) -> None:
    with pytest.raises(InvalidParameter, match="dedup_lease"):
        Receiver(handled, dedup_lease=lease)


# --- The queue


async def test_a_slow_room_delays_nobody_else(start: Start) -> None:
    gate, done = asyncio.Event(), []

    async def handle(event: Event) -> None:
        if event.payload.room.id == 1:
            await gate.wait()
        done.append(event.payload.message.id)

    receiver, url = await start(handle, queue_size=10, concurrency=2)
    slow = [await post(url, event_body(number, room=1)) for number in range(12)]
    assert slow == [200] * 10 + [503] * 2
    others = [await post(url, event_body(number, room=number)) for number in range(100, 130)]
    assert others == [200] * 30
    await asyncio.sleep(0.1)
    assert done == [*range(100, 130)]
    assert await post(url, event_body(12, room=1)) == 503
    gate.set()
    await receiver.idle()
    assert [number for number in done if number < 100] == [*range(10)]


async def test_a_slow_room_with_large_events_leaves_half_of_the_bytes(start: Start, handled: Handled) -> None:
    receiver, url = await start(handled, queue_bytes=1_000_000)
    handled.may_go.clear()
    large = [await post(url, event_body(number, room=1, text="x" * 100_000)) for number in range(7)]
    assert large == [200] * 5 + [503] * 2
    assert await post(url, event_body(50, room=2, text="x" * 100_000)) == 200
    assert await post(url, event_body(51, room=3)) == 200
    handled.may_go.set()
    await receiver.idle()
    assert sorted(handled.ids) == [0, 1, 2, 3, 4, 50, 51]


async def test_events_without_a_room_share_one_share_and_go_side_by_side(start: Start, handled: Handled) -> None:
    receiver, url = await start(handled, queue_size=4)
    handled.may_go.clear()
    assert [await post(url, b'{"type": "x", "n": %d}' % number) for number in range(5)] == [200] * 4 + [503]
    await asyncio.sleep(0.05)
    assert handled.begun == 4
    assert await post(url, event_body(1)) == 200
    handled.may_go.set()
    await receiver.idle()
