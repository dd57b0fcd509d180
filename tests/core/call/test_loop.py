"""A call through several attempts: what it pays, what is left of it when it ends in between, and what it looks for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

import pytest
from support.raw import RawServer, Received, Script, Wire

from nusantara.call import steps
from nusantara.client import AsyncClient, Settings
from nusantara.errors import (
    BadRequest,
    BadResponse,
    ClosedClient,
    ConnectionLost,
    Forbidden,
    NusantaraError,
    OutcomeUnknown,
    Phase,
    Sent,
    ServerError,
    Timeout,
)
from nusantara.hooks import Event, Hooks
from nusantara.options import Timeouts
from nusantara.request import CallClass, post
from nusantara.signing import BasicAuth


class Client(AsyncClient):
    vendor = "toko"

    def __init__(self, base_url: str, **settings: Any) -> None:
        super().__init__(base_url, BasicAuth("a", "b"), cast(Settings, settings))


class Answers:
    """Gives these statuses one after the other, the last of them for ever; 0 closes the connection, -1 is silence."""

    def __init__(self, *statuses: int) -> None:
        self._statuses = list(statuses)

    async def __call__(self, wire: Wire, request: Received) -> bool:
        status = self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]
        if status < 0:
            await asyncio.sleep(30)
        if status:
            await wire.answer(status, {"id": "7"})
        return not status


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.001)


@pytest.fixture
async def served() -> AsyncIterator[Callable[..., Any]]:
    opened: list[Any] = []

    async def start(script: Script, **settings: Any) -> tuple[RawServer, Client]:
        server = await RawServer(script).__aenter__()
        client = Client(server.base_url, **settings)
        opened.extend([server, client])
        return server, client

    yield start
    for one in reversed(opened):
        await one.__aexit__(None, None, None)


# --- What it pays


async def test_a_success_pays_and_one_after_repeats_pays_them_back(served: Any) -> None:
    _, client = await served(Answers(200, 503, 503, 200, 503))
    budget = client._shared.budget
    budget.spend(50)
    await client.request("GET", "/")
    assert budget.left == 51
    await client.request("GET", "/")
    assert budget.left == 51
    with pytest.raises(ServerError):
        await client.request("GET", "/")
    assert budget.left == 41


async def test_a_repeat_that_travels_when_it_is_cancelled_has_cost(served: Any) -> None:
    server, client = await served(Answers(503, -1))
    task = asyncio.create_task(client.request("GET", "/"))
    while len(server.requests) < 2:
        await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.wait([task])
    assert (task.cancelled(), client._shared.budget.left) == (True, 95)


async def test_a_repeat_that_is_cancelled_before_it_travels_has_cost_nothing(served: Any) -> None:
    held = asyncio.Event()

    async def hold(event: Event) -> None:
        if event.attempt == 2:
            held.set()
            await asyncio.sleep(30)

    server, client = await served(Answers(503), hooks=Hooks(before=hold))
    task = asyncio.create_task(client.request("GET", "/"))
    await held.wait()
    assert client._shared.budget.left == 95
    task.cancel()
    await asyncio.wait([task])
    assert (len(server.requests), client._shared.budget.left) == (1, 100)


async def test_a_pause_that_is_cancelled_has_cost_nothing(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 60)
    server, client = await served(Answers(503), timeout=None)
    task = asyncio.create_task(client.request("GET", "/"))
    while not server.requests:
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.wait([task])
    assert (task.cancelled(), client._shared.budget.left) == (True, 100)


async def test_what_others_have_spent_during_the_pause_is_not_there(
    served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, client = await served(Answers(503))
    sleep = asyncio.sleep

    async def spend_meanwhile(seconds: float) -> None:
        client._shared.budget.left = 4
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", spend_meanwhile)
    with pytest.raises(ServerError) as caught:
        await client.request("GET", "/")
    assert (len(server.requests), caught.value.__notes__) == (1, [steps.SPENT])


async def test_the_wait_that_a_server_asks_for_is_kept(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(wire: Wire, request: Received) -> None:
        await wire.answer(429 if len(server.requests) == 1 else 200, Retry_After="7")

    server, client = await served(busy)
    noted: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        noted.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", note)
    await client.request("POST", "/")
    assert [seconds for seconds in noted if seconds] == [7.0]


# --- A client that is closed meanwhile


@pytest.mark.parametrize("call_class", list(CallClass))
async def test_a_call_that_left_when_its_client_was_closed(
    served: Any, monkeypatch: pytest.MonkeyPatch, call_class: CallClass
) -> None:
    monkeypatch.setattr("nusantara.transport.session.CLOSING_GRACE", 0.01)
    server, client = await served(Answers(-1))
    task = asyncio.create_task(client.request("POST", "/", json={}, call_class=call_class))
    while not server.requests:
        await asyncio.sleep(0.001)
    await client.aclose()
    with pytest.raises(ClosedClient if call_class is CallClass.SAFE else OutcomeUnknown) as caught:
        await task
    assert caught.value.sent is Sent.MAYBE
    with pytest.raises(ClosedClient) as late:
        await client.request("POST", "/", json={}, call_class=call_class)
    assert late.value.sent is Sent.NO


# --- An answer that leaves it open


@pytest.mark.parametrize("status", [408, 409, 424, 499, 500, 502, 504])
async def test_an_answer_that_leaves_it_open_says_so(served: Any, status: int) -> None:
    server, client = await served(Answers(status))
    with pytest.raises(BadRequest if status < 500 else ServerError, match="may have been carried out") as caught:
        await client.request("POST", "/")
    assert (len(server.requests), caught.value.sent, caught.value.status) == (1, Sent.YES, status)
    with pytest.raises(NusantaraError) as of_a_read:
        await client.with_options(max_attempts=1).request("GET", "/")
    assert "carried out" not in str(of_a_read.value)


@pytest.mark.parametrize("status", [400, 404, 413, 422])
async def test_a_refusal_does_not(served: Any, status: int) -> None:
    _, client = await served(Answers(status))
    with pytest.raises(NusantaraError) as caught:
        await client.request("POST", "/")
    assert "carried out" not in str(caught.value)


# --- What it looks for


class Room:
    """Where a keyed call's result may be found, from the given look on; a look may fail."""

    def __init__(self, *, there_at: int = 0, problem: Exception | None = None) -> None:
        self.looks = 0
        self._there_at = there_at
        self._problem = problem

    async def find(self) -> dict[str, str] | None:
        self.looks += 1
        if self._problem is not None:
            raise self._problem
        return {"id": "found"} if self.looks == self._there_at else None


