"""What Qiscus answers, across both editions of its reference and the richer live answers.

What every edition shows is required, everything else optional. Keys that are not known here stay in
:attr:`~nusantara.model.Model.extra`. Each class is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

_WHERE = {
    "App": "users",
    "Comment": "comments",
    "Export": "transfers",
    "ExportList": "transfers",
    "FileReport": "transfers",
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

if TYPE_CHECKING:
    # The same names, each as a module's __all__ has it.
    from qiscus_async.models.comments import *  # noqa: F403
    from qiscus_async.models.rooms import *  # noqa: F403
    from qiscus_async.models.statistics import *  # noqa: F403
    from qiscus_async.models.transfers import *  # noqa: F403
    from qiscus_async.models.users import *  # noqa: F403

__all__ = list(_WHERE)


def __getattr__(name: str) -> Any:
    from nusantara import load

    return load(__name__, _WHERE, name, globals())


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})
