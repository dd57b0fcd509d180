"""The ways in, and who a call speaks for. The door is ``ENTRANCES`` and :func:`identify`."""

from __future__ import annotations

from kaskus_async.sandbox.sign_in.auth import identify, is_bearer
from kaskus_async.sandbox.sign_in.entrances import CONSENT_PATH, ENTRANCES, OAUTH2_PATH, Entrance

__all__ = ["CONSENT_PATH", "ENTRANCES", "OAUTH2_PATH", "Entrance", "identify", "is_bearer"]
