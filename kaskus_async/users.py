"""Users: who they are, and who looked at them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kaskus_async.models.fjb.invoices import FeedbackResponse
from kaskus_async.models.users import ProfileInclude, UserBadges, UserProfile, Visitor
from kaskus_async.requests import get
from kaskus_async.values import joined, required
from nusantara.client import Resource
from nusantara.record import Record

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Users"]


class Users(Resource):
    """Users. Reference: "User", "Users"."""

    _client: AsyncKaskus

    async def get(self, user_id: int, *, include: Sequence[ProfileInclude | str] | None = None) -> UserProfile:
        """Show the profile of a user.

        ``GET /user/{user_id}`` - safe

        Args:
            include: Extra fields. The reference does not list this for other users' profiles, but a client that sends
                it is known.

        Reference: "User", "GET user".
        """
        return await self._client._send(
            get("/user/{user_id}", user_id, params={"include": joined("include", include)}), UserProfile
        )

    async def by_name(self, username: str) -> Record:
        """Find a user by name.

        ``GET /v1/users`` - safe

        The shape of the answer is not documented.

        Reference: "Users", "GET users".
        """
        return await self._client._send(get("/v1/users", params={"username": required("username", username)}), Record)

    async def visitors(self, user_id: int) -> list[Visitor]:
        """List who looked at the profile of a user.

        ``GET /user/visitor/{user_id}`` - safe

        Reference: "User", "GET user/visitor".
        """
        return await self._client._send(get("/user/visitor/{user_id}", user_id), list[Visitor])

    async def latest_visitors(self, user_id: int) -> Record:
        """List who looked at the profile of a user, and show how often it was looked at.

        ``GET /user/latest_visitor/{user_id}`` - safe

        The shape of the answer is not documented.

        Reference: "User", "GET user/latest_visitor".
        """
        return await self._client._send(get("/user/latest_visitor/{user_id}", user_id), Record)

    async def badges(self, user_id: int) -> UserBadges:
        """List the badges of a user.

        ``GET /user/badges/{user_id}`` - safe

        Reference: "User", "GET user/badges".
        """
        return await self._client._send(get("/user/badges/{user_id}", user_id), UserBadges)

    async def feedbacks(self, user_id: int, *, response: FeedbackResponse | str | None = None) -> Record:
        """List what others who traded with a user think of it.

        ``GET /v1/user/{user_id}/feedbacks`` - safe

        The shape of the answer is not documented.

        Args:
            response: Only those that say this.

        Reference: "User", "GET user/feedbacks".
        """
        return await self._client._send(
            get("/v1/user/{user_id}/feedbacks", user_id, params={"response": response}), Record
        )
