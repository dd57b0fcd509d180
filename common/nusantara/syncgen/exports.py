"""The names that a package loads when they are first used, from the imports that it shows to type checkers."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nusantara.syncgen.source import Problem, file_of

__all__ = ["table", "with_exports"]

_TABLE = "_WHERE"


def with_exports(folder: Path, files: Mapping[Path, str]) -> dict[Path, str]:
    """The text of each ``__init__.py`` of a package that has a table of names, with the table made anew.

    Args:
        folder: Folder of the package.
        files: What is generated besides; it counts in place of what is on the disk.
    """
    written: dict[Path, str] = {}
    for file in sorted({*folder.rglob("__init__.py"), *(file for file in files if file.name == "__init__.py")}):
        text = _text(file, files)
        tree = ast.parse(text, str(file))
        for node in _assignments(tree, _TABLE):
            lines = text.splitlines()
            lines[node.lineno - 1 : node.end_lineno] = table(_where(file, tree, files))
            written[file] = "\n".join([*lines, ""])
    return written


def table(where: Mapping[str, str]) -> list[str]:
    """The table as the formatter lays it out."""
    return [f"{_TABLE} = {{", *(f'    "{name}": "{where[name]}",' for name in sorted(where)), "}"]


def _where(file: Path, tree: ast.Module, files: Mapping[Path, str]) -> dict[str, str]:
    """The module of each name that is imported for type checkers only; a submodule is its own."""
    where: dict[str, str] = {}
    for node in _for_type_checkers(tree.body):
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            raise Problem(file, node.lineno, "only 'from module import names' has a rule here")
        for alias in node.names:
            found = _names_of(file, node, files) if alias.name == "*" else {alias.name: node.module}
            for name, module in found.items():
                submodule = f"{module}.{name}"
                home = module if file_of(submodule, files) is None else submodule
                if where.setdefault(name, home) != home:
                    raise Problem(file, node.lineno, f"{name!r} is in {where[name]} and in {home}")
    return where


def _names_of(file: Path, node: ast.ImportFrom, files: Mapping[Path, str]) -> dict[str, str]:
    """What a star import gives: the names in the module's ``__all__``, or in its own table."""
    module = node.module or ""
    source = file_of(module, files)
    if source is None:
        raise Problem(file, node.lineno, f"{module} is not to be found")
    tree = ast.parse(_text(source, files), str(source))
    if any(_assignments(tree, _TABLE)):
        return _where(source, tree, files)
    for listed in _assignments(tree, "__all__"):
        with contextlib.suppress(ValueError):
            return dict.fromkeys(ast.literal_eval(listed.value), module)
    raise Problem(source, 1, "has no __all__ that is a list of texts, which says what a star import gives")


def _assignments(tree: ast.Module, name: str) -> Iterator[ast.Assign]:
    return (node for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name)


def _for_type_checkers(body: Iterable[ast.stmt]) -> list[ast.stmt]:
    return [
        inner
        for node in body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in node.body
    ]


def _text(file: Path, files: Mapping[Path, str]) -> str:
    return files[file] if file in files else file.read_text(encoding="utf-8")
