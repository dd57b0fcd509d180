"""What Qiscus answers, across both editions of its reference and the richer live answers.

What every edition shows is required, everything else optional. Keys that are not known here stay in
:attr:`~nusantara.model.Model.extra`. Each class is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qiscus_async.models.comments import Comment as Comment
    from qiscus_async.models.rooms import Participant as Participant
    from qiscus_async.models.rooms import Room as Room
    from qiscus_async.models.rooms import RoomInfo as RoomInfo
    from qiscus_async.models.rooms import RoomPage as RoomPage
    from qiscus_async.models.rooms import RoomUpdate as RoomUpdate
    from qiscus_async.models.rooms import RoomWithComments as RoomWithComments
    from qiscus_async.models.statistics import MonthlyComments as MonthlyComments
    from qiscus_async.models.transfers import Export as Export
    from qiscus_async.models.transfers import ExportList as ExportList
    from qiscus_async.models.transfers import Import as Import
    from qiscus_async.models.transfers import ImportErrors as ImportErrors
    from qiscus_async.models.transfers import ImportList as ImportList
    from qiscus_async.models.users import App as App
    from qiscus_async.models.users import ListedUser as ListedUser
    from qiscus_async.models.users import User as User
    from qiscus_async.models.users import UserPage as UserPage

_WHERE = {
    "App": "users",
    "Comment": "comments",
    "Export": "transfers",
    "ExportList": "transfers",
    "Import": "transfers",
    "ImportErrors": "transfers",
    "ImportList": "transfers",
    "ListedUser": "users",
    "MonthlyComments": "statistics",
    "Participant": "rooms",
    "Room": "rooms",
    "RoomInfo": "rooms",
    "RoomPage": "rooms",
    "RoomUpdate": "rooms",
    "RoomWithComments": "rooms",
    "User": "users",
    "UserPage": "users",
}

__all__ = list(_WHERE)


def __getattr__(name: str) -> Any:
    from nusantara.lazy import load

    return load(__name__, _WHERE, name, globals())


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})
