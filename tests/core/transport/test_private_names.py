"""Every private name of aiohttp and asyncio is in the list, used in the transport alone, and used at all."""

from __future__ import annotations

import ast
import asyncio
import functools
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import aiohttp

from nusantara.transport.aiohttp_inside import NAMES

ROOT = Path(__file__).parents[3]
PACKAGES = [ROOT / "common" / "nusantara", *(ROOT / f"{vendor}_async" for vendor in ("bukalapak", "kaskus", "qiscus"))]
LIBRARIES = {"aiohttp": Path(aiohttp.__file__).parent, "asyncio": Path(asyncio.__file__).parent}


@functools.cache
def trees() -> list[tuple[Path, ast.Module]]:
    # The sandboxes serve: no client needs what they use of the server's part of aiohttp.
    paths = (path for package in PACKAGES for path in package.rglob("*.py") if "sandbox" not in path.parts)
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


@functools.cache
def ours() -> frozenset[str]:
    """The private names that our own code defines."""
    found = set()
    for path, tree in trees():
        if path.name == "aiohttp_inside.py":
            continue
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found.add(node.name)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
                    found.add(node.attr)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
    return frozenset(found)


def inherited(node: ast.ClassDef) -> set[str]:
    """The private names that a class has from aiohttp or asyncio, as its source tells."""
    kinds = [bases().get(ast.unparse(base).rpartition(".")[2]) for base in node.bases]
    return {name for kind in kinds for one in getattr(kind, "__mro__", ()) for name in private_of(one)}


@functools.cache
def private_of(kind: type) -> frozenset[str]:
    if kind.__module__.partition(".")[0] not in LIBRARIES:
        return frozenset()
    return frozenset(re.findall(r"\b_[a-z]\w*", inspect.getsource(kind)))


@functools.cache
def bases() -> dict[str, type]:
    """Classes of aiohttp and asyncio by name, and ours that are made of them."""
    from aiohttp import web
    from aiohttp.abc import AbstractResolver

    from nusantara.transport.answer_guard import AnswerGuard
    from nusantara.transport.connector import Connector
    from nusantara.transport.early_answer import EarlyAnswerGuard

    found = {name: kind for library in (asyncio, web, aiohttp) for name, kind in vars(library).items()}
    ours = (aiohttp.client_proto.ResponseHandler, AbstractResolver, AnswerGuard, Connector, EarlyAnswerGuard)
    return {name: kind for name, kind in found.items() if isinstance(kind, type)} | {
        kind.__name__: kind for kind in ours
    }


def private_uses() -> Iterator[tuple[Path, str]]:
    """The private names that are not our own, and where they are used."""
    for path, tree in trees():
        if path.name == "aiohttp_inside.py":
            continue
        owned: dict[ast.AST, set[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                names = inherited(node)
                owned |= dict.fromkeys(ast.walk(node), names)
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and is_private(node.attr):
                value = ast.unparse(node.value)
                if value in ("self", "cls", "super()"):
                    foreign = node.attr in owned.get(node, ())
                elif value in OUR_OBJECTS or path.parent.name != "transport":
                    foreign = False
                else:
                    foreign = node.attr in theirs() - OF_OTHERS
                if foreign or node.attr not in ours() | OF_OTHERS:
                    yield path, node.attr
            elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in LIBRARIES:
                yield from ((path, alias.name) for alias in node.names if is_private(alias.name))
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "hasattr", "setattr", "delattr"):
                of, name = node.args[:2]
                known = set() if path.parent.name == "transport" and ast.unparse(of) != "self" else ours()
                if isinstance(name, ast.Constant) and is_private(str(name.value)) and name.value not in known:
                    yield path, str(name.value)


OF_OTHERS = {"_getframe", "_option_string_actions"}
"""Of other modules of the standard library."""
OUR_OBJECTS = {"form", "intake", "self._client", "source"}
"""What our own objects are called where they have an attribute of a name that aiohttp has too."""


@functools.cache
def theirs() -> frozenset[str]:
    """The private names of aiohttp and asyncio."""
    found = set()
    for source in LIBRARIES.values():
        for path in source.rglob("*.py"):
            found |= set(re.findall(r"\b_[a-z]\w*", path.read_text(encoding="utf-8")))
    return frozenset(found)


def test_every_private_name_is_listed_and_used_in_the_transport_alone() -> None:
    listed = {inside.name for inside in NAMES}
    used = {(path.relative_to(ROOT).as_posix(), name) for path, name in private_uses()}
    assert {(path, name) for path, name in used if name not in listed} == set()
    assert {path for path, _ in used if not path.startswith("common/nusantara/transport/")} == set()
    assert {name for _, name in used} == {name for name in listed if is_private(name)}


def test_every_listed_name_is_used() -> None:
    used: set[str] = set()
    for path, tree in trees():
        if path.parent.name == "transport" and path.name != "aiohttp_inside.py":
            for node in ast.walk(tree):
                if isinstance(node, (ast.Attribute, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef)):
                    used |= {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
                    used.add(str(getattr(node, "attr", None) or getattr(node, "name", "")))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    used.add(node.value)
    assert {inside for inside in NAMES if inside.name not in used} == set()


UNDOCUMENTED = re.compile(
    r"aiohttp\.(base_protocol|client_\w+|connector|helpers|http\w*|streams|tcp_helpers)"
).fullmatch


def test_no_inner_module_of_aiohttp_is_imported_elsewhere() -> None:
    elsewhere = []
    for path, tree in trees():
        if path.name == "aiohttp_inside.py":
            continue
        typing = {
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node not in typing and UNDOCUMENTED(node.module or ""):
                elsewhere.append(f"{path.relative_to(ROOT)} imports {node.module}")
    assert elsewhere == []
