# Written by "python -m nusantara.syncgen" from qiscus_async/__init__.py. Do not edit.
"""Synchronous twins of the client and the groups of :mod:`qiscus_async`, each loaded when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nusantara import lazy

if TYPE_CHECKING:
    from qiscus_async.sync.client import Qiscus as Qiscus
    from qiscus_async.sync.exports import Exports as Exports
    from qiscus_async.sync.imports.group import Imports as Imports
    from qiscus_async.sync.messages import Messages as Messages
    from qiscus_async.sync.rooms import Rooms as Rooms
    from qiscus_async.sync.statistics import Statistics as Statistics
    from qiscus_async.sync.users import Users as Users

_WHERE = {
    "Exports": "qiscus_async.sync.exports",
    "Imports": "qiscus_async.sync.imports.group",
    "Messages": "qiscus_async.sync.messages",
    "Qiscus": "qiscus_async.sync.client",
    "Rooms": "qiscus_async.sync.rooms",
    "Statistics": "qiscus_async.sync.statistics",
    "Users": "qiscus_async.sync.users",
}

if not TYPE_CHECKING:
    __all__ = list(_WHERE)
    __getattr__, __dir__ = lazy(__name__, _WHERE)
