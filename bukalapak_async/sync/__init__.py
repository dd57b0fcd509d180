# Written by "python -m nusantara.syncgen" from bukalapak_async/__init__.py. Do not edit.
"""Synchronous twins of the client and the groups of :mod:`bukalapak_async`, each loaded when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nusantara import lazy

if TYPE_CHECKING:
    from bukalapak_async.sync.account import Account as Account
    from bukalapak_async.sync.client import Bukalapak as Bukalapak
    from bukalapak_async.sync.messages import Messages as Messages

_WHERE = {
    "Account": "bukalapak_async.sync.account",
    "Bukalapak": "bukalapak_async.sync.client",
    "Messages": "bukalapak_async.sync.messages",
}

if not TYPE_CHECKING:
    __all__ = list(_WHERE)
    __getattr__, __dir__ = lazy(__name__, _WHERE)
