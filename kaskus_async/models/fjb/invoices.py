"""Vocabulary of the invoice operations. The shapes of their answers are not documented."""

from __future__ import annotations

import enum

__all__ = ["FeedbackResponse"]


class FeedbackResponse(enum.StrEnum):
    """What a buyer thinks of a purchase."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
