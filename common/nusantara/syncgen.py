"""Writes the synchronous classes from the source of the async ones.

    python -m nusantara.syncgen [--check] [PACKAGE ...]

For each module of a package that defines clients or resources, ``package/part.py``, there is one module of real Python
text, ``package/sync/part.py``. Without packages named, those below the current directory are taken.

Text comes from the source, so that annotations, defaults and docstrings are verbatim and the output is the same on
every Python. Facts come from an import: what is a coroutine function, which class a name stands for.

| in the async class | in the sync class |
| --- | --- |
| ``async def f(...) -> T`` | ``def f(...) -> T`` that runs it in the portal |
| property whose type is a resource | the sync twin of that resource, built once |
| plain function or property | forwarded |
| ... of type ``Pager[T]`` | ``SyncPager[T]`` |
| ... of type ``Self`` | a client or resource around what it returns |
| class attribute | the same value |
| ``__init__`` of a client | the same parameters |
| parameter of type ``Secret | str`` | wrapped first of all |
| ``aclose``, ``__aenter__``, ``__aexit__`` | ``close``, ``with``: written by hand in :mod:`nusantara.facade` |
| marked with :func:`~nusantara.asyncmark.async_only`, or private | left out |

Inherited members are written out in each class. Everything else (overloads, async generators, awaitables and functions
that give them, unknown decorators, relative imports, ...) stops the generator with file and line: nothing is left out
in silence.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import collections.abc
import contextlib
import enum
import functools
import importlib
import importlib.util
import inspect
import io
import itertools
import sys
import tokenize
import types
import typing
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs

from nusantara.asyncmark import async_only
from nusantara.client import AsyncClient, Resource
from nusantara.pagination import Pager
from nusantara.secret import Secret

__all__ = ["Problem", "generate", "main"]

COMMAND = "python -m nusantara.syncgen"
WIDTH = 120
BASES = {"AsyncClient", "Resource"}
HAND_WRITTEN = {"__init__", "__aenter__", "__aexit__", "__repr__", "aclose"}
WITHOUT_MEANING_FOR_CALLERS = {"__del__", "__eq__", "__hash__", "__init_subclass__", "__reduce__", "__slots__"}
TAKEN = {"close"}
"""Public names of the hand-written bases."""


class Problem(Exception):
    """Something in an async class that has no rule."""

    def __init__(self, file: Path, line: int, text: str) -> None:
        super().__init__(f"{file}:{line}: {text}")


# --- Reading


@attrs.frozen
class Binding:
    """What a module-level name of a module stands for."""

    module: str
    """Where it is defined or imported from."""
    attribute: str | None
    """None if the name stands for the module itself."""
    checking: bool = False
    """Whether it is bound for type checkers only."""


class Source:
    """A module as text and as the imported object."""

    def __init__(self, module: types.ModuleType) -> None:
        if module.__file__ is None or not module.__file__.endswith(".py"):
            raise Problem(Path(module.__name__), 0, "has no source")
        self.name = module.__name__
        self.module = module
        self.file = Path(module.__file__)
        self.text = self.file.read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)
        self.bindings: dict[str, Binding] = {}
        self._bind(self.tree.body, checking=False)

    def problem(self, node: ast.AST, text: str) -> Problem:
        return Problem(self.file, getattr(node, "lineno", 0), text)

    def segment(self, node: ast.expr) -> str:
        """The source of an expression, on one line."""
        text = ast.get_source_segment(self.text, node)
        assert text is not None
        return joined(text)

    def class_node(self, name: str) -> ast.ClassDef:
        return next(node for node in self.tree.body if isinstance(node, ast.ClassDef) and node.name == name)

    def value_of(self, node: ast.Name | ast.Attribute) -> object:
        """The object that a possibly dotted name stands for."""
        if isinstance(node, ast.Attribute):
            if not isinstance(node.value, (ast.Name, ast.Attribute)):
                raise self.problem(node, "attribute of something that is not a name")
            owner = self.value_of(node.value)
            try:
                return getattr(owner, node.attr)
            except AttributeError:
                raise self.problem(node, f"{node.attr!r} is not to be found") from None
        binding = self.bindings.get(node.id)
        if binding is None:
            if hasattr(builtins, node.id):
                return getattr(builtins, node.id)
            raise self.problem(node, f"{node.id!r} is not bound at the top of this module")
        module = importlib.import_module(binding.module)
        if binding.attribute is None:
            return module
        with contextlib.suppress(AttributeError):
            return getattr(module, binding.attribute)
        return importlib.import_module(f"{binding.module}.{binding.attribute}")

    def _bind(self, body: Iterable[ast.stmt], *, checking: bool) -> None:
        for node in body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.asname or "." not in alias.name:
                        self.bindings[alias.asname or alias.name] = Binding(alias.name, None, checking)
            elif isinstance(node, ast.ImportFrom):
                if node.level:
                    raise self.problem(node, "relative import: the generated module stands elsewhere")
                if node.module != "__future__":
                    for alias in node.names:
                        self.bindings[alias.asname or alias.name] = Binding(node.module or "", alias.name, checking)
            elif isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                self.bindings[node.name] = Binding(self.name, node.name, checking)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if isinstance(target, ast.Name):
                        self.bindings[target.id] = Binding(self.name, target.id, checking)
            elif isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
                self._bind(node.body, checking=True)


def joined(text: str) -> str:
    """Source of one expression on one line, without comments and without the commas that had spread it."""
    if "\n" not in text:
        return text
    layout = (tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.ENDMARKER)
    tokens = tokenize.generate_tokens(io.StringIO(f"({text})").readline)
    words = [token for token in tokens if token.type not in layout]
    pieces = ["("]
    for before, word in itertools.pairwise(words):
        if before.end[0] == word.start[0]:
            gap = word.start[1] - before.end[1]
        else:
            gap = int(before.string not in "([{" and word.string not in ")]}")
        pieces += [" " * gap, word.string]
    meaning = ast.dump(ast.parse("".join(pieces)))
    for index in range(len(pieces) - 3, 0, -1):
        # The comma of a tuple of one stays: without it the meaning is another.
        if pieces[index] == "," and pieces[index + 2] in ")]}":
            shorter = [*pieces[:index], *pieces[index + 1 :]]
            if ast.dump(ast.parse("".join(shorter))) == meaning:
                pieces = shorter
    return "".join(pieces)[1:-1]


# --- Facts about types

FOR_ASYNC_CODE: tuple[type, ...] = (
    collections.abc.Awaitable,
    collections.abc.AsyncIterable,
    contextlib.AbstractAsyncContextManager,
    AsyncClient,
    Resource,
)


def is_for_async_code(value: object) -> bool:
    """Whether a type, or a part of what a name for a type stands for, is of no use to sync code."""
    if isinstance(value, (list, tuple)):
        return any(is_for_async_code(part) for part in value)
    kind = typing.get_origin(value) or value
    if isinstance(kind, type) and issubclass(kind, FOR_ASYNC_CODE):
        return True
    if hasattr(value, "__value__"):  # A name made by a type statement.
        return is_for_async_code(value.__value__)
    return any(is_for_async_code(part) for part in typing.get_args(value))


def is_resource(value: object) -> typing.TypeGuard[type[Resource]]:
    return isinstance(value, type) and issubclass(value, Resource)


def is_client(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, AsyncClient)


def named(node: ast.AST) -> Iterator[ast.Name | ast.Attribute]:
    """The names in an expression, dotted ones whole."""
    if isinstance(node, (ast.Name, ast.Attribute)):
        yield node
    else:
        for child in ast.iter_child_nodes(node):
            yield from named(child)


# --- The members of a class

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
    LEFT_OUT = enum.auto()


DECORATORS: dict[object, Kind] = {
    property: Kind.PROPERTY,
    functools.cached_property: Kind.PROPERTY,
    classmethod: Kind.CLASSMETHOD,
    staticmethod: Kind.STATICMETHOD,
}
TRANSPARENT = {"final", "override"}
"""Decorators of :mod:`typing` that say nothing about calls."""


@attrs.frozen
class Member:
    """A public member and the module that it was found in."""

    name: str
    kind: Kind
    source: Source
    node: ast.AST
    annotation: tuple[Source, ast.expr] | None = None
    """Type of an attribute. A subclass that only sets a value takes it from its base."""
    doc: str | None = None
    """Docstring, exactly as written."""

    def problem(self, text: str) -> Problem:
        return self.source.problem(self.node, text)


def members_of(cls: type, sources: Sources) -> dict[str, Member]:
    """What a class offers, its own members first, then what it inherits."""
    found: dict[str, Member] = {}
    assigned: list[tuple[Source, ast.Attribute]] = []
    for base in cls.__mro__:
        if base in (object, typing.Generic):
            continue
        source = sources.of(base)
        body = source.class_node(base.__name__).body
        for member in members_in(source, body):
            before = found.setdefault(member.name, member)
            if before.kind is Kind.CLASS_ATTRIBUTE:
                annotation = before.annotation or member.annotation
                found[member.name] = attrs.evolve(before, annotation=annotation, doc=before.doc or member.doc)
        assigned += [(source, target) for node in body for target in public_assignments(node)]
    for source, target in assigned:
        if target.attr not in found:
            raise source.problem(target, f"public attribute {target.attr!r} has no type; annotate it in __init__")
    return found


def members_in(source: Source, body: Sequence[ast.stmt]) -> Iterator[Member]:
    for node, after in itertools.pairwise([*body, ast.Pass()]):
        if isinstance(node, Function):
            yield from function_members(source, node)
        elif isinstance(node, (ast.AnnAssign, ast.Assign)):
            target, *more = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
            if more or not isinstance(target, ast.Name):
                raise source.problem(node, "this assignment in a class body has no rule")
            if not target.id.startswith("_"):
                kind = Kind.INSTANCE_ATTRIBUTE if node.value is None else Kind.CLASS_ATTRIBUTE
                annotation = (source, node.annotation) if isinstance(node, ast.AnnAssign) else None
                yield Member(target.id, kind, source, node, annotation, docstring(source, after))
        elif isinstance(node, ast.ClassDef):
            if not node.name.startswith("_") and not is_async_only(source, node):
                raise source.problem(node, f"public class {node.name!r} inside a class has no rule")
        elif not isinstance(node, ast.Pass) and not (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            raise source.problem(node, f"{type(node).__name__} in a class body has no rule")


def function_members(source: Source, node: Function) -> Iterator[Member]:
    name = node.name
    if name == "__init__":
        yield Member(name, Kind.INIT, source, node, None, docstring(source, node.body[0]))
        for target in public_assignments(node):
            declared = [
                inner for inner in ast.walk(node) if isinstance(inner, ast.AnnAssign) and inner.target is target
            ]
            for inner in declared:
                yield Member(target.attr, Kind.INSTANCE_ATTRIBUTE, source, inner, (source, inner.annotation))
    elif name.startswith("__") and name.endswith("__"):
        if name not in HAND_WRITTEN | WITHOUT_MEANING_FOR_CALLERS:
            raise source.problem(node, f"{name} has no rule")
    elif not name.startswith("_") and name not in HAND_WRITTEN:
        if name in TAKEN:
            raise source.problem(node, f"the name {name!r} belongs to the sync base class")
        yield Member(name, kind_of(source, node), source, node, None, docstring(source, node.body[0]))


def kind_of(source: Source, node: Function) -> Kind:
    if is_async_only(source, node):
        return Kind.LEFT_OUT
    kind = Kind.METHOD
    for decorator in node.decorator_list:
        value = decorator_of(source, decorator)
        if value is typing.overload:
            raise source.problem(decorator, f"{node.name!r} is overloaded, which cannot be forwarded with its types")
        if value in DECORATORS:
            kind = DECORATORS[value]
        elif getattr(value, "__module__", None) != "typing" or getattr(value, "__name__", "") not in TRANSPARENT:
            raise source.problem(decorator, f"decorator {ast.unparse(decorator)!r} has no rule")
    return kind


def is_async_only(source: Source, node: Function | ast.ClassDef) -> bool:
    return any(decorator_of(source, decorator) is async_only for decorator in node.decorator_list)


def decorator_of(source: Source, node: ast.expr) -> object:
    """The decorator that a plain name stands for; None for anything more."""
    if isinstance(node, (ast.Name, ast.Attribute)):
        with contextlib.suppress(Problem):
            return source.value_of(node)
    return None


def public_assignments(node: ast.AST) -> Iterator[ast.Attribute]:
    """Targets like ``self.name = ...``."""
    for inner in ast.walk(node):
        targets = inner.targets if isinstance(inner, ast.Assign) else ()
        for target in [inner.target] if isinstance(inner, ast.AnnAssign) else targets:
            if not isinstance(target, ast.Attribute) or target.attr.startswith("_"):
                continue
            if ast.unparse(target.value) == "self":
                yield target


def docstring(source: Source, node: ast.stmt) -> str | None:
    """A string that stands alone as a statement, exactly as written."""
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant):
        return None
    return ast.get_source_segment(source.text, node) if isinstance(node.value.value, str) else None


# --- Writing


@attrs.frozen
class Call:
    """A call to be laid out: ``prefix`` ends with its opening bracket."""

    prefix: str
    items: Sequence[str | Call]
    suffix: str = ")"

    def flat(self) -> str:
        return (
            self.prefix + ", ".join(item if isinstance(item, str) else item.flat() for item in self.items) + self.suffix
        )

    def lines(self, indent: int, *, trailing_comma: bool | None = None) -> list[str]:
        """On one line, or the arguments on one line, or one line each: what the formatter makes of it.

        Args:
            trailing_comma: Whether the last argument on a line of its own gets one; by default unless it is alone.
        """
        pad, inner = " " * indent, " " * (indent + 4)
        if len(pad + self.flat()) <= WIDTH:
            return [pad + self.flat()]
        items = [item if isinstance(item, str) else item.flat() for item in self.items]
        if len(inner + ", ".join(items)) <= WIDTH:
            return [pad + self.prefix, inner + ", ".join(items), pad + self.suffix]
        comma = "," if (len(items) > 1 if trailing_comma is None else trailing_comma) else ""
        spread: list[str] = []
        for item in self.items:
            if isinstance(item, str):
                spread.append(f"{inner}{item}{comma}")
            else:
                spread += attrs.evolve(item, suffix=item.suffix + comma).lines(indent + 4)
        return [pad + self.prefix, *spread, pad + self.suffix]


class Imports:
    """The names that a generated module needs, and where they come from."""

    def __init__(self, own_package: str) -> None:
        self._own = {"nusantara", own_package}
        self._names: dict[str, Binding] = {}

    def need(self, name: str, module: str, attribute: str | None, *, checking: bool = False) -> None:
        """Raises ValueError if the name already stands for something else."""
        binding = Binding(module, attribute, checking)
        before = self._names.setdefault(name, binding)
        if attrs.evolve(before, checking=checking) != binding:
            raise ValueError(name)
        if before.checking and not checking:
            self._names[name] = binding

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def lines(self) -> list[str]:
        if any(binding.checking for binding in self._names.values()):
            self.need("TYPE_CHECKING", "typing", "TYPE_CHECKING")
        lines = self._block(checking=False)
        checking = self._block(checking=True)
        if checking:
            lines += ["", "if TYPE_CHECKING:", *(f"    {line}" if line else "" for line in checking)]
        return lines

    def _block(self, *, checking: bool) -> list[str]:
        """In the order of isort: sections, plain imports first, constants before classes before the rest."""
        sections: dict[int, list[tuple[Any, list[str]]]] = {}
        grouped: dict[str, list[str]] = {}
        for name, binding in self._names.items():
            if binding.checking is not checking:
                continue
            if binding.attribute is None:
                line = f"import {binding.module}" + ("" if binding.module == name else f" as {name}")
                self._put(sections, binding.module, (0, binding.module.lower(), ()), [line])
            elif binding.attribute == name:
                grouped.setdefault(binding.module, []).append(name)
            else:
                line = f"from {binding.module} import {binding.attribute} as {name}"
                key = (1, binding.module.lower(), member_order(binding.attribute))
                self._put(sections, binding.module, key, [line])
        for module, names in grouped.items():
            names.sort(key=member_order)
            call = Call(f"from {module} import ", names, "")
            lines = [call.flat()]
            if len(lines[0]) + 4 * checking > WIDTH:
                lines = [f"from {module} import (", *(f"    {name}," for name in names), ")"]
            self._put(sections, module, (1, module.lower(), member_order(names[0])), lines)
        blocks = [
            [line for _, lines in sorted(entries, key=lambda entry: entry[0]) for line in lines]
            for _, entries in sorted(sections.items())
        ]
        return [line for index, block in enumerate(blocks) for line in (([""] if index else []) + block)]

    def _put(self, sections: dict[int, list[tuple[Any, list[str]]]], module: str, key: Any, lines: list[str]) -> None:
        root = module.partition(".")[0]
        section = 2 if root in self._own else 0 if root in sys.stdlib_module_names else 1
        sections.setdefault(section, []).append((key, lines))


def member_order(name: str) -> tuple[int, str, str]:
    rank = 0 if len(name) > 1 and name.isupper() else 1 if name[0].isupper() else 2
    return rank, name.lower(), name


class Writer:
    """Writes the sync module of one async module."""

    def __init__(self, package: str, source: Source, classes: Sequence[type], sources: Sources) -> None:
        self._package = package
        self._source = source
        self._classes = classes
        self._sources = sources
        self._imports = Imports(package)

    def text(self) -> str:
        bodies = [self._class(cls) for cls in self._classes]
        names = [sync_name(cls) for cls in self._classes]
        for name in names:
            if name in self._imports:
                raise self._source.problem(self._source.tree, f"{name!r} is both a sync class here and imported")
        listed = Call("__all__ = [", [f'"{name}"' for name in sorted(names)], "]")
        lines = [
            header(self._source.name, self._source.file.name == "__init__.py"),
            f'"""Synchronous twin of :mod:`{self._source.name}`."""',
            "",
            "from __future__ import annotations",
            "",
            *self._imports.lines(),
            "",
            *listed.lines(0, trailing_comma=True),
        ]
        for body in bodies:
            lines += ["", "", *body]
        return "\n".join(lines) + "\n"

    # Classes

    def _class(self, cls: type) -> list[str]:
        source, node = self._source, self._source.class_node(cls.__name__)
        if getattr(cls, "__parameters__", ()):
            raise source.problem(node, "a generic client or resource has no rule")
        client = is_client(cls)
        base = "SyncClient" if client else "SyncResource"
        impl = cls.__name__ if client else f"Async{cls.__name__}"
        self._need(source, node, base, "nusantara.facade", base)
        self._need(source, node, impl, cls.__module__, cls.__name__)
        self._impl = impl
        self._hidden: set[str] = set()
        members = members_of(cls, self._sources)
        blocks = [self._class_attribute(member) for member in members.values() if member.kind is Kind.CLASS_ATTRIBUTE]
        if client:
            blocks.append(self._constructor(members["__init__"]))
        for member in members.values():
            if member.kind is Kind.INSTANCE_ATTRIBUTE:
                blocks.append(self._instance_attribute(member))
            elif member.kind not in (Kind.CLASS_ATTRIBUTE, Kind.INIT, Kind.LEFT_OUT):
                blocks.append(self._function(cls, member))
        for member in members.values():
            if member.name in self._hidden:
                raise member.problem(f"{member.name!r} hides the type of that name in the annotations of its class")
        if not blocks:
            raise source.problem(node, f"{cls.__name__} has nothing public; make it private if it is a base")
        doc = docstring(source, node.body[0])
        if doc is not None:
            blocks.insert(0, [f"    {doc}"])
        lines = [f"class {sync_name(cls)}({base}[{impl}]):"]
        for index, block in enumerate(blocks):
            lines += ([""] if index else []) + block
        return lines

    def _class_attribute(self, member: Member) -> list[str]:
        annotation = self._attribute_type(member)
        doc = [] if member.doc is None else [f"    {member.doc}"]
        return [f"    {member.name}: {annotation} = {self._impl}.{member.name}", *doc]

    def _instance_attribute(self, member: Member) -> list[str]:
        annotation = self._attribute_type(member)
        return [
            "    @property",
            *signature(member.name, ["self"], annotation),
            *self._body(member, f"self._impl.{member.name}"),
        ]

    def _attribute_type(self, member: Member) -> str:
        if member.annotation is None:
            raise member.problem(f"attribute {member.name!r} has no type")
        return self._type(*member.annotation)

    def _constructor(self, init: Member) -> list[str]:
        assert isinstance(init.node, Function)
        parameters, arguments = self._parameters(init.source, init.node, bound=True)
        doc = [] if init.doc is None else [f"        {init.doc}"]
        body = Call("super().__init__(", [Call(f"{self._impl}(", arguments)])
        hiding = self._hiding(init.source, init.node)
        return [*signature("__init__", parameters, "None"), *doc, *hiding, *body.lines(8)]

    # Functions and properties

    def _function(self, cls: type, member: Member) -> list[str]:
        source, node = member.source, member.node
        assert isinstance(node, Function)
        confirm(cls, member)
        if getattr(node, "type_params", None):
            raise member.problem(f"type parameters of {member.name!r} have no rule; use a TypeVar")
        if node.returns is None:
            raise member.problem(f"{member.name!r} has no return type")
        if member.kind is Kind.PROPERTY and isinstance(node.returns, (ast.Name, ast.Attribute)):
            resource = source.value_of(node.returns)
            if is_resource(resource):
                return self._resource_property(member, resource)
        parameters, arguments = self._parameters(source, node, bound=member.kind is not Kind.STATICMETHOD)
        returns, wrapper = self._returns(member, node.returns)
        lines = [] if member.kind is Kind.METHOD else [f"    @{member.kind.name.lower()}"]
        lines += signature(member.name, parameters, returns)
        owner = self._impl if member.kind in (Kind.CLASSMETHOD, Kind.STATICMETHOD) else "self._impl"
        result: str | Call
        if member.kind is Kind.PROPERTY:
            result = f"{owner}.{member.name}"
        elif isinstance(node, ast.AsyncFunctionDef):
            result = Call("self._portal.run(", [f"{owner}.{member.name}", *arguments])
        else:
            result = Call(f"{owner}.{member.name}(", arguments)
        if wrapper:
            result = Call(wrapper[0], [*wrapper[1:], result])
        return lines + self._body(member, result, self._hiding(source, node), gives=returns != "None")

    def _body(self, member: Member, result: str | Call, hiding: Sequence[str] = (), *, gives: bool = True) -> list[str]:
        lines = [] if member.doc is None else [f"        {member.doc}"]
        lines += hiding
        prefix = "return " if gives else ""
        if isinstance(result, str):
            return [*lines, f"        {prefix}{result}"]
        return lines + attrs.evolve(result, prefix=prefix + result.prefix).lines(8)

    def _resource_property(self, member: Member, resource: type[Resource]) -> list[str]:
        source, node, name = member.source, member.node, resource.__name__
        if resource.__module__.partition(".")[0] != self._package or name.startswith("_"):
            raise member.problem(f"{name} is not a public resource of {self._package}")
        self._need(source, node, "cached_property", "functools", "cached_property")
        lines = ["    @cached_property", *signature(member.name, ["self"], name)]
        lines += [] if member.doc is None else [f"        {member.doc}"]
        if resource.__module__ != self._source.name:
            module = sync_module(self._package, resource.__module__)
            self._need(source, node, name, module, name, checking=True)
            lines += [f"        from {module} import {name}", ""]
        return [*lines, f"        return {name}(self._portal, self._impl.{member.name})"]

    def _returns(self, member: Member, node: ast.expr) -> tuple[str, list[str]]:
        """The sync return type, and the call to wrap the result in: its opening and its first arguments."""
        source = member.source
        if isinstance(node, ast.Name) and source.value_of(node) is typing.Self:
            self._import(source, node)
            if member.kind is Kind.STATICMETHOD:
                raise member.problem("a static method that returns Self has no rule")
            return "Self", ["cls._around(" if member.kind is Kind.CLASSMETHOD else "self._copy("]
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.value, ast.Name)
            and source.value_of(node.value) is Pager
            and isinstance(member.node, ast.FunctionDef)
        ):
            if member.kind not in (Kind.METHOD, Kind.PROPERTY):
                raise member.problem("a class method or static method that returns a Pager has no rule")
            self._need(source, node, "SyncPager", "nusantara.pagination", "SyncPager")
            return f"SyncPager[{self._type(source, node.slice)}]", ["SyncPager(", "self._portal"]
        return self._type(source, node), []

    def _parameters(self, source: Source, node: Function, *, bound: bool) -> tuple[list[str], list[str]]:
        """The parameters as written, and the arguments that hand them on."""
        spec = node.args
        positional = [*spec.posonlyargs, *spec.args]
        defaults = [None] * (len(positional) - len(spec.defaults)) + list(spec.defaults)
        parameters: list[str] = []
        arguments: list[str] = []
        for index, (argument, default) in enumerate(zip(positional, defaults, strict=True)):
            if index == 0 and bound:
                parameters.append(argument.arg)
            else:
                parameters.append(self._parameter(source, argument, default))
                arguments.append(argument.arg)
            if index + 1 == len(spec.posonlyargs):
                parameters.append("/")
        if spec.vararg is not None:
            parameters.append(f"*{self._parameter(source, spec.vararg, None)}")
            arguments.append(f"*{spec.vararg.arg}")
        elif spec.kwonlyargs:
            parameters.append("*")
        for argument, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
            parameters.append(self._parameter(source, argument, default))
            arguments.append(f"{argument.arg}={argument.arg}")
        if spec.kwarg is not None:
            parameters.append(f"**{self._parameter(source, spec.kwarg, None)}")
            arguments.append(f"**{spec.kwarg.arg}")
        return parameters, arguments

    def _parameter(self, source: Source, argument: ast.arg, default: ast.expr | None) -> str:
        if argument.annotation is None:
            raise source.problem(argument, f"parameter {argument.arg!r} has no type")
        text = f"{argument.arg}: {self._type(source, argument.annotation)}"
        if default is not None:
            for inner in ast.walk(default):
                if isinstance(inner, (ast.Lambda, ast.comprehension, ast.NamedExpr, ast.Await)):
                    raise source.problem(argument, f"the default value of {argument.arg!r} has no rule")
            for name in named(default):
                self._import(source, name)
            text += f" = {source.segment(default)}"
        if len(text) + 9 > WIDTH:
            raise source.problem(argument, f"parameter {argument.arg!r} is too long for one line; give its type a name")
        return text

    def _hiding(self, source: Source, node: Function) -> list[str]:
        """Statements that wrap the credentials among the parameters, so that no traceback shows them bare."""
        spec = node.args
        names = [
            argument.arg
            for argument in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)
            if argument.annotation is not None
            and any(source.value_of(member) is Secret for member in members_of_union(argument.annotation))
        ]
        if names:
            self._need(source, node, "hide", "nusantara.secret", "hide")
        return [f"        {name} = hide({name})" for name in names]

    # Types and names

    def _type(self, source: Source, node: ast.expr) -> str:
        """An annotation as written, once it is sure that sync code can use it."""
        for inner in strings_outside_literals(source, node):
            raise source.problem(
                inner, "quoted annotation; with 'from __future__ import annotations' it needs no quotes"
            )
        for name in named(node):
            value = source.value_of(name)
            text = ast.unparse(name)
            if value is typing.Self:
                raise source.problem(name, "Self has a rule only as the whole return type")
            if isinstance(value, type) and issubclass(value, Pager):
                raise source.problem(name, f"{text} has a rule only as the whole return type of a plain function")
            if is_resource(value) or is_client(value):
                raise source.problem(name, f"{text} has a rule only as the type of a property")
            if is_for_async_code(value):
                raise source.problem(name, f"{text} can be used by async code only")
            self._import(source, name)
            self._hidden.add(text.partition(".")[0])
        return source.segment(node)

    def _import(self, source: Source, node: ast.Name | ast.Attribute) -> None:
        source.value_of(node)
        name = ast.unparse(node).partition(".")[0]
        binding = source.bindings.get(name)
        if binding is None:
            return  # A builtin.
        self._need(source, node, name, binding.module, binding.attribute, checking=binding.checking)

    def _need(
        self, source: Source, node: ast.AST, name: str, module: str, attribute: str | None, *, checking: bool = False
    ) -> None:
        try:
            self._imports.need(name, module, attribute, checking=checking)
        except ValueError:
            raise source.problem(node, f"{name!r} stands for two things in the generated module") from None


def confirm(cls: type, member: Member) -> None:
    """Check that the imported class has what the text says."""
    fact = inspect.getattr_static(cls, member.name)
    fn = getattr(fact, "__func__", None) or getattr(fact, "fget", None) or getattr(fact, "func", None) or fact
    is_async = isinstance(member.node, ast.AsyncFunctionDef)
    if inspect.isasyncgenfunction(fn):
        raise member.problem(f"{member.name!r} is an async generator; return a Pager, or mark it async_only")
    if is_async is not inspect.iscoroutinefunction(fn):
        raise member.problem(f"{member.name!r} is not what its source says once imported")
    if is_async and member.kind is not Kind.METHOD:
        raise member.problem(f"an async {member.kind.name.lower()} has no rule")


def signature(name: str, parameters: list[str], returns: str) -> list[str]:
    return Call(f"def {name}(", parameters, f") -> {returns}:").lines(4, trailing_comma=True)


def strings_outside_literals(source: Source, node: ast.AST) -> Iterator[ast.Constant]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    if (
        isinstance(node, ast.Subscript)
        and isinstance(node.value, (ast.Name, ast.Attribute))
        and source.value_of(node.value) in (typing.Literal, typing.Annotated)
    ):
        return
    for child in ast.iter_child_nodes(node):
        yield from strings_outside_literals(source, child)


def members_of_union(annotation: ast.expr) -> Iterator[ast.Name | ast.Attribute]:
    """The members of ``A | B | None`` that are plain names."""
    if isinstance(annotation, ast.BinOp):
        yield from members_of_union(annotation.left)
        yield from members_of_union(annotation.right)
    elif isinstance(annotation, (ast.Name, ast.Attribute)):
        yield annotation


def sync_name(cls: type) -> str:
    return cls.__name__.removeprefix("Async") if is_client(cls) else cls.__name__


def sync_module(package: str, module: str) -> str:
    return ".".join([package, "sync", *module.split(".")[1:]])


def header(module: str, is_package: bool) -> str:
    file = module.replace(".", "/") + ("/__init__.py" if is_package else ".py")
    return f'# Written by "{COMMAND}" from {file}. Do not edit.'


# --- Packages


class Sources:
    """The modules read so far."""

    def __init__(self) -> None:
        self._read: dict[str, Source] = {}

    def of(self, cls: type) -> Source:
        return self.module(sys.modules[cls.__module__])

    def module(self, module: types.ModuleType) -> Source:
        if module.__name__ not in self._read:
            self._read[module.__name__] = Source(module)
        return self._read[module.__name__]


def candidates(folder: Path) -> dict[Path, list[str]]:
    """Files and names of the classes that may be clients or resources, going by the names of their bases."""
    bases: dict[tuple[Path, str], set[str]] = {}
    for file in sorted(folder.rglob("*.py")):
        if file.relative_to(folder).parts[0] == "sync":
            continue
        for node in ast.parse(file.read_text(encoding="utf-8"), str(file)).body:
            if isinstance(node, ast.ClassDef):
                bases[file, node.name] = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    known = set(BASES)
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


def generate(package: str) -> dict[Path, str]:
    """The text of every file below ``<package>/sync``, by its path.

    Raises:
        Problem: Something in the async classes has no rule.
    """
    folder = folder_of(package)
    sources = Sources()
    files: dict[Path, str] = {}
    for file, names in candidates(folder).items():
        parts = file.relative_to(folder).with_suffix("").parts
        module = importlib.import_module(".".join([package, *(parts[:-1] if parts[-1] == "__init__" else parts)]))
        classes = [
            cls
            for cls in (getattr(module, name) for name in names)
            if (is_client(cls) or is_resource(cls))
            and not cls.__name__.startswith("_")
            and not is_async_only(sources.of(cls), sources.of(cls).class_node(cls.__name__))
        ]
        if classes:
            text = Writer(package, sources.module(module), classes, sources).text()
            files[folder / "sync" / file.relative_to(folder)] = text
    for file in list(files):
        for parent in file.relative_to(folder).parents:
            if parent.parts:
                files.setdefault(folder / parent / "__init__.py", package_text(package, parent))
    return files


def package_text(package: str, folder: Path) -> str:
    """An ``__init__.py``; it imports nothing, so that each class is loaded by its first use."""
    module = ".".join([package, *folder.parts[1:]])
    return f'{header(module, True)}\n"""Synchronous twins of the modules of :mod:`{module}`."""\n'


def folder_of(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Problem(Path(package), 0, "is not a package that can be imported")
    return Path(next(iter(spec.submodule_search_locations)))


def packages_here() -> list[str]:
    return [
        file.parent.name
        for file in sorted(Path.cwd().glob("*/__init__.py"))
        if file.parent.name.isidentifier() and candidates(file.parent)
    ]


def existing(folder: Path) -> set[Path]:
    sync = folder / "sync"
    return {file for file in sync.rglob("*") if file.is_file() and "__pycache__" not in file.parts}


def differences(folder: Path, files: dict[Path, str]) -> list[tuple[str, Path]]:
    """What is not up to date, both ways: changed and missing files, and orphans, which nothing accounts for."""
    found = existing(folder)
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
            if f'Written by "{COMMAND}"' not in file.read_text(encoding="utf-8", errors="replace"):
                raise Problem(file, 1, "was not written by this command and does not belong here")
            file.unlink()
            done.append(("deleted", file))
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(files[file].encode())
            done.append(("written", file))
    return done


def main(argv: Sequence[str] | None = None) -> int:
    """The command. Exit code 1 if ``--check`` finds a difference, 2 if something has no rule."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="Write the synchronous classes from the async ones.")
    parser.add_argument("--check", action="store_true", help="change nothing; list what is not up to date")
    parser.add_argument("packages", nargs="*", metavar="PACKAGE", help="default: those below the current directory")
    arguments = parser.parse_args(argv)
    try:
        if not arguments.packages and str(Path.cwd()) not in sys.path:
            sys.path.insert(0, str(Path.cwd()))
        act = differences if arguments.check else write
        report: list[tuple[str, Path]] = []
        for package in arguments.packages or packages_here():
            report += act(folder_of(package), generate(package))
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    for what, file in report:
        sys.stdout.write(f"{what}: {file}\n")
    return 1 if arguments.check and report else 0


if __name__ == "__main__":
    sys.exit(main())
