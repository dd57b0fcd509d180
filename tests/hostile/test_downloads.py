"""Downloads: where an address may lead, and what becomes of a file that comes in pieces."""

from __future__ import annotations

import asyncio
import email.utils
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import trustme
from hostile.conftest import SECRET, OpenClient, Serve
from support.faults import Seen, outcome_of
from support.files import CONTENT, FileServer, export_at
from support.raw import RawServer, Received, Wire

from nusantara.errors import ConnectFailed, NusantaraError, UnsafeRedirect

VENDOR = "https://toko.qiscus.example"
"""A base URL outside of the local network, at which nothing is asked here."""
PUBLIC = "93.184.215.14"
HOST = "berkas.toko.example"


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nusantara.download.PAUSE", 0.001)


# --- Where an address may lead


async def test_g39_a_foreign_host_gets_nothing_of_the_client(
    open_client: OpenClient, serve: Serve, tmp_path: Path, seen: Seen
) -> None:
    files, cookies = FileServer(cut=200_000), []

    async def with_cookie(wire: Wire, request: Received) -> Any:
        cookies.append(request.headers.get("cookie"))
        if request.target == "/f.json":
            await wire.answer(302, b"", Location="/g.json", Set_Cookie="pelacak=1; Path=/")
            return False
        return await files(wire, request)

    host = await serve(with_cookie)
    vendor = await serve(lambda wire, request: wire.answer(Set_Cookie="sesi=1"))
    client = open_client(vendor.base_url, "qiscus", headers={"X-Toko": SECRET})
    await client(lambda q: q.request("GET", "/api/v2.1/rest/user_profile"))
    done = await client(lambda q: q.exports.download(export_at(f"{host.base_url}/f.json"), tmp_path / "f.json"))
    assert done.path.read_bytes() == CONTENT
    names = {name for request in host.requests for name in request.headers}
    assert names <= {"host", "user-agent", "accept", "accept-encoding", "range", "if-range"}
    assert cookies == [None] * len(host.requests)
    canaries = sum(SECRET.encode() in request.head + request.body for request in host.requests)
    assert canaries == 0
    assert SECRET.encode() in vendor.requests[0].head
    seen(f"fetched, {canaries} canary secrets at the foreign host", f"{len(host.requests)} requests to it")


