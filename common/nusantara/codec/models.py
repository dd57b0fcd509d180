"""What the codec knows of models: their fields, the keys of those, and how a value of a field is read."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import attrs

from nusantara.display import fields_table
from nusantara.errors import even_half_made
from nusantara.introspection import PlainSignature, documented

__all__ = ["ABSENT", "KEYS", "BaseModel", "EmptyObject", "Mismatch", "Via", "field_keys", "fields_there", "wire_keys"]

ABSENT: Final[Any] = object()
"""Stands for the value of a key that is not there."""

KEYS: Final = "nusantara.keys"
"""Where the metadata of an attribute has the keys of its field."""


class Mismatch(ValueError):
    """A value is not of the documented form. Raised by the ``load`` function of a :class:`Via`.

    :mod:`nusantara.codec` adds where the value was found and turns it into :exc:`~nusantara.errors.DecodeError`.
    """

    def __init__(self, expected: str, value: Any = ABSENT) -> None:
        super().__init__(f"expected {expected}")
        self.expected = expected
        self.value = value
        self.path: list[str | int] = []
        """Innermost part first."""
        self.private = False
        """The value belongs to a field that hides it from its repr."""

    def at(self, part: str | int, private: bool = False) -> None:
        self.path.append(part)
        self.private = self.private or private


@attrs.frozen
class Via:
    """Says in an annotation how a value is read and written: ``Annotated[datetime, Via(load, dump)]``.

    ``load`` gets the JSON value and returns the typed one, or raises :exc:`Mismatch` or another :exc:`ValueError`.
    ``dump`` gets the typed value and returns a JSON value. In a union such a type may stand beside ``None`` only;
    ``null`` is then not passed to ``load``, nor ``None`` to ``dump``.
    """

    load: Callable[[Any], Any]
    dump: Callable[[Any], Any]
    expected: str = "a value of the documented form"
    """Names the wanted form in errors, where ``load`` does not say it in a :exc:`Mismatch`."""
    plain: type | None = None
    """The JSON type, if there is one, whose values ``load`` returns as they are, so that it need not be called."""


def field_keys(attribute: attrs.Attribute[Any]) -> tuple[str, ...]:
    """The keys under which a field is looked for, in that order."""
    keys: tuple[str, ...] = attribute.metadata.get(KEYS, (attribute.name,))
    return keys


# No slot for weak references: with one, an object of another class could not be turned into a model (see codec).
@documented
@attrs.frozen(kw_only=True, slots=True, weakref_slot=False)
class BaseModel:
    """What every model has. Models compare by their fields; the document they came from plays no part in that."""

    raw: Mapping[str, Any] | None = attrs.field(default=None, repr=False, eq=False)
    """The document this was read from, not a copy; ``None`` for a model made by hand."""

    __signature__ = PlainSignature()

    # Written once: attrs would write and compile these for each of hundreds of classes, while they are imported.

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _compared(type(self)))

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in _compared(type(self)))))

    @even_half_made
    @reprlib.recursive_repr("...")
    def __repr__(self) -> str:
        shown = [f"{name}={value!r}" for name, value in self._shown().items()]
        return f"{type(self).__qualname__.rpartition('>.')[2]}({', '.join(shown)})"

    def _repr_html_(self) -> str | None:
        """What a notebook shows: the same as the repr, in a table."""
        return fields_table(self)

    def _shown(self) -> dict[str, Any]:
        """The fields that are there, but for those that hide from the repr."""
        there = fields_there(self)
        return {one.name: getattr(self, one.name) for one in attrs.fields(type(self)) if one.repr and one.name in there}

    @property
    def extra(self) -> Mapping[str, Any]:
        """The part of the document that no field was read from."""
        raw = self.raw
        if not raw:
            return MappingProxyType({})
        read = set(fields_there(self).values())
        return MappingProxyType({key: value for key, value in raw.items() if key not in read})


class EmptyObject(dict[str, Any]):
    """The document of a model that came as an empty list, which is how PHP writes an object without keys."""


def _compared(cls: type[BaseModel]) -> list[str]:
    return [one.name for one in attrs.fields(cls) if one.eq]


def fields_there(model: BaseModel) -> dict[str, str]:
    """The fields that the document of a model has, each with its key in it.

    A field that was absent stays so while it has its default. A model made by hand leaves out fields whose default and
    value are ``None``.
    """
    raw, there = model.raw, {}
    for attribute in attrs.fields(type(model)):
        if attribute.name == "raw":
            continue
        keys = field_keys(attribute)
        key = next((key for key in keys if key in raw), None) if raw else None
        if key is None:
            key, value, default = keys[0], getattr(model, attribute.name), attribute.default
            if raw is None:
                left_out = value is None and default is None
            else:
                left_out = bool(value == (default.factory() if isinstance(default, _FACTORY) else default))
            if left_out:
                continue
        there[attribute.name] = key
    return there


_FACTORY: Final[Any] = attrs.Factory


def wire_keys(cls: type[BaseModel]) -> dict[str, tuple[str, ...]]:
    """The keys of each field, by the field's name."""
    return {attribute.name: field_keys(attribute) for attribute in attrs.fields(cls) if attribute.name != "raw"}
