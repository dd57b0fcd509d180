"""Connections that are reset or closed in the middle of a call, or just before the next one."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from hostile.conftest import at_once
from support.faults import Seen
from support.flavours import Flavour
from support.market import open_lapak, save_address
from support.raw import RawServer, Received, Wire, listening, port_of

from kaskus_async import AsyncKaskus, Kaskus
from nusantara.errors import ConnectFailed, ConnectionLost, NoAnswer, NusantaraError, OutcomeUnknown, Sent
from nusantara.request import CallClass
from nusantara.sandbox import Fault, Sandbox

pytestmark = pytest.mark.usefixtures("short_pauses")

CLASSES = [
    ("GET", CallClass.SAFE),
    ("PUT", CallClass.REPEATABLE),
    ("POST", CallClass.KEYED),
    ("POST", CallClass.UNREPEATABLE),
]


class Resetting:
    """Resets each connection once it has read as much of the request as it was told to."""

    def __init__(self, *, headers: bool = False, body: int = 0) -> None:
        self.headers = headers
        self.body = body
        self.read: list[int] = []
        """Bytes read of each connection."""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        read = 0
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            if self.headers:
                read += len(await reader.readuntil(b"\r\n\r\n"))
            if self.body:
                read += len(await reader.readexactly(self.body))
            raw: socket.socket = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        self.read.append(read)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        async with listening(self._serve) as server:
            yield f"127.0.0.1:{port_of(server)}"


def request(method: str, path: str) -> Callable[[Any], Any]:
    return lambda client: client.request(method, path)


def follows_the_rule(error: NoAnswer, call_class: CallClass, tries: int) -> None:
    """What left and got no answer is tried again unless it is unrepeatable, and is a loss only for a safe call."""
    assert error.sent is Sent.MAYBE
    assert tries == len(error.attempts) == (1 if call_class is CallClass.UNREPEATABLE else 3)
    assert type(error) is (ConnectionLost if call_class is CallClass.SAFE else OutcomeUnknown)


# --- Before anything was written


@pytest.mark.parametrize(("method", "call_class"), CLASSES)
async def test_g05_reset_before_the_handshake(open_client: Any, seen: Seen, method: str, call_class: CallClass) -> None:
    resetting = Resetting()
    async with resetting.running() as where:
        client: Flavour[Any] = open_client(f"https://{where}")
        with pytest.raises(ConnectFailed) as caught:
            await client(lambda c: c.request(method, "/", call_class=call_class))
    assert (caught.value.sent, len(caught.value.attempts), resetting.read) == (Sent.NO, 3, [0, 0, 0])
    seen(caught.value, f"{call_class}, TLS: {sum(resetting.read)} bytes read")


@pytest.mark.parametrize(("method", "call_class"), CLASSES)
@pytest.mark.parametrize("noticed", ["by the loop", "by the socket only"])
async def test_g05_reset_before_the_request(
    open_client: Any, seen: Seen, monkeypatch: pytest.MonkeyPatch, method: str, call_class: CallClass, noticed: str
) -> None:
    """On a line so slow, or in a loop so busy, that the reset is there before the request is written."""
    connect = aiohttp.TCPConnector._create_connection

    async def slowly(self: Any, *rest: Any) -> Any:
        before = len(resetting.read)
        protocol: Any = await connect(self, *rest)
        if noticed == "by the socket only":
            protocol.transport.pause_reading()  # As if the loop had not polled since.
        async with asyncio.timeout(5):
            while len(resetting.read) == before:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.02)
        return protocol

    monkeypatch.setattr(aiohttp.TCPConnector, "_create_connection", slowly)
    resetting = Resetting()
    async with resetting.running() as where:
        client: Flavour[Any] = open_client(f"http://{where}")
        with pytest.raises(ConnectFailed, match=r"no connection|accepted the connection and closed it") as caught:
            await client(lambda c: c.request(method, "/", call_class=call_class))
    assert (caught.value.sent, len(caught.value.attempts), resetting.read) == (Sent.NO, 3, [0, 0, 0])
    seen(caught.value, f"{call_class}, {noticed}: {sum(resetting.read)} bytes read")


async def test_g05_reset_while_the_request_is_written(open_client: Any, seen: Seen) -> None:
    """Whichever comes first. Only what is known not to have left is tried again."""
    outcomes: Counter[str] = Counter()
    resetting = Resetting()
    async with resetting.running() as where:
        client: Flavour[Any] = open_client(f"http://{where}")
        for _ in range(20):
            with pytest.raises(NoAnswer) as caught:
                await client(lambda c: c.request("POST", "/"))
            sent = [attempt.sent for attempt in caught.value.attempts]
            assert Sent.MAYBE not in sent[:-1]
            assert sent[-1] is Sent.MAYBE or len(sent) == 3
            assert isinstance(caught.value, OutcomeUnknown if sent[-1] is Sent.MAYBE else ConnectFailed)
            outcomes[f"sent {caught.value.sent}"] += 1
    seen("; ".join(f"{count} of 20 {outcome}" for outcome, count in sorted(outcomes.items())))


# --- In the middle of the request


@pytest.mark.parametrize(("method", "call_class"), CLASSES)
async def test_g06_reset_after_the_headers(open_client: Any, seen: Seen, method: str, call_class: CallClass) -> None:
    resetting = Resetting(headers=True)
    async with resetting.running() as where:
        client: Flavour[Any] = open_client(f"http://{where}")
        with pytest.raises(NoAnswer) as caught:
            await client(lambda c: c.request(method, "/", call_class=call_class))
    follows_the_rule(caught.value, call_class, len(resetting.read))
    seen(caught.value, f"{call_class}: {len(resetting.read)} requests")


@pytest.mark.parametrize(("method", "call_class"), CLASSES[1:])
@pytest.mark.parametrize("size", [20_000, 2_000_000])
async def test_g06_reset_after_half_the_body(
    open_client: Any, seen: Seen, method: str, call_class: CallClass, size: int
) -> None:
    """Of a body that is sent at once, and of one that is sent in pieces."""
    resetting = Resetting(headers=True, body=size // 2)
    async with resetting.running() as where:
        client: Flavour[Any] = open_client(f"http://{where}")
        with pytest.raises(NoAnswer) as caught:
            await client(lambda c: c.request(method, "/", json="x" * size, call_class=call_class))
    follows_the_rule(caught.value, call_class, len(resetting.read))
    assert all(read > size // 2 for read in resetting.read)
    seen(caught.value, f"{call_class}: {len(resetting.read)} requests")


# --- After the request


async def test_g07_a_purchase_is_made_and_its_answer_lost(flavour: str, nusantara_sandbox: Sandbox, seen: Seen) -> None:
    keys = nusantara_sandbox.credentials["kaskus"]

    def signed_in(user: dict[str, Any]) -> Flavour[Any]:
        kind = AsyncKaskus if flavour == "async" else Kaskus
        return Flavour(
            flavour,
            kind(
                keys["consumer_key"],
                keys["consumer_secret"],
                base_url=nusantara_sandbox.base_url,
                token=user["token"],
                token_secret=user["token_secret"],
            ),
        )

    seller, buyer = signed_in(keys), signed_in(keys["partner"])
    lapak, address_id = await open_lapak(seller), await save_address(buyer)
    goods = nusantara_sandbox.kaskus.market.goods[lapak]
    stock, before = goods.stock, len(nusantara_sandbox.requests)
    nusantara_sandbox.faults.add(Fault.drop_after_execute())
    with pytest.raises(OutcomeUnknown, match="may or may not have been carried out") as caught:
        await buyer(lambda k: k.fjb.purchases.buy_now(lapak, 1, address_id=address_id, shipping_agent=2))
    purchases = nusantara_sandbox.requests[before:]
    assert len(purchases) == 1
    assert stock - goods.stock == 1
    assert (caught.value.sent, [attempt.number for attempt in caught.value.attempts]) == (Sent.MAYBE, [1])
    assert isinstance(caught.value.__cause__, ConnectionLost)
    assert caught.value.template
    assert caught.value.template in str(caught.value)
    for client in (seller, buyer):
        await client.close()
    seen(caught.value, f"{len(purchases)} request, {stock - goods.stock} sold")


async def test_g07_a_read_is_tried_again(open_client: Any, serve: Any, seen: Seen) -> None:
    async def twice(wire: Wire, request: Received) -> bool:
        if len(server.requests) < 3:
            return True
        await wire.answer(body={"data": []})
        return False

    server = await serve(twice)
    client: Flavour[Any] = open_client(server.base_url, "kaskus")
    await client(lambda k: k.threads.hot())
    assert len(server.requests) == 3
    assert len({request.headers["authorization"] for request in server.requests}) == 3, "each is signed anew"
    seen(f"an answer, after {len(server.requests)} requests")


async def drop(wire: Wire, request: Received) -> bool:
    return True


@pytest.mark.parametrize("method", ["DELETE", "PUT", "GET", "HEAD", "OPTIONS", "POST"])
@pytest.mark.parametrize("kept", [False, True])
async def test_g08_one_attempt_is_one_request(
    open_client: Any, serve: Any, seen: Seen, method: str, kept: bool
) -> None:
    """On a new connection, and on a kept one, where aiohttp would send it again by itself."""

    async def drop_the_last(wire: Wire, request: Received) -> bool:
        if request.target == "/":
            return True
        await wire.answer(body=b"")
        return False

    server = await serve(drop_the_last)
    client: Flavour[Any] = open_client(server.base_url, max_attempts=1)
    if kept:
        await client(lambda c: c.request(method, "/dulu", call_class=CallClass.REPEATABLE))
    with pytest.raises(OutcomeUnknown) as caught:
        await client(lambda c: c.request(method, "/", call_class=CallClass.REPEATABLE))
    received = [request.method for request in server.requests if request.target == "/"]
    assert received == [method]
    assert server.connections == 1
    assert len(caught.value.attempts) == 1
    seen(caught.value, f"{len(received)} {method} on a {'kept' if kept else 'new'} connection")


# --- Kept connections


async def answer_and_close(wire: Wire, request: Received) -> bool:
    """The end of the connection comes in one packet with the answer, which announces that it is kept."""
    wire.writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
    await wire.answer(Connection="keep-alive")
    return True


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("before", ["GET", "POST"])
async def test_g09_closed_though_announced_as_kept(
    open_client: Any, serve: Any, seen: Seen, before: str, method: str
) -> None:
    server = await serve(answer_and_close)
    client: Flavour[Any] = open_client(server.base_url, max_attempts=1)
    for number in range(20):
        await client(lambda c: c.request(before, "/dulu"))
        await client(request(method, f"/{number}"))
    assert len(server.requests) == server.connections == 40
    assert Counter(request.target for request in server.requests) == {"/dulu": 20, **{f"/{n}": 1 for n in range(20)}}
    seen(f"{len(server.requests)} of 40 calls served, one request each")


async def test_g09_a_close_that_the_loop_has_not_seen(open_client: Any, serve: Any, seen: Seen) -> None:
    """In a busy loop the end of a connection is in the socket for a while before anybody is told."""

    async def answer(wire: Wire, request: Received) -> bool:
        await wire.answer()
        return request.target == "/dulu"

    server = await serve(answer)
    client: Flavour[Any] = open_client(server.base_url, max_attempts=1)
    release = aiohttp.BaseConnector._release

    def deaf(self: Any, key: Any, protocol: Any, **named: Any) -> None:
        release(self, key, protocol, **named)
        if protocol.transport is not None:
            protocol.transport.pause_reading()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aiohttp.BaseConnector, "_release", deaf)
        await client(lambda c: c.request("POST", "/dulu"))
    await asyncio.sleep(0.05)
    await client(lambda c: c.request("POST", "/"))
    assert [request.target for request in server.requests] == ["/dulu", "/"]
    assert server.connections == 2
    seen(f"served on connection {server.connections}, {len(server.requests) - 1} request")


IDLE = 0.2
"""Seconds after which the server closes a connection that is not used."""
WORKERS, EACH = 100, 10


class Impatient:
    """Answers, and closes what is idle for too long, whatever may be on its way just then."""

    def __init__(self) -> None:
        self._timers: dict[int, asyncio.TimerHandle] = {}

    async def __call__(self, wire: Wire, request: Received) -> None:
        timer = self._timers.pop(wire.number, None)
        if timer is not None:
            timer.cancel()
        await asyncio.sleep(0.02)
        await wire.answer(Connection="keep-alive")
        self._timers[wire.number] = asyncio.get_running_loop().call_later(IDLE, wire.writer.close)


async def around_the_limit(client: Flavour[Any], method: str) -> list[NusantaraError]:
    """1,000 calls with pauses of about the server's limit; the errors."""
    errors: list[NusantaraError] = []

    # The same for all, so that they call together and no connection is used again before it has been idle.
    chance = random.Random(1945)
    pauses = [IDLE * chance.uniform(0.85, 1.15) for _ in range(EACH)]

    async def in_a_task(c: Any, worker: int) -> None:
        for number, pause in enumerate(pauses):
            try:
                await c.request(method, f"/{worker}/{number}")
            except NusantaraError as error:
                errors.append(error)
            await asyncio.sleep(pause)

    def in_a_thread(c: Any, worker: int) -> None:
        for number, pause in enumerate(pauses):
            try:
                c.request(method, f"/{worker}/{number}")
            except NusantaraError as error:
                errors.append(error)
            time.sleep(pause)

    failures = await at_once(client, WORKERS, in_a_task if client.name == "async" else in_a_thread)
    assert failures == [None] * WORKERS
    return errors


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_g10_calls_around_the_idle_limit(
    open_client: Any, serve: Any, seen: Seen, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """The server's limit lies between our two, as one of 5 s would lie between 15 s and 2 s."""
    monkeypatch.setattr("nusantara.transport.pool.KEEP_ALIVE", 3 * IDLE)
    monkeypatch.setattr("nusantara.transport.pool.KEEP_ALIVE_UNREPEATABLE", 0.6 * IDLE)
    for _ in range(2 if method == "POST" else 1):  # A machine that stands still for 0.1 s makes young connections old.
        server: RawServer = await serve(Impatient())
        client: Flavour[Any] = open_client(server.base_url)
        errors = await around_the_limit(client, method)
        executed = Counter(request.target for request in server.requests)
        assert method == "GET" or max(executed.values()) == 1
        if not errors:
            break
    assert errors == []
    assert len(executed) == WORKERS * EACH
    seen(
        f"{method}: {len(errors)} errors in {len(executed)} calls, {sum(executed.values())} requests",
        f"{server.connections} connections",
    )


@pytest.mark.parametrize(("method", "call_class"), CLASSES)
async def test_g10_all_kept_connections_end_at_once(
    open_client: Any, serve: Any, seen: Seen, method: str, call_class: CallClass
) -> None:
    """As when a server is restarted. More calls meet it than the retry budget would pay for."""

    async def once(wire: Wire, request: Received) -> bool:
        if wire.number in used:
            wire.reset()  # Not carried out.
            return True
        used.add(wire.number)
        await asyncio.sleep(0.05)
        executed[request.target] += 1
        await wire.answer()
        return False

    used: set[int] = set()
    executed: Counter[str] = Counter()
    server = await serve(once)
    client: Flavour[Any] = open_client(server.base_url)

    def call(c: Any, number: int) -> Any:
        return c.request(method, f"/{next(numbers)}", call_class=call_class)

    async def in_a_task(c: Any, number: int) -> None:
        await call(c, number)

    numbers = iter(range(200))
    operation = in_a_task if client.name == "async" else call
    await at_once(client, 100, operation)
    kept = len(used)
    results = await at_once(client, 100, operation)
    lost = [result for result in results if isinstance(result, BaseException)]
    assert max(executed.values()) == 1
    assert kept > 20
    if call_class is CallClass.UNREPEATABLE:
        assert all(isinstance(error, OutcomeUnknown) for error in lost)
        assert len(server.requests) == 200
    else:
        assert lost == []
        assert len(executed) == 200
    seen(f"{call_class}: {len(lost)} of {len(results)} lost, none done twice", f"{kept} connections ended")


async def test_g10_one_stale_connection_among_many(open_client: Any, serve: Any, seen: Seen) -> None:
    """The repeat does not take the next one that may have ended alike."""

    async def once(wire: Wire, request: Received) -> bool:
        if wire.number in used:
            wire.reset()
            return True
        used.add(wire.number)
        await asyncio.sleep(0.05)
        await wire.answer()
        return False

    used: set[int] = set()
    server = await serve(once)
    client: Flavour[Any] = open_client(server.base_url, max_attempts=2)

    async def in_a_task(c: Any, number: int) -> None:
        await c.request("GET", "/dulu")

    def in_a_thread(c: Any, number: int) -> None:
        c.request("GET", "/dulu")

    await at_once(client, 10, in_a_task if client.name == "async" else in_a_thread)
    before, kept = len(server.requests), server.open_connections
    assert kept > 1
    await client(request("GET", "/"))
    assert len(server.requests) - before == 2
    seen(f"an answer, after {len(server.requests) - before} requests", f"{kept} connections had ended")


def test_g10_the_limits_themselves(seen: Seen) -> None:
    from nusantara.transport import pool

    assert (pool.KEEP_ALIVE, pool.KEEP_ALIVE_UNREPEATABLE) == (15, 2)
    seen(f"kept for {pool.KEEP_ALIVE:g} s, for unrepeatable calls {pool.KEEP_ALIVE_UNREPEATABLE:g} s")
