"""JSON values to typed ones: the functions that read, made when first used."""

from __future__ import annotations

import functools
import threading
import typing
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

from nusantara.codec.codegen import Read, Source, shape_reader
from nusantara.codec.jsontext import MAX_DEPTH
from nusantara.codec.mismatches import decode_error
from nusantara.codec.parts import Part, parts_of
from nusantara.codec.shapes import is_model, shape_of
from nusantara.errors import DecodeError
from nusantara.model import Mismatch, Model, SecretStr
from nusantara.secret import HiddenText, Secret

if TYPE_CHECKING:
    import cattrs

__all__ = ["making", "reader_of", "structure"]

T = TypeVar("T")


@overload
def structure(document: Any, into: type[T]) -> T: ...
@overload
def structure(document: Any, into: Any) -> Any: ...
def structure(document: Any, into: Any) -> Any:
    """Turn JSON values, as :func:`~nusantara.codec.loads` returns them, into a model or another type.

    Raises :exc:`~nusantara.errors.DecodeError` if the document is not of that type, and :exc:`TypeError` if ``into`` is
    not a type that can be read; :mod:`nusantara.codec` lists those.
    """
    read = _readers.get(into) or reader_of(into)
    try:
        return read(document)
    except Mismatch as mismatch:
        error = decode_error(mismatch)
    except RecursionError:
        error = DecodeError(path="", expected=f"at most {MAX_DEPTH} levels", found="many more")
    # Raised here, because the exceptions above hold the value.
    raise error


_readers: Final[dict[Any, Read]] = {}
_unfinished: Final[set[type[Model]]] = set()
"""The models whose functions are being made."""
making: Final = threading.RLock()
"""Held while functions are made. Reentrant, because making the function of a model makes those of the models in it."""


def reader_of(into: Any) -> Read:
    """Make the function that reads a type, and keep it."""
    with making:
        if is_model(into):
            read: Callable[..., Any] = _converter().get_structure_hook(into)
        else:
            read = shape_reader(str(into), shape_of(into), _inner_reader)
        _readers[into] = read
        return read


@functools.cache
def _converter() -> cattrs.Converter:
    """What keeps the functions of models. Called with the lock held, so that there is one only."""
    import cattrs

    converter = cattrs.Converter()
    converter.register_structure_hook_factory(is_model, _model_reader)
    return converter


def _model_reader(cls: type[Model]) -> Callable[..., Any]:
    """Make the function that reads a model."""
    with making:
        _unfinished.add(cls)
        try:
            return _model_source(cls).function()
        finally:
            _unfinished.remove(cls)


def _inner_reader(cls: type[Model]) -> Read:
    """The function for a model inside of what is being made."""
    if cls in _unfinished:
        # A model that contains itself looks its function up at each use.
        return functools.partial(_read_late, cls)
    read: Callable[..., Any] = _converter().get_structure_hook(cls)
    return read


def _read_late(cls: type[Model], document: Any) -> Any:
    return (_readers.get(cls) or reader_of(cls))(document)


def _model_source(cls: type[Model]) -> Source:
    # The second parameter is the type, which cattrs passes as well.
    source = Source(f"{cls.__module__}.{cls.__qualname__}", "document, _=None", _inner_reader)
    parts, twin = parts_of(cls), _twin(cls)
    source.names |= {"cls": cls, "new": twin or cls.__new__, "parts": parts, "absent": _absent}

    def store(name: str, value: str) -> None:
        if twin:
            source.line(f"model.{name} = {value}")
        else:
            source.line(f"{source.bind(getattr(cls, name).__set__, 'set')}(model, {value})")

    with source.block("if type(document) is not dict:"):
        source.line("raise Mismatch('an object', document)")
    source.line("model = new()" if twin else "model = new(cls)")
    if any(part.optional for part in parts):
        source.line("get = document.get")
    store("raw", "document")
    with source.block("try:"):
        if not parts:
            source.line("pass")
        for part in parts:
            key = repr(part.keys[-1])
            for other in reversed(part.keys[:-1]):
                key = f"{other!r} if {other!r} in document else {key}"
            if len(part.keys) > 1:
                source.line(f"key = {key}")
                key = "key"
            with source.block("try:"):
                secret = _is_secret(part.annotation)
                # One look-up is the largest part of what a field costs, so there is no second one if it can be helped.
                source.line(f"value = get({key})" if part.optional else f"value = document[{key}]")
                decided = not part.optional or (part.absent_is_null and not secret)
                with source.block(None if decided else f"if value is not None or {key} in document:"):
                    source.read(part.shape, "value")
                    store(part.name, "value")
                    if secret:
                        source.line(f"document[{key}] = {source.bind(_hidden, 'hidden')}(value)")
                if not decided:
                    with source.block("else:"):
                        store(part.name, _default(source, part))
            with source.block("except Mismatch as error:"):
                source.line(f"error.at({key}, {part.private})")
                source.line("raise")
    with source.block("except KeyError:"):
        source.line("raise absent(document, parts)")
    if twin:
        source.line("model.__class__ = cls")
    source.line("return model")
    return source


def _is_secret(annotation: Any) -> bool:
    return annotation == SecretStr or SecretStr in typing.get_args(annotation)


def _hidden(value: Secret | None) -> str | None:
    """What takes the place of a credential in its document, which is shown with the model's ``raw``."""
    return None if value is None else HiddenText(value.reveal())


def _twin(cls: type[Model]) -> type | None:
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


def _default(source: Source, part: Part) -> str:
    if part.factory:
        return source.bind(part.factory, "default") + "()"
    return "None" if part.default is None else source.bind(part.default, "default")


def _absent(document: dict[str, Any], parts: tuple[Part, ...]) -> Mismatch:
    part = next(part for part in parts if not part.optional and not any(key in document for key in part.keys))
    mismatch = Mismatch(part.shape.expected)
    mismatch.at(part.keys[0], part.private)
    return mismatch
