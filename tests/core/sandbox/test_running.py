"""Starting, stopping, what is recorded, and what a handler sees."""

from __future__ import annotations

import asyncio
import base64
import http.client
import json
import os
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import pytest
import trustme
from aiohttp import web
from hypothesis import example, given
from hypothesis import strategies as st
from support.php import read_form

from nusantara.errors import ConfigurationError
from nusantara.sandbox import Fault, Sandbox
from nusantara.sandbox.answer import Answer
from nusantara.sandbox.incoming import FormPart, Incoming
from nusantara.sandbox.log import RequestLog
from nusantara.sandbox.vendor import Route, Site, load_vendors

Dial = Callable[[], Awaitable[Any]]
Spell = Callable[..., bytes]


class Echo:
    """A vendor that shows what a handler sees, downloads a file, fails, and sends webhooks."""

    name = "echo"
    prefixes: Sequence[str] = ("/echo/",)
    file = bytes(range(256)) * 4

    def __init__(self) -> None:
        self.state: list[Incoming] = []
        self.parts: tuple[FormPart, ...] = ()

    def attach(self, site: Site) -> None:
        self.site = site

    def routes(self) -> Iterable[Route]:
        for method in ("GET", "POST", "PUT", "DELETE", "HEAD"):
            yield Route(method, "/echo/seen/{id}", "seen", self._seen)
        yield Route("GET", "/echo/file", "file", lambda call: Answer.download(call, self.file, content_type="x/y"))
        yield Route("POST", "/echo/upload", "upload", self._upload)
        yield Route("GET", "/echo/broken", "broken", self._broken)
        yield Route("POST", "/echo/hook", "hook", self._hook)

    def _seen(self, call: Incoming) -> Answer:
        self.state.append(call)
        return Answer.text("<seen/>", content_type="text/xml")

    async def _upload(self, call: Incoming) -> Answer:
        self.parts = await call.parts()
        return Answer.json({"parts": len(self.parts)})

    def _broken(self, call: Incoming) -> Answer:
        raise ZeroDivisionError

    def _hook(self, call: Incoming) -> Answer:
        self.site.outbox.post(self.name, call.body.decode(), b'{"a":1}', (("X-One", "1"),))
        return Answer.json({}).undocumented()

    def credentials(self) -> dict[str, Any]:
        return {"key": "k"}

    def examples(self) -> Sequence[tuple[str, str]]:
        return ()

    def not_found(self, call: Incoming) -> Answer:
        return Answer.json({"echo": "not found"}, status=404)

    def reset(self) -> None:
        self.state.clear()


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def sandbox_vendors(echo: Echo) -> list[Any]:
    return [echo]


@pytest.fixture
async def sandbox(sandbox_vendors: list[Any]) -> Any:
    async with Sandbox(vendors=["bukalapak", *sandbox_vendors]) as running:
        yield running


async def test_starts_fast_and_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    started = time.perf_counter()
    async with Sandbox() as sandbox:
        took = time.perf_counter() - started
        assert sandbox.base_url.startswith("http://127.0.0.1:")
        assert json.loads(json.dumps(sandbox.credentials)) == sandbox.credentials
        assert set(sandbox.credentials["bukalapak"]) >= {"user_id", "token", "username", "password"}
    with capsys.disabled():
        sys.stdout.write(f" started in {took * 1000:.1f} ms ")


async def test_starts_again_after_a_stop_and_keeps_its_state() -> None:
    sandbox = Sandbox()
    async with sandbox:
        sandbox.bukalapak.send("155218", "71203", "Masih ada?")
    async with sandbox:
        assert sandbox.bukalapak.inbox("71203")[0].messages[0].body_bb == "Masih ada?"
        with pytest.raises(ConfigurationError, match="running already"):
            await sandbox.start()


def test_has_no_address_before_its_start() -> None:
    with pytest.raises(ConfigurationError, match="before it is started"):
        _ = Sandbox().base_url


async def test_a_taken_port_is_an_os_error_and_leaves_it_stopped() -> None:
    async with Sandbox() as first:
        port = int(first.base_url.rpartition(":")[2])
        second = Sandbox(port=port)
        with pytest.raises(OSError, match="in use"):
            await second.start()
        with pytest.raises(OSError, match="in use"):
            second.start_in_thread()
    async with second:
        assert second.base_url == first.base_url


