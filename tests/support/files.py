"""A server of one file, and the record of an export that lies there."""

from __future__ import annotations

import os
import re
from typing import Any

from nusantara.codec import structure
from qiscus_async.models.transfers import Export
from support.raw import Received, Wire

__all__ = ["CONTENT", "FileServer", "export_at", "export_record"]

CONTENT = os.urandom(300_000)


class FileServer:
    """A server of one file that knows ranges, and cuts each answer after so many bytes."""

    def __init__(self, content: bytes = CONTENT, *, cut: int | None = None, etag: str | None = '"v1"') -> None:
        self.content = content
        self.cut = cut
        self.etag = etag
        self.sent = 0

    async def __call__(self, wire: Wire, request: Received) -> bool:
        start = 0
        asked = re.match(r"bytes=(\d+)-$", request.headers.get("range", ""))
        if asked and request.headers.get("if-range") == self.etag:
            start = int(asked[1])
        rest = self.content[start:]
        head = f"HTTP/1.1 {206 if start else 200} OK\r\nContent-Length: {len(rest)}\r\n"
        if self.etag:
            head += f"ETag: {self.etag}\r\n"
        if start:
            head += f"Content-Range: bytes {start}-{len(self.content) - 1}/{len(self.content)}\r\n"
        piece = rest if self.cut is None else rest[: self.cut]
        self.sent += len(piece)
        await wire.send(head.encode() + b"\r\n" + piece)
        return len(piece) < len(rest)


def export_record(**changes: Any) -> dict[str, Any]:
    """An export as the vendor describes one."""
    return {
        "created_at": "2017-07-17T10:19:44+07:00",
        "download_url": "",
        "error_message": "",
        "original_filename": "../../etc/passwd",
        "percentage": 40,
        "resource_name": "comments",
        "size": 0,
        "status": "started",
        "total_rows": 0,
        "unique_id": "dd2c46a8",
        **changes,
    }


def export_at(url: str, **changes: Any) -> Export:
    """A finished export, whose file lies at a URL."""
    return structure(export_record(status="finished", percentage=100, download_url=url, **changes), Export)
