"""One operation of a vendor, with one size of answer, as the server gives it and as every contender must read it.

Contenders that run in an environment of their own import this, so that it needs nothing but the standard library.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.answers.xmltext import to_xml

__all__ = ["Operation", "Row"]

Row = list[Any]
"""One thing of the answer as JSON values, the same whoever read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A call and its answer."""

    name: str
    """In the tables."""
    vendor: str
    """``kaskus``, ``qiscus`` or ``bukalapak``."""
    base_path: str
    """Put before the path of the operation, so that the query does not choose the size."""
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """What a contender that knows nothing of the vendor sends: headers of the same length as the real ones."""
    document: Mapping[str, Any]
    rows: Sequence[Row]
    """What a contender must have read."""
    xml: bool = False
    """Whether the answer is the document as XML."""
    signed: bool = True
    """Whether a client of the vendor puts its credentials on the call."""

    @property
    def count(self) -> int:
        """Things in the answer."""
        return len(self.rows)

    @property
    def full_path(self) -> str:
        """Path on the server."""
        return self.base_path + self.path

    @property
    def target(self) -> str:
        """Path and query; the query needs no encoding."""
        return f"{self.full_path}?{'&'.join(f'{name}={value}' for name, value in self.query.items())}"

    def body(self) -> bytes:
        """The answer's bytes."""
        if self.xml:
            return to_xml(self.document)
        return json.dumps(self.document, ensure_ascii=False, separators=(",", ":")).encode()