@pytest.mark.parametrize(
    "host",
    [
        *["127.0.0.1", "[::1]", "10.1.2.3", "169.254.169.254", "[::ffff:127.0.0.1]", "0.0.0.0", "100.64.0.1"],
        *["localhost", "127.1", "2130706433", "0177.0.0.1", "0x7f.1", "127.0.0.1."],
    ],
)
async def test_g39_a_private_address_is_refused_before_connecting(
    open_client: OpenClient, serve: Serve, tmp_path: Path, seen: Seen, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    server = await serve(FileServer())
    tried: list[Any] = []
    real = asyncio.SelectorEventLoop.sock_connect

    async def connect(loop: Any, sock: Any, address: Any) -> Any:
        tried.append(address)
        return await real(loop, sock, address)

    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", connect)
    client = open_client(VENDOR, "qiscus")
    export = export_at(f"https://{host}:{server.port}/f.json")
    with pytest.raises(UnsafeRedirect) as caught:
        await client(lambda q: q.exports.download(export, tmp_path / "f.json"))
    assert (tried, server.connections, list(tmp_path.iterdir())) == ([], 0, [])
    seen(caught.value, f"{server.connections} connections")


class Names:
    """What the resolver says of a host, look-up for look-up."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def resolve(self, resolver: Any, host: str, port: int = 0, family: int = 0) -> list[Any]:
        addresses = self._answers[min(self.asked, len(self._answers) - 1)]
        self.asked += 1
        return [
            {"hostname": host, "host": one, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
            for one in addresses
        ]


@asynccontextmanager
async def public_host(
    monkeypatch: pytest.MonkeyPatch, script: Callable[[Wire, Received], Awaitable[Any]]
) -> AsyncIterator[tuple[RawServer, ssl.SSLContext]]:
    """A TLS server that whoever connects to the public address reaches, since no machine in a test has one."""
    authority = trustme.CA()
    context, trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert(HOST).configure_cert(context)
    authority.configure_trust(trusting)
    real = asyncio.SelectorEventLoop.sock_connect

    async def connect(loop: Any, sock: Any, address: Any) -> Any:
        return await real(loop, sock, ("127.0.0.1", server.port) if address[0] == PUBLIC else address)

    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", connect)
    async with RawServer(script, ssl=context) as server:
        yield server, trusting


@pytest.mark.parametrize("later", [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["::1"]])
async def test_g39_a_name_that_changes_to_a_private_address_is_refused(
    open_client: OpenClient, tmp_path: Path, seen: Seen, monkeypatch: pytest.MonkeyPatch, later: list[str]
) -> None:
    names = Names([PUBLIC], later)
    monkeypatch.setattr(aiohttp.ThreadedResolver, "resolve", lambda *parts: names.resolve(*parts))
    async with public_host(monkeypatch, FileServer()) as (server, trusting):
        client = open_client(VENDOR, "qiscus", ca_bundle=trusting)
        export = export_at(f"https://{HOST}/f.json")
        done = await client(lambda q: q.exports.download(export, tmp_path / "f.json"))
        assert done.path.read_bytes() == CONTENT
        assert (names.asked, server.connections) == (1, 1), "the address that is judged is the one that is used"
        with pytest.raises(UnsafeRedirect) as caught:
            await client(lambda q: q.exports.download(export, tmp_path / "g.json"))
        assert (names.asked, server.connections) == (2, 1)
    assert not (tmp_path / "g.json").exists()
    seen(caught.value, f"{server.connections} connection, at the public answer")


async def test_g39_a_redirect_to_a_private_address_is_refused(
    open_client: OpenClient, serve: Serve, tmp_path: Path, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = await serve(FileServer())

    async def redirect(wire: Wire, request: Received) -> None:
        await wire.answer(302, b"", Location=f"https://127.0.0.1:{inner.port}/meta")

    monkeypatch.setattr(aiohttp.ThreadedResolver, "resolve", lambda *parts: Names([PUBLIC]).resolve(*parts))
    async with public_host(monkeypatch, redirect) as (server, trusting):
        client = open_client(VENDOR, "qiscus", ca_bundle=trusting)
        with pytest.raises(UnsafeRedirect) as caught:
            await client(lambda q: q.exports.download(export_at(f"https://{HOST}/f.json"), tmp_path / "f.json"))
    assert (server.connections, inner.connections) == (1, 0)
    seen(caught.value, f"{inner.connections} connections behind the redirect")


async def test_g39_the_callers_own_proxy_may_be_in_the_local_network(
    open_client: OpenClient, serve: Serve, tmp_path: Path
) -> None:
    proxy = await serve(lambda wire, request: wire.answer(502, b""))
    client = open_client(VENDOR, "qiscus", proxy=f"http://localhost:{proxy.port}")
    with pytest.raises(ConnectFailed):
        await client(lambda q: q.exports.download(export_at(f"https://{HOST}/f.json"), tmp_path / "f.json"))
    assert proxy.requests[0].head.startswith(f"CONNECT {HOST}:443 ".encode())


# --- A file that comes in pieces


async def fetched(open_client: OpenClient, serve: Serve, folder: Path, script: Any, size: int = 0) -> tuple[str, int]:
    """What came of a download, and how many requests it took. A file that is there is a whole one."""
    server = await serve(script)
    client = open_client(server.base_url, "qiscus")
    target = folder / "f.json"
    try:
        done = await client(lambda q: q.exports.download(export_at(f"{server.base_url}/f.json", size=size), target))
    except NusantaraError as error:
        assert list(folder.iterdir()) == []
        return outcome_of(error), len(server.requests)
    assert list(folder.iterdir()) == [target]
    assert done.size == target.stat().st_size
    verdict = "verified" if done.verified else "not verified"
    return f"{verdict} {NAMES.get(target.read_bytes(), 'MIXED FILE')}", len(server.requests)


OTHER = bytes(reversed(CONTENT))
NAMES = {CONTENT: "old file", OTHER: "new file"}


async def test_g50_ten_cuts_give_the_same_bytes(
    open_client: OpenClient, serve: Serve, tmp_path: Path, seen: Seen
) -> None:
    files = FileServer(cut=len(CONTENT) // 11 + 1)
    outcome, requests = await fetched(open_client, serve, tmp_path, files)
    assert (outcome, requests) == ("verified old file", 11)
    assert files.sent < len(CONTENT) * 1.1
    seen(f"ten cuts: {outcome}", f"{requests} requests, {files.sent / len(CONTENT):.2f} of the traffic")


class Second:
    """Cuts the first answer and gives the second request whatever is asked for here."""

    def __init__(self, status: int, body: bytes, *, first: dict[str, str] | None = None, **headers: str) -> None:
        self._first = {"ETag": '"v1"'} if first is None else first
        self._answer = status, body, headers
        self.ranges: list[str | None] = []

    async def __call__(self, wire: Wire, request: Received) -> bool:
        self.ranges.append(request.headers.get("range"))
        if len(self.ranges) == 1:
            head = "".join(f"{name}: {value}\r\n" for name, value in self._first.items())
            await wire.send(f"HTTP/1.1 200 OK\r\nContent-Length: {len(CONTENT)}\r\n{head}\r\n".encode())
            await wire.send(CONTENT[:1000])
            return True
        status, body, headers = self._answer
        await wire.answer(status, body, **headers)
        return False


REST = f"bytes 1000-{len(CONTENT) - 1}/{len(CONTENT)}"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        pytest.param(lambda: Second(206, CONTENT[1000:], Content_Range=REST, ETag='"v1"'), "verified old", id="206"),
        pytest.param(lambda: Second(206, CONTENT[1000:], Content_Range=REST), "verified old", id="206 without an ETag"),
        pytest.param(lambda: Second(200, OTHER, ETag='"v2"'), "verified new", id="200"),
        pytest.param(lambda: Second(416, b"", Content_Range="bytes */7"), "ConnectionLost", id="416 for ever"),
        pytest.param(
            lambda: Second(206, OTHER[1000:], Content_Range=REST, ETag='"v2"'),
            "BadResponse",
            id="206 of a changed file",
        ),
        pytest.param(
            lambda: Second(206, CONTENT[1000:-1], Content_Range=REST), "BadResponse", id="206 that is too short"
        ),
        pytest.param(lambda: Second(206, CONTENT, ETag='"v1"'), "BadResponse", id="206 without Content-Range"),
        pytest.param(
            lambda: Second(206, CONTENT[999:-1], Content_Range="bytes 999-299998/300000"),
            "BadResponse",
            id="206 from 999",
        ),
        pytest.param(
            lambda: Second(206, OTHER, Content_Range="bytes 1000-300999/301000"),
            "BadResponse",
            id="206 of a larger file",
        ),
        *(
            pytest.param(
                lambda value=value: Second(206, CONTENT[1000:], Content_Range=value, ETag='"v1"'),
                "BadResponse",
                id=f"206 with {value[:40]!r}",
            )
            for value in (
                "bytes 0-299999/300000",
                "bytes 999-299999/300000",
                "bytes 1000-299999/300001",
                "bytes 1000-9/300000",
                "bytes -1000/300000",
                "bytes 1000-299999/-1",
                "items 1000-299999/300000",
                "bytes 1000-299999",
                "9" * 5000,
            )
        ),
    ],
)
async def test_g50_every_way_of_going_on(
    open_client: OpenClient, serve: Serve, tmp_path: Path, seen: Seen, answer: Callable[[], Second], outcome: str
) -> None:
    script = answer()
    came, _ = await fetched(open_client, serve, tmp_path, script)
    assert came.startswith(outcome)
    assert script.ranges[:2] == [None, "bytes=1000-"]
    seen(came)


async def test_g50_a_first_answer_that_is_only_a_part_is_not_taken_for_the_file(
    open_client: OpenClient, serve: Serve, tmp_path: Path, seen: Seen
) -> None:
    async def part(wire: Wire, request: Received) -> None:
        await wire.answer(206, CONTENT[:10], Content_Range=f"bytes 0-9/{len(CONTENT)}", ETag='"v1"')

    came, _ = await fetched(open_client, serve, tmp_path, part)
    assert came.startswith("BadResponse")
    seen(came)


@pytest.mark.parametrize(("age", "resumed"), [(0, False), (5, True)])
async def test_g50_a_date_of_the_same_second_tells_no_change(
    open_client: OpenClient, serve: Serve, tmp_path: Path, age: int, resumed: bool
) -> None:
    now = 1_700_000_000
    first = {
        "Date": email.utils.formatdate(now, usegmt=True),
        "Last-Modified": email.utils.formatdate(now - age, usegmt=True),
    }
    script = Second(200, OTHER, first=first)
    came, _ = await fetched(open_client, serve, tmp_path, script)
    assert came == "verified new file"
    assert script.ranges == [None, "bytes=1000-" if resumed else None]


@pytest.mark.parametrize("size", [len(CONTENT) - 1, len(CONTENT) + 1])
async def test_g50_a_size_other_than_the_vendors_is_refused(
    open_client: OpenClient, serve: Serve, tmp_path: Path, seen: Seen, size: int
) -> None:
    came, _ = await fetched(open_client, serve, tmp_path, FileServer(), size=size)
    assert came.startswith("BadResponse")
    seen(came)


async def test_g50_a_file_without_a_length_is_not_called_verified(
    open_client: OpenClient, serve: Serve, tmp_path: Path, seen: Seen
) -> None:
    async def unsized(wire: Wire, request: Received) -> bool:
        await wire.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + CONTENT)
        return True

    came, _ = await fetched(open_client, serve, tmp_path, unsized)
    assert came == "not verified old file"
    seen(came, "no length")
