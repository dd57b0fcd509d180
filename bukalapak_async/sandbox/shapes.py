"""The documents of each edition, from the stored data."""

from __future__ import annotations

import datetime
import html
import re
from typing import Any

from bukalapak_async.sandbox.state import BukalapakState, Conversation, Edition, Message, User

__all__ = ["inbox_item", "login_refused", "login_succeeded", "message_document"]

PREVIEW_LENGTH = 16
"""Characters of the last message that the inbox shows; the documentation's samples have up to 16 before the dots."""

_BOLD = re.compile(r"\[b\](.*?)\[/b\]", re.DOTALL)


def inbox_item(conversation: Conversation, edition: Edition) -> dict[str, Any]:
    """An element of ``inbox``."""
    last = conversation.messages[0]
    document: dict[str, Any] = {
        "id": conversation.id,
        "updated_at": _time(last.created_at),
        "partner_id": conversation.partner.id,
        "partner_name": conversation.partner.name,
        "user_id": conversation.user.id,
        "user_name": conversation.user.name,
    }
    if edition is not Edition.FIRST:
        document["last_message"] = _preview(last.body_bb)
    if edition is Edition.SLATE:
        document |= {
            "partner_avatar": conversation.partner.avatar,
            "last_message_read": last.read,
            "last_message_sent": _time(last.created_at),
        }
    return document


def message_document(message: Message, state: BukalapakState, edition: Edition) -> dict[str, Any]:
    """A message."""
    sender, receiver = state.user(message.sender_id), state.user(message.receiver_id)
    document = {
        "_id" if edition is Edition.FIRST else "id": message.id,
        "body": _html(message.body_bb),
        "created_at": _time(message.created_at),
        "inbox_id": message.inbox_id,
        "read": message.read,
        "receiver_id": receiver.id,
        "receiver_name": receiver.name,
        "sender_id": sender.id,
        "sender_name": sender.name,
        "updated_at": _time(message.updated_at),
    }
    if edition is Edition.FIRST:
        document |= {
            "attachment_id": 0,
            "body_bb": message.body_bb,
            "category": message.category,
            "product_id": message.product_id,
            "removed": False,
        }
    if edition is Edition.SLATE:
        document |= {"receiver_avatar": receiver.avatar, "sender_avatar": sender.avatar}
    return document


def login_succeeded(user: User, edition: Edition) -> dict[str, Any]:
    """The answer to the right password."""
    document: dict[str, Any] = {"status": "OK", "user_id": user.id, "token": user.token, "message": None}
    if edition is Edition.SLATE:
        document |= {
            "user_name": user.username,
            "email": user.email,
            "confirmed": True,
            "omnikey": user.omnikey,
        }
    return document


def login_refused(edition: Edition) -> dict[str, Any]:
    """The answer to a wrong one. The user id is the text ``"null"`` in the older form."""
    if edition is not Edition.SLATE:
        return {"status": "ERROR", "user_id": "null", "message": "Invalid password"}
    return {
        "status": "ERROR",
        "user_id": None,
        "token": None,
        "message": "Username atau password tidak valid",
        "user_name": None,
        "email": None,
        "confirmed": False,
        "omnikey": None,
    }


def _time(at: datetime.datetime) -> str:
    return at.isoformat(timespec="seconds")


def _preview(text: str) -> str:
    return text if len(text) <= PREVIEW_LENGTH else f"{text[:PREVIEW_LENGTH]}..."


def _html(body_bb: str) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", html.escape(body_bb, quote=False))
