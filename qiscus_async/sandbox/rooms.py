"""The operations on rooms."""

from __future__ import annotations

from typing import Any

import attrs

from qiscus_async.sandbox.entities import Room
from qiscus_async.sandbox.params import Params
from qiscus_async.sandbox.refusals import Invalid
from qiscus_async.sandbox.shapes import (
    CommentPlace,
    FlatRoomPlace,
    RoomPlace,
    comment_document,
    flat_room_document,
    room_document,
    room_info_document,
)
from qiscus_async.sandbox.state import QiscusState
from qiscus_async.sandbox.users import user_called

__all__ = [
    "add_room_participants",
    "create_room",
    "get_or_create_room_with_target",
    "get_rooms_info",
    "get_user_rooms",
    "remove_room_participants",
    "room_called",
    "update_room",
]

Results = dict[str, Any]

_PER_PAGE = 20
_WITHOUT_PAGE = 100
_COMMENTS = 20
"""Of a room, beside it. How many the vendor sends is not known."""


def room_called(state: QiscusState, name: str, *, group: bool = False) -> Room:
    """The room that ``room_id`` names. Raises :exc:`Invalid`."""
    room = state.data.room(name)
    if room is None:
        raise Invalid(room_id="does not exist")
    if group and room.type != "group":
        raise Invalid(room_id="must be a group room")
    return room


def create_room(state: QiscusState, params: Params) -> Results:
    """The creator is not joined unless listed. Reference: "Create room"."""
    name, creator = params.require_all("name", "creator")
    participants = params.require_texts("participants")
    user_called(state, "creator", creator)
    for email in participants:
        user_called(state, "participants", email)
    room = state.data.add_room(
        name, "group", creator, participants, avatar_url=params.text("avatar_url"), options=params.text("options")
    )
    return flat_room_document(room, FlatRoomPlace.CREATED, state.data, state)


def update_room(state: QiscusState, params: Params) -> Results:
    """Reference: "Update Room"."""
    email, room_id = params.require_all("user_email", "room_id")
    user = user_called(state, "user_email", email)
    room = room_called(state, room_id, group=True)
    if user.email not in room.participants:
        raise Invalid(user_email="is not a participant of the room")
    changed = attrs.evolve(
        room,
        name=params.text("room_name") or room.name,
        avatar_url=params.text("room_avatar_url") or room.avatar_url,
        options=params.text("options") or room.options,
    )
    state.data.change_room(changed)
    return {
        "changed": changed != room,
        "room": room_document(changed, state.data, state, with_marks=True),
        "comments": _newest(state, changed, CommentPlace.ROOM_UPDATE),
    }


def get_or_create_room_with_target(state: QiscusState, params: Params) -> Results:
    """Reference: "Get or create room with target"."""
    emails = params.require_texts("emails")
    if len(emails) != 2:
        raise Invalid(emails="must contain 2 users")
    for email in emails:
        user_called(state, "emails", email)
    room = state.data.single_room(emails[0], emails[1], params.text("options"), params.text("avatar_url"))
    return {
        "room": room_document(room, state.data, state, with_marks=False),
        "comments": _newest(state, room, CommentPlace.TARGET),
    }


def get_rooms_info(state: QiscusState, params: Params) -> Results:
    """Rooms that do not exist and those of others are left out. Reference: "Get rooms info"."""
    email = params.require("user_email")
    names = params.texts("room_id") + params.texts("room_unique_id")
    if not names:
        raise Invalid(room_id="can't be blank")
    user = user_called(state, "user_email", email)
    found = {room.id: room for room in map(state.data.room, names) if room is not None and email in room.participants}
    with_participants = params.flag("show_participants")
    return {
        "rooms_info": [
            room_info_document(room, user, RoomPlace.INFO, state.data, state, with_participants=with_participants)
            for room in found.values()
        ]
    }


def get_user_rooms(state: QiscusState, params: Params) -> Results:
    """Rooms without a comment are listed with ``show_empty`` only, which is known from clients.

    Reference: "Get User Room List".
    """
    email = params.require("user_email")
    user = user_called(state, "user_email", email)
    rooms = state.data.rooms_of(email)
    if (kind := params.text("room_type")) is not None:
        rooms = [room for room in rooms if room.type == kind]
    if not params.flag("show_empty"):
        rooms = [room for room in rooms if state.data.last(room) is not None]
    page = params.number("page", 1)
    per_page = _WITHOUT_PAGE if params.text("page") is None else _PER_PAGE
    limit = min(params.number("limit", per_page), _WITHOUT_PAGE)
    with_participants = params.flag("show_participants")
    return {
        "meta": {"current_page": page, "total_room": len(rooms)},
        "rooms_info": [
            room_info_document(room, user, RoomPlace.OF_USER, state.data, state, with_participants=with_participants)
            for room in rooms[(page - 1) * limit : page * limit]
        ],
    }


def add_room_participants(state: QiscusState, params: Params) -> Results:
    """Reference: "Add room participants"."""
    room, emails = _room_and_emails(state, params)
    for email in emails:
        user_called(state, "emails", email)
    return _with_participants(state, FlatRoomPlace.ADDED_TO, room, tuple(dict.fromkeys((*room.participants, *emails))))


def remove_room_participants(state: QiscusState, params: Params) -> Results:
    """Reference: "Remove room participants"."""
    room, emails = _room_and_emails(state, params)
    return _with_participants(
        state, FlatRoomPlace.REMOVED_FROM, room, tuple(email for email in room.participants if email not in emails)
    )


def _room_and_emails(state: QiscusState, params: Params) -> tuple[Room, list[str]]:
    room_id = params.require("room_id")
    return room_called(state, room_id, group=True), params.require_texts("emails")


def _with_participants(state: QiscusState, place: FlatRoomPlace, room: Room, participants: tuple[str, ...]) -> Results:
    changed = attrs.evolve(room, participants=participants)
    state.data.change_room(changed)
    return flat_room_document(changed, place, state.data, state)


def _newest(state: QiscusState, room: Room, place: CommentPlace) -> list[dict[str, Any]]:
    comments = state.data.comments(room)[-_COMMENTS:]
    return [comment_document(comment, place, state.data, state) for comment in reversed(comments)]
