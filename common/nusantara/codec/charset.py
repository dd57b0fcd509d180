"""The charset of a document: what it says itself, what HTTP says, and when there is nothing left but to guess."""

from __future__ import annotations

import codecs
import re
from typing import Final

import attrs

from nusantara.errors import BadResponse

__all__ = ["BYTE_ORDER_MARKS", "GUESS", "Charset", "declared_charset", "find_charset"]

BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
GUESS: Final = "windows-1252"
"""What a document is taken for that declares nothing and is not UTF-8."""


@attrs.frozen
class Charset:
    """How bytes are to be read as text."""

    name: str
    guessed: bool
    """Neither the bytes nor anything else said so: show it to whoever reads the text."""


def find_charset(body: bytes, declared: str | None = None) -> Charset:
    """The charset of a document: what its byte order mark says, else HTTP, else the XML declaration, else UTF-8.

    A document that declares nothing and is not UTF-8 is taken for windows-1252, which is a guess. One that is UTF-8
    but for some bytes is damaged UTF-8 rather than of another charset.

    Raises:
        BadResponse: The declared charset is not one of the usual.
    """
    name = declared_charset(body, declared)
    if name is not None:
        return Charset(name, guessed=False)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        if body.decode("utf-8", errors="ignore").isascii():
            return Charset(GUESS, guessed=True)
    return Charset("utf-8", guessed=False)


def declared_charset(body: bytes, declared: str | None) -> str | None:
    """The same without what nobody declares.

    Raises:
        BadResponse: It is not one of the usual.
    """
    start = body[:_START].lstrip()
    for mark, name in BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return name
    if declared is None:
        found = _DECLARED(start)
        if found is None:
            return None
        declared = str(found[1], "ascii")
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        name = ""
    if name in _CHARSETS:
        return name
    raise BadResponse(f"the answer cannot be read: the charset {declared[:40]!a} is not supported")


_CHARSETS: Final = frozenset(
    codecs.lookup(name).name
    for name in ("utf-8", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252", "utf-16", "utf-16-le", "utf-16-be")
)
"""No codec of Python's that does other things than read text, such as ``rot13`` or ``zlib``."""
_START: Final = 1024
"""Bytes in which a document says what it is in."""
_DECLARED: Final = re.compile(rb"<\?xml\s[^>?]{0,200}?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']").match
