"""Vocabulary of the operations that read threads of the marketplace."""

from __future__ import annotations

import enum

__all__ = ["FjbInclude"]


class FjbInclude(enum.StrEnum):
    """What the answer can hold beyond the thread and its posts."""

    SIMILAR = "similar"
    """Similar threads, as ``similar`` and ``more_from_seller`` of the page's ``answer``."""
