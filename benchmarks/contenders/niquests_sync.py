"""niquests' sync session with its defaults, one for all threads."""

from __future__ import annotations

import importlib
from typing import Any

from benchmarks.answers import Operation, Row, rows_of

niquests: Any = importlib.import_module(
    "niquests"
)  # It is in an environment of its own, out of a type checker's sight.


class Contender:
    def open(self, base_url: str, operation: Operation) -> None:
        self._operation = operation
        self._url = base_url + operation.target
        self._session = niquests.Session(headers=dict(operation.headers))

    def call(self) -> Any:
        return self._session.get(self._url).json()

    def rows(self, result: Any) -> list[Row]:
        return rows_of(self._operation, result)

    def close(self) -> None:
        self._session.close()
