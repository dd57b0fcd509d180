"""niquests' async session with its defaults, but for as many connections as calls in flight."""

from __future__ import annotations

import importlib
from typing import Any

from benchmarks.answers import Operation, Row, rows_of

niquests: Any = importlib.import_module(
    "niquests"
)  # It is in an environment of its own, out of a type checker's sight.


class Contender:
    async def open(self, base_url: str, operation: Operation) -> None:
        self._operation = operation
        self._url = base_url + operation.target
        self._session = niquests.AsyncSession(pool_maxsize=1000, headers=dict(operation.headers))

    async def call(self) -> Any:
        return (await self._session.get(self._url)).json()

    def rows(self, result: Any) -> list[Row]:
        return rows_of(self._operation, result)

    async def close(self) -> None:
        await self._session.close()
