"""Bringing data into the app. Reference: "Import Data"."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from nusantara.checks import check_whole
from nusantara.client import Resource
from nusantara.codec.json_arrays import array_files
from nusantara.errors import InvalidParameter, NusantaraError
from nusantara.pagination import Page, Pager, numbered
from nusantara.request import CallClass, get, post
from nusantara.upload import File
from qiscus_async.enums import ExportKind
from qiscus_async.errors import ImportStopped
from qiscus_async.imports.encoding import Row, check_file, encode_rows
from qiscus_async.models.transfers import FileReport, Import, ImportAnswer, ImportListAnswer
from qiscus_async.values import export_kind

if TYPE_CHECKING:
    from qiscus_async.client import AsyncQiscus

__all__ = ["Imports"]

ROWS_IN_LIST = 20
LARGEST_FILE = 4 * 1024 * 1024
"""Bytes of one import file. Reference: "limit 4 MB each import"."""


class Imports(Resource):
    """Handing in rows and seeing what became of them. Users come first, then rooms, then comments."""

    _client: AsyncQiscus

    async def create(self, kind: ExportKind, file: bytes, *, name: str = "import.json") -> Import:
        """Hand in one file as it is. The server loads it in the background.

        ``POST /api/v2/rest/imports`` - unrepeatable

        Args:
            file: A JSON array of objects in the vendor's spelling, at most 4 MiB, in which no id comes twice.
                :meth:`run` makes such files from rows.

        Reference: "Import Data".
        """
        if not isinstance(file, bytes):
            raise InvalidParameter("file", f"must be bytes, not {type(file).__name__}")
        if len(file) > LARGEST_FILE:
            raise InvalidParameter("file", f"has {len(file)} bytes, more than the {LARGEST_FILE} of one import")
        await asyncio.to_thread(check_file, file, export_kind(kind))
        return await self._hand_in(kind, file, name)

    async def _hand_in(self, kind: str, file: bytes | memoryview, name: str) -> Import:
        request = post(
            "/api/v2/rest/imports",
            form={"type": export_kind(kind)},
            files={"file": File(file, name, "application/json")},
            call_class=CallClass.UNREPEATABLE,
        )
        return (await self._client._send(request, ImportAnswer)).results.backup_history

    def history(self) -> Pager[Import]:
        """List the imports there were, newest first.

        ``GET /api/v2/rest/imports`` - safe

        Reference: "Get List of Import".
        """

        async def fetch(page: int) -> Page[Import]:
            answer = await self._client._send(get("/api/v2/rest/imports", params={"page": page}), ImportListAnswer)
            return Page(items=answer.results.backup_histories, answer=answer)

        return Pager(numbered(fetch, per_page=ROWS_IN_LIST), key=lambda one: one.unique_id)

    async def run(
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
        export_kind(kind)
        check_whole("skip_files", skip_files, least=0)
        if on_file is not None and not callable(on_file):
            raise InvalidParameter("on_file", f"must be a function, not {on_file!r}")
        if not isinstance(rows, Iterable):
            raise InvalidParameter("rows", f"must be rows, not {type(rows).__name__}")
        if isinstance(rows, Sequence):
            await asyncio.to_thread(deque, _files(rows, kind), maxlen=0)
        files = _files(rows, kind)
        reports: list[FileReport] = []
        number = first_row = 0
        loop = asyncio.get_running_loop()
        # One thread for all files: every further thread would keep memory of its own.
        with ThreadPoolExecutor(1, "nusantara-import") as packer:
            try:
                while packed := await loop.run_in_executor(packer, next, files, None):
                    body, held = packed
                    size = len(body)
                    if number >= skip_files:
                        record = await self._hand_in(kind, body, f"{kind}-{number:05d}.json")
                        reports.append(
                            FileReport(number=number, first_row=first_row, rows=held, size=size, record=record)
                        )
                        if on_file is not None:
                            on_file(reports[-1])
                    number, first_row = number + 1, first_row + held
            except NusantaraError as error:
                if isinstance(error, InvalidParameter) and not reports:
                    raise
                raise ImportStopped(number, first_row, tuple(reports), error) from error
            except Exception as error:
                # The caller's own, from its rows or its on_file.
                if reports:
                    error.add_note(
                        f"{len(reports)} files were handed in: go on with skip_files={reports[-1].number + 1}"
                    )
                raise
        return reports


def _files(rows: Iterable[Row], kind: str) -> Iterator[tuple[memoryview, int]]:
    try:
        yield from array_files(encode_rows(rows, kind), LARGEST_FILE)
    except ValueError as error:
        if isinstance(error, NusantaraError):
            raise
        raise InvalidParameter(f"rows[{error.args[0]}]", f"is larger than {LARGEST_FILE} bytes by itself") from None
