# Written by "python -m nusantara.syncgen" from kaskus_async/badges.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.badges`."""

from __future__ import annotations

from collections.abc import Sequence

from kaskus_async.badges import Badges as AsyncBadges
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["Badges"]


class Badges(SyncResource[AsyncBadges]):
    """Giving and taking badges. Those that a user has are listed by ``users.badges``. Reference: "Badge"."""

    def give(self, badge_id: int, user_ids: Sequence[int]) -> Record:
        """Give a badge to users.

        ``POST /v1/badges`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Badge", "Insert badge to userid(s)".
        """
        return self._portal.run(self._impl.give, badge_id, user_ids)

    def take(self, user_id: int, badge_id: int) -> Record:
        """Take a badge away from a user.

        ``DELETE /v1/badges/{user_id}/{badge_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Badge", "Delete badge from userid".
        """
        return self._portal.run(self._impl.take, user_id, badge_id)
