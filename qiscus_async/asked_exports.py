"""Which export was asked for, in a note beside its target until it is fetched: for a later run to go on with."""

from __future__ import annotations

import contextlib
import hashlib
import time
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from nusantara.transport import hidden_start, read_note, write_note

__all__ = ["AskedExport"]

_ENDING = ".nusantara.asked"
KEPT_FOR = 24 * 3600.0
"""Seconds after which an export is asked for anew."""
KEPT_WHILE_GROWING = 3600.0
"""The same where its last day was not over, so that a new one would hold more."""
_LAST_ZONE = timezone(timedelta(hours=-12))
"""Where a day ends last: in which zone the vendor's days are is not documented."""


class AskedExport:
    """The note of one export: of an app, of a kind and of days, to a target.

    Args:
        target: File, or the folder that it will be in.
        app: Base URL and id of the app.
        kind: What is exported.
        start: First day.
        end: Last day.
    """

    def __init__(self, target: Path, app: tuple[str, str], kind: str, start: date, end: date) -> None:
        self._end = end
        self._folder, name = (target, kind) if target.is_dir() else (target.parent, target.name)
        what = "\0".join([*app, kind, start.isoformat(), end.isoformat(), str(target.absolute())])
        mark = hashlib.sha256(what.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self._path = self._folder / f"{hidden_start(name)}{mark}{_ENDING}"

    def read(self) -> str | None:
        """The unique id of the export, if it was asked for and is not too old."""
        match read_note(self._path):
            case {"unique_id": str() as unique_id, "asked": int() | float() as asked}:
                age = time.time() - asked
                if 0 <= age < KEPT_FOR and (age < KEPT_WHILE_GROWING or self._was_over(asked)):
                    return unique_id
        return None

    def write(self, unique_id: str) -> None:
        """It was asked for just now."""
        write_note(self._path, {"unique_id": unique_id, "asked": time.time()})
        self._sweep()

    def forget(self) -> None:
        """It is here, or there is nothing to be had from it."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _was_over(self, asked: float) -> bool:
        return datetime.fromtimestamp(asked, _LAST_ZONE).date() > self._end

    def _sweep(self) -> None:
        """Remove the notes in the folder that count no more."""
        with contextlib.suppress(OSError):
            for path in self._folder.glob(f".*{_ENDING}"):
                with contextlib.suppress(OSError):
                    if time.time() - path.lstat().st_mtime > KEPT_FOR:
                        path.unlink()
