"""The fields of a class in its ``__doc__``, read from the source when somebody asks."""

from __future__ import annotations

import functools
import re
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    import ast
    import inspect
    from collections.abc import Iterator

__all__ = ["Documented", "PlainSignature", "documented"]

T = TypeVar("T", bound=type[Any])


class Documented:
    """The ``__doc__`` of a class whose fields have docstrings of their own: its docstring, and the fields.

    Source and import time stay as they are: nothing is read before ``__doc__`` is. Without source, as in a frozen
    program, and under ``-OO`` it is the docstring alone.
    """

    __slots__ = ("plain",)

    def __init__(self, plain: str | None) -> None:
        self.plain = plain
        """What stands in the source."""

    def __get__(self, instance: object, cls: type) -> str | None:
        fields = [] if sys.flags.optimize > 1 else fields_of(cls)
        if not fields:
            return self.plain
        import inspect

        lines = [] if self.plain is None else [inspect.cleandoc(self.plain), ""]
        lines.append("Attributes:")
        for field in fields:
            lines.append(f"    {field.name} ({field.type}){': ' if field.doc else ''}{field.doc}")
        return "\n".join(lines)


def documented(cls: T) -> T:
    """Show the fields of a class in its ``__doc__``."""
    cls.__doc__ = Documented(cls.__doc__)  # type: ignore[assignment]
    return cls


class PlainSignature:
    """The ``__signature__`` of classes of fields, with types by their plain names. ``help()`` asks for it first, and
    then shows that of ``__init__``, which is the same."""

    def __get__(self, instance: object, cls: type) -> inspect.Signature:
        import inspect

        make: Any = inspect.getattr_static(cls, "__init__")
        signature = inspect.signature(make)
        types = {field.name: field.type for field in fields_of(cls)}
        parameters = [
            parameter.replace(annotation=types.get(name, parameter.annotation))
            for name, parameter in signature.parameters.items()
        ]
        make.__signature__ = signature.replace(parameters=parameters)
        return signature.replace(parameters=parameters[1:], return_annotation=inspect.Signature.empty)


class FieldText(NamedTuple):
    """A public field as the source has it."""

    name: str
    type: str
    """Its annotation, with plain names in the place of those of ``Annotated`` types."""
    doc: str


def fields_of(cls: type) -> list[FieldText]:
    """The fields of a class, its own first, then what it inherits."""
    found: dict[str, FieldText] = {}
    for base in cls.__mro__:
        if isinstance(vars(base).get("__doc__"), Documented):
            for field in _fields_in(base.__module__).get(base.__qualname__, ()):
                found.setdefault(field.name, field)
    return list(found.values())


@functools.cache
def _fields_in(module: str) -> dict[str, list[FieldText]]:
    """The fields of each class of a module, by the class's name."""
    import ast
    import inspect

    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (OSError, TypeError, KeyError, SyntaxError):
        return {}
    scope = vars(sys.modules[module])
    return {name: list(_fields(node, scope)) for name, node in _classes(tree.body, "")}


def _classes(body: list[ast.stmt], outer: str) -> Iterator[tuple[str, ast.ClassDef]]:
    import ast

    for node in body:
        if isinstance(node, ast.ClassDef):
            yield outer + node.name, node
            yield from _classes(node.body, f"{outer}{node.name}.")


def _fields(node: ast.ClassDef, scope: dict[str, Any]) -> Iterator[FieldText]:
    import ast
    import inspect
    import itertools

    for statement, after in itertools.pairwise([*node.body, ast.Pass()]):
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        name, kind = statement.target.id, ast.unparse(_plain(statement.annotation, scope))
        if name.startswith("_") or kind.startswith(("ClassVar", "Final")):
            continue
        told = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and after.value.value
        yield FieldText(name, kind, " ".join(inspect.cleandoc(told).split()) if isinstance(told, str) else "")


def _plain(annotation: ast.expr, scope: dict[str, Any]) -> ast.expr:
    """An annotation in which types stand in the place of ``Annotated`` ones, and of the names of these."""
    import ast
    import typing

    class Plain(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            value = scope.get(node.id)
            if typing.get_origin(value) is not typing.Annotated:
                return node
            kind = typing.get_args(value)[0]
            text = kind.__name__ if type(kind) is type else _MODULES.sub("", str(kind))
            return ast.parse(text, mode="eval").body

        def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
            if ast.unparse(node.value) == "Annotated" and isinstance(node.slice, ast.Tuple):
                return self.visit(node.slice.elts[0])  # type: ignore[no-any-return]
            return self.generic_visit(node)

    made: ast.expr = Plain().visit(annotation)
    return made


_MODULES = re.compile(r"\b(?:\w+\.)+(?=\w)")
"""What stands before the names of types in their text."""
