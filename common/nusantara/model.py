"""Models: what a vendor's document becomes.

A model is a frozen attrs class. It holds the documented part of a document as typed values, and keeps the document
itself, so that nothing the vendor sent is lost::

    @model
    class Conversation(Model):
        id: str = field(keys=("id", "_id"))
        partner_name: str
        updated_at: datetime
        last_message: str | None = None

A field without a default must be present in the document; one with a default may be absent. Whether ``null`` is
allowed is said by the type alone. :mod:`nusantara.codec` lists the types a field can have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeVar, dataclass_transform, overload

import attrs

from nusantara.errors import even_half_made
from nusantara.secret import Secret, reveal

__all__ = [
    "LooseBool",
    "LooseInt",
    "LooseStr",
    "Mismatch",
    "Model",
    "SecretStr",
    "UnixTime",
    "Via",
    "field",
    "model",
]

T = TypeVar("T")
ModelClass = TypeVar("ModelClass", bound="type[Model]")

ABSENT: Final[Any] = object()
"""Stands for the value of a key that is not there."""

_KEYS: Final = "nusantara.keys"
_RESERVED: Final = frozenset({"raw", "extra", "to_dict"})


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


@overload
def field(*, key: str | None = None, keys: tuple[str, ...] | None = None, repr: bool = True) -> Any: ...
@overload
def field(*, default: T, key: str | None = None, keys: tuple[str, ...] | None = None, repr: bool = True) -> T: ...
@overload
def field(
    *, factory: Callable[[], T], key: str | None = None, keys: tuple[str, ...] | None = None, repr: bool = True
) -> T: ...
def field(
    *,
    default: Any = attrs.NOTHING,
    factory: Callable[[], Any] | None = None,
    key: str | None = None,
    keys: tuple[str, ...] | None = None,
    repr: bool = True,
) -> Any:
    """Say more about a field of a model than its type.

    ``key`` is its key in the document if that is not the attribute's own name. ``keys`` are several, of which the
    first that is present is read. ``repr=False`` hides the value from the repr and from error messages.
    """
    if key is not None and keys is not None:
        raise TypeError("a field takes key or keys, not both")
    if keys == ():
        raise TypeError("keys is empty")
    metadata: dict[str, tuple[str, ...]] = {}
    if key is not None:
        metadata[_KEYS] = (key,)
    elif keys is not None:
        metadata[_KEYS] = keys
    if factory is not None:
        if default is not attrs.NOTHING:
            raise TypeError("a field takes default or factory, not both")
        default = attrs.Factory(factory)
    return attrs.field(default=default, repr=repr, metadata=metadata)


def field_keys(attribute: attrs.Attribute[Any]) -> tuple[str, ...]:
    """The keys under which a field is looked for, in that order."""
    keys: tuple[str, ...] = attribute.metadata.get(_KEYS, (attribute.name,))
    return keys


# No slot for weak references: with one, an object of another class could not be turned into a model (see codec).
@attrs.frozen(kw_only=True, slots=True, weakref_slot=False)
class Model:
    """Base of all models. Models compare by their fields; the document they came from plays no part in that."""

    raw: Mapping[str, Any] | None = attrs.field(default=None, repr=False, eq=False)
    """The document this was read from, not a copy; ``None`` for a model made by hand."""

    # Written once: attrs would write and compile these for each of hundreds of classes, while they are imported.

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _compared(type(self)))

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in _compared(type(self)))))

    @even_half_made
    def __repr__(self) -> str:
        shown = [f"{one.name}={getattr(self, one.name)!r}" for one in attrs.fields(type(self)) if one.repr]
        return f"{type(self).__qualname__.rpartition('>.')[2]}({', '.join(shown)})"

    @property
    def extra(self) -> Mapping[str, Any]:
        """The part of the document that no field was read from."""
        raw = self.raw
        if not raw:
            return MappingProxyType({})
        read = {next((key for key in keys if key in raw), None) for keys in wire_keys(type(self)).values()}
        return MappingProxyType({key: value for key, value in raw.items() if key not in read})

    def to_dict(self) -> dict[str, Any]:
        """The document of this model, made of JSON values.

        Fields are written under the key they were read from, everything else as the vendor sent it, so an unchanged
        model gives an equal document. A value that was changed is written anew (dates in ISO 8601). A field that was
        absent stays so while it has its default. A model made by hand leaves out fields whose default and value
        are ``None``.
        """
        from nusantara import codec

        return codec.to_document(self)


def _compared(cls: type[Model]) -> list[str]:
    return [one.name for one in attrs.fields(cls) if one.eq]


def wire_keys(cls: type[Model]) -> dict[str, tuple[str, ...]]:
    """The keys of each field, by the field's name."""
    return {attribute.name: field_keys(attribute) for attribute in attrs.fields(cls) if attribute.name != "raw"}


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def model(cls: ModelClass) -> ModelClass:
    """Make a class with annotated fields a model. It has to derive from :class:`Model` or from another model."""
    if not (isinstance(cls, type) and issubclass(cls, Model)):
        raise TypeError(f"{cls!r} does not derive from Model")
    made = attrs.frozen(kw_only=True, slots=True, weakref_slot=False, eq=False, repr=False)(cls)
    for attribute in attrs.fields(made):
        if attribute.name in _RESERVED and not attribute.inherited:
            raise TypeError(f"{cls.__qualname__}.{attribute.name}: models have that already; use field(key=...)")
        if attribute.name.startswith("_"):
            raise TypeError(f"{cls.__qualname__}.{attribute.name}: a field cannot be private; use field(key=...)")
    reader: dict[str, str] = {}
    for name, keys in wire_keys(made).items():
        for key in keys:
            if reader.setdefault(key, name) != name:
                raise TypeError(f"{cls.__qualname__}: both {reader[key]} and {name} read the key {key!r}")
    return made


