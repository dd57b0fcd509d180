"""Hooks of a user that go wrong: the call goes on, and the log says which hook it was and how long it took."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from hostile.conftest import at_once, best_time
from support.faults import Seen
from support.flavours import Flavour
from support.raw import Received, Wire

from nusantara.errors import NotFound, Phase, Timeout
from nusantara.hooks import Event, Hooks

WHEN = ("before", "after", "error")


async def answer(wire: Wire, request: Received) -> None:
    await wire.answer(404 if request.target == "/gone" else 200, {"ok": True})


async def call(client: Flavour[Any], when: str, **options: Any) -> None:
    """Make a call whose answer must come through, whatever the hook at this place does."""

    def operation(c: Any) -> Any:
        c = c.with_options(**options) if options else c
        return c.request("GET", "/gone" if when == "error" else "/")

    if when == "error":
        with pytest.raises(NotFound):
            await client(operation)
    else:
        assert (await client(operation)).json() == {"ok": True}


def reports(caplog: pytest.LogCaptureFixture, hook: str) -> list[logging.LogRecord]:
    """What the log says of a hook. Those of an earlier test may still be running, and be reported now."""
    return [record for record in caplog.records if record.__dict__.get("hook") == hook]


def raises(event: Event) -> None:
    raise ValueError("hook")


async def raises_later(event: Event) -> None:
    await asyncio.sleep(0)
    raise ValueError("hook")


def raises_cancelled(event: Event) -> None:
    raise asyncio.CancelledError


async def cancels_itself(event: Event) -> None:
    task = asyncio.current_task()
    assert task is not None
    task.cancel()
    await asyncio.sleep(1)


@pytest.mark.parametrize("hook", [raises, raises_later, raises_cancelled, cancels_itself])
@pytest.mark.parametrize("when", WHEN)
async def test_g66_a_hook_that_raises(
    open_client: Any, serve: Any, seen: Seen, caplog: pytest.LogCaptureFixture, when: str, hook: Any
) -> None:
    others: list[Event] = []
    server = await serve(answer)
    client: Flavour[Any] = open_client(server.base_url, hooks=Hooks(**{when: [hook, others.append]}))
    await call(client, when)
    assert len(others) == len(server.requests) == 1
    [record] = reports(caplog, hook.__name__)
    assert record.levelno == logging.WARNING
    assert record.name == "nusantara.hooks"
    assert record.__dict__["vendor"] == "bukalapak"
    assert f"hook {hook.__name__} failed" in record.getMessage()
    seen(f"{when}: answer kept", record.getMessage().partition(" (")[0])


def hanging(ended: list[float], name: str) -> Callable[[Event], Any]:
    async def hangs(event: Event) -> None:
        started = time.monotonic()
        try:
            await asyncio.sleep(10)
        finally:
            ended.append(time.monotonic() - started)

    hangs.__qualname__ = name
    return hangs


@pytest.mark.parametrize("when", WHEN)
async def test_g66_a_hook_that_hangs(
    open_client: Any,
    serve: Any,
    seen: Seen,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    when: str,
) -> None:
    monkeypatch.setattr("nusantara.hooks.HOOK_TIMEOUT", 0.3)
    ended: list[float] = []
    others: list[Event] = []

    async def other(event: Event) -> None:
        others.append(event)

    server = await serve(answer)
    hang = hanging(ended, "hangs")
    client: Flavour[Any] = open_client(server.base_url, hooks=Hooks(**{when: [hang, hang, other]}))
    elapsed = await best_time(lambda: call(client, when), 0.3, within=0.15)
    # Two that hang take no longer than one, and keep the third from nothing.
    assert 0.25 <= elapsed < 0.55
    assert len(others) == len(server.requests)
    assert len(ended) == len(reports(caplog, "hangs")) == 2 * len(others)
    for record in reports(caplog, "hangs"):
        assert "took too long and was stopped" in record.getMessage()
        assert record.__dict__["seconds"] >= 0.28
    seen(f"{when}: answer kept", reports(caplog, "hangs")[0].getMessage().partition(" (")[0])


@pytest.mark.parametrize("when", ["after", "error"])
async def test_g66_a_hook_that_hangs_beyond_the_deadline_loses_no_answer(
    open_client: Any, serve: Any, seen: Seen, when: str
) -> None:
    ended: list[float] = []
    server = await serve(answer)
    client: Flavour[Any] = open_client(server.base_url, hooks=Hooks(**{when: hanging(ended, "outlasts the call")}))
    elapsed = await best_time(lambda: call(client, when, timeout=0.3), 0.3)
    assert elapsed < 0.4
    assert ended == [], "it has the rest of its five seconds, of which the call sees nothing"
    seen(f"{when}: answer kept", f"answer after {elapsed:.2f} s of 0.3 s")


async def test_g66_a_hook_that_hangs_before_the_deadline_of_an_unsent_call(
    open_client: Any, serve: Any, seen: Seen
) -> None:
    server = await serve(answer)
    client: Flavour[Any] = open_client(server.base_url, hooks=Hooks(before=hanging([], "outlasts the call")))

    async def run() -> None:
        with pytest.raises(Timeout) as caught:
            await client(lambda c: c.with_options(timeout=0.3).request("POST", "/"))
        assert caught.value.phase is Phase.TOTAL
        assert caught.value.sent == "no"

    elapsed = await best_time(run, 0.3)
    assert elapsed < 0.4
    assert server.requests == []
    seen("before: nothing sent", f"Timeout after {elapsed:.2f} s of 0.3 s")


async def test_g66_a_hook_that_hears_of_the_deadline_does_not_extend_it(
    open_client: Any, serve: Any, seen: Seen
) -> None:
    heard: list[Event] = []

    async def slow(event: Event) -> None:
        await asyncio.sleep(0.5)
        heard.append(event)

    async def hang(wire: Wire, request: Received) -> None:
        await asyncio.sleep(30)

    server = await serve(hang)
    client: Flavour[Any] = open_client(server.base_url, hooks=Hooks(error=slow), timeout=0.3)
    runs = 0

    async def run() -> None:
        nonlocal runs
        runs += 1
        with pytest.raises(Timeout):
            await client(lambda c: c.request("GET", "/"))

    elapsed = await best_time(run, 0.3)
    assert elapsed < 0.4
    await asyncio.sleep(0.8)
    assert len(heard) == runs, "the call was not waited with, and the hook not cut off"
    seen("error: Timeout kept, the hook goes on", f"Timeout after {elapsed:.2f} s of 0.3 s")


async def test_g66_a_hook_that_hangs_holds_up_no_other_call(open_client: Any, serve: Any, seen: Seen) -> None:
    """Not even where there is one connection for all."""

    async def hangs_once(event: Event) -> None:
        if event.template == "/slow":
            await asyncio.sleep(1)

    server = await serve(answer)
    client: Flavour[Any] = open_client(server.base_url, max_connections=1, hooks=Hooks(before=hangs_once))
    finished: dict[int, float] = {}

    def operation(c: Any, number: int) -> Any:
        return c.request("GET", "/slow" if number == 0 else f"/{number}")

    started = time.monotonic()
    if client.name == "async":

        async def timed(number: int) -> None:
            await operation(client.client, number)
            finished[number] = time.monotonic() - started

        await asyncio.gather(*(timed(number) for number in range(10)))
    else:

        def timed_sync(c: Any, number: int) -> None:
            operation(c, number)
            finished[number] = time.monotonic() - started

        await at_once(client, 10, timed_sync)
    slow = finished.pop(0)
    assert slow >= 0.98
    assert max(finished.values()) < 0.9
    seen("before: others go on", f"others {max(finished.values()):.2f} s, the held one {slow:.2f} s")


def blocks(event: Event) -> None:
    time.sleep(0.25)


async def blocks_inside(event: Event) -> None:
    await asyncio.sleep(0)
    time.sleep(0.25)
    await asyncio.sleep(0)


@pytest.mark.parametrize("hook", [blocks, blocks_inside])
@pytest.mark.parametrize("when", WHEN)
async def test_g66_a_hook_that_blocks_the_loop(
    open_client: Any, serve: Any, seen: Seen, caplog: pytest.LogCaptureFixture, when: str, hook: Any
) -> None:
    server = await serve(answer)
    client: Flavour[Any] = open_client(server.base_url, hooks=Hooks(**{when: hook}))
    await call(client, when)
    record = reports(caplog, hook.__name__)[0]
    assert f"hook {hook.__name__} blocked the event loop" in record.getMessage()
    assert 0.25 <= record.__dict__["seconds"] < 1
    seen(f"{when}: answer kept", record.getMessage().partition(",")[0] + f", {record.__dict__['seconds']:.2f} s")


@pytest.mark.parametrize("hook", [blocks, blocks_inside])
async def test_g66_what_a_hook_has_blocked_beyond_the_deadline_is_not_sent(
    open_client: Any, serve: Any, seen: Seen, hook: Any
) -> None:
    server = await serve(answer)
    client: Flavour[Any] = open_client(server.base_url)
    await client(lambda c: c.request("POST", "/"))  # So that a connection is open, and a write needs no waiting.
    watched: Flavour[Any] = open_client(server.base_url, hooks=Hooks(before=hook))
    watched.core._shared.host = client.core._shared.host
    with pytest.raises(Timeout) as caught:
        await watched(lambda c: c.with_options(timeout=0.1).request("POST", "/"))
    assert caught.value.sent == "no"
    await asyncio.sleep(0.1)
    assert len(server.requests) == 1
    seen(caught.value)


@pytest.mark.parametrize("when", ["after", "error"])
async def test_g66_a_hook_that_blocks_beyond_the_deadline_loses_no_answer(
    open_client: Any, serve: Any, seen: Seen, when: str
) -> None:
    server = await serve(answer)
    client: Flavour[Any] = open_client(server.base_url, hooks=Hooks(**{when: [blocks, blocks_inside]}), timeout=0.2)
    await call(client, when)
    seen(f"{when}: answer kept", "blocked 0.5 s of 0.2 s")


async def test_g66_a_hook_that_ignores_its_cancellation(
    open_client: Any,
    serve: Any,
    seen: Seen,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nusantara.hooks.HOOK_TIMEOUT", 0.1)
    release = threading.Event()

    async def stubborn(event: Event) -> None:
        while not release.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(0.01)

    server = await serve(answer)
    client: Flavour[Any] = open_client(server.base_url, hooks=Hooks(after=stubborn))
    try:
        elapsed = await best_time(lambda: call(client, "after"), 0.2)
        assert elapsed < 0.35
        assert any(
            "ignores its cancellation" in record.getMessage() for record in reports(caplog, stubborn.__qualname__)
        )
    finally:
        release.set()
        await asyncio.sleep(0.05)
    seen("after: answer kept", f"left running after {elapsed:.2f} s")
