# Written by "python -m nusantara.syncgen" from qiscus_async/__init__.py. Do not edit.
"""Synchronous twins of the client and the groups of :mod:`qiscus_async`, each loaded when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nusantara import lazy

if TYPE_CHECKING:
    from qiscus_async.sync.client import *
    from qiscus_async.sync.exports import *
    from qiscus_async.sync.imports.group import *
    from qiscus_async.sync.messages import *
    from qiscus_async.sync.rooms import *
    from qiscus_async.sync.statistics import *
    from qiscus_async.sync.users import *

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
