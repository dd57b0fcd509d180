"""Signing in through the browser while others knock at the same door."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from hostile.conftest import SECRET
from support.consent import answer_consent, visit
from support.faults import Seen
from support.flavours import Flavour
from support.sign_in import GOOD, Browser, SignInVendor

from kaskus_async import AsyncKaskus, Kaskus
from nusantara.errors import AuthFailed, ConfigurationError, Sent
from nusantara.sandbox import Sandbox


@pytest.fixture
async def vendor() -> SignInVendor:
    return SignInVendor()


@pytest.fixture
async def kaskus(open_client: Any, serve: Any, vendor: SignInVendor) -> Flavour[Any]:
    made: Flavour[Any] = open_client((await serve(vendor)).base_url, "kaskus")
    return made


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


WRONG: dict[str, Any] = {
    "wrong state": {**GOOD, "oauth_token": "tok-lain"},
    "no state": {"oauth_verifier": "v999"},
    "empty state": {**GOOD, "oauth_token": ""},
    "a refusal with a wrong state": {"oauth_token": "tok-lain", "error": "access_denied"},
    "foreign Host": (GOOD, "jahat.example"),
    "foreign Host with the port": (GOOD, "jahat.example:PORT"),
    "localhost": (GOOD, "localhost:PORT"),
    "Host with another port": (GOOD, "127.0.0.1:1"),
    "empty Host": (GOOD, ""),
}


@pytest.mark.parametrize("kind", WRONG)
async def test_g72_a_callback_that_is_not_the_one(
    kaskus: Flavour[Any], vendor: SignInVendor, kind: str, seen: Seen
) -> None:
    browser = Browser(vendor, [WRONG[kind], WRONG[kind], GOOD])
    token = await kaskus(lambda k: k.auth.log_in(open_browser=browser, timeout=20))
    assert browser.finish() == [400, 400, 200]
    assert token.token == "tok-baru"
    assert vendor.verifiers == ["v123"], "only what the true callback brought was used"
    seen(f"{browser.statuses[0]} and the wait goes on: {kind}")


async def test_g72_a_second_callback(kaskus: Flavour[Any], vendor: SignInVendor, seen: Seen) -> None:
    browser = Browser(vendor, [GOOD, {**GOOD, "oauth_verifier": "v999"}, GOOD])
    token = await kaskus(lambda k: k.auth.log_in(open_browser=browser, timeout=20))
    statuses = browser.finish()
    assert statuses[:2] == [200, 410]
    assert (token.token, vendor.verifiers) == ("tok-baru", ["v123"])
    seen(f"{statuses[1]} for a second callback")


async def test_g72_a_port_that_is_taken(
    kaskus: Flavour[Any], vendor: SignInVendor, taken_port: int, seen: Seen
) -> None:
    browser = Browser(vendor, [GOOD])
    token = await kaskus(lambda k: k.auth.log_in(port=taken_port, open_browser=browser, timeout=20))
    assert token.token == "tok-baru"
    used = urlsplit(vendor.callback)
    assert used.hostname == "127.0.0.1"
    assert used.port not in (0, taken_port, None)
    seen(f"another port than the taken one: {used.port != taken_port}")


@pytest.mark.parametrize("paste", [False, True], ids=["", "paste"])
async def test_g72_no_browser(
    kaskus: Flavour[Any], vendor: SignInVendor, monkeypatch: pytest.MonkeyPatch, paste: bool, seen: Seen
) -> None:
    """A machine without a screen: what was asked for is pasted, or else the error says what to do."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("webbrowser.open", lambda url: False)
    shown: list[str] = []
    lines = iter(["", "http://127.0.0.1:1/callback?oauth_token=tok-lain&oauth_verifier=v999", "v123"])

    def reader(text: str) -> str:
        shown.append(text)
        return next(lines)

    if paste:
        token = await kaskus(lambda k: k.auth.log_in(paste=reader, timeout=20))
        assert (token.token, vendor.verifiers, len(shown)) == ("tok-baru", ["v123"], 3)
        assert kaskus.client.auth.authorize_url("tok-minta") in shown[0]
        seen(f"without a browser: pasted after {len(shown)} questions")
        return
    with pytest.raises(ConfigurationError, match="no browser could be opened") as caught:
        await kaskus(lambda k: k.auth.log_in(timeout=20))
    assert "paste" in (caught.value.hint or "")
    assert caught.value.sent is Sent.NO
    assert vendor.verifiers == []
    seen(caught.value, f"hint: {caught.value.hint}")


async def test_g72_the_user_says_no(flavour: str, nusantara_sandbox: Sandbox, seen: Seen) -> None:
    """On the sandbox, whose consent page has a button for it."""
    keys = nusantara_sandbox.credentials["kaskus"]
    kind = AsyncKaskus if flavour == "async" else Kaskus
    made = kind(keys["consumer_key"], keys["consumer_secret"], base_url=nusantara_sandbox.base_url)
    client: Flavour[Any] = Flavour(flavour, made)

    def refuse(url: str) -> bool:
        return visit(answer_consent(url, keys["username"], "deny"))

    try:
        with pytest.raises(AuthFailed) as caught:
            await client(lambda k: k.auth.log_in(open_browser=refuse, timeout=20))
    finally:
        await client.close()
    seen(caught.value)


@pytest.mark.parametrize("said", ["Tidak\r\nmau\x1b[31m", "x" * 5000])
async def test_g72_what_a_refusal_says_is_shown_as_one_line(
    kaskus: Flavour[Any], vendor: SignInVendor, said: str, seen: Seen
) -> None:
    browser = Browser(vendor, [{**GOOD, "error": "access_denied", "error_description": said}])
    with pytest.raises(AuthFailed) as caught:
        await kaskus(lambda k: k.auth.log_in(open_browser=browser, timeout=20))
    assert browser.finish() == [200]
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300
    assert SECRET not in str(caught.value)
    assert (caught.value.code, vendor.verifiers) == ("access_denied", [])
    seen(caught.value)
