"""The catalogue: every operation of every vendor, read from the clients themselves.

    for operation in operations("bukalapak"):
        print(operation.name, operation.method, operation.path)

An operation is a public method of a resource group (``client.messages.inbox``) or of the client itself. Its docstring
says which call it makes, in a line of its own::

    ``GET /v1/messages.json`` - safe

A method that only puts other operations together says so instead. The command can call it, but it is no operation of
the vendor and is not listed::

    Made of ``get`` and ``download``.

No client is made for the catalogue and nothing is opened.
"""

from __future__ import annotations

import ast
import functools
import importlib
import importlib.util
import inspect
import re
import sys
import types
import typing
from collections.abc import Callable, Iterator
from typing import Any

import attrs

from nusantara.catalogue.vendors import VENDORS
from nusantara.client import AsyncClient, Resource, Settings
from nusantara.errors import ConfigurationError, InvalidParameter
from nusantara.pagination import Pager
from nusantara.record import Record
from nusantara.request import CallClass

__all__ = ["Operation", "callables", "client_class", "client_options", "operations"]

_CALL_LINE = re.compile(rf"``([A-Z]+) (/\S*)`` - ({'|'.join(CallClass)})\b").match


@attrs.frozen(slots=True, kw_only=True)
class Operation:
    """One operation of a vendor."""

    vendor: str
    name: str
    """Dotted, as called on a client: ``messages.inbox``."""
    method: str
    """HTTP verb; empty for a combination of others."""
    path: str
    """Path with placeholders, as the vendor's reference has it; empty for a combination of others."""
    summary: str
    """One line."""
    call_class: CallClass
    paged: bool
    """Whether it returns a :class:`~nusantara.pagination.Pager`."""
    typed: bool
    """Whether the shape of its answer is known; otherwise it is a :class:`~nusantara.record.Record`."""
    function: Callable[..., Any] = attrs.field(repr=False, eq=False)
    """The method, not bound."""

    def document(self) -> dict[str, str | bool]:
        """The facts as JSON."""
        return {
            "vendor": self.vendor,
            "name": self.name,
            "method": self.method,
            "path": self.path,
            "summary": self.summary,
            "call_class": str(self.call_class),
            "paged": self.paged,
            "typed": self.typed,
        }

    def parameters(self) -> list[inspect.Parameter]:
        """What it takes, without ``self``; the annotations are types, not text."""
        parameters = list(inspect.signature(self.function).parameters.values())[1:]
        annotated = _annotations(self.function, *(parameter.name for parameter in parameters))
        return [parameter.replace(annotation=annotated.get(parameter.name, Any)) for parameter in parameters]


def client_class(vendor: str) -> type[AsyncClient] | None:
    """The async client of a vendor; None if this installation has none.

    Raises:
        InvalidParameter: There is no such vendor.
    """
    if vendor not in VENDORS:
        raise InvalidParameter("vendor", f"must be one of {', '.join(VENDORS)}, not {vendor!r}")
    package = VENDORS[vendor]
    if importlib.util.find_spec(package.name) is None:
        return None
    module = importlib.import_module(package.name)
    if package.client not in dir(module):
        return None
    found: type[AsyncClient] = getattr(module, package.client)
    return found


def client_options(vendor: str) -> list[inspect.Parameter]:
    """What ``from_env()`` of a vendor's client takes beside the settings that all clients have."""
    client = client_class(vendor)
    from_env = getattr(client, "from_env", None)
    if from_env is None:
        return []
    parameters = inspect.signature(from_env).parameters
    options = [parameters[name] for name in parameters if name not in Settings.__annotations__]
    annotated = _annotations(from_env.__func__, *(option.name for option in options))
    return [option.replace(annotation=annotated.get(option.name, Any)) for option in options]


@functools.cache
def operations(vendor: str | None = None) -> tuple[Operation, ...]:
    """All operations of a vendor, or of all of them, in the order in which the clients have them.

    Raises:
        InvalidParameter: There is no such vendor.
        ConfigurationError: Python runs with ``-OO``, which removes the docstrings; or a method's docstring does not say
            which call it makes, which is a mistake of ours.
    """
    if vendor is None:
        return tuple(operation for each in VENDORS for operation in operations(each))
    return tuple(one for one in callables(vendor) if one.path)


