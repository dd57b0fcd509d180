"""The text of a generated module."""

from __future__ import annotations

import ast
import typing
from collections.abc import Sequence

import attrs

from nusantara.client import AsyncClient, Resource, Settings
from nusantara.oauth2 import Token
from nusantara.pagination import Pager
from nusantara.secret import Secret
from nusantara.syncgen.expressions import members_of_union, named, strings_outside_literals
from nusantara.syncgen.facts import is_client, is_for_async_code, is_resource
from nusantara.syncgen.header import header
from nusantara.syncgen.imports import Imports
from nusantara.syncgen.layout import WIDTH, CallText, signature
from nusantara.syncgen.members import Function, Kind, Member, confirm, members_of
from nusantara.syncgen.source import ModuleSource, Sources

__all__ = ["Writer", "sync_module", "sync_name"]

_BASE_DOC = (
    '"""Base of the vendors\' synchronous clients: what every async client has, and what is made for it by hand."""'
)


class Writer:
    """Writes the sync module of one async module."""

    def __init__(self, package: str, source: ModuleSource, classes: Sequence[type], sources: Sources) -> None:
        self._package = package
        self._source = source
        self._classes = classes
        self._sources = sources
        self._imports = Imports(package)

    def text(self) -> str:
        """The module, ready to be written to its file."""
        bodies = [self._class(cls) for cls in self._classes]
        names = [sync_name(cls) for cls in self._classes]
        for name in names:
            if name in self._imports:
                raise self._source.problem(self._source.tree, f"{name!r} is both a sync class here and imported")
        listed = CallText("__all__ = [", [f'"{name}"' for name in sorted(names)], "]")
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
        client, core = is_client(cls), cls is AsyncClient
        base, home = (
            ("SyncResource", "facade") if not client else ("Facade", "facade") if core else ("SyncClient", "client")
        )
        impl = cls.__name__ if client else f"Async{cls.__name__}"
        self._need(source, node, base, f"nusantara.sync.{home}", base)
        self._need(source, node, impl, cls.__module__, cls.__name__)
        self._impl = impl
        twins = impl
        if core:
            twins = "C"
            self._need(source, node, twins, "nusantara.sync.facade", twins)
        self._hidden: set[str] = set()
        members = members_of(cls, self._sources)
        blocks = [self._class_attribute(member) for member in members.values() if member.kind is Kind.CLASS_ATTRIBUTE]
        if client and not core:
            blocks.append(self._constructor(members["__init__"]))
        for member in members.values():
            if member.kind is Kind.INSTANCE_ATTRIBUTE:
                blocks.append(self._instance_attribute(member))
            elif member.kind not in (Kind.CLASS_ATTRIBUTE, Kind.INIT):
                blocks.append(self._function(cls, member))
        for member in members.values():
            if member.name in self._hidden:
                raise member.problem(f"{member.name!r} hides the type of that name in the annotations of its class")
        if not blocks:
            raise source.problem(node, f"{cls.__name__} has nothing public; make it private if it is a base")
        doc = _BASE_DOC if core else source.docstring(node.body[0])
        if doc is not None:
            blocks.insert(0, [f"    {doc}"])
        lines = [f"class {sync_name(cls)}({base}[{twins}]):"]
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
        body = CallText("super().__init__(", [CallText(f"{self._impl}(", arguments)])
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
        result: str | CallText
        if member.kind is Kind.PROPERTY:
            result = f"{owner}.{member.name}"
        elif isinstance(node, ast.AsyncFunctionDef):
            result = CallText("self._portal.run(", [f"{owner}.{member.name}", *arguments])
        else:
            result = CallText(f"{owner}.{member.name}(", arguments)
        if wrapper:
            result = CallText(wrapper[0], [*wrapper[1:], result])
        return lines + self._body(member, result, self._hiding(source, node), gives=returns != "None")

    def _body(
        self, member: Member, result: str | CallText, hiding: Sequence[str] = (), *, gives: bool = True
    ) -> list[str]:
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
            self._need(source, node, "SyncPager", "nusantara.sync.pages", "SyncPager")
            return f"SyncPager[{self._type(source, node.slice)}]", ["SyncPager(", "self._portal"]
        return self._type(source, node), []

    def _parameters(self, source: ModuleSource, node: Function, *, bound: bool) -> tuple[list[str], list[str]]:
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

    def _parameter(self, source: ModuleSource, argument: ast.arg, default: ast.expr | None) -> str:
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

    def _hiding(self, source: ModuleSource, node: Function) -> list[str]:
        """Statements that wrap the credentials among the parameters, and text given in the place of a token, so that no
        traceback shows them bare."""
        spec = node.args
        names = [
            argument.arg
            for argument in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)
            if argument.annotation is not None
            and any(source.value_of(member) in (Secret, Token) for member in members_of_union(argument.annotation))
        ]
        if names:
            self._need(source, node, "hide", "nusantara.secret", "hide")
        lines = [f"        {name} = hide({name})" for name in names]
        if spec.kwarg is not None and isinstance(spec.kwarg.annotation, ast.Subscript):
            settings = spec.kwarg.annotation.slice
            if isinstance(settings, (ast.Name, ast.Attribute)) and source.value_of(settings) is Settings:
                self._need(source, node, "hide_in", "nusantara.secret", "hide_in")
                lines.append(f'        hide_in({spec.kwarg.arg}, "proxy")')
        return lines

    # Types and names

    def _type(self, source: ModuleSource, node: ast.expr) -> str:
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

    def _import(self, source: ModuleSource, node: ast.Name | ast.Attribute) -> None:
        source.value_of(node)
        name = ast.unparse(node).partition(".")[0]
        binding = source.bindings.get(name)
        if binding is None:
            return  # A builtin.
        self._need(source, node, name, binding.module, binding.attribute, checking=binding.checking)

    def _need(
        self,
        source: ModuleSource,
        node: ast.AST,
        name: str,
        module: str,
        attribute: str | None,
        *,
        checking: bool = False,
    ) -> None:
        try:
            self._imports.need(name, module, attribute, checking=checking)
        except ValueError:
            raise source.problem(node, f"{name!r} stands for two things in the generated module") from None


def sync_name(cls: type) -> str:
    """Name of the twin of a class."""
    if cls is AsyncClient:
        return "SyncClient"
    return cls.__name__.removeprefix("Async") if is_client(cls) else cls.__name__


def sync_module(package: str, module: str) -> str:
    """The module of the twins of a module's classes."""
    return ".".join([package, "sync", *module.split(".")[1:]])
