"""A multipart form as PHP reads it (main/rfc1867.c): quotes, backslashes and what becomes of a file name."""

from __future__ import annotations

import attrs

__all__ = ["Part", "read_form"]


@attrs.frozen
class Part:
    """One entry of ``$_POST`` or ``$_FILES``."""

    name: str
    filename: str | None
    data: bytes


def read_form(body: bytes, boundary: str) -> list[Part]:
    """The parts of a body, in order."""
    line = b"--" + boundary.encode()
    parts: list[Part] = []
    for piece in (b"\r\n" + body).split(b"\r\n" + line)[1:]:
        if piece.startswith(b"--"):
            return parts
        head, _, data = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        fields = dict(header.split(": ", 1) for header in head.decode().split("\r\n"))
        words = _parameters(fields["Content-Disposition"])
        filename = words.get("filename")
        parts.append(Part(words.get("name", ""), None if filename is None else _basename(filename), data))
    raise AssertionError("a form without an end")


def _parameters(header: str) -> dict[str, str]:
    found = {}
    while header:
        word, header = _word(header, ";")
        key, _, value = word.strip().partition("=")
        if value:
            found[key.lower()] = _unquoted(value)
    return found


def _word(text: str, stop: str) -> tuple[str, str]:
    """Up to ``stop``, unless it stands within quotes, in which a backslash protects a quote."""
    at = 0
    while at < len(text) and text[at] != stop:
        quote = text[at]
        at += 1
        if quote in "\"'":
            while at < len(text) and text[at] != quote:
                at += 2 if text[at] == "\\" and text[at + 1 : at + 2] == quote else 1
            at += 1
    return text[:at], text[at + 1 :]


def _unquoted(value: str) -> str:
    if value[0] not in "\"'":
        return value.split()[0]
    quote, result, at = value[0], "", 1
    while at < len(value) and value[at] != quote:
        if value[at] == "\\" and value[at + 1 : at + 2] in ("\\", quote):
            at += 1
        result += value[at]
        at += 1
    return result


def _basename(path: str) -> str:
    return path[max(path.rfind("/"), path.rfind("\\")) + 1 :]
