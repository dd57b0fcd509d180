"""Logging in through a browser that calls back, or through what the user pastes."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nusantara.errors import AuthFailed, ConfigurationError, InvalidParameter, Phase, Sent, Timeout
from nusantara.signing import browser as loopback
from nusantara.signing import receive_callback

EXPECT = {"state": "keadaan-é-1"}
GOOD = {"state": "keadaan-é-1", "code": "kode+1/2=="}


async def http(port: int, text: str) -> tuple[int, str]:
    """Send bytes to a port; the status and the whole answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text.encode())
    answer = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    return (int(answer.split(" ")[1]) if answer else 0), answer


@pytest.fixture(autouse=True)
def short_goodbye(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nusantara.signing.browser.LINGER", 0.05)


class Browser:
    """What the user does: makes requests of the callback's address, one after the other."""

    def __init__(self, *requests: Mapping[str, str] | str, host: str | None = None) -> None:
        self.requests = requests
        self.port = 0
        self.statuses: list[int] = []
        self.answers: list[str] = []
        self._task: asyncio.Task[None] | None = None

    def make_url(self, callback: str) -> str:
        assert callback.startswith("http://127.0.0.1:")
        assert callback.endswith("/callback")
        self.port = int(callback.split(":")[2].partition("/")[0])
        return f"https://vendor.example/authorize?back={callback}"

    def get(self, query: Mapping[str, str] | str, *, path: str = "/callback", host: str = "") -> str:
        text = query if isinstance(query, str) else urlencode(query)
        return f"GET {path}?{text} HTTP/1.1\r\nHost: {host or f'127.0.0.1:{self.port}'}\r\n\r\n"

    async def act(self) -> None:
        for request in self.requests:
            text = request if isinstance(request, str) else self.get(request)
            status, answer = await http(self.port, text.replace("PORT", str(self.port)))
            self.statuses.append(status)
            self.answers.append(answer)

    def open(self, url: str) -> bool:
        assert url.startswith("https://vendor.example/")
        threading.Thread(target=lambda: asyncio.run(self.act()), daemon=True).start()
        return True


async def log_in(browser: Browser, **arguments: Any) -> dict[str, str]:
    arguments = {"expect": EXPECT, "open_browser": browser.open, "timeout": 10, **arguments}
    return await receive_callback(browser.make_url, **arguments)


# --- The listener


async def test_the_callback_brings_its_parameters() -> None:
    browser = Browser(GOOD)
    params = await log_in(browser)
    assert params == GOOD
    assert "kode" not in repr(params)
    assert browser.statuses == [200]
    head = browser.answers[0].lower()
    for line in (
        "cache-control: no-store",
        "referrer-policy: no-referrer",
        "content-security-policy: default-src 'none'",
    ):
        assert line in head
    assert "kode" not in browser.answers[0]
    with pytest.raises(ConnectionRefusedError):
        await http(browser.port, browser.get(GOOD))


async def test_the_address_may_be_made_by_a_coroutine_and_the_expected_value_be_known_only_then() -> None:
    browser = Browser({"token": "minta-1", "oauth_verifier": "v"})
    expected: dict[str, str] = {}

    async def make_url(callback: str) -> str:
        await asyncio.sleep(0.01)
        expected["token"] = "minta-1"
        return browser.make_url(callback)

    params = await receive_callback(make_url, expect=lambda: expected, open_browser=browser.open, timeout=10)
    assert params["oauth_verifier"] == "v"


WRONG: dict[str, Mapping[str, str] | str] = {
    "wrong state": {"state": "lain", "code": "x"},
    "no state": {"code": "x"},
    "empty state": {"state": "", "code": "x"},
    "a refusal with a wrong state": {"state": "lain", "error": "access_denied"},
    "state twice": "GET /callback?state=x&state=keadaan-%C3%A9-1 HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n",
    "not UTF-8": "GET /callback?state=%ff HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n",
    "no query": "GET /callback HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n",
    "foreign host": f"GET /callback?{urlencode(GOOD)} HTTP/1.1\r\nHost: evil.example:PORT\r\n\r\n",
    "foreign port": f"GET /callback?{urlencode(GOOD)} HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n",
    "localhost": f"GET /callback?{urlencode(GOOD)} HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    "no host": f"GET /callback?{urlencode(GOOD)} HTTP/1.1\r\n\r\n",
    "two hosts": f"GET /callback?{urlencode(GOOD)} HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nHost: evil.example\r\n\r\n",
    "not HTTP": "hello\r\n\r\n",
    "TLS": "\x16\x03\x01\r\n\r\n",
    "long": f"GET /callback?a={'x' * 20_000} HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n",
}


@pytest.mark.parametrize("kind", WRONG)
async def test_a_wrong_request_is_refused_and_the_wait_goes_on(kind: str) -> None:
    browser = Browser(WRONG[kind], GOOD)
    assert await log_in(browser) == GOOD
    assert browser.statuses == [400, 200]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ("GET /favicon.ico HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", 404),
        (f"GET /?{urlencode(GOOD)} HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", 404),
        (f"POST /callback?{urlencode(GOOD)} HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 0\r\n\r\n", 405),
        (f"HEAD /callback?{urlencode(GOOD)} HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", 405),
    ],
)
async def test_other_requests_do_not_end_the_wait(request_: str, status: int) -> None:
    browser = Browser(request_, GOOD)
    assert await log_in(browser) == GOOD
    assert browser.statuses == [status, 200]


