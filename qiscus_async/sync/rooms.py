# Written by "python -m nusantara.syncgen" from qiscus_async/rooms.py. Do not edit.
"""Synchronous twin of :mod:`qiscus_async.rooms`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager
from qiscus_async.enums import RoomType
from qiscus_async.models.rooms import Room, RoomInfo, RoomUpdate, RoomWithComments
from qiscus_async.rooms import Rooms as AsyncRooms

__all__ = ["Rooms"]


class Rooms(SyncResource[AsyncRooms]):
    """Making, finding and changing rooms. What the parameters call ``email`` is any user id."""

    def create(
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
        return self._portal.run(
            self._impl.create, name, creator=creator, participants=participants, avatar_url=avatar_url, options=options
        )

    def update(
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
        return self._portal.run(
            self._impl.update, room_id, user_email, name=name, avatar_url=avatar_url, options=options
        )

    def with_target(
        self, email: str, target_email: str, *, avatar_url: str | None = None, options: Mapping[str, Any] | None = None
    ) -> RoomWithComments:
        """Get the room for two users, which is made if there is none yet.

        ``GET /api/v2/rest/get_or_create_room_with_target`` - repeatable

        Args:
            avatar_url: In the older edition only.
            options: Data of your own. Undocumented here; known from public clients.

        Reference: "Get or create room with target".
        """
        return self._portal.run(self._impl.with_target, email, target_email, avatar_url=avatar_url, options=options)

    def info(
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
        return self._portal.run(
            self._impl.info,
            room_ids,
            user_email,
            unique_ids=unique_ids,
            show_participants=show_participants,
            show_removed=show_removed,
        )

    def of_user(
        self,
        email: str,
        *,
        room_type: RoomType | str | None = None,
        show_participants: bool = False,
        show_removed: bool = False,
        show_empty: bool = False,
    ) -> SyncPager[RoomInfo]:
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
        return SyncPager(
            self._portal,
            self._impl.of_user(
                email,
                room_type=room_type,
                show_participants=show_participants,
                show_removed=show_removed,
                show_empty=show_empty,
            ),
        )

    def add_participants(self, room_id: int | str, emails: Sequence[str]) -> Room:
        """Add users to a room for a group; the answer has all who are in it then.

        ``POST /api/v2/rest/add_room_participants`` - repeatable

        Reference: "Add room participants".
        """
        return self._portal.run(self._impl.add_participants, room_id, emails)

    def remove_participants(self, room_id: int | str, emails: Sequence[str]) -> Room:
        """Take users out of a room for a group; the answer has all who are left.

        ``POST /api/v2/rest/remove_room_participants`` - repeatable

        Reference: "Remove room participants".
        """
        return self._portal.run(self._impl.remove_participants, room_id, emails)
