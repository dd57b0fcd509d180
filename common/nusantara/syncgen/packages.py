"""Packages: where their clients and resources are, and the text of what is generated from them."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterable
from pathlib import Path

from nusantara import client
from nusantara.syncgen.exports import table, with_exports
from nusantara.syncgen.facts import is_client, is_resource
from nusantara.syncgen.header import header
from nusantara.syncgen.source import Sources, folder_of
from nusantara.syncgen.writer import Writer, sync_module, sync_name

__all__ = ["generate", "packages_here"]

CORE = "nusantara"
"""Its own client is the base of all others, and so is the twin of that."""
_BASES = {"AsyncClient", "Resource"}


def generate(package: str) -> dict[Path, str]:
    """The text of every generated file below ``<package>/sync``, by its path.

    Raises:
        Problem: Something in the async classes has no rule.
    """
    folder = folder_of(package)
    sources = Sources()
    if package == CORE:
        source = sources.module(client)
        files = {folder / "sync" / "client.py": Writer(package, source, [client.AsyncClient], sources).text()}
        return files | with_exports(folder, files)
    files = {}
    twins: list[tuple[str, str]] = []
    for file, names in _candidates(folder).items():
        parts = file.relative_to(folder).with_suffix("").parts
        module = importlib.import_module(".".join([package, *(parts[:-1] if parts[-1] == "__init__" else parts)]))
        classes = [
            cls
            for cls in (getattr(module, name) for name in names)
            if (is_client(cls) or is_resource(cls)) and not cls.__name__.startswith("_")
        ]
        if classes:
            text = Writer(package, sources.module(module), classes, sources).text()
            files[folder / "sync" / file.relative_to(folder)] = text
            twins += [(sync_module(package, module.__name__), sync_name(cls)) for cls in classes]
    for file in list(files):
        for parent in file.relative_to(folder).parents:
            if parent.parts:
                files.setdefault(folder / parent / "__init__.py", _package_text(package, parent))
    if files:
        files[folder / "sync" / "__init__.py"] = _front_text(package, twins)
    return files | with_exports(folder, files)


def _package_text(package: str, folder: Path) -> str:
    """An ``__init__.py``; it imports nothing, so that each class is loaded by its first use."""
    module = ".".join([package, *folder.parts[1:]])
    return f'{header(module, True)}\n"""Synchronous twins of the modules of :mod:`{module}`."""\n'


def _front_text(package: str, twins: Iterable[tuple[str, str]]) -> str:
    """The ``__init__.py`` of all twins, which have the names of the async ones; its table is yet to be made."""
    lines = [
        header(package, True),
        f'"""Synchronous twins of the client and the groups of :mod:`{package}`, each loaded when it is first used."""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import TYPE_CHECKING",
        "",
        "from nusantara import lazy",
        "",
        "if TYPE_CHECKING:",
        *(f"    from {module} import {name} as {name}" for module, name in sorted(twins)),
        "",
        *table({}),
        "",
        "if not TYPE_CHECKING:",
        "    __all__ = list(_WHERE)",
        "    __getattr__, __dir__ = lazy(__name__, _WHERE)",
        "",
    ]
    return "\n".join(lines)


def _candidates(folder: Path) -> dict[Path, list[str]]:
    """Files and names of the classes that may be clients or resources, going by the names of their bases."""
    bases: dict[tuple[Path, str], set[str]] = {}
    for file in sorted(folder.rglob("*.py")):
        if file.relative_to(folder).parts[0] == "sync":
            continue
        for node in ast.parse(file.read_text(encoding="utf-8"), str(file)).body:
            if isinstance(node, ast.ClassDef):
                bases[file, node.name] = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    known = set(_BASES)
    while True:
        more = {name for (_, name), parents in bases.items() if parents & known} - known
        if not more:
            break
        known |= more
    found: dict[Path, list[str]] = {}
    for (file, name), parents in bases.items():
        if parents & known:
            found.setdefault(file, []).append(name)
    return found


def packages_here() -> list[str]:
    """The packages below the current directory that define clients or resources, and the core if it is there, too."""
    core = [CORE] if folder_of(CORE).is_relative_to(Path.cwd()) else []
    return core + [
        file.parent.name
        for file in sorted(Path.cwd().glob("*/__init__.py"))
        if file.parent.name.isidentifier() and _candidates(file.parent)
    ]
