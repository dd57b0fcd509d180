"""Loopback servers that answer with exactly the bytes they are told to, and count what reached them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any, Self

import attrs


@attrs.define
class Received:
    """One request as it came over the wire."""

    head: bytes
    body: bytes
    connection: int

    @property
    def method(self) -> str:
        return self.head.split(b" ", 1)[0].decode()

    @property
    def target(self) -> str:
        return self.head.split(b" ", 2)[1].decode()

    @property
    def headers(self) -> dict[str, str]:
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}


class Wire:
    """The server's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        self.reader = reader
        self.writer = writer
        self.number = number

    async def receive(self) -> Received:
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = 0
        chunked = False
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            chunked = chunked or (line.startswith(b"transfer-encoding:") and b"chunked" in line)
        body = b""
        if chunked:
            while size := int((await self.reader.readline()).strip() or b"0", 16):
                body += await self.reader.readexactly(size)
                await self.reader.readline()
            await self.reader.readline()
        elif length:
            body = await self.reader.readexactly(length)
        return Received(head[:-4], body, self.number)

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, status: int = 200, body: bytes | Any = b"{}", **headers: str) -> None:
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        lines = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        lines.update({name.replace("_", "-"): value for name, value in headers.items()})
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        await self.send(f"HTTP/1.1 {status} Status\r\n{head}\r\n".encode() + body)

    def reset(self) -> None:
        """End the connection with RST instead of FIN."""
        raw: socket.socket = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Script = Callable[[Wire, Received], Awaitable[Any]]
"""Called for every request; a truthy result ends the connection."""


def always(body: bytes | Any, status: int = 200, **headers: str) -> Script:
    """The same answer to every request."""

    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer(status, body, **headers)

    return answer


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


@contextlib.asynccontextmanager
async def listening(
    handle: Handler, host: str = "127.0.0.1", port: int = 0, **settings: Any
) -> AsyncIterator[asyncio.Server]:
    """Runs ``handle`` for every connection, which ends with it.

    At the end nothing is left: what is still handled is cancelled, and no connection outlives its server.

    Args:
        settings: As :func:`asyncio.start_server` takes them.
    """
    handled: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def until_handled(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handle(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(until_handled(reader, writer))
        handled[task] = writer
        task.add_done_callback(handled.pop)

    if "sock" not in settings:
        settings |= {"host": host, "port": port}
    server = await asyncio.start_server(connected, **settings)
    try:
        yield server
    finally:
        server.close()
        for _ in range(5):  # A connection that was accepted a moment ago is handled too, and so ended.
            await asyncio.sleep(0)
        for task, writer in [*handled.items()]:
            writer.transport.abort()
            task.cancel()
        if handled:
            await asyncio.wait(handled, timeout=5)
        await server.wait_closed()


def port_of(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])


class RawServer:
    """Runs ``script`` for every request of every connection."""

    def __init__(self, script: Script, *, ssl: Any = None, host: str = "127.0.0.1", port: int = 0) -> None:
        self.script = script
        self._host = host
        self._port = port
        self.requests: list[Received] = []
        self.connections = 0
        self._ssl = ssl
        self._wires: set[Wire] = set()
        self._running = contextlib.AsyncExitStack()

    @property
    def open_connections(self) -> int:
        return len(self._wires)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        wire = Wire(reader, writer, self.connections)
        self._wires.add(wire)
        try:
            while True:
                request = await wire.receive()
                self.requests.append(request)
                if await self.script(wire, request):
                    break
        finally:
            self._wires.discard(wire)

    async def __aenter__(self) -> Self:
        self._server = await self._running.enter_async_context(
            listening(self._serve, self._host, self._port, ssl=self._ssl)
        )
        self.port = port_of(self._server)
        host = f"[{self._host}]" if ":" in self._host else self._host
        self.base_url = f"{'https' if self._ssl else 'http'}://{host}:{self.port}"
        return self

    async def __aexit__(self, *details: object) -> None:
        await self._running.aclose()

    def stop_listening(self) -> None:
        """Take no more connections; those that are there go on."""
        self._server.close()


async def all_closed(server: RawServer) -> None:
    """Wait until the server has seen the end of all of its connections."""
    async with asyncio.timeout(5):
        while server.open_connections:
            await asyncio.sleep(0.01)


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
