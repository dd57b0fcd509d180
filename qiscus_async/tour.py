"""Qiscus' part of ``nusantara tour``: real calls to the sandbox, first async, then sync."""

from __future__ import annotations

import tempfile
from datetime import date
from typing import TYPE_CHECKING

from nusantara.errors import InvalidParameter
from nusantara.sandbox import Fault
from qiscus_async import AsyncQiscus, Bot, Qiscus, payloads
from qiscus_async.bot import BotMessage
from qiscus_async.errors import ValidationFailed

if TYPE_CHECKING:
    from nusantara.cli.stage import Stage

__all__ = ["walk", "walk_sync"]


async def walk(stage: Stage) -> None:
    """A room, a card, a comment that is posted once, a bot, an export."""
    show, base_url, sandbox = stage.show, stage.base_url, stage.sandbox
    app_id, secret_key = stage.credentials["app_id"], stage.credentials["secret_key"]
    agent, _, _, assistant, customer = stage.credentials["users"][:5]

    async with AsyncQiscus(app_id, secret_key, base_url=base_url) as qiscus:
        with stage.step("A new room for a group."):
            room = await qiscus.rooms.create("Pesanan 1204", creator=agent, participants=[agent, assistant, customer])
            show(room.id, room.name)

        with stage.step("Post a card, and read it back as what it is."):
            buy = payloads.Button.postback("Pesan lagi", "https://tehsenja.example/pesan", postback_text="pesan")
            card = payloads.Card(title="Teh Melati 100 g", description="Rp 24.000", buttons=[buy])
            posted = await qiscus.messages.post(room.id, agent, card)
            match posted.payload:
                case payloads.Card(title=title, buttons=buttons):
                    show(posted.id, title, [button.label for button in buttons])

        with stage.step("A card without its title is refused here, by name, before anything is sent."):
            try:
                payloads.Card(title="")
            except InvalidParameter as error:
                show(error)

        with stage.step("The answer to a comment is lost. It is looked for, found, and not posted again."):
            sandbox.faults.add(Fault.drop_after_execute(), operation="post_comment", times=1)
            posted = await qiscus.messages.post(room.id, agent, "Hanya satu kali, walau jawabannya hilang.")
            same = [one for one in sandbox.qiscus.comments(room.id) if one.message == posted.message]
            show("comments with this text in the sandbox:", len(same))

        with stage.step("What Qiscus says of an unknown user."):
            try:
                await qiscus.rooms.of_user("tidak-ada").first()
            except ValidationFailed as error:
                show(error)

        with stage.step("A bot: the sandbox posts the webhook when a customer writes, and the bot answers."):
            bot = Bot(qiscus, assistant)

            @bot.command("jam")
            async def opening_hours(message: BotMessage) -> None:
                await message.reply("Kami buka pukul 09.00 sampai 17.00.")

            async with bot.serving() as url:
                sandbox.qiscus.webhook_url = url
                sandbox.qiscus.user_writes(room.id, customer, "/jam")
                await sandbox.qiscus.delivered()
            sandbox.qiscus.webhook_url = None
            for comment in (await qiscus.messages.load(room.id, per_page=2)).items:
                show(comment.username, "|", comment.message)


def walk_sync(stage: Stage) -> None:
    """The same client without ``await``. (The bot is for asyncio only.)"""
    show, base_url = stage.show, stage.base_url
    app_id, secret_key = stage.credentials["app_id"], stage.credentials["secret_key"]
    agent = stage.credentials["users"][0]

    with Qiscus(app_id, secret_key, base_url=base_url) as qiscus:
        with stage.step("The rooms of a user, with what is unread."):
            for room in qiscus.rooms.of_user(agent):
                show(room.name, "|", room.unread_count, "unread |", room.last_comment_message)

        with stage.step("An export: asked for, waited for, fetched, read row by row."):
            with tempfile.TemporaryDirectory() as folder:
                done = qiscus.exports.run("comments", date(2018, 1, 1), date(2030, 1, 1), folder, progress=stage.bar)
                rows = sum(1 for _ in qiscus.exports.rows(done.path))
            show(done.size, "bytes,", rows, "rows, verified:", done.verified)
