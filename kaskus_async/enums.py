"""Closed vocabularies of KASKUS.

Where a parameter takes one of these it also takes plain text or a number, which is sent as it is: the vendor's lists
may have grown.
"""

from __future__ import annotations

import enum

__all__ = ["Output", "ReputationKind"]


class Output(enum.StrEnum):
    """Format of answers."""

    JSON = "json"
    XML = "xml"


class ReputationKind(enum.StrEnum):
    """What can be given for a post."""

    CENDOL = "pos"
    """Good."""
    BATA = "neg"
    """Bad."""
