"""TLS that cannot be trusted, stalls, or is not there on one of the two sides."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import trustme
from hostile.conftest import SECRET
from support.faults import Seen
from support.flavours import Flavour
from support.network import certificates
from support.raw import Received, Wire, listening, port_of

from nusantara.errors import BadRequest, BadResponse, ConnectFailed, ConnectionLost, NoAnswer, Phase, Sent, Timeout
from nusantara.options import Timeouts

# A server whose client breaks off the handshake leaves asyncio's transport to the garbage collector.
pytestmark = [pytest.mark.filterwarnings("ignore::ResourceWarning"), pytest.mark.usefixtures("short_pauses")]


async def answer(wire: Wire, request: Received) -> None:
    await wire.answer()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("problem", "reason", "hint"),
    [
        ("unknown authority", "unable to get local issuer", "ca_bundle= or in SSL_CERT_FILE"),
        ("self-signed", "self-signed certificate", "ca_bundle= or in SSL_CERT_FILE"),
        ("other host", "127.0.0.1", "another host: check base_url"),
        ("expired", "expired", "renew the server's certificate, or set this machine's clock"),
    ],
)
async def test_g03_a_certificate_not_to_be_trusted(
    open_client: Any,
    serve: Any,
    seen: Seen,
    authority: trustme.CA,
    bundle: Path,
    problem: str,
    reason: str,
    hint: str,
    method: str,
) -> None:
    server = await serve(answer, ssl=certificates(authority, problem))
    client: Flavour[Any] = open_client(server.base_url, ca_bundle=bundle)
    with pytest.raises(ConnectFailed) as caught:
        await client(lambda c: c.request(method, "/"))
    error = caught.value
    assert "TLS failed" in error.message
    assert reason in error.message
    assert hint in str(error.hint)
    assert (error.sent, len(error.attempts)) == (Sent.NO, 1)
    assert server.requests == []
    seen(error, f"{problem}: {len(server.requests)} requests")


async def test_g03_the_right_certificate_is_taken(
    open_client: Any, serve: Any, authority: trustme.CA, bundle: Path
) -> None:
    """So that the others fail for their certificates only."""
    server = await serve(answer, ssl=certificates(authority))
    client: Flavour[Any] = open_client(server.base_url, ca_bundle=bundle)
    await client(lambda c: c.request("POST", "/"))
    assert len(server.requests) == 1


Handler = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def speaking(handler: Handler, got: list[bytes]) -> AsyncIterator[str]:
    """A server without TLS or HTTP: gives host and port, notes the first bytes of each connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.append(await reader.read(65536))
        await handler(got[-1], writer)
        await writer.drain()

    async with listening(serve) as server:
        yield f"127.0.0.1:{port_of(server)}"


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_g03_the_handshake_stalls(open_client: Any, seen: Seen, method: str) -> None:
    assert Timeouts().connect == 5

    async def stall(first: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.5)

    got: list[bytes] = []
    async with speaking(stall, got) as where:
        client: Flavour[Any] = open_client(f"https://{where}", timeout=Timeouts(connect=0.3))
        with pytest.raises(Timeout) as caught:
            await client(lambda c: c.request(method, "/"))
    error = caught.value
    assert (error.phase, error.sent) == (Phase.CONNECT, Sent.NO)
    assert len(error.attempts) == len(got) == 3
    assert not any(SECRET.encode() in data for data in got)
    best = min((attempt.elapsed for attempt in error.attempts), key=lambda elapsed: abs(elapsed - 0.3))
    assert abs(best - 0.3) <= 0.2
    seen(error, f"the handshake was given up after {best:.2f} s of 0.3 s")


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_g04_plain_http_behind_an_https_address(open_client: Any, seen: Seen, method: str) -> None:
    async def refuse(first: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")

    got: list[bytes] = []
    async with speaking(refuse, got) as where:
        client: Flavour[Any] = open_client(f"https://{where}")
        with pytest.raises(ConnectFailed) as caught:
            await client(lambda c: c.request(method, "/"))
    error = caught.value
    assert "TLS failed" in error.message
    assert "does not speak TLS there: is it http://" in str(error.hint)
    assert (error.sent, len(error.attempts), len(got)) == (Sent.NO, 1, 1)
    seen(error, str(error.hint))


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_g04_tls_behind_an_http_address(open_client: Any, seen: Seen, method: str) -> None:
    async def alert(first: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(bytes([0x15, 3, 1, 0, 2, 2, 70]))

    got: list[bytes] = []
    async with speaking(alert, got) as where:
        client: Flavour[Any] = open_client(f"http://{where}")
        with pytest.raises(BadResponse) as caught:
            await client(lambda c: c.request(method, "/"))
    error = caught.value
    assert "speaks TLS" in error.message
    assert "must begin with https://" in str(error.hint)
    assert (len(error.attempts), len(got)) == (1, 1)
    seen(error, str(error.hint))


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_g04_tls_that_closes_on_plain_http(
    open_client: Any, serve: Any, seen: Seen, authority: trustme.CA, method: str
) -> None:
    """It does not tell why, so that the rule of the call's class holds. The hint comes all the same."""
    server = await serve(answer, ssl=certificates(authority))
    client: Flavour[Any] = open_client(server.base_url.replace("https:", "http:"))
    with pytest.raises(NoAnswer) as caught:
        await client(lambda c: c.request(method, "/"))
    error = caught.value
    lost = error if method == "GET" else error.__cause__
    assert isinstance(lost, ConnectionLost)
    assert "base_url must begin with https://" in str(lost.hint)
    assert len(error.attempts) == (3 if method == "GET" else 1)
    seen(error, str(lost.hint))


async def test_g04_a_server_that_explains_itself_is_quoted(open_client: Any, seen: Seen) -> None:
    async def explain(first: bytes, writer: asyncio.StreamWriter) -> None:
        page = b"<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>"
        head = f"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n\r\n"
        writer.write(head.encode() + page)

    async with speaking(explain, []) as where:
        client: Flavour[Any] = open_client(f"http://{where}")
        with pytest.raises(BadRequest, match="plain HTTP request was sent to HTTPS port") as caught:
            await client(lambda c: c.request("GET", "/"))
    assert len(caught.value.attempts) == 1
    seen(caught.value)
