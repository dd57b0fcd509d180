"""Logging in through the browser: a listener on this machine, a vendor, and a user who does as told."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from support.raw import RawServer
from support.sign_in import GOOD, Browser, SignInVendor

from kaskus_async.client import AsyncKaskus
from nusantara.errors import AuthFailed, ConfigurationError, NotFound, Timeout


@pytest.fixture
async def vendor() -> AsyncIterator[tuple[SignInVendor, AsyncKaskus]]:
    script = SignInVendor()
    async with RawServer(script) as server, AsyncKaskus("kunci", "rahasia", base_url=server.base_url) as kaskus:
        yield script, kaskus


async def test_a_user_who_allows_it_is_logged_in(vendor: tuple[SignInVendor, AsyncKaskus]) -> None:
    script, kaskus = vendor
    browser = Browser(script, [GOOD])
    token = await kaskus.auth.log_in(open_browser=browser, timeout=20)
    assert (token.token, token.token_secret.reveal()) == ("tok-baru", "rhs-baru")
    page = urlsplit(browser.opened)
    assert (page.path, parse_qs(page.query)) == ("/api/oauth/authorize", {"token": ["tok-minta"]})
    callback = urlsplit(script.callback)
    assert (callback.scheme, callback.hostname) == ("http", "127.0.0.1")
    assert script.verifiers == ["v123"]


async def test_a_callback_of_another_log_in_is_refused_and_the_right_one_still_waited_for(
    vendor: tuple[SignInVendor, AsyncKaskus],
) -> None:
    script, kaskus = vendor
    browser = Browser(script, [{**GOOD, "oauth_token": "tok-lain"}, {"oauth_verifier": "v123"}, GOOD])
    token = await kaskus.auth.log_in(open_browser=browser, timeout=20)
    assert token.token == "tok-baru"
    assert browser.statuses[:2] == [400, 400]
    assert script.verifiers == ["v123"]


async def test_a_second_callback_changes_nothing(vendor: tuple[SignInVendor, AsyncKaskus]) -> None:
    script, kaskus = vendor
    browser = Browser(script, [GOOD, {**GOOD, "oauth_verifier": "v999"}])
    token = await kaskus.auth.log_in(open_browser=browser, timeout=20)
    assert token.token == "tok-baru"
    assert script.verifiers == ["v123"]
    assert browser.statuses == [200, 410]


async def test_the_verifier_may_be_missing(vendor: tuple[SignInVendor, AsyncKaskus]) -> None:
    script, kaskus = vendor
    browser = Browser(script, [{"token": "tok-minta", "oauth_token": "tok-minta"}])
    assert (await kaskus.auth.log_in(open_browser=browser, timeout=20)).token == "tok-baru"
    assert script.verifiers == [None]


async def test_a_user_who_does_not_allow_it_is_not_logged_in(vendor: tuple[SignInVendor, AsyncKaskus]) -> None:
    script, kaskus = vendor
    browser = Browser(script, [{**GOOD, "oauth_verifier": "tidak"}])
    with pytest.raises(AuthFailed, match="Tidak diizinkan"):
        await kaskus.auth.log_in(open_browser=browser, timeout=20)


async def test_a_port_that_is_taken_is_replaced(vendor: tuple[SignInVendor, AsyncKaskus]) -> None:
    script, kaskus = vendor
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        token = await kaskus.auth.log_in(port=port, open_browser=Browser(script, [GOOD]), timeout=20)
    assert token.token == "tok-baru"
    assert urlsplit(script.callback).port != port


async def test_a_user_who_never_comes_back_is_not_waited_for_for_ever(vendor: tuple[SignInVendor, AsyncKaskus]) -> None:
    _, kaskus = vendor
    with pytest.raises(Timeout, match="nobody came back"):
        await kaskus.auth.log_in(open_browser=lambda url: True, timeout=0.2)


async def test_a_vendor_that_gives_no_request_token_ends_it(vendor: tuple[SignInVendor, AsyncKaskus]) -> None:
    script, kaskus = vendor
    script.status = 404
    with pytest.raises(NotFound):
        await kaskus.auth.log_in(open_browser=lambda url: pytest.fail("nothing to open"), timeout=20)


@pytest.mark.parametrize(
    ("line", "verifier"),
    [
        ("v123", "v123"),
        ("  v123\n", "v123"),
        ("http://127.0.0.1:1/callback?token=tok-minta&oauth_token=tok-minta&oauth_verifier=v123", "v123"),
        ("http://127.0.0.1:1/callback?token=tok-minta&oauth_token=tok-minta", None),
    ],
)
async def test_without_a_browser_the_address_or_the_verifier_is_pasted(
    vendor: tuple[SignInVendor, AsyncKaskus], line: str, verifier: str | None
) -> None:
    script, kaskus = vendor
    shown: list[str] = []

    def paste(text: str) -> str:
        shown.append(text)
        return line

    token = await kaskus.auth.log_in(open_browser=False, paste=paste, timeout=20)
    assert (token.token, script.verifiers) == ("tok-baru", [verifier])
    assert kaskus.auth.authorize_url("tok-minta") in shown[0]


async def test_what_is_pasted_from_another_log_in_is_asked_for_again(vendor: tuple[SignInVendor, AsyncKaskus]) -> None:
    script, kaskus = vendor
    lines = iter(["http://127.0.0.1:1/callback?oauth_token=tok-lain&oauth_verifier=v999", "", "v123"])
    token = await kaskus.auth.log_in(open_browser=False, paste=lambda text: next(lines), timeout=20)
    assert (token.token, script.verifiers) == ("tok-baru", ["v123"])


async def test_without_a_browser_and_without_pasting_there_is_a_clear_error(
    vendor: tuple[SignInVendor, AsyncKaskus],
) -> None:
    _, kaskus = vendor
    with pytest.raises(ConfigurationError, match="no browser"):
        await kaskus.auth.log_in(open_browser=lambda url: False, timeout=20)


async def test_a_cancelled_log_in_leaves_no_listener(vendor: tuple[SignInVendor, AsyncKaskus]) -> None:
    script, kaskus = vendor
    logging_in = asyncio.create_task(kaskus.auth.log_in(open_browser=lambda url: True, timeout=20))
    while not script.callback:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    logging_in.cancel()
    with pytest.raises(asyncio.CancelledError):
        await logging_in
    with (
        pytest.raises(OSError, match="refused"),
        socket.create_connection(("127.0.0.1", urlsplit(script.callback).port)),
    ):
        pass


PROGRAM = """
import sys
from kaskus_async.client import AsyncKaskus
import asyncio

async def main():
    async with AsyncKaskus("kunci", "rahasia", base_url=sys.argv[1]) as kaskus:
        token = await kaskus.auth.log_in(open_browser=False, paste=input, timeout=30)
        print("\\nmasuk", token.token)

asyncio.run(main())
"""


async def test_at_a_terminal_the_address_is_read_from_the_keyboard(vendor: tuple[SignInVendor, AsyncKaskus]) -> None:
    _, kaskus = vendor
    root = Path(__file__).parents[3]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        kaskus.base_url,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (root / "common", root)))},
    )
    output, errors = await process.communicate(b"v123\n")
    assert output.decode().splitlines()[-1] == "masuk tok-baru", errors.decode()
