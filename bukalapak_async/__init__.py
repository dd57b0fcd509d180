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

if TYPE_CHECKING:
    # The same names, each as a module's __all__ has it.
    from bukalapak_async.banks import *  # noqa: F403
    from bukalapak_async.client import *  # noqa: F403
    from bukalapak_async.enums import *  # noqa: F403
    from bukalapak_async.models import *  # noqa: F403
    from bukalapak_async.sync.client import *  # noqa: F403

__all__ = list(_WHERE)


def __getattr__(name: str) -> Any:
    from nusantara import load

    return load(__name__, _WHERE, name, globals())


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})
