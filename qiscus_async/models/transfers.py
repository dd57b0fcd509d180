"""Records of exports and imports. Both references call them "backups"."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import attrs

from nusantara.introspection import documented
from nusantara.model import LooseInt, Model, field, model

__all__ = ["Export", "ExportList", "FileReport", "Import", "ImportErrors", "ImportList"]


@model
class Export(Model):
    """An export, under way or done."""

    unique_id: str
    resource_name: str
    """``users``, ``rooms`` or ``comments``."""
    status: str
    """``started`` and ``finished`` are documented. What a failed one says is not; see :attr:`error_message`."""
    percentage: LooseInt
    """0 to 100."""
    size: LooseInt
    """Bytes of the file; 0 until finished."""
    total_rows: LooseInt
    download_url: str
    """Empty until finished. Anybody who has it can fetch the file."""
    error_message: str
    original_filename: str
    """Holds colons and a plus sign: not fit as a name on every disk."""
    created_at: datetime

    @property
    def finished(self) -> bool:
        """Whether the file can be fetched."""
        return self.status == "finished" and bool(self.download_url)

    @property
    def failed(self) -> bool:
        """Whether it ended without a file, as far as that can be told."""
        return bool(self.error_message) or self.status not in ("started", "finished")


@model
class ImportErrors(Model):
    """What went wrong while an import was loaded. Its documented sample is empty."""

    message: str | None = field(default=None, key="Message")
    data: Any = field(default=None, key="Data")


@model
class Import(Model):
    """A file that was handed in."""

    unique_id: str
    resource_name: str
    status: str
    """``started`` and ``finished`` are documented."""
    size: LooseInt
    """Bytes of the file."""
    total_rows: LooseInt
    original_filename: str
    created_at: datetime
    errors: ImportErrors | None = None

    @property
    def problem(self) -> str | None:
        """What the server says went wrong, if anything."""
        return (self.errors.message or None) if self.errors is not None else None


@documented
@attrs.frozen(slots=True, kw_only=True)
class FileReport:
    """One file of an import that the server took."""

    number: int
    """0 for the first file."""
    first_row: int
    """Number of its first row among all rows, from 0."""
    rows: int
    size: int
    """Bytes."""
    record: Import
    """What the server says of it; the loading itself goes on there."""


@model
class ExportResult(Model):
    """A result that is an export, or holds one: the server nests it after the first answer."""

    backup_history: Export


@model
class ExportCreated(Model):
    """The answer to the request for an export, where the record is the result itself."""

    results: Export
    status: LooseInt | None = None


@model
class ExportAnswer(Model):
    """The answer about one export."""

    results: ExportResult
    status: LooseInt | None = None


@model
class ExportList(Model):
    """One page of exports."""

    backup_histories: list[Export]


@model
class ExportListAnswer(Model):
    """The answer with one page of exports."""

    results: ExportList
    status: LooseInt | None = None


@model
class ImportResult(Model):
    """A result that holds an import."""

    backup_history: Import


@model
class ImportAnswer(Model):
    """The answer about one import."""

    results: ImportResult
    status: LooseInt | None = None


@model
class ImportList(Model):
    """One page of imports."""

    backup_histories: list[Import]


@model
class ImportListAnswer(Model):
    """The answer with one page of imports."""

    results: ImportList
    status: LooseInt | None = None
