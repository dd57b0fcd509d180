# Written by "python -m nusantara.syncgen" from qiscus_async/exports.py. Do not edit.
"""Synchronous twin of :mod:`qiscus_async.exports`."""

from __future__ import annotations

import os
from datetime import date
from typing import Any

from nusantara.download import Download
from nusantara.progress import Progress
from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager
from qiscus_async.enums import ExportKind
from qiscus_async.exports import Exports as AsyncExports
from qiscus_async.models.transfers import Export

__all__ = ["Exports"]


class Exports(SyncResource[AsyncExports]):
    """Asking for exports, waiting for them, fetching and reading them."""

    def create(self, kind: ExportKind, start: date, end: date) -> Export:
        """Ask for an export. The server works on it in the background; see :meth:`wait`.

        ``POST /api/v2/rest/exports`` - unrepeatable

        Args:
            kind: What to export: ``users``, ``rooms`` or ``comments``; see :class:`~qiscus_async.enums.ExportKind`.
            start: First day.
            end: Last day.

        Reference: "Create or Request Backup".
        """
        return self._portal.run(self._impl.create, kind, start, end)

    def history(self) -> SyncPager[Export]:
        """List the exports there are, newest first.

        ``GET /api/v2/rest/exports`` - safe

        Reference: "Get List of Backup".
        """
        return SyncPager(self._portal, self._impl.history())

    def get(self, unique_id: str) -> Export:
        """Show how far an export is.

        ``GET /api/v2/rest/exports/{unique_id}`` - safe

        Reference: "Get Backup By Id".
        """
        return self._portal.run(self._impl.get, unique_id)

    def delete(self, unique_id: str) -> Export:
        """Delete an export and its file, and return what it was.

        ``DELETE /api/v2/rest/exports/{unique_id}`` - unrepeatable

        Reference: "Delete Backup By Id".
        """
        return self._portal.run(self._impl.delete, unique_id)

    def wait(self, export: Export | str, *, timeout: float | None = 3600.0, progress: Progress | None = None) -> Export:
        """Poll an export until it is finished, ever less often, every 15 s at the longest.

        Made of ``get``.

        Args:
            export: The export or its unique id.
            timeout: Seconds to wait in all; None for no end.
            progress: Called with the percentage and 100.

        Raises:
            ExportFailed: It ended without a file.
            Timeout: It did not end in time.
        """
        return self._portal.run(self._impl.wait, export, timeout=timeout, progress=progress)

    def download(
        self,
        export: Export,
        target: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        resume: bool = True,
        progress: Progress | None = None,
    ) -> Download:
        """Fetch the file of a finished export. It appears when it is whole; a cut is resumed.

        Made of a request to the file's host, which is not the vendor's.

        The file lies on another host, which gets nothing of the client but the address.

        Args:
            target: File name, or a folder, where it gets a name made of kind and unique id.
            overwrite: Replace a file that is there.
            resume: Whether to go on with what a killed download of the same file has left there.
            progress: Called with bytes.

        Raises:
            ExportFailed: It has no file.
            WriteFailed: The disk is full or refuses.
            BadResponse: What came is not the file.
        """
        return self._portal.run(
            self._impl.download, export, target, overwrite=overwrite, resume=resume, progress=progress
        )

    def rows(self, path: str | os.PathLike[str]) -> SyncPager[dict[str, Any]]:
        """Read the rows of a fetched export, 1,000 at a time, however large it is.

        Made of nothing but the file: no request is sent.

        What a row holds is not documented. A token of the pager is a place in the file.

        Args:
            path: The file: a JSON array of objects.

        Raises:
            BadResponse: It is not such a file.
        """
        return SyncPager(self._portal, self._impl.rows(path))

    def run(
        self,
        kind: ExportKind,
        start: date,
        end: date,
        target: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        resume: bool = True,
        timeout: float | None = 3600.0,
        progress: Progress | None = None,
    ) -> Download:
        """Ask for an export, wait for it, and fetch it.

        Made of ``create``, ``get``, ``wait`` and ``download``.

        An export that an earlier run with the same values has asked for and not fetched, because it was killed, out of
        time or cut off, is not asked for again: it is waited for and fetched. That is so for an hour, and for a day if
        the last day of the export was over everywhere when it was asked for. Until it is fetched, a hidden note beside
        the target says which export it is.

        Args:
            kind: What to export: ``users``, ``rooms`` or ``comments``; see :class:`~qiscus_async.enums.ExportKind`.
            start: First day.
            end: Last day.
            target: File name, or a folder.
            overwrite: Replace a file that is there.
            resume: Whether to go on with the export and the file of an earlier run.
            timeout: Seconds to wait for the server to finish; None for no end.
            progress: Called with percent while the server works, then with bytes.

        Raises:
            InvalidParameter: Raised before the export is asked for, unless a file of this name comes meanwhile.
            NusantaraError: What :meth:`wait` and :meth:`download` raise; its ``made`` is the export.
        """
        return self._portal.run(
            self._impl.run,
            kind,
            start,
            end,
            target,
            overwrite=overwrite,
            resume=resume,
            timeout=timeout,
            progress=progress,
        )
