"""A file that is not whole yet, beside the place where it will be, and known to be somebody's as long as it is.

Beside it lies a note, once it is known how to go on with it, for the case that this process is killed.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import sys
import time
from pathlib import Path
from typing import IO

import attrs

from nusantara.errors import InvalidParameter
from nusantara.transport.notes import hidden_start, is_own, open_new, open_there, read_note, write_note

__all__ = ["Note", "PartFile"]

_IS_PART = re.compile(r"\..*\.[0-9a-f]{8}\.nusantara\.part", re.DOTALL).fullmatch
_IS_NOTE = re.compile(r"\..*\.[0-9a-f]{8}\.nusantara\.note", re.DOTALL).fullmatch
ABANDONED = 24 * 3600.0
"""Seconds without a byte after which a part counts as left behind, where no lock tells."""


@attrs.frozen(slots=True, kw_only=True)
class Note:
    """What has to be known to go on with a part."""

    source: str
    """What tells its address from others, without showing it."""
    validator: str
    """What the server knows the file by."""
    total: int | None


class PartFile:
    """Made new and empty, or what a process that was killed has left of the same file. What others have left in the
    folder is removed on the way.

    The file is locked as long as this process has it, and the system ends the lock with the process: so one that is
    not locked is nobody's. Windows refuses to remove a file that is open, which does as well but for the moment between
    its last byte and its name; there, it has to be old, too.

    Args:
        target: Where the file will be.
        mode: As for ``os.open``.
        source: Of a part that may be gone on with, as in its note. By default none may. One that somebody else can
            have had a hand in never is.

    Raises:
        OSError: It cannot be made there.
    """

    def __init__(self, target: Path, mode: int, source: str | None = None) -> None:
        self._target = target.name
        self._mode = mode
        self.note: Note | None = None
        """Of what was here before."""
        start = hidden_start(target.name)
        if source is None or not self._take_over(target.parent, start, source):
            while True:
                self._path = target.with_name(f"{start}{secrets.token_hex(4)}.nusantara.part")
                self.file = open_new(self._path, mode)
                # Whoever sweeps may have come between.
                if _lock(self.file.fileno()) and _leads_to(self._path, self.file.fileno()):
                    break
                self.file.close()
        # Keeps the lock when the file is closed, until it has its name.
        self._lock = os.dup(self.file.fileno())
        _sweep(target.parent)

    def _take_over(self, folder: Path, start: str, source: str) -> bool:
        """Go on with a part that nobody has any more."""
        for name in sorted(os.listdir(folder)):
            if name.startswith(start) and _IS_PART(name):
                with contextlib.suppress(OSError):
                    file = _left(folder / name)
                    if file is None:
                        continue
                    note = self._read_note(folder / name)
                    if note is not None and note.source == source and is_own(file, self._mode):
                        self._path, self.file, self.note = folder / name, file, note
                        file.seek(0, os.SEEK_END)
                        return True
                    file.close()
        return False

    def write_note(self, note: Note) -> None:
        """Say how another process can go on with this, if this one is killed."""
        write_note(_note_of(self._path), self._circumstances() | attrs.asdict(note))

    def forget_note(self) -> None:
        """Nobody can go on with this as it is now."""
        with contextlib.suppress(OSError):
            _note_of(self._path).unlink(missing_ok=True)

    def _read_note(self, path: Path) -> Note | None:
        match read_note(_note_of(path)):
            case {"source": str() as source, "validator": str() as validator, "total": total, **others}:
                if type(total) in (int, type(None)) and others == self._circumstances():
                    return Note(source=source, validator=validator, total=total)
        return None

    def _circumstances(self) -> dict[str, str | int]:
        """In which alone this can be gone on with."""
        return {"target": self._target, "mode": self._mode, "system": _system()}

    def settle(self) -> None:
        """See that all of it is on the disk."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()

    def place(self, target: Path, overwrite: bool) -> None:
        """Give it its name."""
        self.forget_note()
        if sys.platform == "win32":
            self._unlock()
        if overwrite:
            os.replace(self._path, target)
            return
        try:
            os.link(self._path, target)
        except FileExistsError:
            raise InvalidParameter("target", "a file of this name has come while this one was fetched") from None
        except OSError:  # A file system without links.
            os.replace(self._path, target)

    def discard(self) -> None:
        """Remove what has no name by now."""
        with contextlib.suppress(OSError):  # What counts is on the disk, or has failed already.
            self.file.close()
        if sys.platform == "win32":
            self._unlock()
        self.forget_note()
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
        self._unlock()

    def _unlock(self) -> None:
        lock, self._lock = self._lock, -1
        if lock >= 0:
            os.close(lock)


def _note_of(part: Path) -> Path:
    return part.with_name(part.name.removesuffix("part") + "note")


def _system() -> str:
    """Tells this run of the system from others: what was written before a power failure may not be on the disk."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


def _sweep(folder: Path) -> None:
    """Remove the parts of processes that are no more, and notes without a part."""
    with contextlib.suppress(OSError):
        for name in sorted(os.listdir(folder), reverse=True):  # A part before its note.
            with contextlib.suppress(OSError):
                if _IS_PART(name):
                    _remove_if_left(folder / name)
                elif _IS_NOTE(name) and not (folder / f"{name.removesuffix('note')}part").exists():
                    (folder / name).unlink()


def _leads_to(path: Path, descriptor: int) -> bool:
    """Whether the open file is the one that the path leads to."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except OSError:
        return False


if sys.platform == "win32":

    def _lock(descriptor: int) -> bool:
        return True

    def _left(path: Path) -> IO[bytes] | None:
        return None  # Nothing tells whether somebody has it.

    def _remove_if_left(path: Path) -> None:
        if time.time() - path.lstat().st_mtime > ABANDONED:
            path.unlink()

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # A file system without locks, on which nobody gets one, and so nobody sweeps.
            return True
        return True

    def _left(path: Path) -> IO[bytes] | None:
        """A part that nobody has any more, which from then on is ours."""
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        file = open_there(path, os.O_RDWR)
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _leads_to(path, file.fileno()):
                return file
        except OSError:
            pass
        file.close()
        return None

    def _remove_if_left(path: Path) -> None:
        file = _left(path)
        if file is not None:
            with file:
                path.unlink()
