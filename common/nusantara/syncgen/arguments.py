"""The ``Args`` of docstrings, where what they tell stands elsewhere: settings, and what the constructor explains."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

from nusantara.syncgen.layout import WIDTH
from nusantara.syncgen.source import Problem, file_of

__all__ = ["with_arguments"]

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef

_ENTRY = re.compile(r"(\w+): ").match
_SECTION = re.compile(r"(Raises|Returns|Yields):$").match


def with_arguments(folder: Path) -> dict[Path, str]:
    """The text of each module of a package that has functions with keyword settings, with their ``Args`` made anew.

    Those of a constructor stand in the docstring of its class. An argument that another function hands on to it, which
    has the same type and default in both, is explained there in the same words.
    """
    written: dict[Path, str] = {}
    for file in sorted(folder.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if "Unpack[" in text and not {"sync", "syncgen"} & {*file.relative_to(folder).parts}:
            written[file] = _made_anew(file, text)
    return written


def _made_anew(file: Path, text: str) -> str:
    tree = ast.parse(text, str(file))
    lines = text.splitlines()
    changes: list[tuple[ast.Expr, list[str]]] = []
    for cls in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        functions = [node for node in cls.body if isinstance(node, Function) and _settings_of(node) is not None]
        init = next((node for node in functions if node.name == "__init__"), None)
        explained = _entries(_docstring(file, cls)) if init is not None else {}
        for function in functions:
            owner: Documented = cls if function is init else function
            shared = {} if init is None or function is init else _handed_on(function, init, explained)
            given = shared | _settings(file, tree, function)
            changes.append((_docstring(file, owner), _docstring_with(_docstring(file, owner), lines, given)))
    for node, docstring in sorted(changes, key=lambda change: change[0].lineno, reverse=True):
        lines[node.lineno - 1 : node.end_lineno] = docstring
    return "\n".join([*lines, ""])


def _settings_of(function: Function) -> str | None:
    """The TypedDict of a public function's keyword settings."""
    kwarg = function.args.kwarg
    if kwarg is None or kwarg.annotation is None or (function.name != "__init__" and function.name.startswith("_")):
        return None
    found = re.fullmatch(r"Unpack\[(\w+)\]", ast.unparse(kwarg.annotation))
    return found and found[1]


def _settings(file: Path, tree: ast.Module, function: Function) -> dict[str, str]:
    """What the settings of a function are, from the docstrings of their TypedDict."""
    name = _settings_of(function)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and name in [alias.name for alias in node.names]:
            source = file_of(node.module)
            if source is not None:
                file, tree = source, ast.parse(source.read_text(encoding="utf-8"))
            break
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return dict(_documented(file, node))
    raise Problem(file, function.lineno, f"{name} is not to be found")


def _documented(file: Path, node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for statement, after in itertools.pairwise([*node.body, ast.Pass()]):
        if isinstance(statement, ast.AnnAssign):
            name = ast.unparse(statement.target)
            if not isinstance(after, ast.Expr) or not isinstance(after.value, ast.Constant):
                raise Problem(file, statement.lineno, f"the setting {name!r} has no docstring")
            yield name, " ".join(str(after.value.value).split())


def _handed_on(function: Function, init: Function, explained: Mapping[str, str]) -> dict[str, str]:
    """The parameters that a function has in common with the constructor, and what that says of them."""
    theirs, ours = _parameters(init), _parameters(function)
    return {name: explained[name] for name in ours if name in explained and ours[name] == theirs.get(name)}


def _parameters(function: Function) -> dict[str, tuple[str, str]]:
    """Type and default of each parameter."""
    spec = function.args
    positional = [*spec.posonlyargs, *spec.args]
    defaults = [*[None] * (len(positional) - len(spec.defaults)), *spec.defaults, *spec.kw_defaults]
    return {
        argument.arg: tuple("" if part is None else ast.unparse(part) for part in (argument.annotation, default))  # type: ignore[misc]
        for argument, default in zip([*positional, *spec.kwonlyargs], defaults, strict=True)
    }


# --- Docstrings


def _docstring(file: Path, node: Documented) -> ast.Expr:
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return first
    raise Problem(file, node.lineno, f"{node.name} has no docstring to tell of its settings")


def _entries(docstring: ast.Expr) -> dict[str, str]:
    """What a docstring says of each argument."""
    assert isinstance(docstring.value, ast.Constant)
    lines = inspect.cleandoc(str(docstring.value.value)).splitlines()
    block, _ = _block(lines, "")
    return {name: " ".join(" ".join(entry).split()).partition(": ")[2] for name, entry in _split(lines[block], 4)}


def _docstring_with(docstring: ast.Expr, lines: list[str], given: Mapping[str, str]) -> list[str]:
    """The lines of a docstring, with such arguments after those that are explained there alone."""
    indent = " " * docstring.col_offset
    text = lines[docstring.lineno - 1 : docstring.end_lineno]
    closing = f'{indent}"""'
    if text[-1] != closing:
        text = [*text[:-1], text[-1].removesuffix('"""'), closing]
    block, missing = _block(text[:-1], indent)
    deeper = len(indent) + 4
    kept = [line for name, entry in _split(text[block], deeper) if name not in {*given, "settings"} for line in entry]
    made = [line for name, what in given.items() for line in _wrapped(f"{name}: {what}", deeper)]
    before = ["", f"{indent}Args:"] if missing else []
    after = [""] if missing and text[block.stop] != closing else []
    return [*text[: block.start], *before, *kept, *made, *after, *text[block.stop :]]


def _block(lines: list[str], indent: str) -> tuple[slice, bool]:
    """Where the entries of ``Args`` are, or would be, and whether there is no such section."""
    for start, line in enumerate(lines):
        if line == f"{indent}Args:":
            stop = start + 1
            while stop < len(lines) and lines[stop].startswith(f"{indent}    "):
                stop += 1
            return slice(start + 1, stop), False
    end = next((place for place, line in enumerate(lines) if _SECTION(line.strip())), len(lines))
    return slice(end, end), True


def _split(lines: list[str], indent: int) -> Iterator[tuple[str, list[str]]]:
    """The entries of ``Args``: a line that is not deeper begins one."""
    name, entry = "", list[str]()
    for line in lines:
        found = None if line[indent : indent + 1].isspace() else _ENTRY(line[indent:])
        if found:
            if entry:
                yield name, entry
            name, entry = found[1], []
        entry.append(line)
    if entry:
        yield name, entry


def _wrapped(text: str, indent: int) -> list[str]:
    first, deeper = " " * indent, " " * (indent + 4)
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=deeper,
        break_long_words=False,
        break_on_hyphens=False,
    )
