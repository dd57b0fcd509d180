# Written by "python -m nusantara.syncgen" from kaskus_async/friend_requests.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.friend_requests`."""

from __future__ import annotations

from kaskus_async.friend_requests import FriendRequests as AsyncFriendRequests
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["FriendRequests"]


class FriendRequests(SyncResource[AsyncFriendRequests]):
    """Requests to be friends, in both directions. Reference: "Friend request", "Friend"."""

    def incoming(self, *, page: int | None = None, limit: int | None = None) -> Record:
        """List the requests that others sent to one.

        ``GET /v1/user/friend/requests`` - safe

        The shape of the answer is not documented.

        Args:
            page: From 1.
            limit: Requests in a page.

        Reference: "Friend request", "GET friend request".
        """
        return self._portal.run(self._impl.incoming, page=page, limit=limit)

    def outgoing(self, *, page: int | None = None, limit: int | None = None) -> Record:
        """List the requests that one sent to others.

        ``GET /v1/user/friend/requests`` - safe

        The shape of the answer is not documented.

        Args:
            page: From 1.
            limit: Requests in a page.

        Reference: "Friend request", "GET friend request".
        """
        return self._portal.run(self._impl.outgoing, page=page, limit=limit)

    def send(self, user_id: int) -> Record:
        """Ask a user to be a friend.

        ``POST /v1/user/friend/requests/{user_id}`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Friend", "POST friend".
        """
        return self._portal.run(self._impl.send, user_id)

    def approve(self, user_id: int) -> Record:
        """Become friends with a user who asked for it.

        ``POST /v1/user/friends/{user_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Friend", "POST friend".
        """
        return self._portal.run(self._impl.approve, user_id)

    def reject(self, user_id: int) -> Record:
        """Turn down a user who asked to be a friend.

        ``DELETE /v1/user/friend/requests/{user_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Friend request", "DELETE friend request".
        """
        return self._portal.run(self._impl.reject, user_id)

    def cancel(self, user_id: int) -> Record:
        """Take back the request that one sent to a user.

        ``DELETE /v1/user/friend/requests/{user_id}`` - repeatable

        The shape of the answer is not documented.

        Reference: "Friend request", "DELETE friend request".
        """
        return self._portal.run(self._impl.cancel, user_id)