async def send(client: Client, room: Room, *, settling_time: float = 0.02, may_send_again: bool = True) -> Any:
    request = post("/a", call_class=CallClass.KEYED, json={})
    return await client._send_keyed(
        request, dict[str, str], room.find, settling_time=settling_time, may_send_again=may_send_again
    )


@pytest.mark.parametrize("there_at", [1, 3, 5])
@pytest.mark.parametrize("failure", [0, 408, 409, 499, 500, 502, 503, 504])
async def test_what_is_found_is_not_sent_again(served: Any, failure: int, there_at: int) -> None:
    server, client = await served(Answers(failure, 200))
    assert await send(client, room := Room(there_at=there_at)) == {"id": "found"}
    assert (len(server.requests), room.looks, client._shared.budget.left) == (1, there_at, 100)


async def test_after_a_closed_connection_it_is_sent_again_once_it_was_not_found(served: Any) -> None:
    server, client = await served(Answers(0, 200))
    assert await send(client, room := Room()) == {"id": "7"}
    assert (len(server.requests), room.looks) == (2, 5)


@pytest.mark.parametrize("failure", [-1, 408, 409, 499, 500, 501, 502, 503, 504, 307])
async def test_what_something_may_hold_still_is_never_sent_again(served: Any, failure: int) -> None:
    server, client = await served(Answers(failure, 200), timeout=Timeouts(first_byte=0.05))
    with pytest.raises(OutcomeUnknown) as caught:
        await send(client, room := Room())
    assert (len(server.requests), room.looks) == (1, 5)
    assert caught.value.__cause__ is not None
    assert len(caught.value.attempts) == 1


async def test_never_again_holds_after_a_closed_connection_too(served: Any) -> None:
    server, client = await served(Answers(0, 200))
    with pytest.raises(OutcomeUnknown):
        await send(client, room := Room(), may_send_again=False)
    assert (len(server.requests), room.looks) == (1, 5)


@pytest.mark.parametrize("failure", [0, 504])
@pytest.mark.parametrize(
    "problem", [BadResponse("an HTML page"), Forbidden("no"), ConnectionLost("x"), Timeout], ids=repr
)
async def test_a_look_that_fails_leaves_the_outcome_unknown(served: Any, problem: Any, failure: int) -> None:
    server, client = await served(Answers(failure, 200))
    problem = problem(Phase.TOTAL, "late") if problem is Timeout else problem
    with pytest.raises(OutcomeUnknown, match="looking for it failed") as caught:
        await send(client, room := Room(problem=problem))
    assert caught.value.__cause__ is problem
    assert (len(server.requests), room.looks) == (1, 1)
    assert caught.value.sent is not Sent.NO


async def test_the_deadline_ends_a_look(served: Any) -> None:
    class Slow(Room):
        async def find(self) -> None:
            self.looks += 1
            await asyncio.sleep(30)

    server, client = await served(Answers(0, 200), timeout=0.1)
    with pytest.raises(OutcomeUnknown) as caught:
        await send(client, Slow())
    assert isinstance(caught.value.__cause__, Timeout)
    assert (len(server.requests), len(caught.value.attempts)) == (1, 1)


async def test_an_answer_that_cannot_be_read_is_looked_for(served: Any) -> None:
    async def page(wire: Wire, request: Received) -> None:
        await wire.answer(body=b"<html><title>Halo</title></html>")

    server, client = await served(page)
    assert await send(client, Room(there_at=2)) == {"id": "found"}
    with pytest.raises(OutcomeUnknown, match="HTML"):
        await send(client, Room())
    assert len(server.requests) == 2


async def test_a_refused_repeat_stands_only_if_it_was_looked_for(served: Any) -> None:
    server, client = await served(Answers(0, 400, 0, 400))
    with pytest.raises(BadRequest):
        await send(client, room := Room())
    assert (len(server.requests), room.looks) == (2, 6)
    assert await send(client, Room(there_at=6)) == {"id": "found"}
