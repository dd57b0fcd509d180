"""Bukalapak's side of the local sandbox: ``/v1`` and ``/v2`` of the messages API, and the login.

Independent of the client in this package on purpose.
"""

from __future__ import annotations

from bukalapak_async.sandbox.state import BukalapakState, Edition, Message, User
from bukalapak_async.sandbox.vendor import BukalapakSandbox

__all__ = ["VENDOR", "BukalapakSandbox", "BukalapakState", "Edition", "Message", "User"]

VENDOR = BukalapakSandbox
