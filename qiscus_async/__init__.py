"""Async client for the server-side API of Qiscus chat, with a synchronous twin.

    async with AsyncQiscus("my-app", secret_key) as qiscus:
        room = await qiscus.rooms.create("Support", creator="sari", participants=["sari", "budi"])
        await qiscus.messages.post(room.id, "sari", "Halo")
        async for comment in qiscus.messages.load(room.id):
            ...

    with Qiscus("my-app", secret_key) as qiscus:
        for room in qiscus.rooms.of_user("sari"):
            ...

Importing this package loads nothing heavy; each name below is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

_WHERE = {
    "App": "models.users",
    "AsyncQiscus": "client",
    "Bot": "bot.bot",
    "BotEvent": "bot.incoming",
    "BotMessage": "bot.incoming",
    "ButtonType": "enums",
    "Comment": "models.comments",
    "CommentOutcomeUnknown": "errors",
    "CommentRow": "imports.rows",
    "CommentType": "enums",
    "ContactType": "enums",
    "DevicePlatform": "enums",
    "Export": "models.transfers",
    "ExportFailed": "errors",
    "ExportKind": "enums",
    "ExportList": "models.transfers",
    "FileReport": "models.transfers",
    "HeaderStyle": "client",
    "Import": "models.transfers",
    "ImportErrors": "models.transfers",
    "ImportList": "models.transfers",
    "ImportStopped": "errors",
    "ListedUser": "models.users",
    "MonthlyComments": "models.statistics",
    "Participant": "models.rooms",
    "Qiscus": "sync.client",
    "Room": "models.rooms",
    "RoomInfo": "models.rooms",
    "RoomPage": "models.rooms",
    "RoomRow": "imports.rows",
    "RoomType": "enums",
    "RoomUpdate": "models.rooms",
    "RoomWithComments": "models.rooms",
    "SystemEventType": "enums",
    "User": "models.users",
    "UserPage": "models.users",
    "UserRow": "imports.rows",
    "ValidationFailed": "errors",
}
if TYPE_CHECKING:
    from qiscus_async import models as models
    from qiscus_async import payloads as payloads
    from qiscus_async import webhooks as webhooks

    # The names in _WHERE, each as a module's __all__ has it.
    from qiscus_async.bot.bot import *  # noqa: F403
    from qiscus_async.bot.incoming import *  # noqa: F403
    from qiscus_async.client import *  # noqa: F403
    from qiscus_async.enums import *  # noqa: F403
    from qiscus_async.errors import *  # noqa: F403
    from qiscus_async.imports.rows import *  # noqa: F403
    from qiscus_async.models.comments import *  # noqa: F403
    from qiscus_async.models.rooms import *  # noqa: F403
    from qiscus_async.models.statistics import *  # noqa: F403
    from qiscus_async.models.transfers import *  # noqa: F403
    from qiscus_async.models.users import *  # noqa: F403
    from qiscus_async.sync.client import *  # noqa: F403

_MODULES = ("models", "payloads", "webhooks")

__all__ = [*_WHERE, *_MODULES]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        from importlib import import_module

        return import_module(f"{__name__}.{name}")
    from nusantara import load

    return load(__name__, _WHERE, name, globals())


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE, *_MODULES})
