"""No client at all: a protocol that knows just enough HTTP for this server. What is left is asyncio and the JSON."""

from __future__ import annotations

import asyncio
import json
from typing import Any, cast
from urllib.parse import urlsplit

from benchmarks.answers import Operation, Row, rows_of


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._buffer = bytearray()
        self._waiter: asyncio.Future[bytes] | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def exchange(self, request: bytes) -> asyncio.Future[bytes]:
        assert self.transport is not None
        self._waiter = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._waiter

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        end = buffer.find(b"\r\n\r\n")
        start = buffer.find(b"Content-Length: ", 0, end)
        if end < 0 or start < 0:
            return
        length = int(buffer[start + 16 : buffer.index(b"\r\n", start)])
        if len(buffer) < end + 4 + length:
            return
        body = bytes(buffer[end + 4 :])
        buffer.clear()
        if self._waiter is not None:
            self._waiter.set_result(body)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(exc or ConnectionError("closed"))


class Contender:
    async def open(self, base_url: str, operation: Operation) -> None:
        parts = urlsplit(base_url)
        assert parts.hostname is not None
        assert parts.port is not None
        self._operation = operation
        self._host, self._port = parts.hostname, parts.port
        headers = "".join(f"{name}: {value}\r\n" for name, value in operation.headers.items())
        self._request = f"GET {operation.target} HTTP/1.1\r\nHost: {parts.netloc}\r\n{headers}\r\n".encode()
        self._idle: list[_Connection] = []

    async def call(self) -> Any:
        if self._idle:
            connection = self._idle.pop()
        else:
            loop = asyncio.get_running_loop()
            _, connection = await loop.create_connection(_Connection, self._host, self._port)
        body = await connection.exchange(self._request)
        self._idle.append(connection)
        return json.loads(body)

    def rows(self, result: Any) -> list[Row]:
        return rows_of(self._operation, result)

    async def close(self) -> None:
        for connection in self._idle:
            if connection.transport is not None:
                connection.transport.close()
