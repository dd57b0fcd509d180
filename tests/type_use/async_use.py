"""A user's program, for the type checker. A line that must be refused carries the refusal."""

from __future__ import annotations

from datetime import datetime
from typing import assert_type

from bukalapak_async import AsyncBukalapak, CategoryV1, Conversation, Message, SentMessage
from nusantara.pagination import Page, Pager


async def read() -> None:
    async with AsyncBukalapak("1", "token", timeout=5, max_connections=10) as bukalapak:
        assert_type(bukalapak, AsyncBukalapak)
        inbox = bukalapak.messages.inbox(per_page=5)
        assert_type(inbox, Pager[Conversation])
        assert_type(await inbox, Page[Conversation])
        assert_type(await inbox.collect(limit=3), list[Conversation])
        async for conversation in inbox:
            assert_type(conversation.updated_at, datetime)
            assert_type(conversation.last_message, str | None)
        message = await bukalapak.with_options(timeout=None).messages.get("id")
        assert_type(message, Message)
        assert_type(await bukalapak.messages.create("6", "x", category=CategoryV1.NORMAL), SentMessage)


async def refused(bukalapak: AsyncBukalapak) -> None:
    await bukalapak.messages.get()  # type: ignore[call-arg]
    await bukalapak.messages.get(7)  # type: ignore[arg-type]
    await bukalapak.messages.create("6", "x", "0")  # type: ignore[call-arg, arg-type]
    bukalapak.messages.inbox(pages=2)  # type: ignore[call-arg]
    bukalapak.messages.get("x")  # type: ignore[unused-coroutine]
    for _ in bukalapak.messages.inbox():  # type: ignore[attr-defined]
        pass
    message = await bukalapak.messages.get("x")
    message.body = "y"  # type: ignore[misc]
    message.bodi  # type: ignore[attr-defined]  # noqa: B018
    AsyncBukalapak("1", "token", time_out=5)  # type: ignore[call-arg]
    AsyncBukalapak("1", "token", api_version="v3")  # type: ignore[arg-type]
