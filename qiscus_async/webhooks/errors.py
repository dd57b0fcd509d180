"""What can be wrong with an event."""

from __future__ import annotations

from nusantara.errors import NusantaraError

__all__ = ["EventDropped", "InvalidEvent"]


class InvalidEvent(NusantaraError, ValueError):
    """What was posted to the webhook is no event: not JSON, not an object, or without a type."""


class EventDropped(NusantaraError):
    """An event was accepted and then not handled to its end, because the program ends."""
