"""Async client for Bukalapak's messages, with a synchronous twin.

    async with AsyncBukalapak(user_id, token) as bukalapak:
        async for conversation in bukalapak.messages.inbox():
            ...

    with Bukalapak(user_id, token) as bukalapak:
        for conversation in bukalapak.messages.inbox():
            ...

Importing this package loads nothing heavy; each name below is loaded when it is first used. The groups of operations
are those of the async client; the twins of the synchronous one have the same names in :mod:`bukalapak_async.sync`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nusantara import lazy

if TYPE_CHECKING:
    from bukalapak_async.account import *
    from bukalapak_async.banks import *
    from bukalapak_async.client import *
    from bukalapak_async.enums import *
    from bukalapak_async.messages import *
    from bukalapak_async.models import *
    from bukalapak_async.sync.client import *

# Written by "python -m nusantara.syncgen" from the imports above.
_WHERE = {
    "Account": "bukalapak_async.account",
    "ApiVersion": "bukalapak_async.client",
    "AsyncBukalapak": "bukalapak_async.client",
    "BANKS": "bukalapak_async.banks",
    "Bukalapak": "bukalapak_async.sync.client",
    "CategoryV1": "bukalapak_async.enums",
    "CategoryV2": "bukalapak_async.enums",
    "Conversation": "bukalapak_async.models",
    "ConversationPage": "bukalapak_async.models",
    "Deleted": "bukalapak_async.models",
    "InboxPage": "bukalapak_async.models",
    "Login": "bukalapak_async.models",
    "Message": "bukalapak_async.models",
    "Messages": "bukalapak_async.messages",
    "SentMessage": "bukalapak_async.models",
}

if not TYPE_CHECKING:
    __all__ = list(_WHERE)
    __getattr__, __dir__ = lazy(__name__, _WHERE)
