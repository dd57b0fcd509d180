"""The members of a class: what its text says they are, checked against what is imported."""

from __future__ import annotations

import ast
import contextlib
import enum
import functools
import inspect
import itertools
import typing
from collections.abc import Iterator, Sequence

import attrs

from nusantara.client import AsyncClient
from nusantara.syncgen.source import ModuleSource, Problem, Sources

__all__ = ["Function", "Kind", "Member", "confirm", "members_of"]

_HAND_WRITTEN = {"__init__", "__aenter__", "__aexit__", "__repr__", "aclose"}
_WITHOUT_MEANING_FOR_CALLERS = {"__del__", "__eq__", "__hash__", "__init_subclass__", "__reduce__", "__slots__"}
_TAKEN = {"close"}
"""Public names of the hand-written bases."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Kind(enum.Enum):
    """What a member of a class is."""

    INIT = enum.auto()
    METHOD = enum.auto()
    CLASSMETHOD = enum.auto()
    STATICMETHOD = enum.auto()
    PROPERTY = enum.auto()
    CLASS_ATTRIBUTE = enum.auto()
    INSTANCE_ATTRIBUTE = enum.auto()


_DECORATORS: dict[object, Kind] = {
    property: Kind.PROPERTY,
    functools.cached_property: Kind.PROPERTY,
    classmethod: Kind.CLASSMETHOD,
    staticmethod: Kind.STATICMETHOD,
}
_TRANSPARENT = {"final", "override"}
"""Decorators of :mod:`typing` that say nothing about calls."""


@attrs.frozen
class Member:
    """A public member and the module that it was found in."""

    name: str
    kind: Kind
    source: ModuleSource
    node: ast.AST
    annotation: tuple[ModuleSource, ast.expr] | None = None
    """Type of an attribute. A subclass that only sets a value takes it from its base."""
    doc: str | None = None
    """Docstring, exactly as written."""

    def problem(self, text: str) -> Problem:
        """What to raise about this member."""
        return self.source.problem(self.node, text)


def members_of(cls: type, sources: Sources) -> dict[str, Member]:
    """What a class offers, its own members first, then what it inherits.

    What a vendor's client has of :class:`~nusantara.client.AsyncClient` alone is inherited by its twin, too.
    """
    found: dict[str, Member] = {}
    assigned: list[tuple[ModuleSource, ast.Attribute]] = []
    for base in cls.__mro__:
        if base in (object, typing.Generic):
            continue
        source = sources.of(base)
        body = source.class_node(base.__name__).body
        for member in _members_in(source, body):
            if base is AsyncClient and cls is not base and member.name not in found:
                continue
            before = found.setdefault(member.name, member)
            if before.kind is Kind.CLASS_ATTRIBUTE:
                annotation = before.annotation or member.annotation
                found[member.name] = attrs.evolve(before, annotation=annotation, doc=before.doc or member.doc)
        assigned += [(source, target) for node in body for target in _public_assignments(node)]
    for source, target in assigned:
        if target.attr not in found:
            raise source.problem(target, f"public attribute {target.attr!r} has no type; annotate it in __init__")
    return found


def confirm(cls: type, member: Member) -> None:
    """Check that the imported class has what the text says."""
    fact = inspect.getattr_static(cls, member.name)
    fn = getattr(fact, "__func__", None) or getattr(fact, "fget", None) or getattr(fact, "func", None) or fact
    is_async = isinstance(member.node, ast.AsyncFunctionDef)
    if inspect.isasyncgenfunction(fn):
        raise member.problem(f"{member.name!r} is an async generator; return a Pager")
    if is_async is not inspect.iscoroutinefunction(fn):
        raise member.problem(f"{member.name!r} is not what its source says once imported")
    if is_async and member.kind is not Kind.METHOD:
        raise member.problem(f"an async {member.kind.name.lower()} has no rule")


def _members_in(source: ModuleSource, body: Sequence[ast.stmt]) -> Iterator[Member]:
    for node, after in itertools.pairwise([*body, ast.Pass()]):
        if isinstance(node, Function):
            yield from _function_members(source, node)
        elif isinstance(node, (ast.AnnAssign, ast.Assign)):
            target, *more = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
            if more or not isinstance(target, ast.Name):
                raise source.problem(node, "this assignment in a class body has no rule")
            if not target.id.startswith("_"):
                kind = Kind.INSTANCE_ATTRIBUTE if node.value is None else Kind.CLASS_ATTRIBUTE
                annotation = (source, node.annotation) if isinstance(node, ast.AnnAssign) else None
                yield Member(target.id, kind, source, node, annotation, source.docstring(after))
        elif isinstance(node, ast.ClassDef):
            if not node.name.startswith("_"):
                raise source.problem(node, f"public class {node.name!r} inside a class has no rule")
        elif not isinstance(node, ast.Pass) and not (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            raise source.problem(node, f"{type(node).__name__} in a class body has no rule")


def _function_members(source: ModuleSource, node: Function) -> Iterator[Member]:
    name = node.name
    if name == "__init__":
        yield Member(name, Kind.INIT, source, node, None, source.docstring(node.body[0]))
        for target in _public_assignments(node):
            declared = [
                inner for inner in ast.walk(node) if isinstance(inner, ast.AnnAssign) and inner.target is target
            ]
            for inner in declared:
                yield Member(target.attr, Kind.INSTANCE_ATTRIBUTE, source, inner, (source, inner.annotation))
    elif name.startswith("__") and name.endswith("__"):
        if name not in _HAND_WRITTEN | _WITHOUT_MEANING_FOR_CALLERS:
            raise source.problem(node, f"{name} has no rule")
    elif not name.startswith("_") and name not in _HAND_WRITTEN:
        if name in _TAKEN:
            raise source.problem(node, f"the name {name!r} belongs to the sync base class")
        yield Member(name, _kind_of(source, node), source, node, None, source.docstring(node.body[0]))


def _kind_of(source: ModuleSource, node: Function) -> Kind:
    kind = Kind.METHOD
    for decorator in node.decorator_list:
        value = _decorator_of(source, decorator)
        if value is typing.overload:
            raise source.problem(decorator, f"{node.name!r} is overloaded, which cannot be forwarded with its types")
        if value in _DECORATORS:
            kind = _DECORATORS[value]
        elif getattr(value, "__module__", None) != "typing" or getattr(value, "__name__", "") not in _TRANSPARENT:
            raise source.problem(decorator, f"decorator {ast.unparse(decorator)!r} has no rule")
    return kind


def _decorator_of(source: ModuleSource, node: ast.expr) -> object:
    """The decorator that a plain name stands for; None for anything more."""
    if isinstance(node, (ast.Name, ast.Attribute)):
        with contextlib.suppress(Problem):
            return source.value_of(node)
    return None


def _public_assignments(node: ast.AST) -> Iterator[ast.Attribute]:
    """Targets like ``self.name = ...``."""
    for inner in ast.walk(node):
        targets = inner.targets if isinstance(inner, ast.Assign) else ()
        for target in [inner.target] if isinstance(inner, ast.AnnAssign) else targets:
            if not isinstance(target, ast.Attribute) or target.attr.startswith("_"):
                continue
            if ast.unparse(target.value) == "self":
                yield target
