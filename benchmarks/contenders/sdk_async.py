"""This SDK's async client: one page of the inbox, as typed objects."""

from __future__ import annotations

from benchmarks.answers import PASSWORD, USER, Inbox, Row
from bukalapak_async import AsyncBukalapak, Conversation
from nusantara.pagination import Page


class Contender:
    async def open(self, base_url: str, inbox: Inbox) -> None:
        self._per_page = inbox.conversations
        self._client = AsyncBukalapak(USER, PASSWORD, base_url=base_url + inbox.base_path, max_connections=1000)

    async def call(self) -> Page[Conversation]:
        return await self._client.messages.inbox(per_page=self._per_page)

    def rows(self, result: Page[Conversation]) -> list[Row]:
        return conversation_rows(result)

    async def close(self) -> None:
        await self._client.aclose()


def conversation_rows(page: Page[Conversation]) -> list[Row]:
    """What a page of typed conversations holds."""
    return [
        [
            item.id,
            item.updated_at.isoformat(),
            item.partner_id,
            item.partner_name,
            item.user_id,
            item.user_name,
            item.last_message or "",
        ]
        for item in page.items
    ]
