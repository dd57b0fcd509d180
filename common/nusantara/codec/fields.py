"""The fields of a model, as they look in JSON."""

from __future__ import annotations

import typing
from collections.abc import Callable
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin

import attrs

from nusantara.codec.codegen import Schema
from nusantara.codec.models import BaseModel, field_keys
from nusantara.codec.schemas import schema_of

__all__ = ["Field", "fields_of"]


@attrs.frozen
class Field:
    """A field of a model."""

    name: str
    keys: tuple[str, ...]
    annotation: Any
    schema: Schema
    optional: bool
    default: Any
    factory: Callable[[], Any] | None
    private: bool

    @property
    def absent_is_null(self) -> bool:
        """Whether absence and null are the same, ``None``."""
        nullable = get_origin(self.annotation) in (Union, UnionType) and NoneType in get_args(self.annotation)
        return self.optional and self.default is None and self.factory is None and (nullable or self.annotation is Any)


def _own_types(cls: type[BaseModel]) -> dict[str, Any]:
    """Classes defined in the body of a model. Its other attributes are fields, and do not hide what they are named."""
    return {name: item for base in cls.__mro__[::-1] for name, item in vars(base).items() if isinstance(item, type)}


_FACTORY: Final[Any] = attrs.Factory


def fields_of(cls: type[BaseModel]) -> tuple[Field, ...]:
    """The fields of a model but ``raw``. Raises :exc:`TypeError`, saying which, if one cannot be read."""
    if "__attrs_attrs__" not in cls.__dict__:
        raise TypeError(f"{cls.__qualname__} lacks the decorator @model")
    try:
        annotations = typing.get_type_hints(cls, localns=_own_types(cls), include_extras=True)
    except NameError as error:
        raise TypeError(f"{cls.__qualname__}: {error}; types of fields must be found in their module") from error
    fields = []
    for attribute in attrs.fields(cls):
        if attribute.name == "raw":
            continue
        annotation, default = annotations[attribute.name], attribute.default
        factory = default.factory if isinstance(default, _FACTORY) else None
        try:
            schema = schema_of(annotation)
        except TypeError as error:
            raise TypeError(f"{cls.__qualname__}.{attribute.name}: {error}") from error
        fields.append(
            Field(
                name=attribute.name,
                keys=field_keys(attribute),
                annotation=annotation,
                schema=schema,
                optional=default is not attrs.NOTHING,
                default=default,
                factory=factory,
                private=not attribute.repr,
            )
        )
    return tuple(fields)
