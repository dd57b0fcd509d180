# Written by "python -m nusantara.syncgen" from kaskus_async/following.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.following`."""

from __future__ import annotations

from kaskus_async.following import Following as AsyncFollowing
from kaskus_async.models.users import Follower
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["Following"]


class Following(SyncResource[AsyncFollowing]):
    """Whom the signed-in user follows, and by whom it is followed. Reference: "Followed", "Follower"."""

    def followed(self) -> Record:
        """List the users that one follows.

        ``GET /followed`` - safe

        The shape of the answer is not documented.

        Reference: "Followed", "GET followed".
        """
        return self._portal.run(self._impl.followed)

    def followers(self) -> list[Follower]:
        """List the users that follow one.

        ``GET /follower`` - safe

        Reference: "Follower", "GET follower".
        """
        return self._portal.run(self._impl.followers)

    def follow(self, user_id: int) -> Record:
        """Follow a user.

        ``POST /followed/{user_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Followed", "POST followed".
        """
        return self._portal.run(self._impl.follow, user_id)

    def unfollow(self, user_id: int) -> Record:
        """Stop following a user.

        ``DELETE /followed/{user_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Followed", "DELETE followed".
        """
        return self._portal.run(self._impl.unfollow, user_id)
