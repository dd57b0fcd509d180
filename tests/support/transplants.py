"""Values that were seen under a name, put wherever that name stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from nusantara.codec import structure
from nusantara.errors import DecodeError
from nusantara.model import Model, wire_keys

__all__ = ["refused", "subclasses"]


def subclasses(package: str) -> list[type[Model]]:
    """The models of a package, as far as they are loaded."""

    def below(cls: type[Model]) -> Iterator[type[Model]]:
        for child in cls.__subclasses__():
            yield child
            yield from below(child)

    found = {cls for cls in below(Model) if cls.__module__.startswith(f"{package}.") and "__attrs_attrs__" in vars(cls)}
    return sorted(found, key=lambda cls: (cls.__module__, cls.__qualname__))


def refused(
    models: Iterable[type[Model]], documents: Iterable[Any], other_things: set[tuple[str, str]]
) -> tuple[list[str], set[str]]:
    """What a model does not take of what was seen under one of its keys, and the models without a document.

    Objects are left out, since each is a model of its own. An integer stands for its digits, too, and a flag for the
    numbers and digits that say the same, since one vendor sends both.

    Args:
        other_things: Model and key, where the name is that of something else.
    """
    objects = list(_objects(list(documents)))
    seen: dict[str, dict[str, Any]] = {}
    for found in objects:
        for key, value in found.items():
            for form in () if isinstance(value, dict) else _spellings(value):
                seen.setdefault(key, {})[json.dumps(form, sort_keys=True)] = form
    problems, without = [], set()
    for model in models:
        whole = next((found for found in objects if _reads(found, model)), None)
        if whole is None:
            without.add(model.__name__)
            continue
        for keys in wire_keys(model).values():
            for key in keys:
                if (model.__name__, key) in other_things:
                    continue
                rest = {name: value for name, value in whole.items() if name not in keys}
                problems += [
                    f"{model.__name__}.{key} refuses {text[:60]}"
                    for text, form in seen.get(key, {}).items()
                    if not _reads({**rest, key: form}, model)
                ]
    return problems, without


def _spellings(value: Any) -> list[Any]:
    if type(value) is bool:
        return [value, int(value), str(int(value))]
    return [value, str(value)] if type(value) is int else [value]


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(item)


def _reads(document: Any, model: type[Model]) -> bool:
    try:
        structure(document, model)
    except DecodeError:
        return False
    return True
