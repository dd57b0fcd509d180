#!/usr/bin/env python3
"""What programs import, compared with how it was at a commit: a break that common/docs/changes.md does not list fails.

    python .ci/api.py [COMMIT]

The commit is the last release, or what `.ci/api-baseline` names. A break is listed by its dotted name, at the beginning
of a line, under the heading "Breaking".
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import griffe

ROOT = Path(__file__).resolve().parents[1]
Public = griffe.Object | griffe.Alias
VENDORS = ("bukalapak_async", "kaskus_async", "qiscus_async")
FRONT = (
    "answers",
    "client",
    "download",
    "errors",
    "hooks",
    "limits",
    "model",
    "oauth2",
    "options",
    "pagination",
    "progress",
    "record",
    "request",
    "response",
    "secret",
    "testing",
    "token_store",
    "upload",
)
"""Modules of the core that programs import. The rest of it may move as it likes."""


def main() -> int:
    ref = sys.argv[1] if len(sys.argv) > 1 else (ROOT / ".ci" / "api-baseline").read_text().strip()
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "archive", ref], cwd=ROOT, capture_output=True, check=False)
        if archive.returncode:
            sys.stderr.write(f"commit {ref} is not here: git fetch --unshallow\n")
            return 2
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
            tar.extractall(folder, filter="data")
        before, now = _load(Path(folder)), _load(ROOT)
    listed = _listed()
    found = {name: text for old, new in _pairs(before, now) for name, text in _breaks(old, new)}
    unlisted = {name: text for name, text in found.items() if name not in listed}
    for name, text in sorted(unlisted.items()):
        sys.stdout.write(f"{name}: {text}\n")
    for name in sorted(listed - found.keys()):
        sys.stdout.write(f"{name}: listed as a break, and is none\n")
    return 1 if unlisted or listed - found.keys() else 0


def _load(root: Path) -> griffe.ModulesCollection:
    loader = griffe.GriffeLoader(search_paths=[root / "common", root])
    for package in ("nusantara", *VENDORS):
        loader.load(package, try_relative_path=False)  # Not the one in the current folder.
    loader.resolve_aliases(implicit=True, external=False)
    return loader.modules_collection


def _pairs(before: griffe.ModulesCollection, now: griffe.ModulesCollection) -> Iterator[tuple[Public, Public | None]]:
    """Everything public as it was and as it is."""
    for name in _names(before):
        try:
            yield before[name], now[name]
        except KeyError:
            yield before[name], None


def _names(collection: griffe.ModulesCollection) -> Iterator[str]:
    core = collection["nusantara"].members
    yield from (f"nusantara.{name}" for name in FRONT if name in core)  # Not one that is new.
    for vendor in VENDORS:
        yield from (module.path for module in _below(collection[vendor]) if not _in_sandbox(module.path))
    for package in ("nusantara", *VENDORS):
        door = collection[f"{package}.sandbox"]
        yield from (f"{door.path}.{name}" for name in door.exports or ())


def _in_sandbox(name: str) -> bool:
    """Whether it is of a sandbox, of which only what the door has is public."""
    return name.split(".")[1:2] == ["sandbox"]


def _below(module: griffe.Module) -> Iterator[griffe.Module]:
    yield module
    for member in module.modules.values():
        if not member.is_alias and not member.name.startswith("_"):
            yield from _below(member)


def _breaks(old: Public, new: Public | None) -> Iterator[tuple[str, str]]:
    if new is None:
        yield old.path, "it was removed"
        return
    for one in griffe.find_breaking_changes(old, new):
        if _in_sandbox(one.obj.path) and isinstance(old, griffe.Module):
            continue
        if one.obj.name in ("__getattr__", "__dir__"):  # How names are found, not which.
            continue
        text = one.explain(style=griffe.ExplanationStyle.ONE_LINE)
        yield one.obj.path, re.sub(r"\x1b\[\d*m", "", text).partition(": ")[2]


def _listed() -> set[str]:
    text = (ROOT / "common" / "docs" / "changes.md").read_text(encoding="utf-8")
    listed: set[str] = set()
    for section in re.findall(r"^#+ Breaking\n(.*?)(?=^#|\Z)", text, re.DOTALL | re.MULTILINE):
        listed.update(re.findall(r"^- `([\w.]+)`", section, re.MULTILINE))
    return listed


if __name__ == "__main__":
    sys.exit(main())