async def test_a_callback_before_the_address_is_known_is_refused() -> None:
    browser = Browser()

    async def make_url(callback: str) -> str:
        url = browser.make_url(callback)
        browser.statuses.append((await http(browser.port, browser.get({"state": ""})))[0])
        browser.statuses.append((await http(browser.port, browser.get(GOOD)))[0])
        return url

    browser.requests = (GOOD,)
    assert await receive_callback(make_url, expect=EXPECT, open_browser=browser.open, timeout=10) == GOOD
    assert browser.statuses == [400, 400, 200]


async def test_connections_that_say_nothing_more_hold_nothing_up() -> None:
    browser = Browser(GOOD)
    sockets: list[socket.socket] = []

    def open_(url: str) -> bool:
        for start in (b"", b"GET /callback?state", b"GET /callback HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"):
            sockets.append(socket.create_connection(("127.0.0.1", browser.port)))
            sockets[-1].sendall(start)
        return browser.open(url)

    started = asyncio.get_running_loop().time()
    assert await log_in(browser, open_browser=open_) == GOOD
    assert asyncio.get_running_loop().time() - started < 3
    for one in sockets:
        one.close()


async def test_the_user_may_say_no() -> None:
    browser = Browser({**EXPECT, "error": "access_denied", "error_description": "Tidak\r\nmau"})
    with pytest.raises(AuthFailed, match="Tidak  mau") as caught:
        await log_in(browser)
    assert caught.value.code == "access_denied"
    assert caught.value.sent is Sent.NO
    assert browser.statuses == [200]


async def test_a_free_port_is_used_twice_in_a_row() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for _ in range(2):
        browser = Browser(GOOD)
        await log_in(browser, port=port)
        assert browser.port == port


async def test_nobody_comes() -> None:
    browser = Browser()
    started = asyncio.get_running_loop().time()
    with pytest.raises(Timeout, match=r"0\.2 s") as caught:
        await log_in(browser, timeout=0.2)
    assert caught.value.phase is Phase.TOTAL
    assert asyncio.get_running_loop().time() - started < 2
    with pytest.raises(ConnectionRefusedError):
        await http(browser.port, browser.get(GOOD))


async def test_a_timeout_of_the_vendor_is_not_taken_for_ours() -> None:
    async def make_url(callback: str) -> str:
        raise Timeout(Phase.CONNECT, "no token")

    with pytest.raises(Timeout, match="no token"):
        await receive_callback(make_url, expect=EXPECT, open_browser=False)


async def test_cancelling_closes_the_listener() -> None:
    browser = Browser()
    task = asyncio.create_task(log_in(browser))
    while not browser.port:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ConnectionRefusedError):
        await http(browser.port, browser.get(GOOD))


@pytest.mark.parametrize("expect", [{}, {"state": ""}, dict])
async def test_something_has_to_be_expected(expect: Any) -> None:
    with pytest.raises(InvalidParameter, match="expect"):
        await log_in(Browser(), expect=expect)


async def test_codes_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await log_in(Browser(WRONG["long"], GOOD))
    assert "kode" not in caplog.text
    assert "keadaan" not in caplog.text


@given(st.text(st.characters(), max_size=40) | st.binary(max_size=40).map(lambda raw: raw.decode("latin-1")))
def test_no_query_breaks_the_reading(text: str) -> None:
    for params in (loopback._query(text), loopback._of_line(text, EXPECT, "code")):
        assert params is None or all(isinstance(value, str) for value in params.values())


# --- The browser


async def test_the_users_browser_is_opened(tmp_path: Path) -> None:
    """A real process and the real module webbrowser, with a program of ours as the browser."""
    program = """
import asyncio, sys
from nusantara.signing import receive_callback

async def main():
    make_url = lambda callback: callback + "?state=s-1&code=k-1"
    print(sorted((await receive_callback(make_url, expect={"state": "s-1"}, timeout=20)).items()))

asyncio.run(main())
"""
    browser = tmp_path / "browser.py"
    browser.write_text("import sys, urllib.request; urllib.request.urlopen(sys.argv[1]).read()")
    environment = {**os.environ, "BROWSER": f"{sys.executable} {browser} %s"}
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == "[('code', '***'), ('state', '***')]\n", done.stderr


async def test_a_browser_that_stays_in_front_is_not_waited_for() -> None:
    browser = Browser(GOOD)
    closed = threading.Event()

    def open_(url: str) -> bool:
        browser.open(url)
        return closed.wait(30)

    assert await log_in(browser, open_browser=open_) == GOOD
    closed.set()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="is about Linux without a screen")
