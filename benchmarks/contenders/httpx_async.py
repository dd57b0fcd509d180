"""httpx with its defaults."""

from __future__ import annotations

from typing import Any

import httpx

from benchmarks.answers import Operation, Row, rows_of


class Contender:
    async def open(self, base_url: str, operation: Operation) -> None:
        self._operation = operation
        self._url = base_url + operation.target
        # A hundred calls in flight on a loaded machine can wait for a connection longer than the default allows.
        self._client = httpx.AsyncClient(headers=dict(operation.headers), timeout=httpx.Timeout(5.0, pool=None))

    async def call(self) -> Any:
        response = await self._client.get(self._url)
        return response.json()

    def rows(self, result: Any) -> list[Row]:
        return rows_of(self._operation, result)

    async def close(self) -> None:
        await self._client.aclose()
