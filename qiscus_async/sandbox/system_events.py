"""Lines in a room about the room, written by the system user.

Reference: "Post System Event Message".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qiscus_async.sandbox.entities import Room, User

__all__ = ["ABOUT_OTHERS", "ABOUT_THE_NAME", "TYPES", "written"]

_TEXTS: dict[str, Callable[[str, str, str], str]] = {
    "create_room": lambda who, _, name: f"{who} created room '{name}'",
    "add_member": lambda who, whom, _: f"{who} added {whom}",
    "join_room": lambda who, _, __: f"{who} joined room",
    "remove_member": lambda who, whom, _: f"{who} removed {whom}",
    "left_room": lambda who, _, __: f"{who} left room",
    "change_room_name": lambda who, _, name: f"{who} changed room name to '{name}'",
    "change_room_avatar": lambda who, _, __: f"{who} changed room avatar",
}

TYPES = (*_TEXTS, "custom")
ABOUT_OTHERS = frozenset({"add_member", "remove_member"})
ABOUT_THE_NAME = frozenset({"create_room", "change_room_name"})
_WITH_ROOM_NAME = ABOUT_THE_NAME | {"join_room", "left_room"}


def written(kind: str, room: Room, subject: User, other: User | None, name: str | None) -> tuple[str, dict[str, Any]]:
    """Message and payload of every type but ``custom``. All keys are there, those without a use are empty."""
    shown = (name or room.name) if kind in _WITH_ROOM_NAME else ""
    payload = {
        "object_email": other.email if other else "",
        "object_username": other.username if other else "",
        "room_name": shown,
        "subject_email": subject.email,
        "subject_username": subject.username,
        "type": kind,
    }
    return _TEXTS[kind](subject.username, other.username if other else "", shown), payload
