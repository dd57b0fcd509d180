"""A Qiscus user's program in both flavours, for the type checker. A line that must be refused carries the refusal."""

from __future__ import annotations

from datetime import date
from typing import Any, assert_type

from nusantara.download import Download
from nusantara.pagination import Pager
from nusantara.secret import Secret
from nusantara.sync.pages import SyncPager
from qiscus_async import AsyncQiscus, Bot, Qiscus, payloads
from qiscus_async.bot import BotMessage
from qiscus_async.imports import FileReport, UserRow
from qiscus_async.models import Comment, Room, RoomInfo


async def with_asyncio(qiscus: AsyncQiscus, rows: list[UserRow]) -> None:
    room = await qiscus.rooms.create("Uji", creator="a", participants=["a", "b"])
    assert_type(room, Room)
    assert_type(qiscus.rooms.of_user("a"), Pager[RoomInfo])
    comment = await qiscus.messages.post(room.id, "a", payloads.Card(title="Teh"))
    assert_type(comment, Comment)
    match comment.payload:
        case payloads.Card(title=title):
            assert_type(title, str)
        case payloads.Location(latitude=latitude):
            assert_type(latitude, float | None)
    user = await qiscus.users.profile("a")
    assert_type(user.token, Secret | None)
    assert_type(await qiscus.imports.run("users", rows), list[FileReport])
    assert_type(await qiscus.exports.run("users", date.today(), date.today(), "x"), Download)

    bot = Bot(qiscus, "a")

    @bot.command("jam")
    async def hours(message: BotMessage) -> None:
        assert_type(await message.reply("09.00"), Comment)

    await qiscus.messages.post(room.id, "a")  # type: ignore[call-arg]
    await qiscus.messages.post(room.id, "a", 7)  # type: ignore[arg-type]
    await qiscus.exports.create("messages", date.today(), date.today())  # type: ignore[arg-type]
    await qiscus.imports.run("users", [7])  # type: ignore[list-item]
    payloads.Card(tittle="Teh")  # type: ignore[call-arg]
    AsyncQiscus("app", "secret", header_style="dots")  # type: ignore[arg-type]


def without_asyncio(qiscus: Qiscus) -> None:
    room = qiscus.rooms.create("Uji", creator="a", participants=["a", "b"])
    assert_type(room, Room)
    assert_type(qiscus.rooms.of_user("a"), SyncPager[RoomInfo])
    assert_type(qiscus.messages.post(room.id, "a", "Halo"), Comment)
    assert_type(qiscus.exports.rows("x"), SyncPager[dict[str, Any]])
    for comment in qiscus.messages.load(room.id):
        assert_type(comment, Comment)

    qiscus.rooms.create("Uji", "a", ["a"])  # type: ignore[call-arg]
    Bot(qiscus, "a")  # type: ignore[arg-type]
