"""A whole call over a real socket, against a server that does exactly the wrong thing."""

from __future__ import annotations

import asyncio
import gzip
import logging
import pickle
import traceback
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

import aiohttp
import pytest
from support.network import black_hole
from support.raw import RawServer, Received, Script, Wire, listening, port_of

from nusantara.checks import clean_base_url
from nusantara.client import AsyncClient, Settings
from nusantara.errors import (
    ApiError,
    AuthFailed,
    BadResponse,
    ClosedClient,
    ConnectFailed,
    ConnectionLost,
    Forbidden,
    InvalidParameter,
    NotFound,
    NusantaraError,
    OutcomeUnknown,
    Phase,
    RateLimited,
    Sent,
    ServerError,
    Timeout,
    TooLarge,
    UnsafeRedirect,
    WrongLoop,
)
from nusantara.hooks import Event, Hooks
from nusantara.options import Timeouts
from nusantara.request import CallClass
from nusantara.secret import Secret
from nusantara.signing import BasicAuth, HeaderAuth

SECRET = "kunci-rahasia-1945"


class Client(AsyncClient):
    vendor = "toko"

    def __init__(self, base_url: str, **settings: Any) -> None:
        super().__init__(base_url, BasicAuth("pemakai", Secret(SECRET)), cast(Settings, settings))


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.01)


@pytest.fixture
async def served() -> AsyncIterator[Callable[..., Any]]:
    """Starts a server with a script and gives it with a client for it."""
    opened: list[Any] = []

    async def start(script: Script, **settings: Any) -> tuple[RawServer, Client]:
        server = await RawServer(script).__aenter__()
        client = Client(server.base_url, **settings)
        opened.extend([server, client])
        return server, client

    yield start
    for one in reversed(opened):
        await one.__aexit__(None, None, None)


async def answer_ok(wire: Wire, request: Received) -> None:
    await wire.answer(body={"ok": True})


async def drop(wire: Wire, request: Received) -> bool:
    return True


# --- The plain way


async def test_a_call_carries_what_it_should_and_nothing_else(served: Any) -> None:
    server, client = await served(answer_ok, headers={"X-Toko": "satu"})
    response = await client.request("get", "/v1/a.json", params={"q": "a b&c"})
    assert response.json() == {"ok": True}
    [request] = server.requests
    assert request.target == "/v1/a.json?q=a%20b%26c"
    assert request.headers == {
        "host": f"127.0.0.1:{server.port}",
        "user-agent": "nusantara/0.1.0",
        "accept-encoding": "gzip, deflate",
        "accept": "*/*",
        "authorization": "Basic cGVtYWthaTprdW5jaS1yYWhhc2lhLTE5NDU=",
        "x-toko": "satu",
    }


async def test_connections_are_reused(served: Any) -> None:
    server, client = await served(answer_ok)
    for _ in range(10):
        await client.request("GET", "/")
        await client.request("POST", "/", json={})
    assert server.connections == 2, "one for what may be repeated, one for what may not"


@pytest.mark.parametrize(
    ("spelling", "clean"),
    [
        ("https://h", "https://h"),
        ("https://h/", "https://h"),
        ("https://h/api/", "https://h/api"),
        ("https://h:8443//", "https://h:8443"),
        (" https://h/api ", "https://h/api"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
    ],
)
def test_base_urls_are_cleaned(spelling: str, clean: str) -> None:
    assert clean_base_url(spelling) == clean


@pytest.mark.parametrize(
    "url", ["", "h", "ftp://h", "https://", "https://u:p@h", "https://h?x=1", "https://h#f", "https://h:x", None]
)
def test_senseless_base_urls_are_refused(url: Any) -> None:
    with pytest.raises(InvalidParameter, match="base_url"):
        clean_base_url(url)


async def test_an_unused_client_needs_no_loop_and_no_closing() -> None:
    def outside() -> None:
        Client("http://127.0.0.1:1")

    await asyncio.to_thread(outside)


# --- Refusals


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, ApiError), (401, AuthFailed), (403, Forbidden), (404, NotFound), (429, RateLimited), (501, ServerError)],
)
async def test_a_status_becomes_its_error(served: Any, status: int, kind: type[ApiError]) -> None:
    async def refuse(wire: Wire, request: Received) -> None:
        await wire.answer(status, {"apa": "salah"}, X_Request_Id="r-17")

    _, client = await served(refuse, max_attempts=1)
    with pytest.raises(kind) as caught:
        await client.request("GET", "/v1/a.json")
    error = caught.value
    assert (error.status, error.request_id, error.details) == (status, "r-17", {"apa": "salah"})
    assert (error.method, error.template, error.sent) == ("GET", "/v1/a.json", Sent.YES)
    assert error.body == b'{"apa": "salah"}'
    assert pickle.loads(pickle.dumps(error)).details == {"apa": "salah"}


