"""Multipart bodies. Every attempt reads its files from the start again, or says that it cannot."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import aiohttp

from nusantara.progress import Meter
from nusantara.upload import File

if TYPE_CHECKING:
    from aiohttp.abc import AbstractStreamWriter

    from nusantara.request import Request

__all__ = ["multipart"]

CHUNK = 1024 * 1024


async def multipart(request: Request) -> aiohttp.MultipartWriter:
    """The multipart body of one attempt: the plain fields first, then the files."""
    writer = aiohttp.MultipartWriter("form-data")
    for name, value in request.form or ():
        payload = aiohttp.payload.StringPayload(value)
        payload.set_content_disposition("form-data", name=name)
        writer.append_payload(payload)
    for name, file in request.files:
        part: _Part
        if isinstance(file.source, (bytes, memoryview)):
            part = _BytesPayload(file.source, file)
        else:
            part = _FilePayload(await asyncio.to_thread(file.open, name), file)
        part.set_content_disposition("form-data", name=name, filename=file.name)
        writer.append_payload(part)
    return writer


class _Part(aiohttp.Payload):
    """One file of a multipart body."""

    def __init__(self, content: bytes | memoryview | IO[bytes], file: File) -> None:
        super().__init__(content, content_type=file.content_type, filename=file.name)
        self._meter = Meter(file.progress)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        raise TypeError("a file is not decoded")


class _BytesPayload(_Part):
    """Bytes in memory, sent in pieces without a copy of them."""

    def __init__(self, content: bytes | memoryview, file: File) -> None:
        super().__init__(content, file)
        self._size = len(content)

    async def write(self, writer: AbstractStreamWriter) -> None:
        content = memoryview(self._value)
        for start in range(0, len(content), CHUNK):
            await writer.write(content[start : start + CHUNK])
            self._meter.show(min(start + CHUNK, len(content)), len(content))
        self._meter.done(len(content), len(content))


class _FilePayload(_Part):
    """aiohttp's own file payload closes what it did not open; this one closes only what was opened for it."""

    def __init__(self, stream: IO[bytes], file: File) -> None:
        super().__init__(stream, file)
        self._ours = isinstance(file.source, Path)
        if stream.seekable():
            self._size = stream.seek(0, os.SEEK_END)
            stream.seek(0)

    async def write(self, writer: AbstractStreamWriter) -> None:
        stream: Any = self._value
        try:
            sent = 0
            while chunk := await asyncio.to_thread(stream.read, CHUNK):
                await writer.write(chunk)
                sent += len(chunk)
                self._meter.show(sent, self._size)
            self._meter.done(sent, self._size)
        finally:
            if self._ours:
                stream.close()
