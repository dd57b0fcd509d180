"""The server of a benchmark: HTTP/1.1 with keep-alive and answers made beforehand, so that it costs little itself.

It runs in a process of its own, prints its port as a line of JSON, and ends with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import cast

from benchmarks.installs import BASE, UVLOOP, loop_factory, missing_package
from benchmarks.processes import begin, say
from benchmarks.site import FILE_PATH, FILE_SIZE, HELD_PATH, RELEASE_PATH, WAITING_PATH, Site, file_chunks, head

__all__ = ["main"]


class _Connection(asyncio.Protocol):
    def __init__(self, site: Site, held: list[_Connection]) -> None:
        self._site = site
        self._held = held
        self._pending = b""
        self._unwanted = 0
        """Bytes of a request's body still to come, which nobody reads."""
        self._file: Iterator[bytes] | None = None
        self._paused = False
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not asserted: uvloop's transports are of classes of its own.
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        if self._pending:
            data = self._pending + data
            self._pending = b""
        while data:
            if self._unwanted:
                taken = min(self._unwanted, len(data))
                self._unwanted -= taken
                data = data[taken:]
                if not self._unwanted:
                    self._reply()
                continue
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._pending = data
                return
            self._target = data.split(b" ", 2)[1]
            self._unwanted = _content_length(data[:end]) if data.startswith(b"POST") else 0
            data = data[end + 4 :]
            if not self._unwanted:
                self._reply()

    def _reply(self) -> None:
        assert self._transport is not None
        target = self._target
        if target.startswith(_HELD):
            self._held.append(self)
        elif target == _RELEASE:
            count = len(self._held)
            for connection in self._held:
                connection.let_go()
            self._held.clear()
            self._number(count)
        elif target == _WAITING:
            self._number(len(self._held))
        elif target == _FILE:
            self._transport.write(head(FILE_SIZE))
            self._file = file_chunks()
            self._send_file()
        else:
            self._transport.write(self._site.reply(target))

    def _number(self, number: int) -> None:
        assert self._transport is not None
        body = json.dumps(number).encode()
        self._transport.write(head(len(body)) + body)

    def let_go(self) -> None:
        """Answer a request that was held."""
        if self._transport is not None:
            self._transport.write(self._site.held_answer)

    def _send_file(self) -> None:
        assert self._transport is not None
        while self._file is not None and not self._paused:
            chunk = next(self._file, None)
            if chunk is None:
                self._file = None
            else:
                self._transport.write(chunk)

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._send_file()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = self._file = None


_HELD = HELD_PATH.encode()
_RELEASE = RELEASE_PATH.encode()
_WAITING = WAITING_PATH.encode()
_FILE = FILE_PATH.encode()


def _content_length(request_head: bytes) -> int:
    start = request_head.lower().find(b"\r\ncontent-length:")
    if start < 0:
        return 0
    return int(request_head[start + 17 :].partition(b"\r\n")[0])


async def _serve(loop_name: str) -> None:
    site = Site()
    held: list[_Connection] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(site, held), "127.0.0.1", 0, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    site.base_url = f"http://127.0.0.1:{port}"
    say({"port": port, "loop": loop_name})
    end = asyncio.Event()
    loop.add_reader(sys.stdin, end.set)
    await end.wait()


def main() -> None:
    """Serve until standard input ends."""
    begin(place=0)
    install = UVLOOP if missing_package(["uvloop"]) is None else BASE
    with asyncio.Runner(loop_factory=loop_factory(install)) as runner:
        runner.run(_serve("uvloop" if install is UVLOOP else "asyncio"))


if __name__ == "__main__":
    main()
