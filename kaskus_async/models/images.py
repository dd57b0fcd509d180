"""Answers of the image operations, none of which is documented in shape."""

from __future__ import annotations

import enum

__all__ = ["ImagePurpose"]


class ImagePurpose(enum.StrEnum):
    """What an image is uploaded for."""

    PAYMENT_CONFIRMATION = "payment_confirmation"
    ID_CARD = "id_card"
    OTHER_ID_CARD = "other_id_card"
