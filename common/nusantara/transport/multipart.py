"""Multipart bodies. Every attempt reads its files from the start again, or says that it cannot."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import aiohttp

from nusantara.progress import Meter
from nusantara.upload import File

if TYPE_CHECKING:
    from aiohttp.abc import AbstractStreamWriter

    from nusantara.request import Request
    from nusantara.transport.send_body import Pace

__all__ = ["multipart"]

CHUNK = 1024 * 1024


async def multipart(request: Request, pace: Pace) -> aiohttp.MultipartWriter:
    """The multipart body of one attempt: the plain fields first, then the files."""
    writer = _Form(pace)
    for name, value in request.form or ():
        payload = aiohttp.payload.StringPayload(value)
        payload.set_content_disposition("form-data", name=name)
        writer.append_payload(payload)
    for name, file in request.files:
        part = _Part(file, name, await asyncio.to_thread(file.measure, name), pace)
        part.set_content_disposition("form-data", name=name, filename=file.name)
        writer.append_payload(part)
    return writer


class _Form(aiohttp.MultipartWriter):
    def __init__(self, pace: Pace) -> None:
        super().__init__("form-data")
        self._pace = pace

    async def write(self, writer: AbstractStreamWriter, close_boundary: bool = True) -> None:
        self._pace.begin()
        await super().write(writer, close_boundary)
        self._pace.end()


class _Part(aiohttp.Payload):
    """One file of a multipart body. aiohttp's own payloads close what they did not open and see no change."""

    def __init__(self, file: File, name: str, size: int | None, pace: Pace) -> None:
        super().__init__(file, content_type=file.content_type, filename=file.name)
        self._file = file
        self._name = name
        self._size = size
        self._pace = pace

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        raise TypeError("a file is not decoded")

    async def write(self, writer: AbstractStreamWriter) -> None:
        async with contextlib.aclosing(self._pieces()) as pieces:
            while True:
                try:
                    piece = await anext(pieces, None)
                except Exception as error:
                    self._pace.failure = error
                    raise
                if piece is None:
                    return
                await self._pace.write(writer, piece)

    async def _pieces(self) -> AsyncGenerator[bytes | memoryview, None]:
        """The content in pieces; progress is told when one has been taken."""
        file, size, meter = self._file, self._size, Meter(self._file.progress)
        sent = 0
        if isinstance(file.source, (bytes, memoryview)):
            content = memoryview(file.source).cast("B")
            for start in range(0, len(content), CHUNK):
                yield content[start : start + CHUNK]
                sent = min(start + CHUNK, len(content))
                meter.show(sent, size)
            meter.done(sent, size)
            return
        stream: Any = await _open(file, self._name)
        try:
            while True:
                left = None if size is None else size - sent
                piece = await asyncio.to_thread(file.read, stream, CHUNK, left, self._name)
                if not piece:
                    break
                yield piece
                sent += len(piece)
                meter.show(sent, size)
            meter.done(sent, size)
        finally:
            if isinstance(file.source, Path):
                stream.close()


async def _open(file: File, name: str) -> IO[bytes]:
    """Open in a thread. If the call is cancelled meanwhile, what the thread opens is closed again."""
    opening = asyncio.ensure_future(asyncio.to_thread(file.open, name))

    def close(opening: asyncio.Future[IO[bytes]]) -> None:
        if not opening.cancelled() and opening.exception() is None and isinstance(file.source, Path):
            opening.result().close()

    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(close)
        raise
