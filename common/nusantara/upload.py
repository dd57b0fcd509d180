"""Files in a multipart body. Every attempt reads its file from the start again, or says that it cannot."""

from __future__ import annotations

import asyncio
import io
import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import aiohttp
import attrs

from nusantara.errors import InvalidParameter

if TYPE_CHECKING:
    from aiohttp.abc import AbstractStreamWriter

    from nusantara.request import Request

__all__ = ["File", "multipart"]

CHUNK = 1024 * 1024


@attrs.define(slots=True, eq=False)
class File:
    """Something to upload.

    A path, bytes, or a seekable binary file can be sent again if an attempt fails. A binary file that cannot seek is
    sent once: a second attempt raises :exc:`~nusantara.errors.InvalidParameter` instead of sending an empty body.
    """

    source: Path | bytes | IO[bytes] = attrs.field(repr=lambda source: type(source).__name__)
    name: str = "file"
    """File name told to the server."""
    content_type: str = "application/octet-stream"
    _spent: bool = attrs.field(default=False, init=False, repr=False)

    @classmethod
    def of(cls, source: str | os.PathLike[str] | bytes | IO[bytes] | File, *, parameter: str = "file") -> File:
        """Make one from whatever a caller may hold; checked here, before anything is sent."""
        if isinstance(source, File):
            return source
        if isinstance(source, (bytes, bytearray, memoryview)):
            return cls(bytes(source))
        if isinstance(source, (str, os.PathLike)):
            path = Path(source)
            if not path.is_file():
                raise InvalidParameter(parameter, "there is no such file")
            return cls(path, path.name)
        if not hasattr(source, "read"):
            raise InvalidParameter(parameter, f"is neither a path nor bytes nor a binary file: {type(source).__name__}")
        name = getattr(source, "name", None)
        return cls(source, os.path.basename(name) if isinstance(name, str) else "file")


async def multipart(request: Request) -> aiohttp.MultipartWriter:
    """The multipart body of one attempt: the plain fields first, then the files."""
    writer = aiohttp.MultipartWriter("form-data")
    for name, value in request.form or ():
        payload = aiohttp.payload.StringPayload(value)
        payload.set_content_disposition("form-data", name=name)
        writer.append_payload(payload)
    for name, file in request.files:
        part = _FilePayload(await asyncio.to_thread(_open, name, file), file)
        part.set_content_disposition("form-data", name=name, filename=file.name)
        writer.append_payload(part)
    return writer


def _open(parameter: str, file: File) -> IO[bytes]:
    if isinstance(file.source, Path):
        try:
            return file.source.open("rb")
        except OSError as error:
            raise InvalidParameter(parameter, f"cannot be read: {error.strerror}") from None
    if isinstance(file.source, bytes):
        return io.BytesIO(file.source)
    if file.source.seekable():
        file.source.seek(0)
    elif file._spent:
        raise InvalidParameter(parameter, "was a stream that cannot be read a second time; give a path instead")
    file._spent = True
    return file.source


class _FilePayload(aiohttp.Payload):
    """aiohttp's own file payload closes what it did not open; this one closes only what was opened for it."""

    def __init__(self, stream: IO[bytes], file: File) -> None:
        super().__init__(stream, content_type=file.content_type, filename=file.name)
        self._ours = isinstance(file.source, (Path, bytes))
        if stream.seekable():
            self._size = stream.seek(0, os.SEEK_END)
            stream.seek(0)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        raise TypeError("a file is not decoded")

    async def write(self, writer: AbstractStreamWriter) -> None:
        stream: Any = self._value
        try:
            while chunk := await asyncio.to_thread(stream.read, CHUNK):
                await writer.write(chunk)
        finally:
            if self._ours:
                stream.close()
