"""Changes one thing at a time in the code that .ci/mutation.toml names, and sees whether a test of it fails.

    .ci/mutation [FILE...]

A mutant that no test notices has survived and is shown. It wants a test, or a reason in .ci/mutation.toml why none can
notice. A group of files fails when fewer than 85 % of its mutants without a reason are killed. All of it happens in a
copy of the tree; the tests run in forks of this process, which has loaded what takes them longest to load.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import parso.python.tree
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).resolve().parents[1]
FLOOR = 0.85
LONGEST = 90.0
"""Seconds that the tests of one mutant may take. One that loops for ever is killed."""
LOADED = ("aiohttp.web", "authlib", "cattrs", "hypothesis", "lxml.etree", "oauthlib.oauth1", "pytest", "tenacity")
Node = Any  # The parser has hardly any types.
Key = tuple[str, str, str, str]
"""Of a mutant: file, function, and the line as it was and is. It may be that of several."""


# --- What is changed


class _OwnOperator(Operator):  # type: ignore[misc]  # The tool has none at all.
    """One that changes a node in a single way."""

    def mutation_positions(self, node: Node) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        if self.text(node) is not None:
            yield node.start_pos, node.end_pos

    def mutate(self, node: Node, index: int) -> Node:
        return parso.python.tree.Name(str(self.text(node)), node.start_pos, node.get_first_leaf().prefix)

    def text(self, node: Node) -> str | None:
        """What is put in its place, or None for a node that is left alone."""
        raise NotImplementedError

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class _LeaveOut(_OwnOperator):
    """Leaves out a statement that does something: raises, calls, deletes, adds to a value or sets an attribute."""

    def text(self, node: Node) -> str | None:
        if node.parent is None or node.parent.type != "simple_stmt":
            return None
        if node.type == "expr_stmt":
            target = node.get_code(include_prefix=False).partition("=")[0].rstrip()
            return "pass" if "." in target or target[-1] in "+-*/%&|^" else None
        return "pass" if node.type in ("raise_stmt", "del_stmt", "atom_expr", "await") else None


class _ReturnNothing(_OwnOperator):
    def text(self, node: Node) -> str | None:
        # Who asks for a truth takes None for False.
        same = node.get_code(include_prefix=False) in ("return None", "return False")
        return "return None" if node.type == "return_stmt" and not same else None


class _Membership(_OwnOperator):
    """Turns "in" and "not in" round."""

    def text(self, node: Node) -> str | None:
        if node.parent is None or node.parent.type != "comparison":
            return None
        return {"in": "not in", "not in": "in"}.get(node.get_code(include_prefix=False))


OPERATORS: tuple[Operator, ...] = (
    *(
        get_operator(f"core/{name}")()
        for name in (
            "AddNot",
            "ExceptionReplacer",
            "NumberReplacer",
            "RemoveDecorator",
            "ReplaceAndWithOr",
            "ReplaceBreakWithContinue",
            "ReplaceContinueWithBreak",
            "ReplaceFalseWithTrue",
            "ReplaceOrWithAnd",
            "ReplaceTrueWithFalse",
            "ReplaceUnaryOperator_Delete_Not",
            "ReplaceUnaryOperator_USub_UAdd",
            "ZeroIterationForLoop",
            # Of the other operators only what is nearest: the rest is killed by whatever kills this.
            *(
                f"ReplaceBinaryOperator_{pair}"
                for pair in ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "BitXor_BitOr", "Pow_Mul")
            ),
            *(
                f"ReplaceComparisonOperator_{pair}"
                for pair in (
                    "Eq_NotEq",
                    "NotEq_Eq",
                    "Is_IsNot",
                    "IsNot_Is",
                    "Lt_LtE",
                    "LtE_Lt",
                    "Gt_GtE",
                    "GtE_Gt",
                    "Lt_GtE",
                    "LtE_Gt",
                    "Gt_LtE",
                    "GtE_Lt",
                )
            ),
        )
    ),
    _LeaveOut(),
    _ReturnNothing(),
    _Membership(),
)


@attrs.frozen
class Mutant:
    file: str
    inside: str
    """The function or class that it is in; empty for the module itself."""
    was: str
    now: str
    """The lines that differ, as one line."""
    code: str
    diff: str

    @property
    def key(self) -> Key:
        return self.file, self.inside, self.was, self.now


def _mutants(file: str, source: str) -> Iterator[Mutant]:
    seen = {source}
    tree = get_ast(source)
    for operator in OPERATORS:
        nodes = [node for node in ast_nodes(tree) for _ in operator.mutation_positions(node)]
        for occurrence, node in enumerate(nodes):
            if node.parent is not None and node.parent.type == "parameters":
                continue  # The "*" before keyword arguments is no product.
            code = mutate_code(source, operator, occurrence)
            if code is None or code in seen or not _compiles(code):
                continue
            seen.add(code)
            lines = list(difflib.unified_diff(source.splitlines(), code.splitlines(), file, file, n=2, lineterm=""))
            was, now = (
                " ".join(line[1:].strip() for line in lines[2:] if line.startswith(sign)).strip() for sign in "-+"
            )
            yield Mutant(file, _inside(node), was, now, code, "\n".join(lines))


def _compiles(code: str) -> bool:
    try:
        compile(code, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _inside(node: Node) -> str:
    names: list[str] = []
    while node is not None:
        if node.type in ("funcdef", "classdef"):
            names.insert(0, node.name.value)
        node = node.parent
    return ".".join(names)


# --- Whether it is noticed


def _passes(folder: Path, tests: list[str], *, pristine: bool = False) -> bool:
    """Whether the tests pass in the copy as it is now."""
    run = multiprocessing.get_context("fork").Process(target=_run_tests, args=(folder, tests, pristine))
    run.start()
    try:
        run.join(LONGEST)
        return run.exitcode == 0
    finally:
        if run.is_alive():
            os.killpg(run.pid or 0, signal.SIGKILL)
            run.join()


def _run_tests(folder: Path, tests: list[str], pristine: bool) -> None:
    os.setsid()
    os.chdir(folder)
    # Compiled code is kept by the time and size of its source, which two mutants may have in common.
    sys.dont_write_bytecode = not pristine
    os.environ["PYTHONDONTWRITEBYTECODE"] = "" if pristine else "1"
    os.environ["HYPOTHESIS_PROFILE"] = "mutation"
    paths = [str(folder / "common"), str(folder), str(folder / "tests")]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    sys.path[:0] = paths
    with open(folder / "output", "w") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    import pytest

    options = ["-x", "-q", "-p", "no:cacheprovider", "--assert", "plain", "--hypothesis-seed", "0"]
    os._exit(pytest.main([*options, *tests]))


# --- The whole of it


@attrs.define
class Figures:
    killed: int = 0
    explained: int = 0
    unexplained: int = 0

    @property
    def share(self) -> float:
        """Of those that a test could kill."""
        return self.killed / max(self.killed + self.unexplained, 1)

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.killed + other.killed, self.explained + other.explained, self.unexplained + other.unexplained
        )

    def __str__(self) -> str:
        count = self.killed + self.explained + self.unexplained
        return (
            f"{count} mutants, {self.killed} killed ({self.killed / max(count, 1):.1%}), {self.unexplained} survived, "
            f"{self.explained} with a reason"
        )


def main() -> int:
    settings = tomllib.loads((ROOT / ".ci" / "mutation.toml").read_text(encoding="utf-8"))
    reasons = {
        (one["file"], one["inside"], one["was"], now) for one in settings.get("survivors", []) for now in one["now"]
    }
    only = {str(Path(name).resolve().relative_to(ROOT)) for name in sys.argv[1:]}
    for name in LOADED:
        importlib.import_module(name)
    fails = False
    with tempfile.TemporaryDirectory(prefix="mutation-") as name:
        folder = Path(name)
        _copy(folder)
        for group in settings["groups"]:
            files = {
                file: part["tests"]
                for part in group["parts"]
                for file in _files(folder, part["files"])
                if not only or file in only
            }
            if not files:
                continue
            total = Figures()
            for file, tests in files.items():
                expected = {key for key in reasons if key[0] == file}
                figures, survived = _of_file(folder, file, tests, expected)
                total += figures
                for _, inside, was, now in sorted(expected - survived):
                    print(f"There is a reason for what does not survive, in {inside or 'the module'}: {was} -> {now}")
                    fails = True
            print(f"{group['name']}: {total}\n", flush=True)
            fails |= total.share < FLOOR
    return int(fails)


def _copy(folder: Path) -> None:
    """The files of the project as they are, those that are not committed included."""
    listed = subprocess.check_output(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT)
    for name in listed.decode().split("\0"):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


def _files(folder: Path, patterns: list[str]) -> list[str]:
    return sorted(str(path.relative_to(folder)) for pattern in patterns for path in folder.glob(pattern))


def _of_file(folder: Path, file: str, tests: list[str], reasons: set[Key]) -> tuple[Figures, set[Key]]:
    """The figures of a file, and which of those with a reason have survived."""
    path = folder / file
    source = path.read_text(encoding="utf-8")
    if not _passes(folder, tests, pristine=True):
        sys.exit(f"{(folder / 'output').read_text()}\nThe tests of {file} fail without any change.")
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
    figures, survived, began = Figures(), set(), time.monotonic()
    for mutant in _mutants(file, source):
        path.write_text(mutant.code, encoding="utf-8")
        if not _passes(folder, tests):
            figures.killed += 1
        elif mutant.key in reasons:
            survived.add(mutant.key)
            figures.explained += 1
        else:
            figures.unexplained += 1
            print(f"{mutant.diff}\n\n{_entry(mutant)}\n", flush=True)
    path.write_text(source, encoding="utf-8")
    print(f"{file}: {figures}; {time.monotonic() - began:.0f} s", flush=True)
    return figures, survived


def _entry(mutant: Mutant) -> str:
    """What a reason for it in .ci/mutation.toml begins with."""
    file, inside, was, now = map(json.dumps, mutant.key)
    return f"[[survivors]]\nfile = {file}\ninside = {inside}\nwas = {was}\nnow = [{now}]"


if __name__ == "__main__":
    sys.exit(main())
