"""What the sandbox stores. Times are nanoseconds since the epoch."""

from __future__ import annotations

from typing import Any

import attrs

__all__ = ["Comment", "Room", "User"]


@attrs.frozen(slots=True, kw_only=True)
class User:
    """Somebody who can chat. Everywhere else a user is named by the ``email``, which need not be an address."""

    id: int
    email: str
    username: str
    avatar_url: str
    password: str = attrs.field(repr=False)
    token: str = attrs.field(repr=False)
    extras: dict[str, Any] = attrs.field(factory=dict)
    created_at: int
    updated_at: int


@attrs.frozen(slots=True, kw_only=True)
class Room:
    """A room of two (``single``) or of any number (``group``)."""

    id: int
    unique_id: str
    name: str
    type: str
    avatar_url: str
    options: str | None
    creator_email: str
    participants: tuple[str, ...]
    created_at: int


@attrs.frozen(slots=True, kw_only=True)
class Comment:
    """A message in a room."""

    id: int
    before_id: int
    """The comment before it in the room; 0 for the first."""
    room_id: int
    email: str
    message: str
    type: str
    payload: Any
    extras: dict[str, Any]
    at: int
    unique_temp_id: str
    disable_link_preview: bool
    parent_unique_id: str = ""
    """Of an imported or posted reply: the ``unique_temp_id`` of the comment it answers."""
    custom_event: bool = False
    """A system event whose payload is the caller's own."""