async def test_a_gateways_page_is_called_by_its_title(served: Any) -> None:
    async def page(wire: Wire, request: Received) -> None:
        await wire.answer(502, b"<!DOCTYPE html><html><title>Bad\x1b gateway</title>", Content_Type="text/html")

    _, client = await served(page, max_attempts=1)
    with pytest.raises(ServerError, match=r"'Bad\\\\x1b gateway'"):
        await client.request("GET", "/")


async def test_a_redirect_is_not_followed(served: Any) -> None:
    reached: list[Received] = []

    async def other(wire: Wire, request: Received) -> None:
        reached.append(request)
        await wire.answer()

    async with RawServer(other) as elsewhere:

        async def redirect(wire: Wire, request: Received) -> None:
            await wire.answer(307, b"", Location=elsewhere.base_url + "/x?token=abc")

        server, client = await served(redirect)
        with pytest.raises(UnsafeRedirect, match=r"127\.0\.0\.1") as caught:
            await client.request("POST", "/", form={"password": SECRET})
        assert "abc" not in str(caught.value)
    assert (len(server.requests), reached) == (1, [])


# --- Lost answers


async def test_a_lost_answer_of_a_safe_call_is_tried_again(served: Any) -> None:
    async def twice(wire: Wire, request: Received) -> bool:
        if len(server.requests) < 3:
            return True
        await wire.answer()
        return False

    server, client = await served(twice)
    assert (await client.request("GET", "/")).status == 200
    assert len(server.requests) == 3


async def test_a_lost_answer_of_an_unrepeatable_call_is_said_so(served: Any) -> None:
    server, client = await served(drop)
    with pytest.raises(OutcomeUnknown, match="may or may not have been carried out") as caught:
        await client.request("POST", "/v1/beli", json={"barang": 1})
    error = caught.value
    assert len(server.requests) == 1
    assert error.sent is Sent.MAYBE
    assert isinstance(error.__cause__, ConnectionLost)
    assert [attempt.number for attempt in error.attempts] == [1]
    assert "/v1/beli" in str(error)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST", "HEAD", "OPTIONS"])
async def test_one_attempt_is_one_request(served: Any, method: str) -> None:
    server, client = await served(drop, max_attempts=1)
    with pytest.raises(NusantaraError):
        await client.request(method, "/", call_class=CallClass.REPEATABLE)
    assert len(server.requests) == 1


async def test_one_attempt_is_one_request_on_a_kept_connection_too(served: Any) -> None:
    async def second_time(wire: Wire, request: Received) -> bool:
        if len(server.requests) > 1:
            return True
        await wire.answer()
        return False

    server, client = await served(second_time, max_attempts=1)
    await client.request("DELETE", "/", call_class=CallClass.REPEATABLE)
    with pytest.raises(OutcomeUnknown):
        await client.request("DELETE", "/", call_class=CallClass.REPEATABLE)
    assert (len(server.requests), server.connections) == (2, 1)


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
async def test_aiohttp_itself_still_repeats_such_calls(method: str) -> None:
    """If this fails, aiohttp has changed: look whether Exchange.__call__ is still needed, and still works."""
    async with RawServer(drop) as server, aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await session.request(method, server.base_url)
    assert len(server.requests) == 2


async def test_a_refused_connection_is_tried_again_for_every_class(closed_port: int) -> None:
    async with Client(f"http://127.0.0.1:{closed_port}") as client:
        with pytest.raises(ConnectFailed) as caught:
            await client.request("POST", "/v1/beli")
    error = caught.value
    assert error.sent is Sent.NO
    assert [attempt.number for attempt in error.attempts] == [1, 2, 3]
    assert {attempt.sent for attempt in error.attempts} == {Sent.NO}
    assert "3 attempts" in str(error)
    assert "check the base URL" in str(error)


