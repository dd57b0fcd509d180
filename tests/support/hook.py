"""Events as Qiscus posts them, a sender that writes any bytes, and a handler that remembers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from qiscus_async.webhooks import Event

PATH_SECRET = "Zk3vQ9xT1pLr8sWb2nYc7dHf5gJm0aUe"
SIGNATURE_KEY = "kunci-tanda-tangan-1945"


def event_document(number: int, *, room: int | str = 1, text: str = "halo", **message: Any) -> dict[str, Any]:
    """An event as it is sent today."""
    return {
        "type": "post_comment_mobile",
        "payload": {
            "from": {"id": 3, "email": "sari@toko.example", "name": "Sari"},
            "room": {"id": room, "topic_id": room, "type": "group", "name": "Toko", "participants": []},
            "message": {"id": number, "type": "text", "text": text, "payload": {}, **message},
        },
    }


def event_body(number: int, **parts: Any) -> bytes:
    return json.dumps(event_document(number, **parts)).encode()


def head(path: str, *headers: bytes, length: int | None = None, method: bytes = b"POST") -> bytes:
    lines = [b"%s %s HTTP/1.1" % (method, path.encode("latin-1")), b"Host: hook", *headers]
    if length is not None:
        lines.append(b"Content-Length: %d" % length)
    return b"\r\n".join([*lines, b"", b""])


def whole(path: str, body: bytes, *headers: bytes, content_type: bytes | None = b"application/json") -> bytes:
    kind = () if content_type is None else (b"Content-Type: " + content_type,)
    return head(path, *kind, *headers, length=len(body)) + body


class Sender:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def write(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def status(self) -> int:
        """Of the next answer, whose body is thrown away."""
        answer = await self.reader.readuntil(b"\r\n\r\n")
        for line in answer.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                await self.reader.readexactly(int(line.split(b":")[1]))
        return int(answer.split(b" ", 2)[1])


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Sender]:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        yield Sender(reader, writer)
    finally:
        writer.transport.abort()


async def post(url: str, body: bytes, *headers: bytes, content_type: bytes | None = b"application/json") -> int:
    """Post on a new connection."""
    async with connected(url) as sender:
        await sender.write(whole(urlsplit(url).path, body, *headers, content_type=content_type))
        return await sender.status()


class Handled:
    """A handler that remembers, and can be made to wait."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.may_go = asyncio.Event()
        self.may_go.set()
        self.begun = 0

    async def __call__(self, event: Event) -> None:
        self.begun += 1
        await self.may_go.wait()
        self.events.append(event)

    @property
    def ids(self) -> list[int]:
        return [event.payload.message.id for event in self.events]
