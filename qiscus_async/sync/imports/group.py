# Written by "python -m nusantara.syncgen" from qiscus_async/imports/group.py. Do not edit.
"""Synchronous twin of :mod:`qiscus_async.imports.group`."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager
from qiscus_async.enums import ExportKind
from qiscus_async.imports.encoding import Row
from qiscus_async.imports.group import Imports as AsyncImports
from qiscus_async.models.transfers import FileReport, Import

__all__ = ["Imports"]


class Imports(SyncResource[AsyncImports]):
    """Handing in rows and seeing what became of them. Users come first, then rooms, then comments."""

    def create(self, kind: ExportKind, file: bytes, *, name: str = "import.json") -> Import:
        """Hand in one file as it is. The server loads it in the background.

        ``POST /api/v2/rest/imports`` - unrepeatable

        Args:
            file: A JSON array of objects in the vendor's spelling, at most 4 MiB, in which no id comes twice.
                :meth:`run` makes such files from rows.

        Reference: "Import Data".
        """
        return self._portal.run(self._impl.create, kind, file, name=name)

    def history(self) -> SyncPager[Import]:
        """List the imports there were, newest first.

        ``GET /api/v2/rest/imports`` - safe

        Reference: "Get List of Import".
        """
        return SyncPager(self._portal, self._impl.history())

    def run(
        self,
        kind: ExportKind,
        rows: Iterable[Row],
        *,
        skip_files: int = 0,
        on_file: Callable[[FileReport], None] | None = None,
    ) -> list[FileReport]:
        """Hand in any number of rows, in as many files as it takes, one after the other.

        Made of ``create``, once for each file.

        Rows are taken from the iterable as they are needed, and only one file is in memory at a time. Every row is
        checked before the file that it belongs to leaves; those of a list are all checked before anything leaves.

        Args:
            rows: :class:`~qiscus_async.UserRow`, ``RoomRow`` or ``CommentRow``, as ``kind`` says. The same
                rows in the same order give the same files.
            skip_files: Files to leave out, because an earlier run handed them in.
            on_file: Called after each file that was handed in.

        Raises:
            ImportStopped: A file was not taken. Its ``reports`` are the files before it, its ``file_number`` is what to
                give as ``skip_files`` when the cause is mended.
            InvalidParameter: A row breaks a rule; raised inside ImportStopped once a file has been handed in.
        """
        return self._portal.run(self._impl.run, kind, rows, skip_files=skip_files, on_file=on_file)
