"""Functions that read JSON values: written as text, then compiled."""

from __future__ import annotations

import functools
import linecache
import types
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final

import attrs

from nusantara.codec.loose import is_nothing, load_bool
from nusantara.codec.mismatches import JSON_TYPES
from nusantara.codec.models import BaseModel, Mismatch

__all__ = ["ModelReader", "Read", "Schema", "Draft", "Step", "schema_reader"]

Read = Callable[[Any], Any]
ModelReader = Callable[[type[BaseModel]], Read]
"""Gives the function that reads a model."""


class Draft:
    """The text of a function being written, and the objects it names."""

    def __init__(
        self, title: str, parameters: str, model_reader: ModelReader, element_reader: ModelReader | None = None
    ) -> None:
        self.model_reader = model_reader
        self.element_reader = element_reader
        """Reads the models in lists, where those that cannot be read are to be set aside."""
        self.names: dict[str, Any] = {"Mismatch": Mismatch, "type": type}
        self.names |= {kind.__name__: kind for kind in JSON_TYPES}
        self._title = title
        self._lines = [f"def read({parameters}):"]
        self._depth = 1
        self._variables = 0

    def line(self, text: str) -> None:
        self._lines.append("    " * self._depth + text)

    @contextmanager
    def block(self, head: str | None) -> Generator[None]:
        """Indent what follows under a line. Without a line, do nothing."""
        if head:
            self.line(head)
        self._depth += bool(head)
        yield
        self._depth -= bool(head)

    def bind(self, value: Any, hint: str) -> str:
        name = f"{hint}_{len(self.names)}"
        self.names[name] = value
        return name

    def variable(self) -> str:
        self._variables += 1
        return f"v{self._variables}"

    def read(self, schema: Schema, variable: str) -> None:
        """Check the JSON value in a variable and put the typed one in its place."""
        other = self._other_form(schema)
        take_other = f"{variable} = {other}({variable})"
        if schema.cases is None:
            if schema.step:
                schema.step(self, variable, other)
            return
        if self._depth > _DEEPEST:
            read = schema_reader(f"part of {self._title}", schema, self.model_reader, self.element_reader)
            self.line(f"{variable} = {self.bind(read, 'read')}({variable})")
            return
        steps = [(kind, step) for kind, step in schema.cases.items() if step]
        kept = [kind for kind, step in schema.cases.items() if not step]
        if not steps:
            with self.block(f"if {' and '.join(_is_not(variable, kind) for kind in kept)}:"):
                self.line(take_other)
        elif len(steps) == 1 and kept in ([], [types.NoneType]):
            kind, step = steps[0]
            with self.block(f"if type({variable}) is {kind.__name__}:"):
                step(self, variable, other)
            with self.block(f"elif {variable} is not None:" if kept else "else:"):
                self.line(take_other)
        else:
            found = self.variable()
            self.line(f"{found} = type({variable})")
            for number, (kind, step) in enumerate(steps):
                with self.block(f"{'elif' if number else 'if'} {found} is {kind.__name__}:"):
                    step(self, variable, other)
            others = " and ".join(f"{found} is not {kind.__name__}" for kind in kept)
            with self.block(f"elif {others}:" if others else "else:"):
                self.line(take_other)

    def _other_form(self, schema: Schema) -> str:
        """The name of what reads the other forms of a value, or raises."""
        empties = {kind: make(self.model_reader) for kind, make in schema.empties.items()}
        return self.bind(
            functools.partial(_read_other_form, schema.expected, empties, schema.nothing, schema.flag), "other"
        )

    def function(self) -> Callable[..., Any]:
        text = "\n".join(self._lines) + "\n"
        filename = f"<nusantara codec: {self._title}>"
        exec(compile(text, filename, "exec"), self.names)  # noqa: S102 - made of our own text and quoted keys
        # So that tracebacks show the lines.
        linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
        read: Callable[..., Any] = self.names["read"]
        return read


_DEEPEST: Final = 12
"""Indentation above which a further function is written: Python has a limit of 20 nested blocks."""


def _read_other_form(
    expected: str, empties: Mapping[type, Callable[[], Any]], nothing: bool, flag: bool, value: Any
) -> Any:
    """The typed value for a JSON value in another form than its type's own."""
    if not value and type(value) in empties:
        return empties[type(value)]()
    if flag:
        with suppress(Mismatch):
            return load_bool(value)
    if nothing and is_nothing(value):
        return None
    raise Mismatch(expected, value)


def _is_not(variable: str, kind: type) -> str:
    return f"{variable} is not None" if kind is types.NoneType else f"type({variable}) is not {kind.__name__}"


def schema_reader(
    title: str, schema: Schema, model_reader: ModelReader, element_reader: ModelReader | None = None
) -> Read:
    """Make the function that reads values of a schema."""
    draft = Draft(title, "value", model_reader, element_reader)
    draft.read(schema, "value")
    draft.line("return value")
    return draft.function()


Step = Callable[[Draft, str, str], None]
"""Writes the lines that turn a JSON value, of the right JSON type, into the typed one. It gets the function being
written, the variable with the value, and the name of the function that reads a value in another form, or raises."""


@attrs.frozen
class Schema:
    """How the values of a type look in JSON."""

    expected: str
    cases: Mapping[type, Step | None] | None
    """What to do by the type of the JSON value, ``None`` for nothing. If there are no cases, any type will do."""
    step: Step | None = None
    """What to do where any type will do."""
    exact: bool = True
    """Whether a typed value has one spelling only, but for those of nothing and of what is empty."""
    nothing: bool = False
    """Whether it may be ``None``, so that what is not of the type is read as that if it is another spelling of it."""
    empties: Mapping[type, Callable[[ModelReader], Callable[[], Any]]] = {}
    """The container of the other JSON type that, where it is empty, stands for an empty one, with what makes that."""
    flag: bool = False
    """Whether it is a flag and nothing else, so that all spellings of one are told apart."""

    exact_inside: bool = True
    """The same where it stands in a list or an object, for those too. Models remember how they were spelled."""
