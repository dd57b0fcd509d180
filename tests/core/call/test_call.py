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
from support.raw import RawServer, Received, Script, Wire

from nusantara.checks import clean_base_url
from nusantara.client import AsyncClient, Settings
from nusantara.errors import (
    ApiError,
    AuthFailed,
    ClosedClient,
    ConnectFailed,
    ConnectionLost,
    Forbidden,
    InvalidParameter,
    NotFound,
    NusantaraError,
    OutcomeUnknown,
    RateLimited,
    Sent,
    ServerError,
    WrongLoop,
)
from nusantara.hooks import Event, Hooks
from nusantara.request import CallClass
from nusantara.secret import Secret
from nusantara.signing import BasicAuth

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


# --- Lost answers


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
async def test_aiohttp_itself_still_repeats_such_calls(method: str) -> None:
    """If this fails, aiohttp has changed: look whether Exchange.__call__ is still needed, and still works."""
    async with RawServer(drop) as server, aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await session.request(method, server.base_url)
    assert len(server.requests) == 2


async def test_what_was_sent_once_is_not_forgotten_by_later_attempts(served: Any) -> None:
    async def drop_and_leave(wire: Wire, request: Received) -> bool:
        server.stop_listening()
        return True

    server, client = await served(drop_and_leave)
    with pytest.raises(OutcomeUnknown) as caught:
        await client.request("PUT", "/", call_class=CallClass.REPEATABLE)
    assert [attempt.sent for attempt in caught.value.attempts] == [Sent.MAYBE, Sent.NO, Sent.NO]
    assert caught.value.sent is Sent.MAYBE


# --- Cancelling


async def hang(wire: Wire, request: Received) -> None:
    await asyncio.sleep(30)


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


async def test_a_large_body_arrives_whole(served: Any) -> None:
    server, client = await served(answer_ok)
    await client.request("POST", "/", json="x" * 1_000_000)
    assert server.requests[0].headers["content-length"] == "1000002"
    assert server.requests[0].body == b'"' + b"x" * 1_000_000 + b'"'


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


# --- Loops and closing


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
