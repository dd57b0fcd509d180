"""Objects in whose place there may be nothing."""

from __future__ import annotations

from typing import Any

from nusantara.codec import structure, unstructure
from nusantara.model import Model, Via

__all__ = ["or_nothing"]


def or_nothing(kind: type[Model]) -> Via:
    """Reads an object; an empty list, which is how PHP writes an object without keys, and ``""`` are None."""

    def load(value: Any) -> Model | None:
        return None if value in ([], "") else structure(value, kind)

    return Via(load, unstructure)
