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

from collections.abc import Callable, Mapping
from typing import Any, Final, Self, TypeVar, dataclass_transform, overload

import attrs

from nusantara.codec import read_document, to_dict, to_document
from nusantara.codec.loose import LooseBool, LooseInt, LooseStr, SecretStr, UnixTime
from nusantara.codec.models import KEYS, BaseModel, Mismatch, Via
from nusantara.codec.models import wire_keys as wire_keys
from nusantara.introspection import documented

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

_RESERVED: Final = frozenset({"raw", "extra", "parse", "to_dict", "to_document"})


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
        metadata[KEYS] = (key,)
    elif keys is not None:
        metadata[KEYS] = keys
    if factory is not None:
        if default is not attrs.NOTHING:
            raise TypeError("a field takes default or factory, not both")
        default = attrs.Factory(factory)
    return attrs.field(default=default, repr=repr, metadata=metadata)


@documented
@attrs.frozen(kw_only=True, slots=True, weakref_slot=False, eq=False, repr=False)
class Model(BaseModel):
    """Base of all models. Models compare by their fields; the document they came from plays no part in that."""

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> Self:
        """Read a document of JSON values, as :meth:`to_document` gives it, as an answer is read. It is copied.

        Raises:
            DecodeError: It is not of the documented shape; the error says where.
        """
        return read_document(document, cls)

    def to_dict(self) -> dict[str, Any]:
        """The fields by their names, with Python values: ``pandas.DataFrame([comment.to_dict()])``.

        Dates and times are ``datetime`` and ``date``, flags ``bool``, known values of an enum its members, which are
        text or numbers as well; a credential stays a :class:`~nusantara.secret.Secret`. Models inside are dicts of the
        same kind, and all lists and dicts are new ones.

        Only what was there is: neither fields that were absent, nor ``raw``, nor what is in :attr:`extra`. A model made
        by hand leaves out fields whose default and value are ``None``.

        Raises:
            ValueError: The model contains itself.
        """
        return to_dict(self)

    def to_document(self) -> dict[str, Any]:
        """The document of this model, made of JSON values: what was on the wire. It holds credentials in clear.

        Fields are written under the key they were read from, everything else as the vendor sent it, so an unchanged
        model gives an equal document. A value that was changed is written anew (dates in ISO 8601). A field that was
        absent stays so while it has its default. A model made by hand leaves out fields whose default and value
        are ``None``.

        Raises:
            ValueError: A value that was put in by hand cannot be written; the error says which.
        """
        return to_document(self)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def model(cls: ModelClass) -> ModelClass:
    """Make a class with annotated fields a model. It has to derive from :class:`Model` or from another model."""
    if not (isinstance(cls, type) and issubclass(cls, Model)):
        raise TypeError(f"{cls!r} does not derive from Model")
    made = documented(attrs.frozen(kw_only=True, slots=True, weakref_slot=False, eq=False, repr=False)(cls))
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
