"""Files to upload: whatever a caller may hold, checked before anything is sent."""

from __future__ import annotations

import contextlib
import io
import os
import re
import stat
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import attrs

from nusantara.errors import InvalidParameter
from nusantara.progress import Progress

__all__ = ["File"]

FIRST = 64 * 1024

_spent: weakref.WeakSet[IO[bytes]] = weakref.WeakSet()
"""Streams that cannot seek and of which something was sent: what is left of one is not the file."""


def _header_text(_: object, field: attrs.Attribute[str], value: str) -> None:
    """Refuse what would end the line of a part's header, or has no form there."""
    if not isinstance(value, str) or re.search(r"[\r\n\0\ud800-\udfff]", value):
        raise InvalidParameter(field.name, "must be text without line breaks, NUL and lone surrogates")


@attrs.define(slots=True, eq=False)
class File:
    """Something to upload.

    A path, bytes, or a seekable binary file can be sent again if an attempt fails. A binary file that cannot seek is
    read once: what became of the first attempt that read it is the end of the call. A file that changes during the call
    is not sent: the attempt is cut off before its end.
    """

    source: Path | bytes | memoryview | IO[bytes] = attrs.field(repr=lambda source: type(source).__name__)
    name: str = attrs.field(default="file", validator=_header_text)
    """File name told to the server."""
    content_type: str = attrs.field(default="application/octet-stream", validator=_header_text)
    progress: Progress | None = attrs.field(default=None, kw_only=True, repr=False)
    """Called with the bytes handed to the network and those in all; a further attempt begins at 0 again."""
    _first: bytes = attrs.field(default=b"", init=False, repr=False)
    """The start of a stream that cannot seek, read before anything is sent."""
    _state: tuple[int, ...] | None = attrs.field(default=None, init=False, repr=False)
    """What the file system says of the file, to see that it changes."""

    @classmethod
    def of(
        cls,
        source: str | os.PathLike[str] | bytes | IO[bytes] | File,
        *,
        parameter: str = "file",
        progress: Progress | None = None,
    ) -> File:
        """Make one from whatever a caller may hold; checked here, before anything is sent."""
        if isinstance(source, File):
            return source
        if isinstance(source, (bytes, bytearray, memoryview)):
            return cls(bytes(source), progress=progress)
        if isinstance(source, (str, os.PathLike)):
            path = Path(source)
            if not path.is_file():
                raise InvalidParameter(parameter, "there is no such file")
            return cls._named(parameter, path, path.name, progress)
        if not hasattr(source, "read"):
            raise InvalidParameter(parameter, f"is neither a path nor bytes nor a binary file: {type(source).__name__}")
        name = getattr(source, "name", None)
        return cls._named(parameter, source, os.path.basename(name) if isinstance(name, str) else "file", progress)

    @classmethod
    def _named(cls, parameter: str, source: Path | IO[bytes], name: str, progress: Progress | None) -> File:
        """One that bears a name of the file system, where anything may be a name."""
        try:
            return cls(source, name, progress=progress)
        except InvalidParameter:
            raise InvalidParameter(
                parameter, f"has the name {name!r}, which cannot be sent", hint="give File(source, name) with another"
            ) from None

    def of_call(self) -> File:
        """The same for one call, whose attempts all have to send the same bytes."""
        return attrs.evolve(self) if isinstance(self.source, Path) else self

    def measure(self, parameter: str) -> int | None:
        """The size in bytes, None if it cannot be known. To be asked before each attempt.

        Raises:
            InvalidParameter: It cannot be read (again), or has changed since the last attempt.
        """
        source = self.source
        if isinstance(source, (bytes, memoryview)):
            return memoryview(source).nbytes
        if isinstance(source, Path):
            with self._reading(parameter), source.open("rb") as file:
                return self._state_of(file, parameter)
        if isinstance(source, io.TextIOBase):
            raise InvalidParameter(parameter, "is a text file; open it in binary mode")
        if source.seekable():
            with self._reading(parameter):
                self._state_of(source, parameter)
                return source.seek(0, os.SEEK_END)
        if source in _spent:
            raise InvalidParameter(parameter, "was a stream that cannot be read a second time; give a path instead")
        if not self._first:
            self._first = self.read(source, FIRST, None, parameter)
            if not self._first:
                raise InvalidParameter(parameter, "is a stream with nothing in it, or was read to its end before")
        return None

    def open(self, parameter: str) -> IO[bytes]:
        """A path or binary file from its start, anew for each attempt."""
        assert not isinstance(self.source, (bytes, memoryview))
        if isinstance(self.source, Path):
            with self._reading(parameter):
                return self.source.open("rb")
        if self.source.seekable():
            self.source.seek(0)
        else:
            _spent.add(self.source)
        return self.source

    def read(self, stream: IO[bytes], size: int, left: int | None, parameter: str) -> bytes:
        """The next bytes, none at the end.

        Args:
            left: Bytes that are still to come, if that is known. With the last of them, the file is compared with what
                it was.
        """
        chunk, self._first = self._first, b""
        if not chunk:
            with self._reading(parameter):
                chunk = stream.read(size if left is None else min(size, left))
        if not isinstance(chunk, bytes):
            raise InvalidParameter(parameter, f"gives {type(chunk).__name__} instead of bytes")
        if left is not None:
            if not chunk and left:
                raise InvalidParameter(parameter, "became shorter while it was sent")
            if len(chunk) == left:
                self._state_of(stream, parameter)
        return chunk

    def _state_of(self, file: IO[bytes], parameter: str) -> int | None:
        """Compare a file with what it was before; gives its size. Only those of the file system can be compared."""
        try:
            found = os.fstat(file.fileno())
        except (OSError, AttributeError):
            return None
        if isinstance(self.source, Path) and not stat.S_ISREG(found.st_mode):
            raise InvalidParameter(parameter, "is no ordinary file")
        state = found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
        if self._state not in (None, state):
            raise InvalidParameter(parameter, "the file has changed since it was first read for this call")
        self._state = state if isinstance(self.source, Path) else None
        return found.st_size

    @contextlib.contextmanager
    def _reading(self, parameter: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise InvalidParameter(parameter, f"cannot be read: {error.strerror or error}") from None
