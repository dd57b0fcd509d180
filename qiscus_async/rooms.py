"""Rooms and who is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nusantara.client import Resource
from nusantara.errors import InvalidParameter
from nusantara.pagination import Page, Pager, numbered
from nusantara.request import CallClass, get, post
from qiscus_async.enums import RoomType
from qiscus_async.models.rooms import (
    Room,
    RoomAnswer,
    RoomInfo,
    RoomPageAnswer,
    RoomUpdate,
    RoomUpdateAnswer,
    RoomWithComments,
    RoomWithCommentsAnswer,
)
from qiscus_async.values import flag, given, optional, options_text, room, rooms, switch, text, users

if TYPE_CHECKING:
    from qiscus_async.client import AsyncQiscus

__all__ = ["Rooms"]

PAGE_SIZE = 20
"""Rooms in a page of a user's rooms; the size cannot be chosen."""


class Rooms(Resource):
    """Making, finding and changing rooms. What the parameters call ``email`` is any user id."""

    _client: AsyncQiscus

    async def create(
        self,
        name: str,
        *,
        creator: str,
        participants: Sequence[str],
        avatar_url: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Room:
        """Make a room for a group.

        ``POST /api/v2/rest/create_room`` - unrepeatable

        Args:
            creator: User id. The creator is in the room only if listed among the participants as well.
            participants: User ids. Public clients speak of at most 25.
            options: Data of your own. Undocumented here; known from public clients.

        Raises:
            OutcomeUnknown: No answer came. Look among the creator's rooms before making it again.

        Reference: "Create room".
        """
        body = {
            "name": text("name", name),
            "participants": users("participants", participants),
            "creator": text("creator", creator),
            "avatar_url": optional("avatar_url", avatar_url),
            "options": options_text(options),
        }
        answer = await self._client._send(
            post("/api/v2/rest/create_room", json=given(body), call_class=CallClass.UNREPEATABLE), RoomAnswer
        )
        return answer.results

    async def update(
        self,
        room_id: int | str,
        user_email: str,
        *,
        name: str | None = None,
        avatar_url: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> RoomUpdate:
        """Change a room for a group; what is not given stays.

        ``POST /api/v2/rest/update_room`` - repeatable

        Args:
            user_email: User id of one of its participants.
            options: Data of your own, which replaces the old data.

        Reference: "Update Room".
        """
        body = {
            "user_email": text("user_email", user_email),
            "room_id": room(room_id),
            "room_name": optional("name", name),
            "room_avatar_url": optional("avatar_url", avatar_url),
            "options": options_text(options),
        }
        answer = await self._client._send(
            post("/api/v2/rest/update_room", json=given(body), call_class=CallClass.REPEATABLE), RoomUpdateAnswer
        )
        return answer.results

    async def with_target(
        self,
        email: str,
        target_email: str,
        *,
        avatar_url: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> RoomWithComments:
        """Get the room for two users, which is made if there is none yet.

        ``GET /api/v2/rest/get_or_create_room_with_target`` - repeatable

        Args:
            avatar_url: In the older edition only.
            options: Data of your own. Undocumented here; known from public clients.

        Reference: "Get or create room with target".
        """
        request = get(
            "/api/v2/rest/get_or_create_room_with_target",
            params={
                "emails[]": [text("email", email), text("target_email", target_email)],
                "avatar_url": optional("avatar_url", avatar_url),
                "options": options_text(options),
            },
            call_class=CallClass.REPEATABLE,
        )
        return (await self._client._send(request, RoomWithCommentsAnswer)).results

    async def info(
        self,
        room_ids: Sequence[int | str],
        user_email: str,
        *,
        unique_ids: Sequence[str] = (),
        show_participants: bool = False,
        show_removed: bool = False,
    ) -> list[RoomInfo]:
        """Read several rooms as one of their participants sees them.

        ``POST /api/v2/rest/get_rooms_info`` - safe

        Args:
            room_ids: Numbers of the rooms. Public clients speak of at most 100.
            user_email: User id of a participant.
            unique_ids: Unique ids of more rooms. Undocumented, like ``show_removed``; known from public clients.
            show_removed: Also rooms that the user has left.

        Reference: "Get rooms info".
        """
        numbers, texts = rooms("room_ids", room_ids), rooms("unique_ids", unique_ids)
        if not numbers and not texts:
            raise InvalidParameter("room_ids", "must hold at least one room")
        body = {
            "user_email": text("user_email", user_email),
            "room_id": numbers or None,
            "room_unique_id": texts or None,
            "show_participants": switch("show_participants", show_participants),
            "show_removed": switch("show_removed", show_removed),
        }
        answer = await self._client._send(
            post("/api/v2/rest/get_rooms_info", json=given(body), call_class=CallClass.SAFE), RoomPageAnswer
        )
        return answer.results.rooms_info or []

    def of_user(
        self,
        email: str,
        *,
        room_type: RoomType | str | None = None,
        show_participants: bool = False,
        show_removed: bool = False,
        show_empty: bool = False,
    ) -> Pager[RoomInfo]:
        """List the rooms of a user.

        ``GET /api/v2/rest/get_user_rooms`` - safe

        The ``answer`` of a page is a :class:`~qiscus_async.models.RoomPage`.

        Args:
            room_type: Only rooms of this kind.
            show_removed: Also rooms that the user has left. Undocumented, like ``show_empty``; known from public
                clients.
            show_empty: Also rooms without comments.

        Reference: "Get User Room List".
        """
        user = {"user_email": text("email", email)}
        which = {
            "show_participants": flag("show_participants", show_participants),
            "room_type": optional("room_type", room_type),
            "show_removed": flag("show_removed", show_removed),
            "show_empty": flag("show_empty", show_empty),
        }

        async def fetch(page: int) -> Page[RoomInfo]:
            request = get("/api/v2/rest/get_user_rooms", params={**user, "page": page, **which})
            results = (await self._client._send(request, RoomPageAnswer)).results
            found = results.rooms_info or []
            total = None if results.meta is None else results.meta.total_room
            more = len(found) >= PAGE_SIZE if total is None else bool(found) and page * PAGE_SIZE < total
            return Page(items=found, next=str(page + 1) if more else None, total=total, answer=results)

        return Pager(numbered(fetch), key=lambda one: one.id)

    async def add_participants(self, room_id: int | str, emails: Sequence[str]) -> Room:
        """Add users to a room for a group; the answer has all who are in it then.

        ``POST /api/v2/rest/add_room_participants`` - repeatable

        Reference: "Add room participants".
        """
        return await self._change_participants("/api/v2/rest/add_room_participants", room_id, emails)

    async def remove_participants(self, room_id: int | str, emails: Sequence[str]) -> Room:
        """Take users out of a room for a group; the answer has all who are left.

        ``POST /api/v2/rest/remove_room_participants`` - repeatable

        Reference: "Remove room participants".
        """
        return await self._change_participants("/api/v2/rest/remove_room_participants", room_id, emails)

    async def _change_participants(self, path: str, room_id: int | str, emails: Sequence[str]) -> Room:
        body = {"room_id": room(room_id), "emails": users("emails", emails)}
        return (await self._client._send(post(path, json=body, call_class=CallClass.REPEATABLE), RoomAnswer)).results
