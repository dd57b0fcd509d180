"""requests with its defaults, one session for all threads."""

from __future__ import annotations

from typing import Any

import requests

from benchmarks.answers import PASSWORD, USER, Inbox, Row, rows_of


class Contender:
    def open(self, base_url: str, inbox: Inbox) -> None:
        self._url = base_url + inbox.target
        self._session = requests.Session()
        self._session.auth = (USER, PASSWORD)

    def call(self) -> Any:
        return self._session.get(self._url, timeout=30).json()

    def rows(self, result: Any) -> list[Row]:
        return rows_of(result)

    def close(self) -> None:
        self._session.close()
