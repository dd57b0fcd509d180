"""requests with its defaults, one session for all threads."""

from __future__ import annotations

from typing import Any

import requests

from benchmarks.answers import Operation, Row, rows_of


class Contender:
    def open(self, base_url: str, operation: Operation) -> None:
        self._operation = operation
        self._url = base_url + operation.target
        self._session = requests.Session()
        self._session.headers.update(operation.headers)

    def call(self) -> Any:
        return self._session.get(self._url, timeout=30).json()

    def rows(self, result: Any) -> list[Row]:
        return rows_of(self._operation, result)

    def close(self) -> None:
        self._session.close()
