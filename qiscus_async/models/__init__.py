"""What Qiscus answers, across both editions of its reference and the richer live answers.

What every edition shows is required, everything else optional. Keys that are not known here stay in
:attr:`~nusantara.model.Model.extra`. Each class is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nusantara import lazy

if TYPE_CHECKING:
    from qiscus_async.models.comments import *
    from qiscus_async.models.rooms import *
    from qiscus_async.models.statistics import *
    from qiscus_async.models.transfers import *
    from qiscus_async.models.users import *

# Written by "python -m nusantara.syncgen" from the imports above.
_WHERE = {
    "App": "qiscus_async.models.users",
    "Comment": "qiscus_async.models.comments",
    "Export": "qiscus_async.models.transfers",
    "ExportList": "qiscus_async.models.transfers",
    "FileReport": "qiscus_async.models.transfers",
    "Import": "qiscus_async.models.transfers",
    "ImportErrors": "qiscus_async.models.transfers",
    "ImportList": "qiscus_async.models.transfers",
    "ListedUser": "qiscus_async.models.users",
    "MonthlyComments": "qiscus_async.models.statistics",
    "Participant": "qiscus_async.models.rooms",
    "Room": "qiscus_async.models.rooms",
    "RoomInfo": "qiscus_async.models.rooms",
    "RoomPage": "qiscus_async.models.rooms",
    "RoomUpdate": "qiscus_async.models.rooms",
    "RoomWithComments": "qiscus_async.models.rooms",
    "User": "qiscus_async.models.users",
    "UserPage": "qiscus_async.models.users",
}

if not TYPE_CHECKING:
    __all__ = list(_WHERE)
    __getattr__, __dir__ = lazy(__name__, _WHERE)
