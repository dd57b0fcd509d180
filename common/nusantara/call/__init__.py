"""The way of a call: its attempts, what is done when one fails, and what that costs. ``loop`` is what to read first."""

from __future__ import annotations

from nusantara.call.caller import Shared
from nusantara.call.combined import after
from nusantara.call.lookup import Lookup
from nusantara.call.loop import carry_out
from nusantara.call.refusals import api_error, placed

__all__ = ["Lookup", "Shared", "after", "api_error", "carry_out", "placed"]
