"""Qiscus' side of the local sandbox: the ``rest`` paths, the files behind exports, and the webhooks.

Independent of the client in this package on purpose.
"""

from __future__ import annotations

from qiscus_async.sandbox.entities import Comment, Room, User
from qiscus_async.sandbox.settings import Duplicates, Edition, Settings
from qiscus_async.sandbox.state import QiscusState
from qiscus_async.sandbox.vendor import QiscusSandbox

__all__ = ["VENDOR", "Comment", "Duplicates", "Edition", "QiscusSandbox", "QiscusState", "Room", "Settings", "User"]

VENDOR = QiscusSandbox
