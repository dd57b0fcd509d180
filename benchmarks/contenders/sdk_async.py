"""This SDK's async client: the operation, as typed objects."""

from __future__ import annotations

from typing import Any

from benchmarks.answers.operation import Operation, Row
from benchmarks.contenders.sdk import async_call, async_client, read_rows


class Contender:
    async def open(self, base_url: str, operation: Operation) -> None:
        self._operation = operation
        self._client = async_client(base_url, operation)
        self._call = async_call(self._client, operation)

    async def call(self) -> Any:
        return await self._call()

    def rows(self, result: Any) -> list[Row]:
        return read_rows(self._operation, result)

    async def close(self) -> None:
        await self._client.aclose()
