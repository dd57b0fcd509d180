"""The page on which a user allows the application, in a real browser."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from support.chromium import MISSING, Chromium
from support.flavours import Flavour

from nusantara.errors import AuthFailed

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


async def test_a_user_clicks_allow(chromium: Chromium, application: Flavour[Any]) -> None:
    def click(url: str) -> bool:
        chromium.open(url)
        chromium.click("//option[.='laras_senja']")
        chromium.click("//button[.='Izinkan']")
        return True

    token = await application(lambda k: k.auth.log_in(open_browser=click, timeout=60))
    assert token.username == "laras_senja"
    assert chromium.text("//p[contains(., 'logged in')]") == "You are logged in. You can close this window."
    assert "/callback?" in chromium.address
    user = Flavour[Any](application.name, application.client.with_token(token.token, token.token_secret))
    assert (await user(lambda k: k.account.profile())).username == "laras_senja"


async def test_a_user_clicks_deny(chromium: Chromium, application: Flavour[Any]) -> None:
    def click(url: str) -> bool:
        chromium.open(url)
        chromium.click("//button[.='Tolak']")
        return True

    with pytest.raises(AuthFailed, match="the user has not allowed it"):
        await application(lambda k: k.auth.log_in(open_browser=click, timeout=60))


async def test_a_user_copies_the_verifier(chromium: Chromium, application: Flavour[Any]) -> None:
    request = await application(lambda k: k.auth.request_token("oob"))

    def click() -> str:
        chromium.open(application.client.auth.authorize_url(request.token))
        chromium.click("//button[.='Izinkan']")
        return chromium.text("//*[@id='verifier']")

    verifier = await asyncio.to_thread(click)
    token = await application(lambda k: k.auth.access_token(request.token, request.token_secret, verifier=verifier))
    assert token.username == "arya.kopi"


async def test_an_answered_page_cannot_be_answered_again(chromium: Chromium, application: Flavour[Any]) -> None:
    request = await application(lambda k: k.auth.request_token("oob"))
    url = application.client.auth.authorize_url(request.token)

    def click_and_return() -> tuple[str, str]:
        chromium.open(url)
        chromium.click("//button[.='Tolak']")
        first = chromium.text("//*[@id='message']")
        chromium.open(url)
        return first, chromium.text("//*[@id='message']")

    assert await asyncio.to_thread(click_and_return) == (
        "Akses ditolak. Halaman ini boleh ditutup.",
        "Permintaan ini tidak dikenal atau sudah dijawab.",
    )
