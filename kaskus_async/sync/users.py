# Written by "python -m nusantara.syncgen" from kaskus_async/users.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.users`."""

from __future__ import annotations

from collections.abc import Sequence

from kaskus_async.models.fjb.invoices import FeedbackResponse
from kaskus_async.models.users import ProfileInclude, UserBadges, UserProfile, Visitor
from kaskus_async.users import Users as AsyncUsers
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["Users"]


class Users(SyncResource[AsyncUsers]):
    """Users. Reference: "User", "Users"."""

    def get(self, user_id: int, *, include: Sequence[ProfileInclude | str] | None = None) -> UserProfile:
        """Show the profile of a user.

        ``GET /user/{user_id}`` - safe

        Args:
            include: Extra fields. The reference does not list this for other users' profiles, but a client that sends
                it is known.

        Reference: "User", "GET user".
        """
        return self._portal.run(self._impl.get, user_id, include=include)

    def by_name(self, username: str) -> Record:
        """Find a user by name.

        ``GET /v1/users`` - safe

        The shape of the answer is not documented.

        Reference: "Users", "GET users".
        """
        return self._portal.run(self._impl.by_name, username)

    def visitors(self, user_id: int) -> list[Visitor]:
        """List who looked at the profile of a user.

        ``GET /user/visitor/{user_id}`` - safe

        Reference: "User", "GET user/visitor".
        """
        return self._portal.run(self._impl.visitors, user_id)

    def latest_visitors(self, user_id: int) -> Record:
        """List who looked at the profile of a user, and show how often it was looked at.

        ``GET /user/latest_visitor/{user_id}`` - safe

        The shape of the answer is not documented.

        Reference: "User", "GET user/latest_visitor".
        """
        return self._portal.run(self._impl.latest_visitors, user_id)

    def badges(self, user_id: int) -> UserBadges:
        """List the badges of a user.

        ``GET /user/badges/{user_id}`` - safe

        Reference: "User", "GET user/badges".
        """
        return self._portal.run(self._impl.badges, user_id)

    def feedbacks(self, user_id: int, *, response: FeedbackResponse | str | None = None) -> Record:
        """List what others who traded with a user think of it.

        ``GET /v1/user/{user_id}/feedbacks`` - safe

        The shape of the answer is not documented.

        Args:
            response: Only those that say this.

        Reference: "User", "GET user/feedbacks".
        """
        return self._portal.run(self._impl.feedbacks, user_id, response=response)
