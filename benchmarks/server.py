"""The server of a benchmark: HTTP/1.1 with keep-alive and answers made beforehand, so that it costs little itself.

It runs in a process of its own, prints its port as a line of JSON, and ends with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Mapping

from benchmarks.answers import INBOXES
from benchmarks.processes import end_in_time, pin

__all__ = ["CLOCK_PATH", "main"]

CLOCK_PATH = "/clock"
"""Answers the CPU seconds that the server has used, to see how busy it was."""

_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def _answer(body: bytes) -> bytes:
    head = (
        "HTTP/1.1 200 OK\r\n"
        "Server: benchmark\r\n"
        "Date: Tue, 03 Dec 2013 01:54:49 GMT\r\n"
        "Content-Type: application/json; charset=utf-8\r\n"
        "Cache-Control: no-cache\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


class _Connection(asyncio.Protocol):
    """Answers by path; the verb, the query and the body of a request do not matter."""

    def __init__(self, answers: Mapping[bytes, bytes]) -> None:
        self._answers = answers
        self._pending = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        data = self._pending + data
        while (end := data.find(b"\r\n\r\n")) >= 0:
            total = end + 4 + _content_length(data[:end])
            if len(data) < total:
                break
            assert self._transport is not None
            self._transport.write(self._reply(data[: data.index(b"\r\n")]))
            data = data[total:]
        self._pending = data

    def _reply(self, request_line: bytes) -> bytes:
        path = request_line.split(b" ", 2)[1].partition(b"?")[0]
        if path == CLOCK_PATH.encode():
            return _answer(json.dumps(time.process_time()).encode())
        return self._answers.get(path, _NOT_FOUND)


def _content_length(head: bytes) -> int:
    start = head.lower().find(b"\r\ncontent-length:")
    if start < 0:
        return 0
    return int(head[start + 17 :].partition(b"\r\n")[0])


async def _serve() -> None:
    answers = {inbox.path.encode(): _answer(inbox.body()) for inbox in INBOXES.values()}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(answers), "127.0.0.1", 0, backlog=1024)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    end = asyncio.Event()
    loop.add_reader(sys.stdin, end.set)
    await end.wait()


def main() -> None:
    """Serve until standard input ends."""
    end_in_time()
    pin(0)
    asyncio.run(_serve())


if __name__ == "__main__":
    main()
