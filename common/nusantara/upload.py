"""Files to upload: whatever a caller may hold, checked before anything is sent."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import IO

import attrs

from nusantara.errors import InvalidParameter
from nusantara.introspection import documented
from nusantara.progress import Progress

__all__ = ["File"]


def _header_text(_: object, field: attrs.Attribute[str], value: str) -> None:
    """Refuse what is empty, would end the line of a part's header, or has no form there."""
    if not isinstance(value, str) or not value.strip() or re.search(r"[\r\n\0\ud800-\udfff]", value):
        raise InvalidParameter(field.name, "must be text, not empty, without line breaks, NUL and lone surrogates")


@documented
@attrs.define(slots=True, eq=False)
class File:
    """Something to upload.

    A path, bytes, or a seekable binary file can be sent again if an attempt fails. A binary file that cannot seek, and
    a path that is a pipe or a device, is read once, to its end: what became of the first attempt that sent something of
    it is the end of the call. A file that changes during the call is not sent: the attempt is cut off before its end.
    """

    source: Path | bytes | memoryview | IO[bytes] = attrs.field(repr=lambda source: type(source).__name__)
    name: str = attrs.field(default="file", validator=_header_text)
    """File name told to the server."""
    content_type: str = attrs.field(default="application/octet-stream", validator=_header_text)
    progress: Progress | None = attrs.field(default=None, kw_only=True, repr=False)
    """Called with the bytes handed to the network and those in all; a further attempt begins at 0 again."""

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
            path = Path(os.fsdecode(source))
            try:
                folder = stat.S_ISDIR(path.stat().st_mode)
            except FileNotFoundError:
                raise InvalidParameter(parameter, "there is no such file") from None
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or error
                raise InvalidParameter(parameter, f"cannot be read: {reason}") from None
            if folder:
                raise InvalidParameter(parameter, "is a folder")
            return cls._named(parameter, path, path.name, progress)
        if not hasattr(source, "read"):
            raise InvalidParameter(parameter, f"is neither a path nor bytes nor a binary file: {type(source).__name__}")
        if getattr(source, "closed", False):
            raise InvalidParameter(parameter, "is a file that was closed")
        name = getattr(source, "name", None)
        if isinstance(name, bytes):
            name = os.fsdecode(name)
        name = os.path.basename(name) if isinstance(name, str) else ""
        return cls._named(parameter, source, name or "file", progress)

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
