"""Multipart forms, written as browsers write them. Every attempt reads its files from the start again, or says that it
cannot."""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from nusantara.errors import InvalidParameter
from nusantara.secret import HiddenBytes
from nusantara.transport.file_source import FileSource

if TYPE_CHECKING:
    from nusantara.request import Request
    from nusantara.upload import File

__all__ = ["Form"]

_ESCAPES = {'"': "%22", "\r": "%0D", "\n": "%0A"}


class Form:
    """The body of one attempt: the plain fields first, then the files.

    Attributes:
        length: In bytes; None if only its end will tell.
    """

    def __init__(self) -> None:
        self._boundary = secrets.token_hex(16)
        self._parts: list[bytes | memoryview | FileSource] = []

    @classmethod
    async def of(cls, request: Request) -> Form:
        """Open the files of a request.

        Raises:
            InvalidParameter: Something in it cannot be sent.
        """
        form = cls()
        try:
            for name, value in request.form or ():
                form._parts.append(HiddenBytes(form._head(name) + _encoded(name, value) + b"\r\n"))
            for name, file in request.files:
                await form._add(name, file)
        except BaseException:
            form.close()
            raise
        form._parts.append(f"--{form._boundary}--\r\n".encode())
        return form

    @property
    def content_type(self) -> str:
        return f"multipart/form-data; boundary={self._boundary}"

    @property
    def length(self) -> int | None:
        length = 0
        for part in self._parts:
            size = part.size if isinstance(part, FileSource) else len(part)
            if size is None:
                return None
            length += size
        return length

    async def pieces(self) -> AsyncGenerator[bytes | memoryview, None]:
        for part in self._parts:
            if isinstance(part, FileSource):
                async with contextlib.aclosing(part.pieces()) as pieces:
                    async for piece in pieces:
                        yield piece
            else:
                yield part

    def close(self) -> None:
        """Close the files that were opened here."""
        for part in self._parts:
            if isinstance(part, FileSource):
                part.close()

    async def _add(self, name: str, file: File) -> None:
        source = await FileSource.open(file, name)
        filename = f'; filename="{escape(file.name)}"\r\nContent-Type: {file.content_type}'
        self._parts += [self._head(name, filename), source, b"\r\n"]

    def _head(self, name: str, more: str = "") -> bytes:
        head = f'--{self._boundary}\r\nContent-Disposition: form-data; name="{escape(name)}"{more}\r\n\r\n'
        return _encoded(name, head)


def escape(name: str) -> str:
    """A name as it stands between quotes (HTML, "multipart/form-data encoding algorithm").

    Where a backslash would be taken to escape what follows, the end of the quotes or another one, it is written twice.
    """
    name = re.sub(r'["\r\n]', lambda found: _ESCAPES[found[0]], name)
    return re.sub(r"\\{2,}|\\$", lambda found: found[0] * 2, name)


def _encoded(name: str, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        pass
    # Raised here, because the exception above holds the text.
    raise InvalidParameter(name, "holds a lone surrogate, which has no UTF-8 form")
