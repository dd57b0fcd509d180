"""Async client for the server-side API of Qiscus chat, with a synchronous twin.

    async with AsyncQiscus("my-app", secret_key) as qiscus:
        room = await qiscus.rooms.create("Support", creator="sari", participants=["sari", "budi"])
        await qiscus.messages.post(room.id, "sari", "Halo")
        async for comment in qiscus.messages.load(room.id):
            ...

    with Qiscus("my-app", secret_key) as qiscus:
        for room in qiscus.rooms.of_user("sari"):
            ...

Importing this package loads nothing heavy; each name below is loaded when it is first used. The groups of operations
are those of the async client; the twins of the synchronous one have the same names in :mod:`qiscus_async.sync`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nusantara import lazy

if TYPE_CHECKING:
    from qiscus_async import models as models
    from qiscus_async import payloads as payloads
    from qiscus_async import webhooks as webhooks
    from qiscus_async.bot.bot import *
    from qiscus_async.bot.incoming import *
    from qiscus_async.client import *
    from qiscus_async.enums import *
    from qiscus_async.errors import *
    from qiscus_async.exports import *
    from qiscus_async.imports.group import *
    from qiscus_async.imports.rows import *
    from qiscus_async.messages import *
    from qiscus_async.models import *
    from qiscus_async.rooms import *
    from qiscus_async.statistics import *
    from qiscus_async.sync.client import *
    from qiscus_async.users import *

# Written by "python -m nusantara.syncgen" from the imports above.
_WHERE = {
    "App": "qiscus_async.models.users",
    "AsyncQiscus": "qiscus_async.client",
    "Bot": "qiscus_async.bot.bot",
    "BotEvent": "qiscus_async.bot.incoming",
    "BotMessage": "qiscus_async.bot.incoming",
    "ButtonType": "qiscus_async.enums",
    "Comment": "qiscus_async.models.comments",
    "CommentOutcomeUnknown": "qiscus_async.errors",
    "CommentRow": "qiscus_async.imports.rows",
    "CommentType": "qiscus_async.enums",
    "ContactType": "qiscus_async.enums",
    "DevicePlatform": "qiscus_async.enums",
    "Export": "qiscus_async.models.transfers",
    "ExportFailed": "qiscus_async.errors",
    "ExportKind": "qiscus_async.enums",
    "ExportList": "qiscus_async.models.transfers",
    "Exports": "qiscus_async.exports",
    "FileReport": "qiscus_async.models.transfers",
    "HeaderStyle": "qiscus_async.client",
    "Import": "qiscus_async.models.transfers",
    "ImportErrors": "qiscus_async.models.transfers",
    "ImportList": "qiscus_async.models.transfers",
    "ImportStopped": "qiscus_async.errors",
    "Imports": "qiscus_async.imports.group",
    "ListedUser": "qiscus_async.models.users",
    "Messages": "qiscus_async.messages",
    "MonthlyComments": "qiscus_async.models.statistics",
    "Participant": "qiscus_async.models.rooms",
    "Qiscus": "qiscus_async.sync.client",
    "Room": "qiscus_async.models.rooms",
    "RoomInfo": "qiscus_async.models.rooms",
    "RoomPage": "qiscus_async.models.rooms",
    "RoomRow": "qiscus_async.imports.rows",
    "RoomType": "qiscus_async.enums",
    "RoomUpdate": "qiscus_async.models.rooms",
    "RoomWithComments": "qiscus_async.models.rooms",
    "Rooms": "qiscus_async.rooms",
    "Statistics": "qiscus_async.statistics",
    "SystemEventType": "qiscus_async.enums",
    "User": "qiscus_async.models.users",
    "UserPage": "qiscus_async.models.users",
    "UserRow": "qiscus_async.imports.rows",
    "Users": "qiscus_async.users",
    "ValidationFailed": "qiscus_async.errors",
    "models": "qiscus_async.models",
    "payloads": "qiscus_async.payloads",
    "webhooks": "qiscus_async.webhooks",
}

if not TYPE_CHECKING:
    __all__ = list(_WHERE)
    __getattr__, __dir__ = lazy(__name__, _WHERE)
