"""Message categories. Their numbers mean different things in the two API versions, so there is one enum for each."""

from __future__ import annotations

import enum

__all__ = ["CategoryV1", "CategoryV2"]


class CategoryV1(enum.IntEnum):
    """Category of a message in API version v1. All but NORMAL can be sent to the administrator only."""

    NORMAL = 0
    QUESTION = 1
    SUGGESTION = 2
    FEATURE = 3
    TRANSACTION = 4


class CategoryV2(enum.IntEnum):
    """Category of a message in API version v2. All but NORMAL can be sent to the administrator only."""

    NORMAL = 0
    TRANSACTION = 1
    BUKADOMPET = 2
    FEATURE_AND_ERROR = 3
    SUGGESTION = 4
    QUESTION = 5
    PARTNERSHIP = 6
