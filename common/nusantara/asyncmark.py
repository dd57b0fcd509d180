"""A mark for what the synchronous clients leave out."""

from __future__ import annotations

from typing import TypeVar

__all__ = ["async_only"]

T = TypeVar("T")


def async_only(thing: T) -> T:
    """Keep a public method, property or class out of the synchronous clients.

    For what has no meaning there, as an async iterator of events. It changes nothing here: the generator
    (:mod:`nusantara.syncgen`) reads it in the source. On a property it stands below ``@property``.
    """
    return thing
