"""Models to dicts of Python values, which stay typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nusantara.codec.models import BaseModel, fields_there

__all__ = ["to_dict"]


def to_dict(model: BaseModel) -> dict[str, Any]:
    """See :meth:`nusantara.model.Model.to_dict`."""
    try:
        return _fields(model)
    except RecursionError:
        # A model that contains itself.
        raise ValueError("nested too deep") from None


def _fields(model: BaseModel) -> dict[str, Any]:
    return {name: _copied(getattr(model, name)) for name in fields_there(model)}


def _copied(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _fields(value)
    if isinstance(value, Mapping):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_copied(item) for item in value]
    return value
