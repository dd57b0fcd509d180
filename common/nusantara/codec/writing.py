"""Typed values to JSON values and bytes."""

from __future__ import annotations

import copy
import enum
import functools
import json
import math
import types
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final, Union, get_args, get_origin

import attrs

from nusantara.codec.codegen import Read
from nusantara.codec.fields import Field, fields_of
from nusantara.codec.jsontext import MAX_DEPTH, MAX_DIGITS
from nusantara.codec.loose import is_nothing
from nusantara.codec.mismatches import path_text
from nusantara.codec.models import ABSENT, BaseModel, EmptyObject, Mismatch, fields_there
from nusantara.codec.reading import making, reader_of
from nusantara.codec.schemas import BAD_VALUE, bare, via_of

if TYPE_CHECKING:
    import cattrs

__all__ = ["dumps", "to_document", "unstructure"]


def unstructure(value: Any) -> Any:
    """Turn models, enums, dates and what contains them into JSON values, in fresh lists and dicts.

    Any mapping becomes an object if its keys are strings, and a tuple a list. Raises :exc:`ValueError` for what JSON
    does not have, saying where; the message never holds the value.
    """
    try:
        return _plain(value, 0)
    except RecursionError:
        # A model that contains itself; the nesting of lists and dicts is counted.
        raise _Unwritable("nested too deep") from None


def dumps(value: Any) -> bytes:
    """Write compact JSON in UTF-8. Takes and refuses what :func:`unstructure` does."""
    tree = unstructure(value)
    try:
        return _ENCODER.encode(tree).encode()
    except (ValueError, TypeError, RecursionError):
        pass
    # A model made by hand may hold what its annotations do not allow; this says where.
    return _ENCODER.encode(unstructure(tree)).encode()


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"))
_LARGEST: Final = 10**MAX_DIGITS - 1


class _Unwritable(ValueError):
    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path: list[str | int] = []

    def __str__(self) -> str:
        return f"{path_text(self.path[::-1])}: {self.problem}" if self.path else self.problem


def _plain(value: Any, depth: int) -> Any:
    if isinstance(value, enum.Enum):
        value = value.value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise _Unwritable("a lone surrogate cannot be written") from None
        return str.__str__(value)
    if isinstance(value, int):
        if abs(value) > _LARGEST:
            raise _Unwritable(f"an integer of more than {MAX_DIGITS} digits cannot be written")
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _Unwritable("NaN and infinities are not JSON")
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, BaseModel):
        document = to_document(value)
        return [] if not document and type(value.raw) is EmptyObject else document
    if depth == MAX_DEPTH:
        raise _Unwritable(f"nested deeper than {MAX_DEPTH}")
    if isinstance(value, Mapping):
        document = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise _Unwritable(f"a key of type {type(key).__name__} cannot be written as JSON")
            document[_plain(key, 0)] = _plain_part(key, item, depth + 1)
        return document
    if isinstance(value, list | tuple):
        return [_plain_part(index, item, depth + 1) for index, item in enumerate(value)]
    raise _Unwritable(f"a value of type {type(value).__name__} cannot be written as JSON")


def _plain_part(part: str | int, value: Any, depth: int) -> Any:
    try:
        return _plain(value, depth)
    except _Unwritable as error:
        error.path.append(part)
        raise


def to_document(model: BaseModel) -> dict[str, Any]:
    """See :meth:`nusantara.model.Model.to_document`."""
    writers = _field_writers(type(model))
    names = {key: name for name, key in fields_there(model).items()}
    document: dict[str, Any] = {}
    for key, item in (model.raw or {}).items():
        name = names.pop(key, None)
        document[key] = copy.deepcopy(item) if name is None else writers[name].written(getattr(model, name), item)
    for key, name in names.items():
        document[key] = writers[name].written(getattr(model, name))
    return document


@attrs.frozen
class _FieldWriter:
    field: Field
    write: Callable[[Any], Any]
    read: Read | None
    """For a field whose values can be spelled in several ways."""

    def written(self, value: Any, original: Any = ABSENT) -> Any:
        """The JSON value. It is the original one if that still says the same."""
        if value is None and is_nothing(original):
            return original
        if self.read is not None and original is not ABSENT:
            try:
                if self.read(original) == value:
                    return copy.deepcopy(original)
            except Mismatch:
                pass
        try:
            document = self.write(value)
            # An empty list and an empty object are two spellings of one thing.
            same = document in ([], {}) and not original and type(original) in self.field.schema.empties
            return copy.copy(original) if same else document
        except _Unwritable as error:
            problem = error
        except BAD_VALUE:
            problem = _Unwritable(f"this value of type {type(value).__name__} cannot be written")
        problem.path.append(self.field.keys[0])
        raise problem


_writers: Final[dict[type[BaseModel], dict[str, _FieldWriter]]] = {}


def _field_writers(cls: type[BaseModel]) -> dict[str, _FieldWriter]:
    """What writes the fields of a model, by name."""
    writers = _writers.get(cls)
    if writers is None:
        with making:
            writers = _writers[cls] = {
                field.name: _FieldWriter(
                    field=field,
                    write=_writer(field.annotation),
                    read=None if field.schema.exact else reader_of(field.annotation),
                )
                for field in fields_of(cls)
            }
    return writers


def _is_written_here(annotation: Any) -> bool:
    """Everything but lists, tuples and dicts with a :class:`Via` inside, for which cattrs knows what to do."""
    return get_origin(annotation) not in (list, tuple, dict) or not _holds_via(annotation)


def _holds_via(annotation: Any) -> bool:
    annotation = bare(annotation)
    return get_origin(annotation) is Annotated or any(map(_holds_via, get_args(annotation)))


def _writer(annotation: Any) -> Callable[[Any], Any]:
    """Make the function that writes the values of a type."""
    annotation = bare(annotation)
    if not _is_written_here(annotation):
        return _converter().get_unstructure_hook(annotation)
    if get_origin(annotation) is Annotated:
        return via_of(annotation).dump
    if get_origin(annotation) not in (Union, types.UnionType):
        return unstructure
    members = [bare(member) for member in get_args(annotation)]
    vias = [via_of(member) for member in members if get_origin(member) is Annotated]
    if vias:
        return lambda value: None if value is None else vias[0].dump(value)
    hooks = {get_origin(member): _writer(member) for member in members}
    return lambda value: hooks.get(type(value), unstructure)(value)


@functools.cache
def _converter() -> cattrs.Converter:
    """What writes lists, tuples and dicts. Called with the lock held, so that there is one only."""
    import cattrs

    converter = cattrs.Converter(unstruct_collection_overrides={tuple: list})
    converter.register_unstructure_hook_factory(_is_written_here, _writer)
    return converter