_INTEGER: Final = re.compile("-?[0-9]{1,400}")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_from_timestamp: Final = datetime.fromtimestamp


def _load_int(value: Any) -> int:
    if type(value) is int:
        return value
    if type(value) is str and _INTEGER.fullmatch(value):
        return int(value)
    raise Mismatch("an integer or a string of digits", value)


def _load_str(value: Any) -> str:
    if type(value) is str:
        return value
    if type(value) is int:
        return str(value)
    raise Mismatch("a string or an integer", value)


def _load_bool(value: Any) -> bool:
    if type(value) is bool:
        return value
    if type(value) in (int, str) and value in (0, 1, "0", "1"):
        return value in (1, "1")
    raise Mismatch("true, false, 0, 1, '0' or '1'", value)


def _load_unix(value: Any) -> datetime:
    try:
        return _from_timestamp(value if type(value) is int else _load_int(value), UTC)
    except (ValueError, OverflowError, OSError):
        raise Mismatch("seconds since 1970, an integer or a string of digits", value) from None


def _dump_unix(value: datetime) -> int:
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    return (value - _EPOCH) // timedelta(seconds=1)


def _load_secret(value: Any) -> Secret:
    if isinstance(value, str):
        return Secret(str.__str__(value))
    mismatch = Mismatch("a string", value)
    mismatch.private = True
    raise mismatch


def _same(value: T) -> T:
    return value


# For vendors that send one thing in two spellings. Changed values are written in the plain spelling (a number, a
# string, a boolean); unchanged ones as they came.
UnixTime = Annotated[datetime, Via(_load_unix, _dump_unix)]
"""Whole seconds since 1970, as an integer or a string of digits; an aware datetime in UTC. Written as an integer."""
LooseInt = Annotated[int, Via(_load_int, _same, plain=int)]
"""An integer, or a string of digits with or without a minus."""
LooseStr = Annotated[str, Via(_load_str, _same, plain=str)]
"""A string, or an integer, which becomes a string."""
LooseBool = Annotated[bool, Via(_load_bool, _same, plain=bool)]
"""true, false, 0, 1, "0" or "1"."""
SecretStr = Annotated[Secret, Via(_load_secret, reveal)]
"""A string that is a credential. It is shown neither in the model's repr nor in errors; in ``raw`` it is text with a
masked repr."""
