"""aiohttp as it is: the request, the body, ``json.loads``."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import aiohttp

from benchmarks.answers import AUTHORIZATION, Inbox, Row, rows_of

loads: Callable[[bytes], Any] = json.loads
try:
    import orjson
except ImportError:
    pass
else:
    loads = orjson.loads


class Contender:
    async def open(self, base_url: str, inbox: Inbox) -> None:
        self._url = base_url + inbox.target
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            headers={"Authorization": AUTHORIZATION},
        )

    async def call(self) -> Any:
        response = await self._session.get(self._url)
        return loads(await response.read())

    def rows(self, result: Any) -> list[Row]:
        return rows_of(result)

    async def close(self) -> None:
        await self._session.close()