async def test_what_was_sent_once_is_not_forgotten_by_later_attempts(served: Any) -> None:
    async def drop_and_leave(wire: Wire, request: Received) -> bool:
        server.stop_listening()
        return True

    server, client = await served(drop_and_leave)
    with pytest.raises(OutcomeUnknown) as caught:
        await client.request("PUT", "/", call_class=CallClass.REPEATABLE)
    assert [attempt.sent for attempt in caught.value.attempts] == [Sent.MAYBE, Sent.NO, Sent.NO]
    assert caught.value.sent is Sent.MAYBE


async def test_a_429_is_tried_again_for_every_class(served: Any) -> None:
    async def busy(wire: Wire, request: Received) -> None:
        if len(server.requests) < 2:
            await wire.answer(429, Retry_After="0.01")
        else:
            await wire.answer()

    server, client = await served(busy)
    assert (await client.request("POST", "/")).status == 200


# --- Time


async def hang(wire: Wire, request: Received) -> None:
    await asyncio.sleep(30)


async def test_the_total_spans_all_attempts(served: Any) -> None:
    server, client = await served(hang, timeout=Timeouts(first_byte=0.12, total=0.3), max_attempts=9)
    loop = asyncio.get_running_loop()
    start = loop.time()
    with pytest.raises(Timeout) as caught:
        await client.request("GET", "/")
    assert 0.1 <= loop.time() - start < 0.45
    assert caught.value.phase in (Phase.TOTAL, Phase.FIRST_BYTE)
    assert len(server.requests) >= 2


async def test_a_silent_server_is_a_first_byte_timeout(served: Any) -> None:
    _, client = await served(hang, timeout=Timeouts(first_byte=0.05), max_attempts=1)
    with pytest.raises(Timeout) as caught:
        await client.request("GET", "/")
    assert (caught.value.phase, caught.value.sent) == (Phase.FIRST_BYTE, Sent.MAYBE)
    assert isinstance(caught.value, TimeoutError)


async def test_a_stalled_body_is_an_idle_timeout(served: Any) -> None:
    async def stall(wire: Wire, request: Received) -> None:
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nab")
        await asyncio.sleep(30)

    _, client = await served(stall, timeout=Timeouts(idle_read=0.05), max_attempts=1)
    with pytest.raises(Timeout) as caught:
        await client.request("GET", "/")
    assert caught.value.phase is Phase.IDLE_READ


async def test_a_dripping_body_ends_at_the_total(served: Any) -> None:
    async def drip(wire: Wire, request: Received) -> None:
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):
            await wire.send(b" ")
            await asyncio.sleep(0.02)

    _, client = await served(drip, timeout=0.3)
    loop = asyncio.get_running_loop()
    start = loop.time()
    with pytest.raises(Timeout) as caught:
        await client.request("GET", "/")
    assert caught.value.phase is Phase.TOTAL
    assert 0.29 <= loop.time() - start < 0.45


async def test_a_body_that_no_longer_leaves_is_an_idle_write_timeout() -> None:
    async def never_reads(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.Event().wait()

    async with (
        listening(never_reads) as server,
        Client(f"http://127.0.0.1:{port_of(server)}", timeout=Timeouts(idle_write=0.1)) as client,
    ):
        with pytest.raises(OutcomeUnknown) as caught:
            await client.request("POST", "/", json="x" * 20_000_000)
    assert isinstance(caught.value.__cause__, Timeout)
    assert caught.value.__cause__.phase is Phase.IDLE_WRITE


async def test_a_large_body_arrives_whole(served: Any) -> None:
    server, client = await served(answer_ok)
    await client.request("POST", "/", json="x" * 1_000_000)
    assert server.requests[0].headers["content-length"] == "1000002"
    assert server.requests[0].body == b'"' + b"x" * 1_000_000 + b'"'


async def test_a_full_pool_is_a_pool_timeout(served: Any) -> None:
    _, client = await served(hang, max_connections=1, timeout=Timeouts(pool=0.05, total=0.3))
    results = await asyncio.gather(*(client.request("POST", "/") for _ in range(5)), return_exceptions=True)
    phases = [result.phase for result in results if isinstance(result, Timeout)]
    assert phases == [Phase.POOL] * 4
    assert all(result.sent is Sent.NO for result in results if isinstance(result, Timeout))


async def test_an_unanswered_connect_is_a_connect_timeout() -> None:
    with black_hole() as port:
        async with Client(f"http://127.0.0.1:{port}", timeout=Timeouts(connect=0.2), max_attempts=1) as client:
            with pytest.raises(Timeout) as caught:
                await client.request("POST", "/")
    assert (caught.value.phase, caught.value.sent) == (Phase.CONNECT, Sent.NO)


async def test_cancelling_a_call_gives_back_its_slot(served: Any) -> None:
    _, client = await served(hang, max_connections=2)
    for _ in range(20):
        task = asyncio.create_task(client.request("GET", "/"))
        await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert client._shared.session.slots.in_use == 0


# --- Bodies


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "bare deflate"])
async def test_compressed_bodies_are_read(served: Any, encoding: str) -> None:
    plain = b'{"a": "' + b"x" * 5000 + b'"}'
    bare = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(plain),
        "deflate": zlib.compress(plain),
        "bare deflate": bare.compress(plain) + bare.flush(),
    }[encoding]

    async def send(wire: Wire, request: Received) -> None:
        await wire.answer(body=packed, Content_Encoding=encoding.removeprefix("bare "))

    _, client = await served(send)
    assert (await client.request("GET", "/")).body == plain


