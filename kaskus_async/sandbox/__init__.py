"""KASKUS' side of the local sandbox: ``/api/oauth`` with its three ways of signing in, and ``/oauth/access-token``.

Independent of the client in this package on purpose.
"""

from __future__ import annotations

from kaskus_async.sandbox.entities import Forum, Post, Thread, User
from kaskus_async.sandbox.settings import Settings
from kaskus_async.sandbox.state import KaskusState
from kaskus_async.sandbox.vendor import KaskusSandbox

__all__ = ["VENDOR", "Forum", "KaskusSandbox", "KaskusState", "Post", "Settings", "Thread", "User"]

VENDOR = KaskusSandbox
