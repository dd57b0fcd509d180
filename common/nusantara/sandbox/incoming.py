"""A request as a vendor's side of the sandbox sees it: what was on the wire, and nothing decoded twice.

Signatures cover the target, the headers and the body exactly as they were sent, so these are kept as they came; the
decoded views beside them are made on demand.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import warnings
from typing import Any
from urllib.parse import parse_qsl

import attrs

__all__ = ["Incoming", "FormPart", "pairs_of"]

Pairs = tuple[tuple[str, str], ...]
RawHeaders = tuple[tuple[bytes, bytes], ...]


@attrs.frozen(slots=True, kw_only=True)
class FormPart:
    """One part of a multipart body. Its names are read as PHP does: nothing percent-decoded, no path before a file."""

    name: str
    filename: str | None
    content_type: str | None
    data: bytes = attrs.field(repr=False)


@attrs.frozen(slots=True, kw_only=True)
class Incoming:
    """One request."""

    method: str
    target: str
    """The request target as sent: path and query, not decoded. Bytes above 127 are surrogate-escaped."""
    headers: RawHeaders = attrs.field(repr=False)
    """Names and values as sent, in order."""
    body: bytes = attrs.field(repr=False)
    """The bytes of the body as sent; a content encoding is not undone."""
    origin: str
    """Scheme and authority that the client used, such as ``http://127.0.0.1:8080``."""
    params: dict[str, str] = attrs.field(factory=dict)
    """What the placeholders of the route's path stand for, decoded."""

    @property
    def path(self) -> str:
        """The path as sent, not decoded."""
        return self.target.partition("?")[0]

    @property
    def url(self) -> str:
        """The whole address as the client used it, not decoded: what OAuth 1 signs."""
        return self.origin + self.target

    @property
    def query(self) -> Pairs:
        """The query, decoded, in order; a name without a value has an empty one."""
        return pairs_of(self.target.partition("?")[2])

    def header(self, name: str) -> str | None:
        """The first header of this name, in whatever case."""
        wanted = name.lower().encode()
        for key, value in self.headers:
            if key.lower() == wanted:
                return value.decode("utf-8", "surrogateescape")
        return None

    @property
    def content_type(self) -> str:
        """Media type of the body in lower case, without parameters; empty where none was sent."""
        return (self.header("Content-Type") or "").partition(";")[0].strip().lower()

    def basic(self) -> tuple[str, str] | None:
        """User name and password of HTTP Basic; ``None`` where they are missing or cannot be read."""
        scheme, _, encoded = (self.header("Authorization") or "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            name, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        except ValueError:
            return None
        return (name, password) if colon else None

    def json(self) -> Any:
        """The body as JSON. Raises :exc:`ValueError` where it is none."""
        try:
            return json.loads(self.body)
        except RecursionError:
            raise ValueError("nested too deeply") from None

    def form(self) -> Pairs:
        """The body as an urlencoded form, decoded, in order."""
        return pairs_of(self.body.decode("utf-8", "replace"))

    async def parts(self) -> tuple[FormPart, ...]:
        """The body as ``multipart/form-data``. Raises :exc:`ValueError` where it is none."""
        from aiohttp import BodyPartReader, MultipartReader, StreamReader
        from aiohttp.base_protocol import BaseProtocol
        from aiohttp.http_exceptions import HttpProcessingError
        from multidict import CIMultiDict

        if self.content_type != "multipart/form-data":
            raise ValueError("not a multipart form")
        loop = asyncio.get_running_loop()
        stream = StreamReader(BaseProtocol(loop), len(self.body) + 1, loop=loop)
        stream.feed_data(self.body)
        stream.feed_eof()
        found = []
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # aiohttp has its own ideas of names, which do not matter here.
                reader = MultipartReader(CIMultiDict({"Content-Type": self.header("Content-Type") or ""}), stream)
                while (part := await reader.next()) is not None:
                    if not isinstance(part, BodyPartReader):
                        raise ValueError("a multipart body within a multipart body is not a form")
                    words = _disposition(part.headers.get("Content-Disposition", ""))
                    filename = words.get("filename")
                    found.append(
                        FormPart(
                            name=words.get("name", ""),
                            filename=None if filename is None else re.split(r"[/\\]", filename)[-1],
                            content_type=part.headers.get("Content-Type"),
                            data=bytes(await part.read()),
                        )
                    )
        except (HttpProcessingError, AssertionError, LookupError) as error:
            # From older aiohttp, a charset that does not exist.
            raise ValueError(f"not a multipart form: {error}") from error
        return tuple(found)


_WORD = re.compile(r'([^=;\s]+)=(?:"((?:\\["\\]|[^"])*+)"?|([^;\s]*))').findall


def _disposition(header: str) -> dict[str, str]:
    """Name and file name; within quotes a backslash stands before quotes and backslashes."""
    text = header.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return {key.lower(): re.sub(r'\\(["\\])', r"\1", quoted) or bare for key, quoted, bare in _WORD(text)}


def pairs_of(encoded: str) -> Pairs:
    """Names and values of an urlencoded text."""
    text = encoded.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return tuple(parse_qsl(text, keep_blank_values=True))
