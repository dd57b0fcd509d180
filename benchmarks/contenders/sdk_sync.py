"""This SDK's sync client: the operation, as typed objects."""

from __future__ import annotations

from typing import Any

from benchmarks.answers.operation import Operation, Row
from benchmarks.contenders.sdk import read_rows, sync_call, sync_client


class Contender:
    def open(self, base_url: str, operation: Operation) -> None:
        self._operation = operation
        self._client = sync_client(base_url, operation)
        self._call = sync_call(self._client, operation)

    def call(self) -> Any:
        return self._call()

    def rows(self, result: Any) -> list[Row]:
        return read_rows(self._operation, result)

    def close(self) -> None:
        self._client.close()
