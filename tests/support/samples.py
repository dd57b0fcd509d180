"""Arguments for every operation, made from what its parameters are annotated with."""

from __future__ import annotations

import datetime
import enum
import inspect
import types
import typing
from typing import Any

from nusantara.catalogue.operations import Operation
from nusantara.secret import Secret
from qiscus_async.payloads.events import CreateRoom, SystemEvent

__all__ = ["arguments", "call", "is_optional", "sample"]

MOMENT = datetime.datetime(2024, 1, 2, tzinfo=datetime.UTC)

_OF_TYPES: dict[Any, Any] = {
    str: "1",
    int: 1,
    float: 1.0,
    bool: True,
    bytes: b"[]",
    Secret: Secret("1"),
    datetime.datetime: MOMENT,
    datetime.date: MOMENT.date(),
    SystemEvent: CreateRoom(subject_email="sari", room_name="Toko"),
}
_OF_PARAMETERS: dict[str, Any] = {
    "actions": ["create_lapak"],
    "file": b"[]",
    "image": b"x",
    "grant_type": "client_credentials",
}
"""By name, where not everything of the type will do."""


def sample(annotation: Any) -> Any:
    """A value of a type; the first that a union allows."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return sample(next(part for part in parts if part is not types.NoneType))
    if origin is typing.Literal:
        return parts[0]
    if origin is not None and parts and issubclass(origin, typing.Mapping):
        return {}
    if origin is not None and parts and issubclass(origin, typing.Iterable):
        return [sample(parts[0])]
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return next(iter(annotation))
    return _OF_TYPES.get(annotation, "1")


def is_optional(parameter: inspect.Parameter) -> bool:
    """Whether None is documented as a value."""
    return parameter.annotation is Any or types.NoneType in typing.get_args(parameter.annotation)


def arguments(operation: Operation, **given: Any) -> dict[str, Any]:
    """What an operation needs, and what is given."""
    required = {
        parameter.name: _OF_PARAMETERS.get(parameter.name, sample(parameter.annotation))
        for parameter in operation.parameters()
        if parameter.default is parameter.empty
    }
    return required | given


def call(client: Any, operation: Operation, given: dict[str, Any]) -> Any:
    """Call an operation; of a listing, ask for its first page."""
    method = client
    for part in operation.name.split("."):
        method = getattr(method, part)
    positional, keywords = [], {}
    for parameter in operation.parameters():
        if parameter.name in given:
            if parameter.kind is parameter.KEYWORD_ONLY:
                keywords[parameter.name] = given[parameter.name]
            else:
                positional.append(given[parameter.name])
    result = method(*positional, **keywords)
    return result.first() if operation.paged else result
