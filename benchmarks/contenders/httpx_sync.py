"""httpx's sync client with its defaults."""

from __future__ import annotations

from typing import Any

import httpx

from benchmarks.answers import Operation, Row, rows_of


class Contender:
    def open(self, base_url: str, operation: Operation) -> None:
        self._operation = operation
        self._url = base_url + operation.target
        self._client = httpx.Client(headers=dict(operation.headers))

    def call(self) -> Any:
        return self._client.get(self._url).json()

    def rows(self, result: Any) -> list[Row]:
        return rows_of(self._operation, result)

    def close(self) -> None:
        self._client.close()
