"""Notes in files, by which a process tells a later one how to go on if it is killed itself.

They lie in folders that others may write to, too. What somebody else can have had a hand in says nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import sys
from pathlib import Path
from typing import IO, Any

__all__ = ["hidden_start", "is_own", "open_new", "open_there", "read_note", "write_note"]

_LARGEST = 8 * 1024
_MODE = 0o600
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_THERE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
"""A pipe would be waited for, and a link leads anywhere."""


def hidden_start(name: str) -> str:
    """How the names of hidden files begin that lie beside a file of this name, which may be as long as names can be."""
    return f".{name.encode('utf-8', 'replace')[:100].decode(errors='ignore')}."


def write_note(path: Path, document: dict[str, Any]) -> None:
    """Write it if that can be done: it is not needed, unless this process is killed."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
        with open_new(path, _MODE) as file:
            file.write(json.dumps(document).encode())


def read_note(path: Path) -> dict[str, Any]:
    """What it says; nothing where there is none of ours, or it is not whole."""
    try:
        with open_there(path, os.O_RDONLY) as file:
            document = json.loads(file.read(_LARGEST)) if is_own(file, _MODE) else None
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def open_new(path: Path, mode: int) -> IO[bytes]:
    """A file that was not there."""
    return os.fdopen(os.open(path, _NEW, mode), "wb")


def open_there(path: Path, access: int) -> IO[bytes]:
    """A file that is there."""
    return os.fdopen(os.open(path, access | _THERE), "rb" if access == os.O_RDONLY else "r+b")


def is_own(file: IO[bytes], mode: int) -> bool:
    """Whether an open file is one of ours alone: of this user, under no other name, with no rights beyond ``mode``."""
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        return False
    if sys.platform == "win32":  # Neither owner nor rights are told.
        return True
    return status.st_uid == os.geteuid() and status.st_nlink == 1 and not stat.S_IMODE(status.st_mode) & ~mode
