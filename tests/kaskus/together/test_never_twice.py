"""Purchases and posts over a connection that loses requests and answers: none is made twice, no loss goes unsaid."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import attrs
import pytest
from support.flavours import Flavour

from nusantara.errors import OutcomeUnknown, Sent
from nusantara.sandbox import Fault, Sandbox

Client = Flavour[Any]

EACH = 500
CALLS = 2 * EACH
AT_ONCE = 20


@attrs.frozen
class Outcome:
    """What a caller learns of a call."""

    mark: str
    """Stands in what was to be made, and nowhere else."""
    error: OutcomeUnknown | None


async def buy(partner: Client, lapak: str, address_id: int, mark: str) -> None:
    await partner(lambda k: k.fjb.purchases.buy_now(lapak, 1, message=mark, address_id=address_id, shipping_agent=2))


async def write(partner: Client, thread_id: str, mark: str) -> None:
    await partner(lambda k: k.posts.create(thread_id, mark))


@pytest.mark.timeout(300)
async def test_nothing_is_bought_or_posted_twice(
    kaskus: Client, partner: Client, lapak: str, address_id: int, nusantara_sandbox: Sandbox
) -> None:
    market, board = nusantara_sandbox.kaskus.market, nusantara_sandbox.kaskus.board
    market.goods[lapak].stock = EACH
    thread_id = (await kaskus(lambda k: k.threads.create(21, "Uji coba", "Mulai"))).thread_id
    before = len(nusantara_sandbox.requests)
    lost_answers = nusantara_sandbox.faults.add(Fault.drop_after_execute(), method="POST", probability=0.2)
    lost_requests = nusantara_sandbox.faults.add(Fault.reset_after_read(), method="POST", probability=0.2)
    gate = asyncio.Semaphore(AT_ONCE)

    async def attempt(number: int) -> Outcome:
        mark = f"tanda {number}"
        call = buy(partner, lapak, address_id, mark) if number % 2 else write(partner, thread_id, mark)
        async with gate:
            try:
                await call
            except OutcomeUnknown as error:
                return Outcome(mark, error)
        return Outcome(mark, None)

    outcomes = await asyncio.gather(*map(attempt, range(CALLS)))

    made = Counter(invoice.order.message for invoice in market.invoices.values())
    made.update(post.pagetext for post in board.posts_of(board.threads[thread_id]))
    records = nusantara_sandbox.requests[before:]
    assert len(records) == CALLS, "each call is one request"
    assert {made[outcome.mark] for outcome in outcomes if outcome.error is None} == {1}
    unknown = {outcome.mark: outcome.error for outcome in outcomes if outcome.error is not None}
    assert {made[mark] for mark in unknown} == {0, 1}
    assert sum(made[mark] for mark in unknown) == lost_answers.fired
    assert len(unknown) == lost_answers.fired + lost_requests.fired
    # Both happened often enough to mean something.
    assert min(lost_answers.fired, lost_requests.fired) > CALLS // 10
    assert {(error.sent is Sent.NO, len(error.attempts)) for error in unknown.values()} == {(False, 1)}


@pytest.mark.parametrize("fault", [Fault.drop_after_execute(), Fault.reset_after_read()], ids=lambda fault: fault.kind)
async def test_reads_and_settings_survive_the_same(kaskus: Client, nusantara_sandbox: Sandbox, fault: Fault) -> None:
    nusantara_sandbox.faults.add(fault, times=2)
    assert (await kaskus(lambda k: k.threads.hot())).data
    nusantara_sandbox.faults.add(fault, times=1)
    await kaskus(lambda k: k.following.follow(2_210_437))
    assert [one.method for one in nusantara_sandbox.requests] == ["GET"] * 3 + ["POST"] * 2


async def test_a_second_purchase_needs_a_second_call(
    partner: Client, lapak: str, address_id: int, nusantara_sandbox: Sandbox
) -> None:
    before = len(nusantara_sandbox.kaskus.market.invoices)
    nusantara_sandbox.faults.add(Fault.drop_after_execute(), operation="POST /v1/fjb/lapak/{lapak_id}/buy_now", times=1)
    with pytest.raises(OutcomeUnknown) as lost:
        await buy(partner, lapak, address_id, "sekali")
    assert (lost.value.method, lost.value.sent) == ("POST", Sent.MAYBE)
    assert "may or may not have been carried out" in str(lost.value)
    found = await partner(lambda k: k.fjb.invoices.buying())
    assert [invoice.message for invoice in found.data].count("sekali") == 1
    assert len(nusantara_sandbox.kaskus.market.invoices) == before + 1
