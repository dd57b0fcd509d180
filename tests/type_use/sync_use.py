"""A user's program without asyncio, for the type checker. A line that must be refused carries the refusal."""

from __future__ import annotations

from datetime import datetime
from typing import assert_type

from bukalapak_async import Bukalapak, CategoryV1, Conversation, Message, SentMessage
from nusantara.pagination import Page
from nusantara.sync.pages import SyncPager


def read() -> None:
    with Bukalapak("1", "token", timeout=5, max_connections=10) as bukalapak:
        assert_type(bukalapak, Bukalapak)
        inbox = bukalapak.messages.inbox(per_page=5)
        assert_type(inbox, SyncPager[Conversation])
        assert_type(inbox.first(), Page[Conversation])
        assert_type(inbox.collect(limit=3), list[Conversation])
        for conversation in inbox:
            assert_type(conversation.updated_at, datetime)
        message = bukalapak.with_options(timeout=None).messages.get("id")
        assert_type(message, Message)
        assert_type(bukalapak.messages.create("6", "x", category=CategoryV1.NORMAL), SentMessage)


async def refused(bukalapak: Bukalapak) -> None:
    bukalapak.messages.get()  # type: ignore[call-arg]
    bukalapak.messages.get(7)  # type: ignore[arg-type]
    bukalapak.messages.create("6", "x", "0")  # type: ignore[call-arg, arg-type]
    bukalapak.messages.inbox(pages=2)  # type: ignore[call-arg]
    await bukalapak.messages.get("x")  # type: ignore[misc]
    async for _ in bukalapak.messages.inbox():  # type: ignore[attr-defined]
        pass
    Bukalapak("1", "token", time_out=5)  # type: ignore[call-arg]
