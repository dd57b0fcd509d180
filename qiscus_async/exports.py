"""Exports of the app's data. Reference: "Backup Data"."""

from __future__ import annotations

import asyncio
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nusantara.call import after
from nusantara.checks import check_flag, check_seconds
from nusantara.client import Resource
from nusantara.codec.json_arrays import read_rows
from nusantara.download import Download, check_folder, check_target, download, path_of
from nusantara.errors import (
    BadRequest,
    BadResponse,
    Forbidden,
    InvalidParameter,
    NotFound,
    NusantaraError,
    Phase,
    Timeout,
)
from nusantara.pagination import Page, Pager, numbered
from nusantara.progress import Meter, Progress
from nusantara.request import CallClass, delete, get, post
from qiscus_async.asked_exports import AskedExport
from qiscus_async.enums import ExportKind
from qiscus_async.errors import ExportFailed
from qiscus_async.models.transfers import Export, ExportAnswer, ExportCreated, ExportListAnswer
from qiscus_async.values import export_kind

if TYPE_CHECKING:
    from qiscus_async.client import AsyncQiscus

__all__ = ["Exports"]

ROWS_IN_LIST = 20
FIRST_POLL = 1.0
LONGEST_POLL = 15.0
ROWS_IN_CHUNK = 1000


class Exports(Resource):
    """Asking for exports, waiting for them, fetching and reading them."""

    _client: AsyncQiscus

    async def create(self, kind: ExportKind, start: date, end: date) -> Export:
        """Ask for an export. The server works on it in the background; see :meth:`wait`.

        ``POST /api/v2/rest/exports`` - unrepeatable

        Args:
            kind: What to export: ``users``, ``rooms`` or ``comments``; see :class:`~qiscus_async.enums.ExportKind`.
            start: First day.
            end: Last day.

        Reference: "Create or Request Backup".
        """
        answer = await self._client._send(
            post(
                "/api/v2/rest/exports",
                json={"type": export_kind(kind), "start_date": _day("start", start), "end_date": _day("end", end)},
                call_class=CallClass.UNREPEATABLE,
            ),
            ExportCreated,
        )
        return answer.results

    def history(self) -> Pager[Export]:
        """List the exports there are, newest first.

        ``GET /api/v2/rest/exports`` - safe

        Reference: "Get List of Backup".
        """

        async def fetch(page: int) -> Page[Export]:
            answer = await self._client._send(get("/api/v2/rest/exports", params={"page": page}), ExportListAnswer)
            return Page(items=answer.results.backup_histories, answer=answer)

        return Pager(numbered(fetch, per_page=ROWS_IN_LIST), key=lambda export: export.unique_id)

    async def get(self, unique_id: str) -> Export:
        """Show how far an export is.

        ``GET /api/v2/rest/exports/{unique_id}`` - safe

        Reference: "Get Backup By Id".
        """
        answer = await self._client._send(get("/api/v2/rest/exports/{unique_id}", unique_id), ExportAnswer)
        return answer.results.backup_history

    async def delete(self, unique_id: str) -> Export:
        """Delete an export and its file, and return what it was.

        ``DELETE /api/v2/rest/exports/{unique_id}`` - unrepeatable

        Reference: "Delete Backup By Id".
        """
        request = delete("/api/v2/rest/exports/{unique_id}", unique_id, call_class=CallClass.UNREPEATABLE)
        return (await self._client._send(request, ExportAnswer)).results.backup_history

    async def wait(
        self, export: Export | str, *, timeout: float | None = 3600.0, progress: Progress | None = None
    ) -> Export:
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
        check_seconds("timeout", timeout, zero=True, or_none=True)
        meter, pause = Meter(progress), FIRST_POLL
        unique_id = export if isinstance(export, str) else export.unique_id
        loop = asyncio.get_running_loop()
        deadline = None if timeout is None else loop.time() + timeout
        while True:
            now = await self.get(unique_id)
            if now.finished:
                meter.done(100, 100)
                return now
            if now.failed:
                raise _failed(now)
            meter.show(now.percentage, 100)
            if deadline is not None and loop.time() + pause > deadline:
                raise Timeout(
                    Phase.TOTAL,
                    f"the export was at {now.percentage} % after {timeout:g} s",
                    hint="it goes on at the server: wait again with its unique id",
                )
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LONGEST_POLL)

    async def download(
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
        if not export.finished:
            raise _failed(export)
        source = self._client._file_at(export.download_url, export.size or None)
        path = await asyncio.to_thread(_target, path_of(target), export)
        return await download(source, path, overwrite=overwrite, resume=resume, progress=progress)

    def rows(self, path: str | os.PathLike[str]) -> Pager[dict[str, Any]]:
        """Read the rows of a fetched export, 1,000 at a time, however large it is.

        Made of nothing but the file: no request is sent.

        What a row holds is not documented. A token of the pager is a place in the file.

        Args:
            path: The file: a JSON array of objects.

        Raises:
            BadResponse: It is not such a file.
        """
        file = Path(path)

        async def fetch(token: str | None) -> Page[dict[str, Any]]:
            start = 0 if token is None else _offset(token)
            rows, end = await asyncio.to_thread(read_rows, file, start, ROWS_IN_CHUNK)
            return Page(items=rows, next=None if end is None else str(end))

        return Pager(fetch)

    async def run(
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
        Meter(progress)
        check_seconds("timeout", timeout, zero=True, or_none=True)
        check_flag("resume", resume)
        path = path_of(target)
        await asyncio.to_thread(_check_target, path, overwrite)
        asked = await asyncio.to_thread(self._note_of, path, kind, start, end)
        export = await self._asked_before(asked) if resume else None
        if export is None:
            export = await self.create(kind, start, end)
            await asyncio.to_thread(asked.write, export.unique_id)
        with after(export, hint="the export is there: error.made is its record, to wait for and to download"):
            try:
                finished = await self.wait(export, timeout=timeout, progress=progress)
                done = await self.download(finished, path, overwrite=overwrite, resume=resume, progress=progress)
            except NusantaraError as error:
                if _is_of_no_use(error):
                    await asyncio.to_thread(asked.forget)
                raise
        await asyncio.to_thread(asked.forget)
        return done

    def _note_of(self, target: Path, kind: ExportKind, start: date, end: date) -> AskedExport:
        first, last = date.fromisoformat(_day("start", start)), date.fromisoformat(_day("end", end))
        return AskedExport(target, (self._client.base_url, self._client.app_id), export_kind(kind), first, last)

    async def _asked_before(self, asked: AskedExport) -> Export | None:
        """The export of an earlier run, if it can still be had."""
        unique_id = await asyncio.to_thread(asked.read)
        if unique_id is None:
            return None
        try:
            export = await self.get(unique_id)
        except NusantaraError as error:
            if _is_of_no_use(error):
                return None
            raise
        return None if export.failed else export


def _is_of_no_use(error: NusantaraError) -> bool:
    """Whether an error says of an export that there is nothing to be had from it, now or later."""
    if isinstance(error, BadResponse):
        return not error.incomplete
    return isinstance(error, (ExportFailed, BadRequest, Forbidden, NotFound))


def _failed(export: Export) -> ExportFailed:
    return ExportFailed(export.unique_id, export.status, export.error_message)


def _day(parameter: str, value: date) -> str:
    if not isinstance(value, date):
        raise InvalidParameter(parameter, f"must be a date, not {type(value).__name__}")
    if value.year < 1000:
        raise InvalidParameter(parameter, f"must have a year of four digits, not {value.year}")
    return value.strftime("%Y-%m-%d")


def _check_target(target: Path, overwrite: bool) -> None:
    if _is_folder(target):
        check_folder(target)
    else:
        check_target(target, overwrite)


def _is_folder(target: Path) -> bool:
    try:
        return target.is_dir()
    except OSError as error:
        raise InvalidParameter("target", f"cannot be used: {error.strerror}") from None


def _target(target: Path, export: Export) -> Path:
    """The server's own file name is never used: it could lead anywhere."""
    if not _is_folder(target):
        return target
    return target / f"{_plain(export.resource_name)[:32]}-{_plain(export.unique_id)[:64]}.json"


def _plain(text: str) -> str:
    """What is harmless in a file name."""
    return "".join(char if char.isascii() and (char.isalnum() or char == "-") else "_" for char in text)


def _offset(token: str) -> int:
    if not token.isascii() or not token.isdecimal():
        raise InvalidParameter("token", f"{token!r} is not a place in the file")
    return int(token)
