"""The shorter way of ordinary calls: when it is taken, that it sends the same bytes, and what it keeps."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, cast

import aiohttp
import pytest
from support.raw import RawServer, Received, Wire

from nusantara.client import AsyncClient, Settings
from nusantara.errors import ConfigurationError, InvalidParameter
from nusantara.signing import HeaderAuth

Open = Callable[..., AsyncClient]


async def answer_ok(wire: Wire, request: Received) -> None:
    await wire.answer(body=b"" if request.method == "HEAD" else {"ok": True})


@pytest.fixture(autouse=True)
def _no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole run may be one over aiohttp's session."""
    monkeypatch.delenv("NUSANTARA_TRANSPORT", raising=False)


@pytest.fixture
async def server() -> AsyncIterator[RawServer]:
    async with RawServer(answer_ok) as running:
        yield running


@pytest.fixture
async def open_client(server: RawServer) -> AsyncIterator[Open]:
    opened: list[AsyncClient] = []

    def open_one(key: str = "kunci-toko-1945", **settings: Any) -> AsyncClient:
        opened.append(AsyncClient(server.base_url, HeaderAuth({"X-Key": key}), cast(Settings, settings)))
        return opened[-1]

    yield open_one
    for client in opened:
        await client.aclose()


def goes_directly(client: AsyncClient) -> bool:
    opened = client._shared.session._opened
    assert opened is not None
    return bool(opened.ways)


