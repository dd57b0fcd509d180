"""Where a vendor is: every spelling of an address gives the bytes that are signed and sent."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.fuzz import unwatched
from support.raw import RawServer, Received, Wire

from bukalapak_async import AsyncBukalapak, Bukalapak
from kaskus_async import AsyncKaskus
from nusantara.checks import clean_base_url
from nusantara.client import AsyncClient, Settings
from nusantara.errors import ConfigurationError, InvalidParameter
from nusantara.request import CallClass, Request
from qiscus_async import AsyncQiscus

PATHS = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="?#"), max_size=4)
    | st.sampled_from(
        ["/", "//", "%", "%7E", "%7e", "%2f", "%25", "%zz", "%E2%82%AC", ".", "..", "/./", "%2E", "~", " "]
    )
    | st.text("%0123456789abcdefABCDEF", max_size=6)
).map("".join)


@pytest.mark.parametrize(
    ("spelling", "clean"),
    [
        ("https://h/gw/%7Ekas", "https://h/gw/~kas"),
        ("https://h/gw/%2fkas", "https://h/gw/%2Fkas"),
        ("https://h/a b/\u00e9\u20ac", "https://h/a%20b/%C3%A9%E2%82%AC"),
        ("https://h/100%", "https://h/100%25"),
        ("https://h/a/./b/../c/%2E%2E/d/..", "https://h/a"),
        ("https://h/../../a", "https://h/a"),
        ("https://h//a//b//", "https://h//a//b"),
        ('https://h/<a>"{|}^`\\', "https://h/%3Ca%3E%22%7B%7C%7D%5E%60%5C"),
        ("https://h/a;b=c,d:e@f!$&'()*+", "https://h/a;b=c,d:e@f!$&'()*+"),
        ("HTTPS://API.H.Test/V1", "https://api.h.test/V1"),
        ("https://b\u00fccher.test", "https://xn--bcher-kva.test"),
        ("http://[0:0:0:0:0:0:0:1]:8080", "http://[::1]:8080"),
        ("http://[::FFFF:10.1.2.3]", f"http://[{ipaddress.ip_address('::ffff:a01:203')}]"),  # Pythons differ.
    ],
)
def test_every_spelling_has_one_form(spelling: str, clean: str) -> None:
    assert clean_base_url(spelling) == clean


@pytest.mark.parametrize(
    "url",
    [
        "https://h/\ud800",
        "https://\ud800.test",
        "https://a b",
        "https://@h",
        "https://:@h",
        "https://h\\x",
        "https://h/\t",
    ],
)
def test_what_has_no_form_is_refused_by_name(url: str) -> None:
    with pytest.raises(InvalidParameter, match="base_url"):
        clean_base_url(url)


@given(PATHS)
@example("/%2%37E")
@example("/%%37E")
def test_the_form_of_a_form_is_itself(path: str) -> None:
    clean = clean_base_url(f"https://h.test/{path}")
    assert clean_base_url(clean) == clean
    assert clean.isascii()
    assert not {" ", '"', "<", "\\"} & {*clean}


@given(PATHS)
def test_only_the_spelling_changes(path: str) -> None:
    segments = [*path.split("/"), "akhir"]
    if any(unquote_to_bytes(segment) in (b".", b"..") for segment in segments):
        return
    clean = clean_base_url(f"https://h.test/{path}/akhir")
    sent = clean.removeprefix("https://h.test/").split("/")
    assert [unquote_to_bytes(segment) for segment in sent] == [unquote_to_bytes(segment) for segment in segments]


class Notes:
    """Credentials that note the address that they would sign."""

    def __init__(self) -> None:
        self.signed: list[str] = []

    def sign(self, request: Request, base_url: str) -> Mapping[str, str]:
        self.signed.append(base_url + request.target)
        return {}


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture(scope="module")
def server(loop: asyncio.AbstractEventLoop) -> Iterator[RawServer]:
    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer()

    running = RawServer(answer)
    loop.run_until_complete(running.__aenter__())
    yield running
    loop.run_until_complete(running.__aexit__(None, None, None))


@pytest.mark.parametrize("way", ["direct", "aiohttp"])
@settings(max_examples=60, deadline=None)
@given(path=PATHS, query=st.text(st.characters(exclude_categories=["Cs"]), max_size=5))
@example(path="gw/%7Ekas", query="")
@example(path="gw/%c3%a9/%2e%2e/a b", query="a&b c")
def test_what_is_signed_is_sent(
    loop: asyncio.AbstractEventLoop, server: RawServer, way: str, path: str, query: str
) -> None:
    notes = Notes()

    async def call() -> None:
        async with AsyncClient(f"{server.base_url}/{path}", notes, Settings(max_attempts=1)) as client:
            await client.request("GET", "/v1/a~b%7E", params={"q": query})
            await client.request("POST", "/v1", form={"q": "x" * 70_000}, call_class=CallClass.SAFE)

    server.requests.clear()
    with pytest.MonkeyPatch.context() as patch, unwatched():
        patch.setenv("NUSANTARA_TRANSPORT", way)
        loop.run_until_complete(call())
    assert [f"http://{request.headers['host']}{request.target}" for request in server.requests] == notes.signed


@pytest.mark.parametrize("url", ["", " ", "\t"])
@pytest.mark.parametrize("kind", [AsyncBukalapak, Bukalapak, AsyncKaskus, AsyncQiscus])
def test_an_empty_address_is_not_the_vendors(kind: Any, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidParameter, match="base_url"):
        kind("toko", "rahasia", base_url=url)
    for name in ("BUKALAPAK_USER_ID", "BUKALAPAK_TOKEN", "KASKUS_CONSUMER_KEY", "KASKUS_CONSUMER_SECRET"):
        monkeypatch.setenv(name, "1")
    for name in ("QISCUS_APP_ID", "QISCUS_SECRET_KEY"):
        monkeypatch.setenv(name, "a")
    vendor = kind.__name__.removeprefix("Async").upper()
    monkeypatch.setenv(f"{vendor}_BASE_URL", url)
    with pytest.raises(ConfigurationError, match=f"{vendor}_BASE_URL is empty"):
        kind.from_env()
