"""aiohttp as it is: the request, the body, ``json.loads`` (or orjson where the install has it)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import aiohttp

from benchmarks.answers import Operation, Row, rows_of

loads: Callable[[bytes], Any] = json.loads
try:
    import orjson
except ImportError:
    pass
else:
    loads = orjson.loads


class Contender:
    trust_env = False

    async def open(self, base_url: str, operation: Operation) -> None:
        self._operation = operation
        self._url = base_url + operation.target
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), headers=operation.headers, trust_env=self.trust_env
        )

    async def call(self) -> Any:
        response = await self._session.get(self._url)
        return loads(await response.read())

    def rows(self, result: Any) -> list[Row]:
        return rows_of(self._operation, result)

    async def close(self) -> None:
        await self._session.close()
