"""Headers that a caller gives: compared without case, and never a second one beside ours, on both ways of a call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.raw import RawServer, Received, Wire

from kaskus_async import AsyncKaskus
from nusantara.checks import check_headers, with_headers
from nusantara.client import AsyncClient, Settings
from nusantara.errors import InvalidParameter
from nusantara.options import Options
from nusantara.request import CallClass, Request, get, post
from nusantara.secret import Secret
from nusantara.signing import HeaderAuth
from nusantara.upload import File

SECRET = "kunci-toko-1945"
REFUSED = [
    *("Content-Length", "Transfer-Encoding", "Content-Encoding", "Trailer", "Expect", "Connection", "Keep-Alive"),
    *("TE", "Upgrade", "HTTP2-Settings", "Host", "Proxy-Authorization", "Proxy-Connection", "Proxy-Apa-Saja"),
]
SPELLINGS: list[Callable[[str], str]] = [str.lower, str.upper, str, str.swapcase, lambda name: name.replace("-", "_")]


@pytest.fixture(params=["direct", "aiohttp"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("NUSANTARA_TRANSPORT", request.param)
    name: str = request.param
    return name


@pytest.fixture
async def server() -> AsyncIterator[RawServer]:
    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer()

    async with RawServer(answer) as running:
        yield running


def client(server: RawServer, **settings: Any) -> AsyncClient:
    return AsyncClient(server.base_url, HeaderAuth({"Authorization": SECRET}), cast(Settings, settings))


def names(request: Received) -> list[str]:
    return sorted(line.partition(b":")[0].decode().lower() for line in request.head.split(b"\r\n")[1:])


@pytest.mark.parametrize("spelled", SPELLINGS)
@pytest.mark.parametrize("name", REFUSED)
def test_what_frames_a_message_is_refused_by_name(name: str, spelled: Callable[[str], str]) -> None:
    headers = {"X-Toko": "1", spelled(name): "rahasia"}
    one = client(cast(Any, type("Nowhere", (), {"base_url": "http://127.0.0.1:1"})))
    for use in (
        lambda: Options(headers=headers),
        lambda: Options().merged(headers=headers),
        lambda: one.with_options(headers=headers),
        lambda: get("/", headers=tuple(headers.items())),
        lambda: AsyncClient("http://h.test", HeaderAuth({}), Settings(headers=headers)),
    ):
        with pytest.raises(InvalidParameter) as caught:
            use()
        assert caught.value.parameter == f"headers[{spelled(name)!r}]"
        assert "rahasia" not in str(caught.value)


@pytest.mark.parametrize("name", REFUSED)
async def test_nothing_leaves_with_a_header_that_is_not_the_callers(server: RawServer, way: str, name: str) -> None:
    async with client(server) as one:
        with pytest.raises(InvalidParameter, match=name.lower()):
            await one.request("POST", "/", json={"a": "x" * 70_000}, headers={name.lower(): "3"})
    assert server.connections == 0


BODIES: dict[str, dict[str, Any]] = {
    "json": {"json": {"a": 1}},
    "form": {"form": {"a": "1"}},
    "large": {"json": "x" * 70_000},
    "file": {"files": {"berkas": File(b"isi")}},
    "nothing": {},
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("where", ["client", "options", "request"])
async def test_credentials_and_the_type_of_a_body_are_ours(server: RawServer, way: str, body: str, where: str) -> None:
    theirs = {"AUTHORIZATION": "jahat", "content-type": "text/x", "user-agent": "toko/2", "ACCEPT": "text/x"}
    async with client(server, **({"headers": theirs} if where == "client" else {})) as one:
        used = one.with_options(headers=theirs) if where == "options" else one
        await used.request("POST", "/", **BODIES[body], headers=theirs if where == "request" else None)
    [request] = server.requests
    assert len(names(request)) == len({*names(request)}), "each once"
    assert request.headers["authorization"] == SECRET
    assert (request.headers["user-agent"], request.headers["accept"]) == ("toko/2", "text/x")
    assert (request.headers["content-type"] == "text/x") == (body == "nothing")


async def test_a_later_giver_replaces_an_earlier_one(server: RawServer, way: str) -> None:
    async with client(server, headers={"X-Toko": "1", "X-Sama": "1"}) as one:
        copy = one.with_options(headers={"x-toko": "2"})
        await copy.request("GET", "/")
        await copy.request("GET", "/", headers={"X-TOKO": "3", "x_sama": "2"})
    assert [request.headers["x-toko"] for request in server.requests] == ["2", "3"]
    assert [name for name in names(server.requests[1]) if name.startswith("x")] == ["x-toko", "x_sama"]


async def test_a_vendors_own_headers_are_not_doubled(server: RawServer, way: str) -> None:
    async with AsyncKaskus("k", "s", base_url=server.base_url, headers={"return-type": "text/x"}) as kaskus:
        await kaskus.request("GET", "/v1")
    assert server.requests[0].headers["return-type"] == "text/json"
    assert names(server.requests[0]).count("return-type") == 1


@pytest.mark.parametrize("headers", [{"X-A": "1", "x-a": "2"}, {"x_a": "1", "X-A": "2"}])
def test_one_name_in_two_spellings_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(InvalidParameter, match="same header"):
        Options(headers=headers)


@pytest.mark.parametrize("headers", [None, 7, "X-A: 1", [("X-A", "1")], {"X-A"}])
def test_what_is_no_mapping_is_refused(headers: Any) -> None:
    with pytest.raises(InvalidParameter, match="headers: must be a mapping"):
        Options(headers=headers)


@pytest.mark.parametrize("value", [None, 7, b"1", ["1"], "a\r\nb", "\x00", "\u20ac", Secret("a\n")])
def test_a_value_that_is_no_text_of_one_line_is_refused(value: Any) -> None:
    with pytest.raises(InvalidParameter, match=r"headers\['X-A'\]"):
        Options().merged(headers={"X-A": value})


class Careless:
    """Credentials of somebody's own, which looks at nothing."""

    def __init__(self, key: str) -> None:
        self._key = key

    def sign(self, request: Request, base_url: str) -> dict[str, str]:
        return {"X-Key": self._key}


@pytest.mark.parametrize("key", ["a\r\nX-Lain: b", "a\nb", "a\rb", "a\0b", "\ud800"])
@pytest.mark.parametrize("size", [1, 70_000])
async def test_no_credential_breaks_out_of_its_header(server: RawServer, way: str, key: str, size: int) -> None:
    async with AsyncClient(server.base_url, Careless(key), Settings()) as one:
        with pytest.raises(InvalidParameter, match="headers") as caught:
            await one.request("POST", "/", json="x" * size)
    assert key not in str(caught.value)
    assert server.requests == []


NAMES = st.text("aAbB-_", min_size=1, max_size=3)
HEADERS = st.dictionaries(NAMES, st.text("xyz", max_size=2), max_size=4)


def folded(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower().replace("_", "-"): value for name, value in headers.items()}


@given(HEADERS, HEADERS)
def test_joining_is_that_of_folded_names(one: dict[str, str], other: dict[str, str]) -> None:
    for headers in (one, other):
        if len(folded(headers)) < len(headers):
            with pytest.raises(InvalidParameter):
                check_headers(headers)
            return
        assert check_headers(headers) == headers
    joined = with_headers(one, other)
    assert len(joined) == len(folded(joined))
    assert folded(joined) == {**folded(one), **folded(other)}


def test_a_request_of_a_vendor_is_checked_too() -> None:
    with pytest.raises(InvalidParameter, match="content-length"):
        post("/", headers=(("content-length", "3"),), call_class=CallClass.SAFE)
