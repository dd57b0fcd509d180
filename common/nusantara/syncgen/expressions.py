"""What is inside an annotation or a default value."""

from __future__ import annotations

import ast
import typing
from collections.abc import Iterator

from nusantara.syncgen.source import ModuleSource

__all__ = ["members_of_union", "named", "strings_outside_literals"]


def named(node: ast.AST) -> Iterator[ast.Name | ast.Attribute]:
    """The names in an expression, dotted ones whole."""
    if isinstance(node, (ast.Name, ast.Attribute)):
        yield node
    else:
        for child in ast.iter_child_nodes(node):
            yield from named(child)


def strings_outside_literals(source: ModuleSource, node: ast.AST) -> Iterator[ast.Constant]:
    """The strings in an annotation, except for what ``Literal`` and ``Annotated`` hold."""
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