@pytest.mark.parametrize(
    ("body", "headers", "kind", "text"),
    [
        (b"x" * 2000, {}, TooLarge, "announces 2000 bytes|larger than the cap"),
        (gzip.compress(b"x" * 2000), {"Content_Encoding": "gzip"}, TooLarge, "larger than the cap"),
        (b"plain", {"Content_Encoding": "gzip"}, BadResponse, "not the gzip"),
        (gzip.compress(b"x" * 500)[:-9], {"Content_Encoding": "gzip"}, BadResponse, "ends in the middle"),
        (b"x", {"Content_Encoding": "br"}, BadResponse, "not asked for"),
    ],
    ids=["announced", "inflated", "not gzip", "cut gzip", "br"],
)
async def test_bodies_that_cannot_be_taken(
    served: Any, body: bytes, headers: dict[str, Any], kind: type[BadResponse], text: str
) -> None:
    async def send(wire: Wire, request: Received) -> None:
        await wire.answer(body=body, **headers)

    _, client = await served(send, max_attempts=1)
    with pytest.raises(kind, match=text) as caught:
        await client.with_options(max_body=1000).request("GET", "/")
    assert caught.value.status == 200


async def test_a_small_answer_cannot_fill_the_memory(served: Any) -> None:
    bomb = gzip.compress(b"\0" * 15_000_000)

    async def send(wire: Wire, request: Received) -> None:
        await wire.answer(body=bomb, Content_Encoding="gzip")

    _, client = await served(send)
    with pytest.raises(TooLarge, match="inflates more than 200 times"):
        await client.request("GET", "/")


async def test_an_endless_body_is_cut_off_at_the_cap(served: Any) -> None:
    async def endless(wire: Wire, request: Received) -> None:
        await wire.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            await wire.send(b"x" * 65536)

    _, client = await served(endless)
    with pytest.raises(TooLarge, match="larger than the cap of 1000000"):
        await client.with_options(max_body=1_000_000).request("GET", "/")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "not a valid HTTP answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", "cut short"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "not a valid HTTP answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "not a valid HTTP answer"),
    ],
    ids=["garbage", "cut", "bad chunk", "negative length"],
)
async def test_broken_http_is_no_answer(served: Any, raw: bytes, text: str) -> None:
    async def send(wire: Wire, request: Received) -> bool:
        await wire.send(raw)
        return True

    server, client = await served(send)
    with pytest.raises(BadResponse, match=text):
        await client.with_options(max_attempts=1).request("GET", "/")
    with pytest.raises(OutcomeUnknown):
        await client.request("POST", "/")
    assert len(server.requests) == 2


# --- Loops and closing


async def test_a_closed_client_says_so(served: Any) -> None:
    _, client = await served(answer_ok)
    await client.request("GET", "/")
    await client.aclose()
    await client.aclose()
    with pytest.raises(ClosedClient, match="Client is closed"):
        await client.request("GET", "/")
    with pytest.raises(ClosedClient):
        await client.with_options(timeout=1).request("GET", "/")
    assert client.closed


async def test_closing_waits_for_running_calls(served: Any) -> None:
    async def slow(wire: Wire, request: Received) -> None:
        await asyncio.sleep(0.1)
        await wire.answer(body={"ok": 1})

    _, client = await served(slow)
    call = asyncio.create_task(client.request("GET", "/"))
    await asyncio.sleep(0.02)
    await client.aclose()
    assert (await call).json() == {"ok": 1}


