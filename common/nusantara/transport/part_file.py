"""A file that is not whole yet, beside the place where it will be, and known to be somebody's as long as it is."""

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

from nusantara.errors import InvalidParameter

__all__ = ["PartFile"]

_IS_PART = re.compile(r"\..*\.[0-9a-f]{8}\.nusantara\.part", re.DOTALL).fullmatch
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
ABANDONED = 24 * 3600.0
"""Seconds without a byte after which a part counts as left behind, where no lock tells."""


class PartFile:
    """Made new, and empty. What others have left in the folder is removed on the way.

    The file is locked as long as this process has it, and the system ends the lock with the process: so one that is
    not locked is nobody's. Windows refuses to remove a file that is open, which does as well but for the moment between
    its last byte and its name; there, it has to be old, too.

    Args:
        target: Where the file will be.
        mode: As for ``os.open``.

    Raises:
        OSError: It cannot be made there.
    """

    def __init__(self, target: Path, mode: int) -> None:
        _sweep(target.parent)
        start = target.name.encode("utf-8", "replace")[:100].decode(errors="ignore")
        while True:
            self._path = target.with_name(f".{start}.{secrets.token_hex(4)}.nusantara.part")
            self.file = _new(self._path, mode)
            # Whoever sweeps may have come between.
            if _lock(self.file.fileno()) and _leads_to(self._path, self.file.fileno()):
                break
            self.file.close()
        # Keeps the lock when the file is closed, until it has its name.
        self._lock = os.dup(self.file.fileno())

    def settle(self) -> None:
        """See that all of it is on the disk."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()

    def place(self, target: Path, overwrite: bool) -> None:
        """Give it its name."""
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
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
        self._unlock()

    def _unlock(self) -> None:
        lock, self._lock = self._lock, -1
        if lock >= 0:
            os.close(lock)


def _new(path: Path, mode: int) -> IO[bytes]:
    return os.fdopen(os.open(path, _NEW, mode), "wb")


def _sweep(folder: Path) -> None:
    """Remove the parts of processes that are no more."""
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):
            if _IS_PART(name):
                with contextlib.suppress(OSError):
                    _remove_if_left(folder / name)


def _leads_to(path: Path, descriptor: int) -> bool:
    """Whether the open file is the one that the path leads to."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except OSError:
        return False


if sys.platform == "win32":

    def _lock(descriptor: int) -> bool:
        return True

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

    def _remove_if_left(path: Path) -> None:
        if not stat.S_ISREG(path.lstat().st_mode):
            return
        descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | _NO_FOLLOW)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _leads_to(path, descriptor):
                path.unlink()
        finally:
            os.close(descriptor)
