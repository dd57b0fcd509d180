"""The files of a package, compared with what they should be and brought up to date."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nusantara.syncgen.header import MARK
from nusantara.syncgen.source import Problem

__all__ = ["differences", "write"]


def differences(folder: Path, files: dict[Path, str]) -> list[tuple[str, Path]]:
    """What is not up to date, both ways: changed and missing files, and orphans, which nothing accounts for."""
    found = _existing(folder, files)
    differing = [("orphan", file) for file in found - files.keys()]
    for file, text in files.items():
        if file not in found:
            differing.append(("missing", file))
        elif file.read_bytes() != text.encode():
            differing.append(("changed", file))
    return sorted(differing)


def write(folder: Path, files: dict[Path, str]) -> list[tuple[str, Path]]:
    """Bring the folder up to date; returns what was done."""
    done: list[tuple[str, Path]] = []
    for what, file in differences(folder, files):
        if what == "orphan":
            if MARK not in file.read_text(encoding="utf-8", errors="replace"):
                raise Problem(file, 1, "was not written by this command and does not belong here")
            file.unlink()
            done.append(("deleted", file))
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(files[file].encode())
            done.append(("written", file))
    return done


def _existing(folder: Path, files: Iterable[Path]) -> set[Path]:
    """What is there already; of a folder that is generated as a whole, also what should not be there."""
    existing = {file for file in files if file.is_file()}
    sync = folder / "sync"
    if sync / "__init__.py" in files:
        existing |= {file for file in sync.rglob("*") if file.is_file() and "__pycache__" not in file.parts}
    return existing