@pytest.mark.parametrize(("method", "kind"), [("GET", ClosedClient), ("POST", OutcomeUnknown)])
async def test_closing_ends_calls_that_do_not_end(
    served: Any, monkeypatch: pytest.MonkeyPatch, method: str, kind: type[NusantaraError]
) -> None:
    monkeypatch.setattr("nusantara.transport.session.CLOSING_GRACE", 0.05)
    server, client = await served(hang)
    call = asyncio.create_task(client.request(method, "/"))
    await asyncio.sleep(0.02)
    await client.aclose()
    with pytest.raises(NusantaraError, match="closed during the call") as caught:
        await call
    assert type(caught.value) is kind
    assert caught.value.sent is Sent.MAYBE
    assert len(server.requests) == 1


async def test_closing_ends_calls_of_which_nothing_left(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nusantara.transport.session.CLOSING_GRACE", 0.05)
    server, client = await served(hang, max_connections=1)
    calls = [asyncio.create_task(client.request("POST", "/")) for _ in range(2)]
    await asyncio.sleep(0.02)
    await client.aclose()
    first, second = await asyncio.gather(*calls, return_exceptions=True)
    assert type(first) is OutcomeUnknown
    assert type(second) is ClosedClient
    assert second.sent is Sent.NO
    assert len(server.requests) == 1


async def test_a_client_that_is_closed_between_two_tries_tells_of_the_first(served: Any) -> None:
    async def drop(wire: Wire, request: Received) -> bool:
        return True

    async def close(event: Event) -> None:
        await client.aclose()

    server, client = await served(drop, hooks=Hooks(error=close))
    with pytest.raises(OutcomeUnknown, match="may or may not") as caught:
        await client.request("PUT", "/", call_class=CallClass.REPEATABLE)
    assert caught.value.sent is Sent.MAYBE
    assert "Client is closed" in str(caught.value.__cause__)
    assert len(server.requests) == 1


async def test_another_loop_is_told_what_to_do(served: Any) -> None:
    _, client = await served(answer_ok)
    await client.request("GET", "/")
    with pytest.raises(WrongLoop, match="one client per loop"):
        await asyncio.to_thread(asyncio.run, client.request("GET", "/"))


async def test_the_callers_own_session_may_be_closed_by_the_caller(served: Any) -> None:
    session = aiohttp.ClientSession()
    server, client = await served(answer_ok, session=session)
    await session.close()
    with pytest.raises(ClosedClient, match="the connections of this Client are closed") as caught:
        await client.request("POST", "/")
    assert caught.value.sent is Sent.NO
    assert server.requests == []


async def test_the_callers_own_session_is_used_and_left_open(served: Any) -> None:
    async with aiohttp.ClientSession(headers={"X-Own": "ya"}) as session:
        server, client = await served(answer_ok, session=session, max_attempts=1)
        await client.request("GET", "/")
        await client.aclose()
        assert not session.closed
        assert server.requests[0].headers["x-own"] == "ya"
        server.script = drop
        again = Client(server.base_url, session=session, max_attempts=1)
        with pytest.raises(ConnectionLost):
            await again.request("GET", "/")
        assert len(server.requests) == 2


async def test_cookies_are_not_kept(served: Any) -> None:
    async def cookie(wire: Wire, request: Received) -> None:
        await wire.answer(Set_Cookie="session=abc; Path=/")

    server, client = await served(cookie)
    await client.request("GET", "/")
    await client.request("GET", "/")
    assert "cookie" not in server.requests[1].headers


async def test_netrc_and_proxy_variables_do_not_change_a_loopback_call(
    served: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login evil password evil\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server, _ = await served(answer_ok)
    async with AsyncClient(server.base_url, HeaderAuth({"X-Key": "k"}), Settings()) as bare:
        await bare.request("GET", "/")
    assert "authorization" not in server.requests[0].headers


# --- Options, hooks, logs, secrets


async def test_a_copy_shares_connections_and_changes_nothing_else(served: Any) -> None:
    server, client = await served(answer_ok, headers={"X-A": "1"})
    copy = client.with_options(timeout=5, max_attempts=1, headers={"X-B": "2"})
    await client.request("GET", "/")
    await copy.request("GET", "/")
    assert server.connections == 1
    assert "x-b" not in server.requests[0].headers
    assert (server.requests[1].headers["x-a"], server.requests[1].headers["x-b"]) == ("1", "2")
    assert (client.options.max_attempts, copy.options.max_attempts) == (3, 1)
    assert (client.options.timeout.total, copy.options.timeout.total) == (60, 5)
    assert copy.with_options(timeout=None).options.timeout.total is None


def test_call_beats_client_beats_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUSANTARA_TIMEOUT", "7")
    monkeypatch.setenv("NUSANTARA_MAX_ATTEMPTS", "5")
    assert Client("http://h").options.timeout.total == 7
    assert Client("http://h").options.max_attempts == 5
    client = Client("http://h", timeout=8)
    assert client.options.timeout.total == 8
    assert client.with_options(timeout=9).options.timeout.total == 9
    assert client.with_options(max_attempts=2).options.timeout.total == 8


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"timeout": -1}, "timeout"),
        ({"timeout": "5"}, "timeout"),
        ({"max_attempts": 0}, "max_attempts"),
        ({"max_connections": 0}, "max_connections"),
        ({"headers": {"X": "a\r\nB: c"}}, "headers"),
        ({"headers": {"X Y": "a"}}, "headers"),
        ({"ca_bundle": "/nowhere/ca.pem"}, "ca_bundle"),
    ],
)
def test_senseless_settings_are_refused_by_name(settings: Any, name: str) -> None:
    with pytest.raises(InvalidParameter, match=name):
        Client("http://h", **settings)


