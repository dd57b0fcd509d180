"""The calls in flight at once: in order, and none lost to a cancellation."""

from __future__ import annotations

import asyncio
import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nusantara.errors import Phase, Timeout
from nusantara.transport.slots import Slots


async def test_slots_are_handed_on_in_order() -> None:
    slots = Slots(1)
    order: list[int] = []

    async def use(number: int) -> None:
        await slots.take(None)
        order.append(number)
        await asyncio.sleep(0)
        slots.release()

    await asyncio.gather(*(use(number) for number in range(5)))
    assert order == [0, 1, 2, 3, 4]
    assert (slots.in_use, slots.waiting) == (0, 0)


async def test_a_newcomer_does_not_overtake_who_waits() -> None:
    slots = Slots(1)
    assert slots.take_now()
    waiting = asyncio.create_task(slots.take(None))
    await asyncio.sleep(0)
    assert not slots.take_now()
    slots.release()
    assert not slots.take_now()
    await waiting
    slots.release()
    assert slots.take_now()


async def test_a_wait_without_end_is_a_timeout_of_its_own_phase() -> None:
    slots = Slots(2)
    assert slots.take_now()
    assert slots.take_now()
    with pytest.raises(Timeout, match="2 of 2 in use, 0 others waiting") as caught:
        await slots.take(0.01)
    assert caught.value.phase is Phase.POOL
    assert (slots.in_use, slots.waiting) == (2, 0)


async def test_a_slot_handed_to_a_cancelled_call_goes_to_the_next() -> None:
    slots = Slots(1)
    assert slots.take_now()
    first, second = asyncio.create_task(slots.take(None)), asyncio.create_task(slots.take(None))
    await asyncio.sleep(0)
    slots.release()
    first.cancel()
    await asyncio.wait([first, second], timeout=1)
    assert first.cancelled()
    assert second.done()
    slots.release()
    assert (slots.in_use, slots.waiting) == (0, 0)


@pytest.mark.parametrize("how", ["cancelled", "timed out"])
async def test_a_slot_released_in_the_moment_of_giving_up_is_no_error(how: str) -> None:
    slots = Slots(1)
    assert slots.take_now()
    task = asyncio.create_task(slots.take(None if how == "cancelled" else 0.01))
    await asyncio.sleep(0)
    if how == "cancelled":
        task.cancel()
    else:
        [turn] = slots._lines[None]
        slots._give_up(turn, 0.01)
    slots.release()
    with pytest.raises(asyncio.CancelledError if how == "cancelled" else Timeout):
        await task
    assert (slots.in_use, slots.waiting) == (0, 0)


async def test_random_cancellations_leave_all_slots_free() -> None:
    slots = Slots(3)
    chance = random.Random(7)

    async def use() -> None:
        await slots.take(0.005 if chance.random() < 0.2 else None)
        try:
            await asyncio.sleep(chance.random() * 0.002)
        finally:
            slots.release()

    for _ in range(20):
        tasks = [asyncio.create_task(use()) for _ in range(30)]
        for task in tasks:
            if chance.random() < 0.5:
                asyncio.get_running_loop().call_later(chance.random() * 0.005, task.cancel)
        await asyncio.gather(*tasks, return_exceptions=True)
        assert (slots.in_use, slots.waiting) == (0, 0)


async def test_lines_take_turns() -> None:
    slots = Slots(1)
    assert slots.take_now()
    order: list[str] = []

    async def use(tenant: str) -> None:
        await slots.take(None, tenant)
        order.append(tenant)
        await asyncio.sleep(0)
        slots.release()

    calls = [asyncio.create_task(use(tenant)) for tenant in "aaaaa" + "b" + "cc"]
    await asyncio.sleep(0)
    assert slots.waiting == 8
    slots.release()
    await asyncio.gather(*calls)
    assert "".join(order) == "abcacaaa"
    assert (slots.in_use, slots.waiting, len(slots._lines)) == (0, 0, 0)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["stay", "leave", "time out"])), min_size=1, max_size=30)
)
def test_who_leaves_a_line_costs_nobody_a_turn(callers: list[tuple[str, str]]) -> None:
    async def queue() -> None:
        slots = Slots(1)
        assert slots.take_now()
        order: list[str] = []

        async def use(tenant: str, number: int) -> None:
            await slots.take(60, tenant)
            order.append(f"{tenant}{number}")
            await asyncio.sleep(0)
            slots.release()

        tasks = [asyncio.create_task(use(tenant, number)) for number, (tenant, _) in enumerate(callers)]
        await asyncio.sleep(0)
        turns = {tenant: list(line) for tenant, line in slots._lines.items()}
        for task, (tenant, fate) in zip(tasks, callers, strict=True):
            turn = turns[tenant].pop(0)
            if fate == "leave":
                task.cancel()
            elif fate == "time out":
                slots._give_up(turn, 60)
        slots.release()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert (slots.in_use, slots.waiting, len(slots._lines)) == (0, 0, 0)
        lines = [
            [f"{a}{n}" for n, (a, fate) in enumerate(callers) if a == tenant and fate == "stay"] for tenant in turns
        ]
        expected = [each for row in itertools.zip_longest(*lines) for each in row if each is not None]
        assert order == expected

    asyncio.run(queue())
