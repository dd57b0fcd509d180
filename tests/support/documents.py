"""Proof that reading a document loses nothing of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs


def by_hand(value: Any) -> Any:
    """The same model made without the document, so that only what its fields hold can come back."""
    if isinstance(value, list):
        return [by_hand(item) for item in value]
    if not attrs.has(type(value)):
        return value
    named = [part.name for part in attrs.fields(type(value)) if not part.name.startswith("_")]
    return type(value)(**{name: by_hand(getattr(value, name)) for name in named})


def read_document(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar of a document with the way to it, empty containers included."""
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from leaves(item, f"{path}.{name}")
    elif isinstance(value, list) and value:
        for number, item in enumerate(value):
            yield from leaves(item, f"{path}[{number}]")
    else:
        yield path, value


def same(sent: Any, kept: Any) -> bool:
    """Whether two scalars say the same, times in whatever spelling."""
    if isinstance(sent, str) and isinstance(kept, str) and sent != kept:
        try:
            return datetime.fromisoformat(sent) == datetime.fromisoformat(kept)
        except ValueError:
            return False
    return type(sent) is type(kept) and bool(sent == kept)


def lost(document: Any, written: Any) -> list[str]:
    """What of ``document`` is not in ``written``."""
    kept = dict(leaves(written))
    return [path for path, value in leaves(document) if path not in kept or not same(value, kept[path])]
