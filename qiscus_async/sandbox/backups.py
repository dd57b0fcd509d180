"""Exports and imports, which the vendor calls backups: asked for now, finished later.

Reference: "Data Backup and Import".
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, TypeVar

import attrs

from qiscus_async.sandbox import imports
from qiscus_async.sandbox.archives import Archive, MadeUp, Stored, rows_between
from qiscus_async.sandbox.data import Data
from qiscus_async.sandbox.settings import Settings

__all__ = ["PER_PAGE", "RESOURCES", "Backup", "Backups", "Export", "Import"]

RESOURCES = ("users", "rooms", "comments")
PER_PAGE = 20

_JAKARTA = datetime.timezone(datetime.timedelta(hours=7))


@attrs.define(slots=True, kw_only=True)
class Backup:
    """What exports and imports have in common."""

    unique_id: str
    resource: str
    filename: str
    created_at: int
    failure: str
    """Why it ends without success; empty for success."""
    reads: int = 0
    finished: bool = False

    @property
    def status(self) -> str:
        """``failed`` is not the vendor's word, which nobody knows."""
        if not self.finished:
            return "started"
        return "failed" if self.failure else "finished"

    @property
    def created_text(self) -> str:
        """When it was asked for, with the zone that the samples have."""
        return _local(self.created_at)


@attrs.define(slots=True, kw_only=True)
class Export(Backup):
    """An export and its file."""

    archive: Archive = attrs.field(repr=False)
    percentage: int = 0

    def document(self, download_url: str) -> dict[str, Any]:
        """The record."""
        done = self.status == "finished"
        return {
            "created_at": self.created_text,
            "download_url": download_url if done else "",
            "error_message": self.failure if self.finished else "",
            "original_filename": self.filename,
            "percentage": self.percentage,
            "resource_name": self.resource,
            "size": self.archive.size if done else 0,
            "status": self.status,
            "total_rows": self.archive.rows if done else 0,
            "unique_id": self.unique_id,
        }


@attrs.define(slots=True, kw_only=True)
class Import(Backup):
    """An import, which has been carried out and not yet been reported."""

    size: int
    rows: int
    failed_row: Any = None

    def document(self) -> dict[str, Any]:
        """The record."""
        errors: dict[str, Any] = {}
        if not self.finished:
            errors = {"Message": "", "Data": None}
        elif self.failure:
            errors = {"Message": self.failure, "Data": self.failed_row}
        return {
            "created_at": self.created_text,
            "errors": errors,
            "original_filename": self.filename,
            "resource_name": self.resource,
            "size": self.size,
            "status": self.status,
            "total_rows": self.rows if self.finished else 0,
            "unique_id": self.unique_id,
        }


_AnyBackup = TypeVar("_AnyBackup", bound=Backup)


class Backups:
    """All of them, newest first."""

    def __init__(self, data: Data, settings: Settings, now: Callable[[], int]) -> None:
        self._data = data
        self._settings = settings
        self._now = now
        self._exports: list[Export] = []
        self._imports: list[Import] = []

    def create_export(self, resource: str, start: datetime.date, end: datetime.date) -> Export:
        """Begin an export of what was made from the first to the last day."""
        now = self._now()
        archive: Archive
        if self._settings.exports_rows is None:
            archive = Stored(rows_between(self._data, resource, start, end))
        else:
            user, room = self._data.users[0], self._data.rooms[0]
            archive = MadeUp(resource, self._settings.exports_rows, email=user.email, room=room.unique_id)
        export = Export(
            unique_id=self._data.fresh_uuid(),
            resource=resource,
            filename=f"{_local(now)}_exported_{resource}.json",
            created_at=now,
            failure=self._settings.export_failure,
            archive=archive,
        )
        self._exports.insert(0, export)
        return export

    def create_import(self, resource: str, filename: str, content: bytes) -> Import:
        """Carry out an import."""
        failure, failed_row, rows = "", None, 0
        try:
            rows = imports.load(resource, content, self._data)
        except imports.BadFile as bad:
            failure, failed_row = bad.message, bad.row
        made = Import(
            unique_id=self._data.fresh_uuid(),
            resource=resource,
            filename=filename,
            created_at=self._now(),
            failure=failure,
            size=len(content),
            rows=rows,
            failed_row=failed_row,
        )
        self._imports.insert(0, made)
        return made

    def export(self, unique_id: str) -> Export | None:
        """One export, as it is; looking at it here does not bring it forward."""
        return next((export for export in self._exports if export.unique_id == unique_id), None)

    def delete_export(self, export: Export) -> None:
        """Delete an export and its file."""
        self._exports.remove(export)

    def exports_page(self, page: int) -> list[Export]:
        """A page of exports, each read once more."""
        return [self.read(export) for export in _page(self._exports, page)]

    def imports_page(self, page: int) -> list[Import]:
        """A page of imports, each read once more."""
        return [self.read(one) for one in _page(self._imports, page)]

    def read(self, backup: _AnyBackup) -> _AnyBackup:
        """Somebody asks how it goes, which is what brings it forward."""
        backup.reads += 1
        age = (self._now() - backup.created_at) / 1e9
        by_reads = backup.reads / self._settings.backup_polls if self._settings.backup_polls else 1.0
        by_age = age / self._settings.backup_seconds if self._settings.backup_seconds else 1.0
        done = min(by_reads, by_age)
        backup.finished = backup.finished or done >= 1
        if isinstance(backup, Export):
            backup.percentage = 100 if backup.status == "finished" else max(0, min(int(done * 100), 99))
        return backup


def _page(backups: list[_AnyBackup], page: int) -> list[_AnyBackup]:
    return backups[(page - 1) * PER_PAGE : page * PER_PAGE]


def _local(at: int) -> str:
    return datetime.datetime.fromtimestamp(at // 1_000_000_000, _JAKARTA).isoformat()