async def eventually(condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("never")


async def test_the_shorter_way_is_taken(open_client: Open) -> None:
    client = open_client()
    await client.request("GET", "/")
    assert goes_directly(client)


async def test_the_session_is_left_alone(open_client: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("went through the session")

    monkeypatch.setattr(aiohttp.ClientSession, "_request", refuse)
    client = open_client()
    assert (await client.request("GET", "/")).json() == {"ok": True}
    assert (await client.request("POST", "/", form={"a": "1"})).status == 200


async def test_the_environment_can_choose_the_session(open_client: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUSANTARA_TRANSPORT", "aiohttp")
    client = open_client()
    await client.request("GET", "/")
    assert not goes_directly(client)
    monkeypatch.setenv("NUSANTARA_TRANSPORT", "schnell")
    with pytest.raises(ConfigurationError, match="NUSANTARA_TRANSPORT is 'schnell'"):
        open_client()


async def test_the_callers_own_session_is_used(open_client: Open) -> None:
    async with aiohttp.ClientSession() as own:
        client = open_client(session=own)
        await client.request("GET", "/")
        assert not goes_directly(client)


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("GET", {"params": {"q": "a b&c/ü~"}}),
        ("HEAD", {}),
        ("DELETE", {}),
        ("POST", {"form": {"pesan": "halo & selamat"}}),
        ("PUT", {"json": {"a": [1, "ü"]}}),
        ("POST", {"json": "x" * 60_000}),
        ("GET", {"headers": {"x-satu": "1", "CONTENT-TYPE": "text/plain"}}),
        ("GET", {"headers": {"user-agent": "toko/2"}}),
    ],
)
async def test_both_ways_send_the_same(
    server: RawServer, open_client: Open, monkeypatch: pytest.MonkeyPatch, method: str, given: dict[str, Any]
) -> None:
    await open_client().request(method, "/v1/a~b", **given)
    monkeypatch.setenv("NUSANTARA_TRANSPORT", "aiohttp")
    await open_client().request(method, "/v1/a~b", **given)
    one, other = server.requests
    assert one.head.split(b"\r\n")[0] == other.head.split(b"\r\n")[0]
    assert one.body == other.body
    assert one.headers == other.headers


async def test_a_path_in_the_base_url_comes_first(server: RawServer) -> None:
    async with AsyncClient(f"{server.base_url}/toko/satu/", HeaderAuth({}), Settings()) as client:
        await client.request("GET", "/v1", params={"a": "1"})
    assert server.requests[0].target == "/toko/satu/v1?a=1"


async def test_a_large_body_leaves_in_pieces(server: RawServer, open_client: Open) -> None:
    client = open_client()
    await client.request("POST", "/", json="x" * 200_000)
    assert len(server.requests[0].body) == 200_002


@pytest.mark.parametrize("key", ["a\r\nX-Lain: b", "a\nb", "a\rb", "a\0b"])
async def test_a_credential_cannot_break_out_of_its_header(server: RawServer, open_client: Open, key: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        await open_client(key).request("GET", "/")
    assert key not in str(caught.value)
    assert server.requests == []


async def test_the_connection_used_last_is_used_next(server: RawServer, open_client: Open) -> None:
    client = open_client()
    await asyncio.gather(*(client.request("GET", "/") for _ in range(5)))
    made = server.connections
    assert made > 1
    for _ in range(5):
        await client.request("GET", "/")
    assert server.connections == made
    assert len({request.connection for request in server.requests[-5:]}) == 1


async def test_idle_connections_are_closed_in_time(
    server: RawServer, open_client: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nusantara.transport.pool.KEEP_ALIVE", 0.1)
    client = open_client()
    await asyncio.gather(*(client.request("GET", "/") for _ in range(3)))
    assert server.open_connections > 0
    await eventually(lambda: server.open_connections == 0)
    await client.request("GET", "/")
    assert server.open_connections == 1


async def test_closing_the_client_closes_what_it_kept(server: RawServer, open_client: Open) -> None:
    client = open_client()
    await client.request("GET", "/")
    await client.request("POST", "/")
    assert server.open_connections == 2
    await client.aclose()
    await eventually(lambda: server.open_connections == 0)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_cancelled_call_takes_its_connection_with_it(method: str) -> None:
    begun = asyncio.Event()

    async def hang(wire: Wire, request: Received) -> None:
        begun.set()
        await asyncio.sleep(30)

    async with RawServer(hang) as server, AsyncClient(server.base_url, HeaderAuth({}), Settings()) as client:
        task: asyncio.Task[Any] = asyncio.create_task(cast(Any, client.request(method, "/")))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        server.script = cast(Callable[[Wire, Received], Awaitable[Any]], answer_ok)
        assert (await client.request(method, "/")).status == 200
        assert server.connections == 2


# --- What nobody wants any more


async def cancel_itself(call: Any) -> None:
    task = asyncio.current_task()
    assert task is not None
    task.cancel()
    try:
        await call
    finally:
        task.uncancel()


async def run_out_at_once(call: Any) -> None:
    async with asyncio.timeout(0):
        await call


async def run_out_before(call: Any) -> None:
    async with asyncio.timeout(0.01):
        time.sleep(0.02)
        await call


async def be_cancelled_by_a_callback(call: Any) -> None:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().call_soon(task.cancel)
    try:
        await call
    finally:
        task.uncancel()


ENDS = [cancel_itself, run_out_at_once, run_out_before, be_cancelled_by_a_callback]


@pytest.mark.parametrize("way", ["direct", "aiohttp"])
@pytest.mark.parametrize("size", [2, 200_000])
@pytest.mark.parametrize("end", ENDS)
async def test_a_call_that_is_over_before_it_begins_does_not_leave(
    server: RawServer, open_client: Open, monkeypatch: pytest.MonkeyPatch, end: Any, way: str, size: int
) -> None:
    monkeypatch.setenv("NUSANTARA_TRANSPORT", way)
    client = open_client()
    for _ in range(20):
        await client.request("POST", "/", json="x" * size)
        made = len(server.requests)
        with pytest.raises((asyncio.CancelledError, TimeoutError)):
            await end(client.request("POST", "/batal", json="x" * size))
        await asyncio.sleep(0.002)
        assert len(server.requests) == made


@pytest.mark.parametrize("way", ["direct", "aiohttp"])
async def test_a_call_in_the_clean_up_after_a_cancellation_leaves(
    server: RawServer, open_client: Open, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv("NUSANTARA_TRANSPORT", way)
    client = open_client()
    await client.request("POST", "/")

    async def work() -> int:
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            return (await client.request("POST", "/selesai")).status
        return 0

    task = asyncio.create_task(work())
    await asyncio.sleep(0.01)
    task.cancel()
    assert await task == 200
