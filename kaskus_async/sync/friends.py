# Written by "python -m nusantara.syncgen" from kaskus_async/friends.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.friends`."""

from __future__ import annotations

from kaskus_async.friends import Friends as AsyncFriends
from nusantara.record import Record
from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager

__all__ = ["Friends"]


class Friends(SyncResource[AsyncFriends]):
    """Friends. Reference: "Friend", "Mutualfriend"."""

    def mine(self) -> SyncPager[Record]:
        """List one's friends.

        ``GET /friend`` - safe

        What a friend looks like here is not documented. The ``answer`` of a page is a
        :class:`~kaskus_async.models.friends.FriendPage`. The reference does not say how to get further pages; they are
        asked for by ``page``, as elsewhere.

        Reference: "Friend", "GET friend".
        """
        return SyncPager(self._portal, self._impl.mine())

    def of_user(self, user_id: int, *, page: int | None = None, limit: int | None = None) -> Record:
        """List the friends of a user.

        ``GET /v1/user/{user_id}/friends`` - safe

        The shape of the answer is not documented.

        Args:
            page: From 1.
            limit: Friends in a page.

        Reference: "Friend", "GET friend".
        """
        return self._portal.run(self._impl.of_user, user_id, page=page, limit=limit)

    def mutual(self, user_id: int) -> Record:
        """List the friends that one shares with a user.

        ``GET /mutualfriend/{user_id}`` - safe

        The shape of the answer is not documented.

        Reference: "Mutualfriend", "GET mutualfriend".
        """
        return self._portal.run(self._impl.mutual, user_id)

    def add(self, user_id: int) -> Record:
        """Ask a user to be a friend, by the older of two operations; the other is ``friend_requests.send``.

        ``POST /friend/{user_id}`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Friend", "POST friend".
        """
        return self._portal.run(self._impl.add, user_id)

    def remove(self, user_id: int) -> Record:
        """Be friends with a user no more.

        ``DELETE /v1/user/friends/{user_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Friend", "DELETE friend".
        """
        return self._portal.run(self._impl.remove, user_id)

    def unfriend(self, user_id: int) -> Record:
        """Be friends with a user no more, by the older of two operations; the other is :meth:`remove`.

        ``DELETE /friend/{user_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Friend", "DELETE friend".
        """
        return self._portal.run(self._impl.unfriend, user_id)
