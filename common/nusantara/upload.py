"""Files to upload: whatever a caller may hold, checked before anything is sent."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import IO

import attrs

from nusantara.errors import InvalidParameter
from nusantara.progress import Progress

__all__ = ["File"]


def _header_text(_: object, field: attrs.Attribute[str], value: str) -> None:
    """Refuse what would end the line of a part's header, or has no form there."""
    if not isinstance(value, str) or re.search(r"[\r\n\0\ud800-\udfff]", value):
        raise InvalidParameter(field.name, "must be text without line breaks, NUL and lone surrogates")


@attrs.define(slots=True, eq=False)
class File:
    """Something to upload.

    A path, bytes, or a seekable binary file can be sent again if an attempt fails. A binary file that cannot seek is
    sent once: a second attempt raises :exc:`~nusantara.errors.InvalidParameter` instead of sending an empty body.
    """

    source: Path | bytes | memoryview | IO[bytes] = attrs.field(repr=lambda source: type(source).__name__)
    name: str = attrs.field(default="file", validator=_header_text)
    """File name told to the server."""
    content_type: str = attrs.field(default="application/octet-stream", validator=_header_text)
    progress: Progress | None = attrs.field(default=None, kw_only=True, repr=False)
    """Called with the bytes handed to the network and those in all; a further attempt begins at 0 again."""
    _spent: bool = attrs.field(default=False, init=False, repr=False)

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

    def open(self, parameter: str) -> IO[bytes]:
        """A path or binary file from its start, anew for each attempt."""
        assert not isinstance(self.source, (bytes, memoryview))
        if isinstance(self.source, Path):
            try:
                return self.source.open("rb")
            except OSError as error:
                raise InvalidParameter(parameter, f"cannot be read: {error.strerror}") from None
        if self.source.seekable():
            self.source.seek(0)
        elif self._spent:
            raise InvalidParameter(parameter, "was a stream that cannot be read a second time; give a path instead")
        self._spent = True
        return self.source