def test_an_unknown_setting_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="max_attemps"):
        Client("http://h", max_attemps=2)


@pytest.mark.parametrize("path", ["v1/a", "/a?b=1", "/a#b", "/a b", "/a\r\nb", "/{a}"])
async def test_a_raw_path_is_checked(path: str) -> None:
    with pytest.raises(InvalidParameter, match="path"):
        await Client("http://h").request("GET", path)


async def test_hooks_see_every_attempt_and_harm_nothing(served: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def second_time(wire: Wire, request: Received) -> bool:
        if len(server.requests) == 1:
            return True
        await wire.answer()
        return False

    seen: list[tuple[str, Event]] = []

    async def before(event: Event) -> None:
        seen.append(("before", event))

    def broken(event: Event) -> None:
        raise ValueError("hook")

    hooks = Hooks(
        before=before,
        after=[broken, lambda event: seen.append(("after", event))],
        error=lambda event: seen.append(("error", event)),
    )
    server, client = await served(second_time, hooks=hooks)
    await client.request("GET", "/v1/a")
    assert [(name, event.attempt) for name, event in seen] == [("before", 1), ("error", 1), ("before", 2), ("after", 2)]
    last = seen[-1][1]
    assert (last.vendor, last.method, last.template, last.status, last.size) == ("toko", "GET", "/v1/a", 200, 2)
    assert "broken" in caplog.text


async def test_one_record_an_attempt_and_no_secret_in_any(served: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def second_time(wire: Wire, request: Received) -> bool:
        if len(server.requests) == 1:
            return True
        await wire.answer()
        return False

    server, client = await served(second_time, headers={"X-Key": SECRET})
    with caplog.at_level(logging.DEBUG):
        await client.request("GET", "/v1/a", params={"q": SECRET})
    records = [record for record in caplog.records if record.name == "nusantara.toko"]
    assert [record.__dict__["attempt"] for record in records] == [1, 2]
    assert [record.__dict__["status"] for record in records] == [None, 200]
    for record in caplog.records:
        assert SECRET not in str(record.__dict__) + record.getMessage()


async def test_no_secret_in_a_traceback_with_locals(served: Any) -> None:
    _, client = await served(drop, headers={"X-Key": SECRET}, max_attempts=1)
    with pytest.raises(NusantaraError) as caught:
        await client.request("POST", "/v1/a")
    report = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "kunci" not in report
    assert "cGVtYWthaTprdW5jaS1" not in report
    assert "kunci" not in repr(client) + repr(client.options) + repr(vars(client))


async def test_the_budget_is_shared_by_the_calls_of_a_client(closed_port: int) -> None:
    async with Client(f"http://127.0.0.1:{closed_port}", max_attempts=100) as client:
        results = await asyncio.gather(*(client.request("GET", "/") for _ in range(30)), return_exceptions=True)
    attempts = sum(len(result.attempts) for result in results if isinstance(result, ConnectFailed))
    assert attempts == 30 + 20