async def test_without_a_screen_there_is_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigurationError, match="browser"):
        await log_in(Browser(), open_browser=True)


async def test_the_caller_may_show_the_address_alone() -> None:
    browser = Browser(GOOD)

    def make_url(callback: str) -> str:
        url = browser.make_url(callback)
        asyncio.get_running_loop().call_later(0.05, browser.open, url)
        return url

    assert await receive_callback(make_url, expect=EXPECT, open_browser=False, timeout=10) == GOOD


# --- Pasting


def pasting(*lines: str) -> tuple[Callable[[str], str], list[str]]:
    """A reader that the user pastes lines into, and what it showed."""
    shown: list[str] = []
    left = iter(lines)

    def paste(prompt: str) -> str:
        shown.append(prompt)
        for line in left:
            return line
        raise EOFError

    return paste, shown


@pytest.mark.parametrize(
    ("line", "params"),
    [
        (" kode+1/2== \n", GOOD),
        (f"http://127.0.0.1:5/callback?{urlencode(GOOD)}", GOOD),
        (f"https://other.example/x?{urlencode(GOOD)}#frag", GOOD),
    ],
)
async def test_a_code_or_the_whole_address_may_be_pasted(line: str, params: dict[str, str]) -> None:
    paste, shown = pasting(line)
    found = await log_in(Browser(), open_browser=lambda url: False, paste=paste)
    assert found == params
    assert "kode" not in repr(found)
    assert "https://vendor.example/authorize?back=http://127.0.0.1:" in shown[0]


async def test_a_reader_may_be_a_coroutine_function() -> None:
    async def paste(prompt: str) -> str:
        return "v-1"

    found = await log_in(Browser(), open_browser=False, paste=paste, code="oauth_verifier")
    assert found == {**EXPECT, "oauth_verifier": "v-1"}
    assert await log_in(Browser(), open_browser=False, paste=lambda prompt: paste(prompt)) == {**EXPECT, "code": "v-1"}


async def test_what_cannot_be_used_is_asked_for_again() -> None:
    lines = [
        "",
        "two words",
        "http://127.0.0.1:5/callback?state=lain&code=x",
        "http://127.0.0.1:5/",
        "http://[",
        "http://127.0.0.1:5/callback?state=\udcff&code=x",
        "kode-1",
    ]
    paste, shown = pasting(*lines)
    found = await log_in(Browser(), open_browser=False, paste=paste)
    assert found["code"] == "kode-1"
    assert len(shown) == len(lines)


async def test_an_address_that_says_no_is_a_refusal() -> None:
    paste, _ = pasting(f"http://127.0.0.1:5/callback?{urlencode({**EXPECT, 'error': 'access_denied'})}")
    with pytest.raises(AuthFailed, match="access_denied"):
        await log_in(Browser(), open_browser=False, paste=paste)


async def test_the_end_of_the_input_ends_the_log_in() -> None:
    paste, _ = pasting()
    with pytest.raises(AuthFailed, match="nothing was pasted"):
        await log_in(Browser(), open_browser=False, paste=paste)


async def test_the_callback_may_come_while_the_user_is_asked() -> None:
    browser = Browser(GOOD)
    asked, done = threading.Event(), threading.Event()

    def paste(prompt: str) -> str:
        asked.set()
        browser.open("https://vendor.example/")
        done.wait(30)
        return "late"

    assert await log_in(browser, open_browser=False, paste=paste) == GOOD
    assert asked.is_set()
    done.set()


def test_a_reader_that_never_returns_does_not_keep_the_program() -> None:
    program = """
import asyncio, time
from nusantara.errors import Timeout
from nusantara.signing import receive_callback

async def main():
    try:
        await receive_callback(lambda back: back, expect={"state": "x"}, timeout=0.2, open_browser=False,
                               paste=lambda prompt: time.sleep(60) or "")
    except Timeout:
        print("timeout")

asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=20)
    assert done.stdout == "timeout\n", done.stderr


async def test_the_reader_is_not_asked_where_a_browser_was_opened() -> None:
    paste, shown = pasting("x")
    assert await log_in(Browser(GOOD), paste=paste) == GOOD
    assert shown == []


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    program = "import sys, nusantara.signing.browser; print({'aiohttp', 'webbrowser'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", -1),
        ("port", 70_000),
        ("port", "80"),
        ("timeout", 0),
        ("timeout", "1"),
        ("open_browser", 5),
        ("paste", 5),
    ],
)
async def test_what_is_wrong_here_is_told_before_the_vendor_is_asked(name: str, value: Any) -> None:
    asked: list[str] = []

    def make_url(callback: str) -> str:
        asked.append(callback)
        return callback

    with pytest.raises(InvalidParameter) as caught:
        await receive_callback(make_url, expect={"state": "x"}, **{name: value})
    assert caught.value.parameter == name
    assert asked == []