def callables(vendor: str) -> tuple[Operation, ...]:
    """The operations of a vendor, and the methods that combine them. Raises like :func:`operations`."""
    client = client_class(vendor)
    if client is None:
        return ()
    if sys.flags.optimize >= 2:
        raise ConfigurationError(
            "the operations are described by their docstrings, which Python's option -OO removes",
            hint="run without -OO (and without PYTHONOPTIMIZE=2)",
        )
    return tuple(_operations_of(vendor, client, AsyncClient, ""))


def _operations_of(vendor: str, owner: type, base: type, prefix: str) -> Iterator[Operation]:
    for name, member in _members(owner, base):
        if isinstance(member, functools.cached_property):
            group = _annotations(member.func, "return").get("return")
            if isinstance(group, type) and issubclass(group, Resource):
                yield from _operations_of(vendor, group, Resource, f"{prefix}{name}.")
        elif inspect.isfunction(member):
            operation = _operation(vendor, f"{prefix}{name}", member)
            if operation is not None:
                yield operation


def _members(owner: type, base: type) -> Iterator[tuple[str, Any]]:
    """Public members that a class has beyond its base, those of mixins first."""
    found: dict[str, Any] = {}
    for cls in reversed(owner.__mro__):
        if cls not in base.__mro__:
            found.update(vars(cls))
    return ((name, member) for name, member in found.items() if not name.startswith("_") and not hasattr(base, name))


def _operation(vendor: str, name: str, function: Callable[..., Any]) -> Operation | None:
    returned = _annotations(function, "return").get("return")
    paged = returned is Pager or typing.get_origin(returned) is Pager
    lines = inspect.cleandoc(function.__doc__ or "").splitlines()
    call = next(filter(None, (_CALL_LINE(line.strip()) for line in lines)), None)
    if call is None:
        if not paged and not inspect.iscoroutinefunction(function):
            return None
        if not any(line.strip().startswith("Made of ") for line in lines):
            raise ConfigurationError(
                f"{vendor} {name}: its docstring has no line of the form ``GET /path`` - safe", hint="please report it"
            )
    return Operation(
        vendor=vendor,
        name=name,
        method=call[1] if call else "",
        path=call[2] if call else "",
        summary=lines[0],
        call_class=CallClass(call[3]) if call else CallClass.UNREPEATABLE,
        paged=paged,
        typed=not any(isinstance(part, type) and issubclass(part, Record) for part in (returned, *_parts(returned))),
        function=function,
    )


def _parts(annotation: Any) -> Iterator[Any]:
    for part in typing.get_args(annotation):
        yield part
        yield from _parts(part)


def _annotations(function: Callable[..., Any], *wanted: str) -> dict[str, Any]:
    """The types that some annotations of a function stand for."""
    texts = {name: text for name, text in inspect.get_annotations(function).items() if name in wanted}
    names: dict[str, Any] = {}
    for text in texts.values():
        for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(text, str) else ():
            if isinstance(node, ast.Name) and node.id not in function.__globals__:
                names |= _type_checking_import(function.__module__, node.id)
    holder = types.SimpleNamespace(__annotations__=texts)
    return typing.get_type_hints(holder, function.__globals__, names, include_extras=True)


def _type_checking_import(module: str, name: str) -> dict[str, Any]:
    """What a name stands for that a module imports for type checkers only."""
    source = _type_checking_imports(module).get(name)
    if source is None:
        return {}
    where, attribute = source
    imported = importlib.import_module(where)
    return {name: imported if attribute is None else getattr(imported, attribute)}


@functools.cache
def _type_checking_imports(module: str) -> dict[str, tuple[str, str | None]]:
    """Name to module and attribute, for the imports under ``if TYPE_CHECKING``."""
    found: dict[str, tuple[str, str | None]] = {}
    for block in ast.parse(inspect.getsource(sys.modules[module])).body:
        if not (isinstance(block, ast.If) and ast.unparse(block.test).endswith("TYPE_CHECKING")):
            continue
        for statement in block.body:
            if isinstance(statement, ast.ImportFrom) and statement.module:
                for alias in statement.names:
                    found[alias.asname or alias.name] = statement.module, alias.name
            elif isinstance(statement, ast.Import):
                for alias in statement.names:
                    top = alias.name.partition(".")[0]
                    found[alias.asname or top] = (alias.name if alias.asname else top), None
    return found
