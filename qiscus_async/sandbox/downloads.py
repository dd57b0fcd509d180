"""The files behind finished exports, as a file host serves them: no credentials, byte ranges, entity tags.

Imported with the first download, because aiohttp takes a tenth of a second.
"""

from __future__ import annotations

import asyncio
import re
from typing import cast

from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload

from nusantara.sandbox.answer import UNDOCUMENTED, Answer
from nusantara.sandbox.incoming import Incoming
from qiscus_async.sandbox.archives import Archive

__all__ = ["download"]

_RANGE = re.compile(r"bytes\s*=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})\s*").fullmatch


def download(call: Incoming, archive: Archive) -> Answer:
    """The file, or the one range of it that the call asks for and ``If-Range`` allows."""
    tag, size = f'"{archive.tag}"', archive.size
    common = (("Accept-Ranges", "bytes"), ("ETag", tag), ("Cache-Control", "private"), UNDOCUMENTED)
    headers = (("Content-Type", "application/json"), *common)
    if (call.header("If-None-Match") or "") == tag:
        return Answer(304, common)
    match = _RANGE(call.header("Range") or "")
    first, last = match.groups() if match else ("", "")
    # Of several ranges and of nonsense a host may send the whole file; of a changed file it has to.
    if not (first or last) or (first and last and int(last) < int(first)) or (call.header("If-Range") or tag) != tag:
        return Answer(200, headers, _body(archive, 0, size))
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last) + 1, size) if first and last else size
    if start >= end:
        return Answer(416, (*common, ("Content-Range", f"bytes */{size}")))
    shown = ("Content-Range", f"bytes {start}-{end - 1}/{size}")
    return Answer(206, (*headers, shown), _body(archive, start, end))


def _body(archive: Archive, start: int, end: int) -> bytes:
    # An answer's body goes to aiohttp, which streams a payload, and to the faults, which slice it.
    return cast(bytes, _Streamed(archive, start, end))


class _Streamed(Payload):
    """FormPart of an archive: written piece by piece, and otherwise as good as bytes."""

    def __init__(self, archive: Archive, start: int, end: int) -> None:
        super().__init__(None, content_type="application/json")
        self._archive, self._start, self._end = archive, start, end

    @property
    def size(self) -> int:
        return self._end - self._start

    async def write(self, writer: AbstractStreamWriter) -> None:
        for piece in self._archive.pieces(self._start, self._end):
            await writer.write(piece)
            # A reader that keeps up never makes the writer wait, and other calls want their turn.
            await asyncio.sleep(0)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return self[:].decode(encoding, errors)

    def __len__(self) -> int:
        return self._end - self._start

    def __getitem__(self, part: slice) -> bytes:
        start, end, step = part.indices(len(self))
        return b"".join(self._archive.pieces(self._start + start, self._start + max(start, end)))[::step]

    def __radd__(self, head: bytes) -> bytes:
        return head + self[:]
