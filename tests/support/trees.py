"""Documents for property tests: any JSON tree, and trees that are near to what a model wants."""

from __future__ import annotations

import enum
import functools
import importlib
import pkgutil
import types
from datetime import date, datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs
from hypothesis import strategies as st

from nusantara.codec.models import field_keys
from nusantara.model import Model

__all__ = ["JSON", "TEXTS", "all_models", "near"]

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ["", "0", "1", "true", "-7", "null", "{}", '{"a": 1}', "2020-01-02T03:04:05Z", "0001-01-01T00:00:00Z", "a,b"]
)
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
JSON = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6
)


def all_models(*packages: str) -> list[type[Model]]:
    """Every model of these packages, sandboxes aside."""
    for package in packages:
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not {"sandbox", "sync"} & {*module.name.split(".")}:
                importlib.import_module(module.name)
    found: dict[str, type[Model]] = {}
    waiting = [Model]
    while waiting:
        for cls in waiting.pop().__subclasses__():
            waiting.append(cls)
            # A class is there twice: as it was written and as attrs made it.
            if cls.__module__.split(".")[0] in packages and "__attrs_attrs__" in vars(cls):
                found[f"{cls.__module__}.{cls.__qualname__}"] = cls
    return [found[name] for name in sorted(found)]


def near(cls: type[Model], depth: int = 0) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of the keys of a model, most of them of the right type."""
    model: Any = cls
    return _near(model, depth)


@functools.cache
def _near(cls: Any, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    hints = get_type_hints(
        cls, localns={name: item for name, item in vars(cls).items() if isinstance(item, type)}, include_extras=True
    )
    keys: dict[str, st.SearchStrategy[Any]] = {}
    needed: dict[str, st.SearchStrategy[Any]] = {}
    for part in attrs.fields(cls):
        if part.name != "raw":
            values = _values(hints[part.name], depth)
            for number, key in enumerate(field_keys(part)):
                (needed if part.default is attrs.NOTHING and not number else keys)[key] = values
    # A few pairs of a key and its value are far quicker to draw than every key with the choice to leave it out.
    pairs = st.one_of([st.tuples(st.just(key), values) for key, values in keys.items()] or [st.just(("x", 1))])
    more = st.lists(pairs | st.tuples(TEXTS, _SCALARS), max_size=4).map(dict)
    return st.builds(lambda more, own: {**more, **own}, more, st.fixed_dictionaries(needed))


@functools.cache
def _values(annotation: Any, depth: int) -> st.SearchStrategy[Any]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        # It has a reader of its own, which takes several spellings.
        return _SCALARS | _values(arguments[0], depth)
    if origin in (Union, types.UnionType):
        return st.one_of([_values(argument, depth) for argument in arguments])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (list, tuple):
        return st.lists(_values(arguments[0], depth + 1), max_size=2)
    if origin is dict:
        return st.dictionaries(TEXTS, _values(arguments[1], depth + 1), max_size=2)
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return st.deferred(lambda: near(annotation, depth + 1)) if depth < 3 else st.just({})
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return st.sampled_from([member.value for member in annotation])
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: TEXTS,
        int: st.integers(),
        float: st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**6), 10**6),
        bool: st.booleans(),
        types.NoneType: st.none(),
        datetime: st.datetimes().map(datetime.isoformat),
        date: st.dates().map(date.isoformat),
    }
    return simple.get(annotation, JSON)
