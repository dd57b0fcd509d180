"""An answer as it came: status, headers, body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nusantara import codec
from nusantara.errors import BadResponse, Sent

__all__ = ["Response", "excerpt_of"]

_UNREAD: Any = object()
_HTML = re.compile(rb"<(!doctype html|html|head|body)", re.IGNORECASE).match
_TITLE = re.compile(rb"<title[^>]*>([^<]*)", re.IGNORECASE).search


class Response:
    """An HTTP answer, read whole.

    Attributes:
        status: HTTP status.
        headers: Case-insensitive; a repeated header keeps its first value on plain access.
        body: The bytes after decompression.
    """

    __slots__ = ("_document", "body", "headers", "status")

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self._document = _UNREAD

    def json(self) -> Any:
        """The body as JSON, parsed once.

        Raises:
            BadResponse: It is not JSON; a gateway's HTML page is called by its title.
        """
        document = self._document
        if document is _UNREAD:
            try:
                document = self._document = codec.loads(self.body)
            except BadResponse as error:
                raise self._unusable(error) from None
        return document

    @property
    def charset(self) -> str | None:
        """What the Content-Type header says of the charset."""
        for piece in self.headers.get("Content-Type", "").split(";")[1:]:
            name, _, value = piece.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'") or None
        return None

    def text(self) -> str:
        """The body as text in its declared charset, UTF-8 if none is declared. Bytes that do not fit show as U+FFFD."""
        try:
            return self.body.decode(self.charset or "utf-8", errors="replace")
        except LookupError:
            return self.body.decode("utf-8", errors="replace")

    def __repr__(self) -> str:
        return f"<Response {self.status}, {len(self.body)} bytes of {self.headers.get('Content-Type', 'unknown type')}>"

    def _unusable(self, error: BadResponse) -> BadResponse:
        problem = error.message
        title = html_title(self.body)
        if title is not None:
            problem = f"an HTML page came instead of JSON: {title!r}"
        better = BadResponse(f"{problem} (status {self.status})")
        better.status, better.sent = self.status, Sent.YES
        better.excerpt = excerpt_of(self.body)
        return better


def html_title(body: bytes) -> str | None:
    """The title of an HTML page, ``""`` for a page without one, None for anything else."""
    start = body[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not _HTML(start):
        return None
    title = _TITLE(start)
    return excerpt_of(title[1].strip()) if title else ""


def excerpt_of(body: bytes, length: int = 200) -> str:
    """The start of a body as one line of printable text."""
    text = body[:length].decode("utf-8", errors="backslashreplace")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)