@pytest.mark.parametrize(("host", "shown"), [("0.0.0.0", "127.0.0.1"), ("localhost", None)])
async def test_its_address_can_be_connected_to(host: str, shown: str | None) -> None:
    async with Sandbox(host=host) as sandbox:
        assert shown is None or f"//{shown}:" in sandbox.base_url
        await asyncio.to_thread(get, f"{sandbox.base_url}/_sandbox/credentials")


async def test_serves_https() -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    async with Sandbox(ssl_context=context) as sandbox:
        assert sandbox.base_url.startswith("https://")
        host, port = sandbox.base_url.removeprefix("https://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port), ssl=trusting)
        writer.write(b"GET /_sandbox/credentials HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 200")
        writer.close()
        sandbox.faults.add(Fault.reset_before_read())
        reader, writer = await asyncio.open_connection(host, int(port), ssl=trusting)
        with pytest.raises(ConnectionResetError):
            await reader.read()
        writer.close()


async def test_stopping_ends_held_calls_and_idle_connections_at_once(request_bytes: Spell) -> None:
    async with Sandbox() as sandbox:
        host, _, port = sandbox.base_url.removeprefix("http://").rpartition(":")
        held, idle = [await asyncio.open_connection(host, int(port)) for _ in range(2)]
        sandbox.faults.add(Fault.stall_before_answer())
        held[1].write(request_bytes("GET", "/v1/messages.json"))
        while not sandbox.requests:
            await asyncio.sleep(0.005)
        started = time.monotonic()
    assert time.monotonic() - started < 0.5
    for reader, writer in (held, idle):
        assert await reader.read() == b""
        writer.close()


def test_runs_in_a_thread_for_sync_code() -> None:
    before = threading.active_count()
    with Sandbox().in_thread() as sandbox:
        assert get(f"{sandbox.base_url}/_sandbox/requests") == {"requests": []}
        with pytest.raises(urllib.error.HTTPError) as caught:
            get(f"{sandbox.base_url}/v1/messages.json")
        caught.value.close()
        assert [record.status for record in sandbox.requests] == [401]
        with pytest.raises(ConfigurationError, match="running already"):
            sandbox.start_in_thread()
    assert threading.active_count() == before
    with pytest.raises(OSError, match="refused"):
        get(f"{sandbox.base_url}/")


def test_reset_from_another_thread_lets_go_what_is_held() -> None:
    with Sandbox().in_thread() as sandbox:
        sandbox.faults.add(Fault.stall_before_answer())
        ended = threading.Event()

        def call() -> None:
            with pytest.raises((OSError, http.client.HTTPException)):
                get(f"{sandbox.base_url}/v1/messages.json")
            ended.set()

        caller = threading.Thread(target=call)
        caller.start()
        while not sandbox.requests:
            time.sleep(0.005)
        assert not ended.is_set()
        sandbox.reset()
        assert ended.wait(5)
        caller.join()
        assert (sandbox.requests, sandbox.faults.active, sandbox.connection_count) == ([], [], 0)


def test_importing_it_does_not_load_an_http_server() -> None:
    code = "import sys, nusantara.sandbox, nusantara.testing; print(*sys.modules)"
    loaded = run_python(code).split()
    assert not {"aiohttp", "lxml", "oauthlib", "bukalapak_async", "bukalapak_async.sandbox"} & set(loaded)


def test_the_sandbox_shares_no_code_with_the_clients() -> None:
    code = """
import asyncio, sys
from nusantara.sandbox import Sandbox
async def main():
    async with Sandbox(): pass
asyncio.run(main())
print(*(name for name in sys.modules if name.partition(".")[0] in ("nusantara", "bukalapak_async")))
"""
    loaded = run_python(code).split()
    # The errors tell of their fields by the latter.
    outside = {name for name in loaded if ".sandbox" not in name and not name.startswith("nusantara.introspection")}
    names = {"nusantara.catalogue", "nusantara.catalogue.vendors"}  # Which vendors there are.
    assert outside == {"nusantara", "nusantara.errors", "bukalapak_async"} | names


def test_vendors_are_found_by_name_and_unknown_ones_refused() -> None:
    assert "bukalapak" in load_vendors(None)
    assert list(load_vendors(["bukalapak"])) == ["bukalapak"]
    with pytest.raises(ConfigurationError, match="knows no vendor 'tokopedia'"):
        Sandbox(vendors=["tokopedia"])
    with pytest.raises(AttributeError, match="tokopedia"):
        _ = Sandbox().tokopedia


async def test_a_handler_sees_the_bytes_that_were_sent(sandbox: Sandbox, echo: Echo, dial: Dial) -> None:
    line = await dial()
    line.send(
        b"POST /echo/seen/a%2Fb?x=%20+&y&x=%C3%A9&z=~%7e HTTP/1.1\r\nhOST: LocalHost:80\r\nX-Dup: 1\r\nx-dup:  2\r\n"
        b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n3\r\na=%\r\n3\r\n00\xff\r\n0\r\n\r\n"
    )
    answer = await line.answer()
    assert answer.body == b"<seen/>"
    assert b"Content-Type: text/xml; charset=utf-8" in answer.head
    (call,) = echo.state
    assert call.target == "/echo/seen/a%2Fb?x=%20+&y&x=%C3%A9&z=~%7e"
    assert call.url == "http://LocalHost:80/echo/seen/a%2Fb?x=%20+&y&x=%C3%A9&z=~%7e"
    assert call.query == (("x", "  "), ("y", ""), ("x", "é"), ("z", "~~"))
    assert call.params == {"id": "a/b"}
    assert call.body == b"a=%00\xff"
    assert [pair for pair in call.headers if pair[0].lower() in (b"host", b"x-dup")] == [
        (b"hOST", b"LocalHost:80"),
        (b"X-Dup", b"1"),
        (b"x-dup", b"2"),
    ]
    assert call.header("HOST") == "LocalHost:80"


async def test_the_absolute_form_of_a_target_is_understood(sandbox: Sandbox, echo: Echo, dial: Dial) -> None:
    line = await dial()
    line.send(b"GET http://api.localhost/echo/seen/1?q=2 HTTP/1.1\r\nHost: proxy.localhost\r\n\r\n")
    assert (await line.answer()).status == 200
    assert echo.state[0].url == "http://api.localhost/echo/seen/1?q=2"


async def test_a_client_that_waits_for_100_continue_gets_it(sandbox: Sandbox, echo: Echo, dial: Dial) -> None:
    line = await dial()
    line.send(b"PUT /echo/seen/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
    assert (await line.hear(patience=0.2)).data == b"HTTP/1.1 100 Continue\r\n\r\n"
    line.send(b"ok")
    assert (await line.answer()).status == 200
    assert echo.state[0].body == b"ok"


async def test_the_record_of_a_request_tells_what_became_of_it(sandbox: Sandbox, dial: Dial) -> None:
    line = await dial()
    for target in (b"/echo/seen/1?a=b", b"/echo/none", b"/elsewhere"):
        line.send(b"GET %b HTTP/1.1\r\nHost: localhost\r\nX-Secret: canary\r\n\r\n" % target)
        await line.answer()
    seen, none, elsewhere = sandbox.requests
    assert (seen.number, seen.method, seen.path, seen.query) == (1, "GET", "/echo/seen/1?a=b", (("a", "b"),))
    assert (seen.vendor, seen.operation, seen.status, seen.executed, seen.fault) == ("echo", "seen", 200, True, None)
    assert seen.header("x-secret") == "canary"
    assert "canary" not in repr(seen)
    assert (none.vendor, none.operation, none.status, none.executed) == ("echo", None, 404, False)
    assert (elsewhere.vendor, elsewhere.operation, elsewhere.status) == (None, None, 404)
    assert sandbox.connection_count == 1


async def test_an_unknown_path_is_answered_by_its_vendor_or_tells_what_is_served(sandbox: Sandbox, dial: Dial) -> None:
    line = await dial()
    line.send(b"GET /echo/none HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (await line.answer()).document == {"echo": "not found"}
    line.send(b"GET /elsewhere HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = await line.answer()
    assert answer.status == 404
    assert answer.document["serves"] == {"bukalapak": ["/v1/", "/v2/", "/_bukalapak/"], "echo": ["/echo/"]}


async def test_a_handler_that_fails_is_a_500_and_a_log_line(
    sandbox: Sandbox, dial: Dial, caplog: pytest.LogCaptureFixture
) -> None:
    line = await dial()
    line.send(b"GET /echo/broken HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (await line.answer()).status == 500
    assert "GET /echo/broken" in caplog.text
    assert "ZeroDivisionError" in caplog.text


async def test_a_request_that_breaks_off_is_recorded_and_not_carried_out(
    sandbox: Sandbox, echo: Echo, dial: Dial
) -> None:
    line = await dial()
    line.send(b"POST /echo/seen/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12345")
    while not sandbox.requests:
        await asyncio.sleep(0.005)
    line.abort()
    other = await dial()
    other.send(b"GET /echo/seen/2 HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await other.answer()
    assert [call.target for call in echo.state] == ["/echo/seen/2"]
    assert not sandbox.requests[0].executed


async def test_a_request_that_is_no_http_is_a_400(sandbox: Sandbox, dial: Dial) -> None:
    line = await dial()
    line.send(b"\x16\x03\x01 nonsense\r\n\r\n")
    assert (await line.hear()).status == 400
    assert sandbox.requests == []


async def test_an_idle_connection_is_closed_after_its_time(request_bytes: Spell) -> None:
    async with Sandbox(idle_timeout=0.1) as sandbox:
        host, _, port = sandbox.base_url.removeprefix("http://").rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(request_bytes("GET", "/v1/messages.json"))
        started = time.monotonic()
        assert (await asyncio.wait_for(reader.read(), 5)).startswith(b"HTTP/1.1 200")
        assert 0.05 < time.monotonic() - started < 3
        writer.close()


def test_the_log_keeps_the_newest_records() -> None:
    log = RequestLog(limit=3)
    entries = [log.add(method="GET", target=f"/{n}", headers=(), vendor=None, operation=None) for n in range(5)]
    entries[0].update(status=200)
    entries[4].update(status=201)
    assert [(record.number, record.status) for record in log.snapshot()] == [(3, None), (4, None), (5, 201)]
    log.reset()
    entries[4].update(status=500)
    assert log.snapshot() == []


@pytest.mark.parametrize(
    ("headers", "status", "expected"),
    [
        ("", 200, slice(None)),
        ("Range: bytes=0-9", 206, slice(0, 10)),
        ("Range: bytes=1000-", 206, slice(1000, None)),
        ("Range: bytes=-5", 206, slice(-5, None)),
        ("Range: bytes=1020-99999", 206, slice(1020, None)),
        ("Range: bytes=-99999", 206, slice(None)),
        ("Range: bytes=1024-", 416, slice(0, 0)),
        ("Range: bytes=-0", 416, slice(0, 0)),
        ("Range: bytes=-", 200, slice(None)),
        ("Range: bytes=5-2", 416, slice(0, 0)),
        ("Range: bytes=0-1,5-6", 200, slice(None)),
        ("Range: lines=0-1", 200, slice(None)),
        ('Range: bytes=0-9\r\nIf-Range: "another"', 200, slice(None)),
    ],
)
async def test_downloads_answer_ranges(
    sandbox: Sandbox, dial: Dial, headers: str, status: int, expected: slice
) -> None:
    line = await dial()
    extra = f"{headers}\r\n" if headers else ""
    line.send(f"GET /echo/file HTTP/1.1\r\nHost: localhost\r\n{extra}\r\n".encode())
    answer = await line.answer()
    assert answer.status == status
    assert answer.body == Echo.file[expected]
    if status == 206:
        start, end, size = expected.indices(1024)[0], expected.indices(1024)[1] - 1, 1024
        assert f"Content-Range: bytes {start}-{end}/{size}".encode() in answer.head


async def test_a_multipart_form_is_read_in_parts(sandbox: Sandbox, echo: Echo, dial: Dial) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="type"\r\n\r\nusers\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\nContent-Type: x/y\r\n\r\n'
        b"\x00\r\n\xff\n\r\n--b--\r\n"
    )
    head = b"POST /echo/upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    line = await dial()
    line.send(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    assert (await line.answer()).document == {"parts": 2}
    text, file = echo.parts
    assert (text.name, text.filename, text.data) == ("type", None, b"users")
    assert (file.name, file.filename, file.content_type, file.data) == ("file", "a.json", "x/y", b"\x00\r\n\xff\n")


NAMES = st.text("ab\\/;=%'\u00e9 .", max_size=8).filter(lambda name: not name.endswith("\\"))


@given(NAMES, NAMES | st.none())
@example("a", "bukti transfer.jpg")
@example("a", "C:\\foto\\a.jpg")
@example("a%22b", "../../etc/passwd")
@example("a", '\\"b\\\\c')
def test_names_of_a_form_are_read_as_php_does(name: str, filename: str | None) -> None:
    more = "" if filename is None else f'; filename="{filename}"'
    body = f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\nisi\r\n--b--\r\n'.encode()
    call = a_call(body=body, headers=((b"Content-Type", b"multipart/form-data; boundary=b"),))
    [part], [expected] = asyncio.run(call.parts()), read_form(body, "b")
    assert (part.name, part.filename, part.data) == (expected.name, expected.filename, expected.data)


@given(st.binary(max_size=200), st.sampled_from(["multipart/form-data; boundary=b", "multipart/form-data", "x/y", ""]))
def test_a_body_that_is_no_multipart_form_is_a_value_error(data: bytes, content_type: str) -> None:
    call = a_call(body=b"--b\r\n" + data, headers=((b"Content-Type", content_type.encode()),))
    try:
        parts = asyncio.run(call.parts())
    except ValueError:
        return
    assert all(isinstance(part.data, bytes) for part in parts)


@given(st.text(), st.text())
def test_basic_credentials_are_read_as_they_were_written(name: str, password: str) -> None:
    name = name.replace(":", "")
    try:
        encoded = base64.b64encode(f"{name}:{password}".encode())
    except UnicodeEncodeError:
        return
    assert a_call(headers=((b"authorization", b"bAsIc " + encoded),)).basic() == (name, password)


@given(st.sampled_from([b"", b"Basic", b"Basic ", b"Bearer "]), st.binary(max_size=40))
def test_unreadable_credentials_are_none(scheme: bytes, value: bytes) -> None:
    found = a_call(headers=((b"Authorization", scheme + value),)).basic()
    assert found is None or (scheme + value).lower().startswith(b"basic ")


async def test_webhooks_are_sent_once_and_recorded(sandbox: Sandbox, dial: Dial) -> None:
    got: list[tuple[bytes, str | None]] = []

    async def receive(request: web.BaseRequest) -> web.Response:
        got.append((await request.read(), request.headers.get("X-One")))
        return web.Response(status=503)

    receiver = web.ServerRunner(web.Server(receive))
    await receiver.setup()
    site = web.TCPSite(receiver, "127.0.0.1", 0)
    await site.start()
    host, port = receiver.addresses[0][:2]
    line = await dial()
    for url in (f"http://{host}:{port}/hook", f"http://{host}:1/", "not a url"):
        line.send(
            b"POST /echo/hook HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%b" % (len(url), url.encode())
        )
        assert b"X-Sandbox-Shape: undocumented" in (await line.answer()).head
    await sandbox.delivered()
    await receiver.cleanup()
    assert got == [(b'{"a":1}', "1")]
    by_url = {delivery.url: delivery for delivery in sandbox.deliveries}
    assert by_url[f"http://{host}:{port}/hook"].status == 503
    assert all(by_url[url].error for url in (f"http://{host}:1/", "not a url"))
    sandbox.reset()
    assert sandbox.deliveries == []


def test_a_webhook_can_be_caused_from_another_thread(echo: Echo) -> None:
    sandbox = Sandbox(vendors=[echo])
    echo.site.outbox.post("echo", "http://127.0.0.1:1/", b"", ())
    with sandbox.in_thread():
        echo.site.outbox.post("echo", "http://127.0.0.1:1/", b"", ())
        sandbox.wait_delivered()
    assert len(sandbox.deliveries) == 1, "while it is stopped, nothing is sent"


def a_call(*, body: bytes = b"", headers: tuple[tuple[bytes, bytes], ...] = ()) -> Incoming:
    return Incoming(method="POST", target="/", headers=headers, body=body, origin="http://x")


def run_python(code: str) -> str:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.loads(answer.read())
