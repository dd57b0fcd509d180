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

if TYPE_CHECKING:
    from qiscus_async import models as models
    from qiscus_async import payloads as payloads
    from qiscus_async import webhooks as webhooks
    from qiscus_async.bot import Bot as Bot
    from qiscus_async.bot import BotEvent as BotEvent
    from qiscus_async.bot import BotMessage as BotMessage
    from qiscus_async.client import AsyncQiscus as AsyncQiscus
    from qiscus_async.client import HeaderStyle as HeaderStyle
    from qiscus_async.enums import ButtonType as ButtonType
    from qiscus_async.enums import CommentType as CommentType
    from qiscus_async.enums import ContactType as ContactType
    from qiscus_async.enums import DevicePlatform as DevicePlatform
    from qiscus_async.enums import RoomType as RoomType
    from qiscus_async.enums import SystemEventType as SystemEventType
    from qiscus_async.errors import CommentOutcomeUnknown as CommentOutcomeUnknown
    from qiscus_async.errors import ExportFailed as ExportFailed
    from qiscus_async.errors import ImportStopped as ImportStopped
    from qiscus_async.errors import ValidationFailed as ValidationFailed
    from qiscus_async.exports import ExportKind as ExportKind
    from qiscus_async.import_rows import CommentRow as CommentRow
    from qiscus_async.import_rows import RoomRow as RoomRow
    from qiscus_async.import_rows import UserRow as UserRow
    from qiscus_async.imports import FileReport as FileReport
    from qiscus_async.models.comments import Comment as Comment
    from qiscus_async.models.rooms import Participant as Participant
    from qiscus_async.models.rooms import Room as Room
    from qiscus_async.models.rooms import RoomInfo as RoomInfo
    from qiscus_async.models.rooms import RoomPage as RoomPage
    from qiscus_async.models.rooms import RoomUpdate as RoomUpdate
    from qiscus_async.models.rooms import RoomWithComments as RoomWithComments
    from qiscus_async.models.statistics import MonthlyComments as MonthlyComments
    from qiscus_async.models.transfers import Export as Export
    from qiscus_async.models.transfers import Import as Import
    from qiscus_async.models.users import App as App
    from qiscus_async.models.users import ListedUser as ListedUser
    from qiscus_async.models.users import User as User
    from qiscus_async.models.users import UserPage as UserPage
    from qiscus_async.sync.client import Qiscus as Qiscus

_WHERE = {
    "App": "models.users",
    "AsyncQiscus": "client",
    "Bot": "bot",
    "BotEvent": "bot",
    "BotMessage": "bot",
    "ButtonType": "enums",
    "Comment": "models.comments",
    "CommentOutcomeUnknown": "errors",
    "CommentRow": "import_rows",
    "CommentType": "enums",
    "ContactType": "enums",
    "DevicePlatform": "enums",
    "Export": "models.transfers",
    "ExportFailed": "errors",
    "ExportKind": "exports",
    "FileReport": "imports",
    "HeaderStyle": "client",
    "Import": "models.transfers",
    "ImportStopped": "errors",
    "ListedUser": "models.users",
    "MonthlyComments": "models.statistics",
    "Participant": "models.rooms",
    "Qiscus": "sync.client",
    "Room": "models.rooms",
    "RoomInfo": "models.rooms",
    "RoomPage": "models.rooms",
    "RoomRow": "import_rows",
    "RoomType": "enums",
    "RoomUpdate": "models.rooms",
    "RoomWithComments": "models.rooms",
    "SystemEventType": "enums",
    "User": "models.users",
    "UserPage": "models.users",
    "UserRow": "import_rows",
    "ValidationFailed": "errors",
}
_MODULES = ("models", "payloads", "webhooks")

__all__ = [*_WHERE, *_MODULES]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        from importlib import import_module

        return import_module(f"{__name__}.{name}")
    from nusantara.lazy import load

    return load(__name__, _WHERE, name, globals())


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE, *_MODULES})
