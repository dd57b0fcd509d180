"""Bukalapak's part of ``nusantara tour``: real calls to the sandbox, first async, then sync."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bukalapak_async import AsyncBukalapak, Bukalapak
from nusantara.errors import ApiError, AuthFailed, OutcomeUnknown
from nusantara.sandbox import Fault

if TYPE_CHECKING:
    from nusantara.cli.stage import Stage

__all__ = ["walk", "walk_sync"]


async def walk(stage: Stage) -> None:
    """Sign in, read, write, delete, and what happens when a connection breaks."""
    show, base_url, sandbox = stage.show, stage.base_url, stage.sandbox
    username, password = stage.credentials["username"], stage.credentials["password"]
    partner_id = stage.credentials["partner"]["user_id"]

    with stage.step("Sign in: the user id and the token for all other calls. A Secret does not show."):
        async with AsyncBukalapak(base_url=base_url) as anonymous:
            login = await anonymous.account.authenticate(username, password)
        show(login.user_id, login.token)

    with stage.step("A wrong password is an error of its own class."):
        async with AsyncBukalapak(base_url=base_url) as anonymous:
            try:
                await anonymous.account.authenticate(username, "wrong")
            except AuthFailed as error:
                show(error)

    async with AsyncBukalapak(login.user_id, login.token, base_url=base_url) as bukalapak:
        with stage.step("The first page of the inbox."):
            page = await bukalapak.messages.inbox(per_page=3)
            for conversation in page.items:
                show(conversation.updated_at.date(), conversation.partner_name, "|", conversation.last_message)

        with stage.step("All of it: pages are fetched as the loop needs them."):
            partners = [conversation.partner_name async for conversation in bukalapak.messages.inbox(per_page=5)]
            show(len(partners), "conversations, the last one with", partners[-1])

        with stage.step("A conversation, newest message first."):
            newest = page.items[0]
            async for message in bukalapak.messages.conversation(newest.id):
                show(message.sender_name, "|", message.body)

        with stage.step("Send a message and read it back."):
            sent = await bukalapak.messages.create(partner_id, "Halo, pesanannya sudah dikirim.")
            message = await bukalapak.messages.get(sent.id)
            show(message.receiver_name, "|", message.body)

        with stage.step("Delete it. After that the vendor says no, in its own words."):
            deleted = await bukalapak.messages.delete(sent.id)
            show(deleted.status, deleted.message)
            try:
                await bukalapak.messages.get(sent.id)
            except ApiError as error:
                show(error)

        with stage.step("The connection breaks under a call that only reads: it is made again."):
            sandbox.faults.add(Fault.reset_after_read(), operation="get_inbox", times=1)
            page = await bukalapak.messages.inbox(per_page=1)
            show(page.items[0].partner_name)

        with stage.step("The answer to a new message is lost: it is not sent again, and the error says so."):
            sandbox.faults.add(Fault.drop_after_execute(), operation="create_message", times=1)
            text = "Pesan ini hanya boleh terkirim satu kali."
            try:
                await bukalapak.messages.create(partner_id, text)
            except OutcomeUnknown as error:
                show(error)
            stored = [message for message in sandbox.bukalapak.messages if message.body_bb == text]
            show("messages with this text in the sandbox:", len(stored))


def walk_sync(stage: Stage) -> None:
    """The same client without ``await``."""
    show, base_url, sandbox = stage.show, stage.base_url, stage.sandbox
    user_id, token = stage.credentials["user_id"], stage.credentials["token"]
    partner_id = stage.credentials["partner"]["user_id"]

    with Bukalapak(user_id, token, base_url=base_url) as bukalapak:
        with stage.step("All of the inbox."):
            partners = [conversation.partner_name for conversation in bukalapak.messages.inbox(per_page=5)]
            show(len(partners), "conversations, the last one with", partners[-1])

        with stage.step("Send a message, find it in the conversation, delete it."):
            sent = bukalapak.messages.create(partner_id, "Terima kasih sudah berbelanja.")
            inbox = bukalapak.messages.inbox(per_page=1).first()
            newest = bukalapak.messages.conversation(inbox.items[0].id).first().items[0]
            show(newest.id == sent.id, newest.body)
            show(bukalapak.messages.delete(sent.id).message)

        with stage.step("A refusal: this category is for messages to the administrator."):
            try:
                bukalapak.messages.create(partner_id, "Saya ada pertanyaan.", category=1)
            except ApiError as error:
                show(error)

        with stage.step("The answer to a new message is lost."):
            sandbox.faults.add(Fault.drop_after_execute(), operation="create_message", times=1)
            text = "Pesan ini juga hanya sekali."
            try:
                bukalapak.messages.create(partner_id, text)
            except OutcomeUnknown as error:
                show("sent:", error.sent, "- it may have been carried out")
            stored = [message for message in sandbox.bukalapak.messages if message.body_bb == text]
            show("messages with this text in the sandbox:", len(stored))

    with stage.step("A wrong token."):
        wrong = "not-the-token"
        with Bukalapak(user_id, wrong, base_url=base_url) as stranger:
            try:
                stranger.messages.inbox().first()
            except AuthFailed as error:
                show(error)
