"""Facts about types, once they are imported."""

from __future__ import annotations

import collections.abc
import contextlib
import typing

from nusantara.client import AsyncClient, Resource

__all__ = ["is_client", "is_for_async_code", "is_resource"]

_FOR_ASYNC_CODE: tuple[type, ...] = (
    collections.abc.Awaitable,
    collections.abc.AsyncIterable,
    contextlib.AbstractAsyncContextManager,
    AsyncClient,
    Resource,
)


def is_for_async_code(value: object) -> bool:
    """Whether a type, or a part of what a name for a type stands for, is of no use to sync code."""
    if isinstance(value, (list, tuple)):
        return any(is_for_async_code(part) for part in value)
    kind = typing.get_origin(value) or value
    if isinstance(kind, type) and issubclass(kind, _FOR_ASYNC_CODE):
        return True
    if hasattr(value, "__value__"):  # A name made by a type statement.
        return is_for_async_code(getattr(value, "__value__"))  # noqa: B009 - Python 3.11 has no type for it.
    return any(is_for_async_code(part) for part in typing.get_args(value))


def is_resource(value: object) -> typing.TypeGuard[type[Resource]]:
    """Whether it is a class of resources."""
    return isinstance(value, type) and issubclass(value, Resource)


def is_client(value: object) -> bool:
    """Whether it is a class of clients."""
    return isinstance(value, type) and issubclass(value, AsyncClient)
