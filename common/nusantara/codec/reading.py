"""JSON values to typed ones: the functions that read, made when first used."""

from __future__ import annotations

import functools
import threading
import typing
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

import attrs

from nusantara.codec.codegen import Draft, ModelReader, Read, Schema, schema_reader
from nusantara.codec.fields import Field, fields_of
from nusantara.codec.jsontext import MAX_DEPTH
from nusantara.codec.loose import SecretStr
from nusantara.codec.malformed import take_listing
from nusantara.codec.mismatches import decode_error
from nusantara.codec.models import BaseModel, EmptyObject, Mismatch
from nusantara.codec.schemas import is_model, schema_of
from nusantara.errors import DecodeError, MalformedItems
from nusantara.secret import HiddenText, Secret

if TYPE_CHECKING:
    import cattrs

__all__ = ["making", "read_document", "reader_of", "structure"]

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


@overload
def structure(document: Any, into: type[T]) -> T: ...
@overload
def structure(document: Any, into: Any) -> Any: ...
def structure(document: Any, into: Any) -> Any:
    """Turn JSON values, as :func:`~nusantara.codec.loads` returns them, into a model or another type.

    Raises :exc:`~nusantara.errors.DecodeError` if the document is not of that type, and :exc:`TypeError` if ``into`` is
    not a type that can be read; :mod:`nusantara.codec` lists those.
    """
    asked = take_listing()
    read = _readers.get(into) or reader_of(into)
    try:
        return read(document)
    except Mismatch as mismatch:
        error = decode_error(mismatch)
    except RecursionError:
        error = _too_deep()
    except DecodeError as problem:
        if asked is None:
            raise
        error = problem
    if asked is not None:
        # What is wrong with something else than an element of a list is wrong with the whole.
        with suppress(Mismatch, DecodeError, RecursionError):
            value = _listing_reader(into)(document)
            asked.error = MalformedItems(path=error.path, expected=error.expected, found=error.found)
            return value
    # Raised here, because the exceptions above hold the value.
    raise error


def read_document(document: Any, into: type[M]) -> M:
    """The same for a document that is somebody else's: reading hides the credentials in a document, and keeps it."""
    try:
        own = _copied(document)
    except RecursionError:
        raise _too_deep() from None
    return structure(own, into)


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if type(value) is list else value


def _too_deep() -> DecodeError:
    return DecodeError(path="", expected=f"at most {MAX_DEPTH} levels", found="many more")


_readers: Final[dict[Any, Read]] = {}
_unfinished: Final[set[type[BaseModel]]] = set()
"""The models whose functions are being made."""
making: Final = threading.RLock()
"""Held while functions are made. Reentrant, because making the function of a model makes those of the models in it."""


def reader_of(into: Any) -> Read:
    """Make the function that reads a type, and keep it."""
    with making:
        if is_model(into):
            read: Callable[..., Any] = _converter().get_structure_hook(into)
        else:
            read = schema_reader(str(into), _whole(into), _inner_reader)
        _readers[into] = read
        return read


def _whole(into: Any) -> Schema:
    """How a whole document looks. One of the other JSON type is another document, also if it is empty."""
    return attrs.evolve(schema_of(into), empties={})


@functools.cache
def _converter() -> cattrs.Converter:
    """What keeps the functions of models. Called with the lock held, so that there is one only."""
    import cattrs

    converter = cattrs.Converter()
    converter.register_structure_hook_factory(is_model, _model_reader)
    return converter


def _model_reader(cls: type[BaseModel]) -> Callable[..., Any]:
    """Make the function that reads a model."""
    with making:
        _unfinished.add(cls)
        try:
            return _model_draft(cls, _inner_reader).function()
        finally:
            _unfinished.remove(cls)


def _inner_reader(cls: type[BaseModel]) -> Read:
    """The function for a model inside of what is being made."""
    if cls in _unfinished:
        # A model that contains itself looks its function up at each use.
        return functools.partial(_read_late, cls)
    read: Callable[..., Any] = _converter().get_structure_hook(cls)
    return read


def _read_late(cls: type[BaseModel], document: Any) -> Any:
    return (_readers.get(cls) or reader_of(cls))(document)


