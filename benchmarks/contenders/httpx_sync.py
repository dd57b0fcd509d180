"""httpx's sync client with its defaults."""

from __future__ import annotations

from typing import Any

import httpx

from benchmarks.answers import PASSWORD, USER, Inbox, Row, rows_of


class Contender:
    def open(self, base_url: str, inbox: Inbox) -> None:
        self._url = base_url + inbox.target
        self._client = httpx.Client(auth=(USER, PASSWORD))

    def call(self) -> Any:
        return self._client.get(self._url).json()

    def rows(self, result: Any) -> list[Row]:
        return rows_of(result)

    def close(self) -> None:
        self._client.close()
