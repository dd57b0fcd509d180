"""Async client for Bukalapak's messages, with a synchronous twin.

    async with AsyncBukalapak(user_id, token) as bukalapak:
        async for conversation in bukalapak.messages.inbox():
            ...

    with Bukalapak(user_id, token) as bukalapak:
        for conversation in bukalapak.messages.inbox():
            ...

Importing this package loads nothing heavy; each name below is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bukalapak_async.banks import BANKS as BANKS
    from bukalapak_async.client import ApiVersion as ApiVersion
    from bukalapak_async.client import AsyncBukalapak as AsyncBukalapak
    from bukalapak_async.enums import CategoryV1 as CategoryV1
    from bukalapak_async.enums import CategoryV2 as CategoryV2
    from bukalapak_async.models import Conversation as Conversation
    from bukalapak_async.models import ConversationPage as ConversationPage
    from bukalapak_async.models import Deleted as Deleted
    from bukalapak_async.models import InboxPage as InboxPage
    from bukalapak_async.models import Login as Login
    from bukalapak_async.models import Message as Message
    from bukalapak_async.models import SentMessage as SentMessage
    from bukalapak_async.sync.client import Bukalapak as Bukalapak

_WHERE = {
    "ApiVersion": "client",
    "AsyncBukalapak": "client",
    "BANKS": "banks",
    "Bukalapak": "sync.client",
    "CategoryV1": "enums",
    "CategoryV2": "enums",
    "Conversation": "models",
    "ConversationPage": "models",
    "Deleted": "models",
    "InboxPage": "models",
    "Login": "models",
    "Message": "models",
    "SentMessage": "models",
}

__all__ = list(_WHERE)


def __getattr__(name: str) -> Any:
    from nusantara.lazy import load

    return load(__name__, _WHERE, name, globals())


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})
