"""A running sandbox and a bare socket to talk to it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import attrs
import pytest

from nusantara.sandbox import Sandbox


@attrs.frozen
class Heard:
    """What came back on a bare socket, and how it ended: ``closed``, ``reset`` or ``silent``."""

    data: bytes
    end: str

    @property
    def head(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[0]

    @property
    def body(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[2]

    @property
    def status(self) -> int:
        return int(self.data.split(b" ", 2)[1])

    @property
    def document(self) -> Any:
        return json.loads(self.body)


class Line:
    """One connection to the sandbox, without an HTTP client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    def send(self, data: bytes) -> None:
        self._writer.write(data)

    async def send_all(self, data: bytes, patience: float) -> bool:
        """Whether all of it could be handed over in time."""
        self._writer.write(data)
        self._writer.transport.set_write_buffer_limits(0)
        try:
            await asyncio.wait_for(self._writer.drain(), patience)
        except TimeoutError:
            return False
        return True

    async def hear(self, patience: float = 5.0) -> Heard:
        """Everything up to the end of the connection, or what there is after so much silence."""
        data = b""
        while True:
            try:
                piece = await asyncio.wait_for(self._reader.read(65_536), patience)
            except TimeoutError:
                return Heard(data, "silent")
            except ConnectionResetError:
                return Heard(data, "reset")
            if not piece:
                return Heard(data, "closed")
            data += piece

    async def answer(self) -> Heard:
        """One answer of known length; the connection stays open."""
        head = await asyncio.wait_for(self._reader.readuntil(b"\r\n\r\n"), 5)
        (length,) = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        body = await asyncio.wait_for(self._reader.readexactly(int(length.split(b":")[1])), 5)
        return Heard(head + body, "open")

    def abort(self) -> None:
        self._writer.transport.abort()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest.fixture
async def dial(sandbox: Sandbox) -> AsyncIterator[Callable[[], Awaitable[Line]]]:
    """Opens bare connections."""
    lines = []

    async def open_line() -> Line:
        host, _, port = sandbox.base_url.removeprefix("http://").rpartition(":")
        lines.append(Line(*await asyncio.open_connection(host, int(port))))
        return lines[-1]

    yield open_line
    for line in lines:
        line.abort()
    await asyncio.sleep(0)


@pytest.fixture
def request_bytes(sandbox: Sandbox) -> Callable[..., bytes]:
    """Spells a request of the main user."""

    def spell(method: str, target: str, body: Any = None, **headers: str) -> bytes:
        user = sandbox.credentials["bukalapak"]
        basic = base64.b64encode(f"{user['user_id']}:{user['token']}".encode()).decode()
        lines = [f"{method} {target} HTTP/1.1", "Host: sandbox.localhost", f"Authorization: Basic {basic}"]
        data = b""
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            lines += [f"Content-Length: {len(data)}", "Content-Type: application/json"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + data

    return spell


@pytest.fixture
def a_message() -> dict[str, Any]:
    """A message to the partner, ready to be sent."""
    return {"instant_message": {"receiver_id": "155218", "category": "0", "body_bb": "Halo"}}
