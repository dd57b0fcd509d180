"""Networks that go wrong: addresses where nobody answers, names that change, proxies, certificates of no worth."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import trustme

from support.raw import listening, port_of

__all__ = ["Proxy", "black_hole", "certificates", "resolving"]


@contextlib.contextmanager
def black_hole(host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """A port on which connections are never answered: the queue of those not yet accepted is full."""
    with contextlib.ExitStack() as held:
        full = held.enter_context(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET))
        full.bind((host, port))
        full.listen(0)
        for _ in range(4):
            filler = held.enter_context(socket.socket(full.family))
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        yield full.getsockname()[1]


def resolving(addresses: Callable[[], list[str]], asked: list[str]) -> Callable[..., Any]:
    """A ``socket.getaddrinfo`` by which names under ``test`` have these addresses. Notes the names it was asked for."""
    system = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *rest: Any, **named: Any) -> Any:
        if not str(host).endswith(".test"):
            return system(host, port, *rest, **named)
        asked.append(str(host))
        return [answer for address in addresses() for answer in system(address, port, type=socket.SOCK_STREAM)]

    return getaddrinfo


def certificates(authority: trustme.CA, problem: str = "") -> ssl.SSLContext:
    """A server at 127.0.0.1 that the authority vouches for, unless there is a problem."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    long_ago = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
    if problem == "self-signed":
        alone = trustme.CA()
        with alone.cert_pem.tempfile() as certificate, alone.private_key_pem.tempfile() as key:
            context.load_cert_chain(certificate, key)
    elif problem == "expired":
        authority.issue_cert(
            "127.0.0.1", not_before=long_ago, not_after=long_ago + datetime.timedelta(days=90)
        ).configure_cert(context)
    elif problem == "other host":
        authority.issue_cert("lain.test").configure_cert(context)
    elif problem == "unknown authority":
        trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    else:
        authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


class Proxy:
    """A CONNECT and forwarding proxy that notes what it was asked.

    Args:
        status: Status with which it refuses; None if it serves.
        fault: ``hang``, ``reset``, ``close`` or ``garbage`` instead of an answer.
    """

    def __init__(self, *, status: int | None = None, fault: str = "") -> None:
        self.status = status
        self.fault = fault
        self.asked: list[bytes] = []
        """The head of every request."""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head)
        if self.fault:
            await self._fail(reader, writer)
        elif self.status is not None:
            writer.write(b"HTTP/1.1 %d Refused\r\nContent-Length: 0\r\n\r\n" % self.status)
        elif head.startswith(b"CONNECT "):
            host, _, port = head.split(b" ")[1].decode().partition(":")
            far_reader, far_writer = await asyncio.open_connection(host, int(port))
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            await asyncio.gather(self._copy(reader, far_writer), self._copy(far_reader, writer))
        else:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")

    async def _fail(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.fault == "hang":
            await reader.read()
        elif self.fault == "garbage":
            writer.write(b"220 surat.test ESMTP\r\n\r\n")
        elif self.fault == "reset":
            raw: socket.socket = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                writer.write(data)
        writer.close()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Serves; gives host and port."""
        async with listening(self._serve) as server:
            yield f"127.0.0.1:{port_of(server)}"