def _listing_reader(into: Any) -> Read:
    """The function that reads a type as a listing: without the elements of its lists that cannot be read."""
    with making:
        if into not in _listing_readers:
            # A model that contains itself looks its function up at each use.
            _listing_readers[into] = lambda document: _listing_readers[into](document)
            if is_model(into):
                read: Read = _model_draft(into, _listing_reader, _inner_reader).function()
            else:
                read = schema_reader(str(into), _whole(into), _listing_reader, _inner_reader)
            _listing_readers[into] = read
        return _listing_readers[into]


_listing_readers: Final[dict[Any, Read]] = {}


def _model_draft(cls: type[BaseModel], model_reader: ModelReader, element_reader: ModelReader | None = None) -> Draft:
    # The second parameter is the type, which cattrs passes as well.
    draft = Draft(f"{cls.__module__}.{cls.__qualname__}", "document, _=None", model_reader, element_reader)
    fields, twin = fields_of(cls), _twin(cls)
    draft.names |= {
        "cls": cls,
        "new": twin or cls.__new__,
        "fields": fields,
        "absent": _absent,
        "EmptyObject": EmptyObject,
    }

    def store(name: str, value: str) -> None:
        if twin:
            draft.line(f"model.{name} = {value}")
        else:
            draft.line(f"{draft.bind(getattr(cls, name).__set__, 'set')}(model, {value})")

    with draft.block("if type(document) is not dict and type(document) is not EmptyObject:"):
        draft.line("raise Mismatch('an object', document)")
    draft.line("model = new()" if twin else "model = new(cls)")
    if any(field.optional for field in fields):
        draft.line("get = document.get")
    store("raw", "document")
    with draft.block("try:"):
        if not fields:
            draft.line("pass")
        for field in fields:
            key = repr(field.keys[-1])
            for other in reversed(field.keys[:-1]):
                key = f"{other!r} if {other!r} in document else {key}"
            if len(field.keys) > 1:
                draft.line(f"key = {key}")
                key = "key"
            with draft.block("try:"):
                secret = _is_secret(field.annotation)
                # One look-up is the largest field of what a field costs, so there is no second one if it can be helped.
                draft.line(f"value = get({key})" if field.optional else f"value = document[{key}]")
                decided = not field.optional or (field.absent_is_null and not secret)
                with draft.block(None if decided else f"if value is not None or {key} in document:"):
                    draft.read(field.schema, "value")
                    store(field.name, "value")
                    if secret:
                        with draft.block("if value is not None:"):
                            draft.line(f"document[{key}] = {draft.bind(_hidden, 'hidden')}(value)")
                if not decided:
                    with draft.block("else:"):
                        store(field.name, _default(draft, field))
            with draft.block("except Mismatch as error:"):
                draft.line(f"error.at({key}, {field.private})")
                draft.line("raise")
    with draft.block("except KeyError:"):
        draft.line("raise absent(document, fields)")
    if twin:
        draft.line("model.__class__ = cls")
    draft.line("return model")
    return draft


def _is_secret(annotation: Any) -> bool:
    return annotation == SecretStr or SecretStr in typing.get_args(annotation)


def _hidden(value: Secret) -> str:
    """What takes the place of a credential in its document, which is shown with the model's ``raw``."""
    return HiddenText(value.reveal())


def _twin(cls: type[BaseModel]) -> type | None:
    """A class whose objects can become models by assigning ``__class__``.

    ``None`` if there is none, as for a model that has a ``__dict__`` because another of its bases is a plain class.
    """
    # The slots' own way of storing; left out, either of these would bring back the one of the frozen class.
    own = {name: getattr(object, name) for name in ("__init__", "__setattr__", "__delattr__")}
    try:
        twin = type(cls.__name__, (cls.__base__ or object,), {"__slots__": cls.__dict__["__slots__"], **own})
        twin().__class__ = cls
    except TypeError:
        return None
    return twin


def _default(draft: Draft, field: Field) -> str:
    if field.factory:
        return draft.bind(field.factory, "default") + "()"
    return "None" if field.default is None else draft.bind(field.default, "default")


def _absent(document: dict[str, Any], fields: tuple[Field, ...]) -> Mismatch:
    field = next(field for field in fields if not field.optional and not any(key in document for key in field.keys))
    mismatch = Mismatch(field.schema.expected)
    mismatch.at(field.keys[0], field.private)
    return mismatch
