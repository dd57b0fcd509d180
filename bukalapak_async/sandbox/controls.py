"""For programs that are not in the sandbox's process. Not the vendor's.

====  ======================  ============================================================================
POST  ``/_bukalapak/users``    add a user: ``{}`` or ``{"name": "Toko Baru"}``; answers with the credentials
====  ======================  ============================================================================
"""

from __future__ import annotations

from bukalapak_async.sandbox.state import BukalapakState
from nusantara.errors import InvalidParameter
from nusantara.sandbox.answer import Answer
from nusantara.sandbox.incoming import Incoming

__all__ = ["add_user"]


def add_user(state: BukalapakState, call: Incoming) -> Answer:
    """Answer a call that adds a user."""
    try:
        wanted = call.json() if call.body else {}
        if not isinstance(wanted, dict):
            raise InvalidParameter("body", "must be a JSON object")
        return Answer.json(state.add_user(wanted.get("name")))
    except ValueError as error:
        return Answer.json({"error": str(error)}, status=400)
