"""What the benchmark server answers, by path. The verb and the query do not matter, but for the page of a listing."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.answers import HELD, OPERATIONS
from benchmarks.answers.comments import comment

__all__ = [
    "CLOCK_PATH",
    "FILE_PATH",
    "FILE_ROWS",
    "FILE_SIZE",
    "HELD_PATH",
    "LISTING_BASE",
    "LISTING_PAGES",
    "LISTING_PER_PAGE",
    "RELEASE_PATH",
    "TRANSFERS_BASE",
    "WAITING_PATH",
    "Site",
    "file_chunks",
    "head",
]

CLOCK_PATH = "/clock"
"""Answers the CPU seconds that the server has used, to see how busy it was."""
HELD_PATH = HELD.full_path
"""Is answered when :data:`RELEASE_PATH` is asked for; :data:`WAITING_PATH` tells how many wait."""
RELEASE_PATH = "/release"
WAITING_PATH = "/waiting"

LISTING_BASE = "/listing"
"""Base path of a Qiscus room with a hundred thousand comments."""
LISTING_PAGES = 1000
LISTING_PER_PAGE = 100

TRANSFERS_BASE = "/transfers"
"""Base path of a Qiscus app that takes imports and has an export."""
FILE_PATH = "/file.json"
"""The file of that export."""
FILE_SIZE = 200_000_000
_ROW = 250
_CHUNK = 1_000_000
FILE_ROWS = FILE_SIZE // _ROW

_PAGE = re.compile(rb"[?&]page=(\d+)").search


def head(length: int, status: str = "200 OK", kind: str = "application/json; charset=utf-8") -> bytes:
    """Status line and five ordinary headers."""
    return (
        f"HTTP/1.1 {status}\r\n"
        "Server: benchmark\r\n"
        "Date: Tue, 03 Dec 2013 01:54:49 GMT\r\n"
        f"Content-Type: {kind}\r\n"
        "Cache-Control: no-cache\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode("ascii")


def _answer(body: bytes, kind: str = "application/json; charset=utf-8") -> bytes:
    return head(len(body), kind=kind) + body


def _json(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


class Site:
    """Ready-made answers, and those that depend on the request."""

    def __init__(self) -> None:
        self.base_url = ""
        """Where the server is, once it knows."""
        self._ready = {
            operation.full_path.encode(): _answer(
                operation.body(), "text/xml; charset=utf-8" if operation.xml else "application/json; charset=utf-8"
            )
            for operation in OPERATIONS.values()
        }
        self.held_answer = _answer(HELD.body())
        self._listing = f"{LISTING_BASE}/api/v2/rest/load_comments".encode()
        self._imports = f"{TRANSFERS_BASE}/api/v2/rest/imports".encode()
        self._exports = f"{TRANSFERS_BASE}/api/v2/rest/exports/".encode()
        self._listing_parts: list[bytes] | None = None
        self._not_found = head(0, "404 Not Found")

    def reply(self, target: bytes) -> bytes:
        """The whole answer to a request for this path and query."""
        path, _, query = target.partition(b"?")
        ready = self._ready.get(path)
        if ready is not None:
            return ready
        if path == self._listing:
            found = _PAGE(b"?" + query)
            return _answer(self._page(int(found[1]) if found else 1))
        if path == self._imports:
            return _answer(_json({"results": {"backup_history": _IMPORT}, "status": 200}))
        if path.startswith(self._exports):
            record = {**_EXPORT, "download_url": self.base_url + FILE_PATH}
            return _answer(_json({"results": {"backup_history": record}, "status": 200}))
        if path == CLOCK_PATH.encode():
            return _answer(_json(time.process_time()))
        return self._not_found

    def _page(self, number: int) -> bytes:
        """A page of the long room; it differs from the others in what tells its comments apart."""
        if self._listing_parts is None:
            comments = [comment(124_974 - place) for place in range(LISTING_PER_PAGE)]
            for place, one in enumerate(comments):
                one["id"] = f"<{place:02}>"
            body = _json({"results": {"comments": comments}, "status": 200})
            self._listing_parts = re.split(rb'"<\d\d>"', body)
        first = 1_000_000_000 - number * LISTING_PER_PAGE
        pieces: list[bytes] = []
        for place, part in enumerate(self._listing_parts):
            pieces += (part, b"%d" % (first - place))
        return b"".join(pieces[:-1])


_IMPORT = {
    "created_at": "2020-01-02T00:00:00Z",
    "errors": {},
    "original_filename": "import.json",
    "resource_name": "users",
    "size": 1,
    "status": "started",
    "total_rows": 0,
    "unique_id": "impor-contoh",
}
_EXPORT = {
    "created_at": "2020-01-02T00:00:00Z",
    "error_message": "",
    "original_filename": "ekspor.json",
    "percentage": 100,
    "resource_name": "comments",
    "size": FILE_SIZE,
    "status": "finished",
    "total_rows": FILE_ROWS,
    "unique_id": "ekspor-contoh",
}


def file_chunks() -> Iterator[bytes]:
    """The file of the export, a JSON array of :data:`FILE_ROWS` rows, piece by piece."""
    row = _json({"message": "Pesan contoh", "creator_email": "orang-1@toko.test", "note": ""})
    padding = _ROW - len(row) - 2
    row = b" " + row.replace(b'"note":""', b'"note":"' + b"." * padding + b'"') + b","
    chunk = row * (_CHUNK // _ROW)
    pieces = FILE_SIZE // len(chunk)
    yield b"[" + chunk[1:]
    for _ in range(pieces - 2):
        yield chunk
    yield chunk[:-1] + b"]"
