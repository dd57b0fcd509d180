"""Answers whose shape nobody has documented."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from nusantara.display import fields_table
from nusantara.errors import escaped, even_half_made

__all__ = ["Record"]

MOST_KEYS = 40
"""Keys that a repr names."""


class Record(Mapping[str, Any]):
    """An answer as it came, read-only: ``record["name"]`` or ``record.name``.

    Objects inside are records too. Nothing is converted: numbers may be text, and what came as XML is text throughout.
    A key that is also the name of a method, such as ``items``, is reached in brackets only. The repr and what notebooks
    show name the keys only, since nobody knows which of the values are credentials.

    Attributes:
        document: The whole answer, whatever it is.
    """

    __slots__ = ("document",)

    document: Any

    def __init__(self, document: Any) -> None:
        object.__setattr__(self, "document", document)

    @property
    def elements(self) -> list[Any]:
        """The elements of an answer that is a list; empty for any other."""
        return [_wrap(item) for item in self.document] if isinstance(self.document, list) else []

    def __getitem__(self, key: str) -> Any:
        if not isinstance(self.document, dict):
            raise KeyError(key)
        return _wrap(self.document[key])

    def __getattr__(self, name: str) -> Any:
        if name == "document":
            raise AttributeError(name)  # Of a record that was not made to its end.
        try:
            return self[name]
        except KeyError:
            keys = ", ".join(map(repr, self)) or "no keys"
            raise AttributeError(f"the answer has no {name!r}; it has {keys}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a record is read-only")

    def __iter__(self) -> Iterator[str]:
        return iter(self.document) if isinstance(self.document, dict) else iter(())

    def __len__(self) -> int:
        return len(self.document) if isinstance(self.document, dict) else 0

    def __bool__(self) -> bool:
        return bool(self.document)

    def __eq__(self, other: object) -> bool:
        return bool(self.document == (other.document if isinstance(other, Record) else other))

    __hash__ = None  # type: ignore[assignment]

    @even_half_made
    def __repr__(self) -> str:
        if isinstance(self.document, list):
            return f"Record(<{len(self.document)} elements>)"
        keys = [escaped(str(key)) for key in self]
        if len(keys) > MOST_KEYS:
            keys[MOST_KEYS:] = [f"... {len(keys) - MOST_KEYS} more"]
        return f"Record({', '.join(keys) or f'<{type(self.document).__name__}>'})"

    def _repr_html_(self) -> str | None:
        """What a notebook shows: what kind of value each key has."""
        return fields_table(self)

    def _shown(self) -> dict[str, Any]:
        document = self.document
        return {key: Record(value) for key, value in document.items()} if isinstance(document, dict) else {"": self}

    def __reduce__(self) -> tuple[Any, ...]:
        return Record, (self.document,)

    def to_dict(self) -> dict[str, Any]:
        """The values by their keys, as they came. Of an answer that is no object, its one key is ``document``."""
        document = self.to_document()
        return document if isinstance(document, dict) else {"document": document}

    def to_document(self) -> Any:
        """The whole answer as it came, whatever it is; a copy."""
        return copy.deepcopy(self.document)


def _wrap(value: Any) -> Any:
    if isinstance(value, dict):
        return Record(value)
    if isinstance(value, list):
        return [_wrap(item) for item in value]
    return value
