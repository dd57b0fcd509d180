"""This SDK's sync client: one page of the inbox, as typed objects."""

from __future__ import annotations

from benchmarks.answers import PASSWORD, USER, Inbox, Row
from benchmarks.contenders.sdk_async import conversation_rows
from bukalapak_async import Bukalapak, Conversation
from nusantara.pagination import Page


class Contender:
    def open(self, base_url: str, inbox: Inbox) -> None:
        self._per_page = inbox.conversations
        self._client = Bukalapak(USER, PASSWORD, base_url=base_url + inbox.base_path)

    def call(self) -> Page[Conversation]:
        return self._client.messages.inbox(per_page=self._per_page).first()

    def rows(self, result: Page[Conversation]) -> list[Row]:
        return conversation_rows(result)

    def close(self) -> None:
        self._client.close()
