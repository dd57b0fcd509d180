"""Rows of import files. Reference: "Import Data"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

from nusantara.introspection import documented
from nusantara.secret import Secret

__all__ = ["CommentRow", "RoomRow", "UserRow"]


@documented
@attrs.frozen(slots=True, kw_only=True)
class UserRow:
    """A user to create."""

    email: str
    """The user id; new to the app and unique in the import."""
    name: str
    authentication_token: Secret | str = attrs.field(repr=False)
    """New to the app and unique in the import."""
    password: Secret | str = attrs.field(repr=False)
    """Plain; the server encrypts it."""
    created_at: datetime
    avatar_url: str = ""


@documented
@attrs.frozen(slots=True, kw_only=True)
class RoomRow:
    """A room to create. Everybody in it must exist."""

    name: str
    """Of a single room the server makes its own name."""
    type: str
    """``single``, with exactly two participants, or ``group``."""
    unique_id: str
    """New to the app and unique in the import."""
    creator_email: str
    """Of a single room, one of the participants."""
    participant_emails: Sequence[str]
    created_at: datetime
    avatar_url: str = ""
    options: str = ""


@documented
@attrs.frozen(slots=True, kw_only=True)
class CommentRow:
    """A comment to create. Its room and its creator must exist.

    Only ``text`` and ``reply`` are advised by the reference. A reply names its parent, which exists at the server or
    comes earlier in the import; its payload is made here.
    """

    message: str
    unique_id: str
    """New to the app and unique in the import."""
    creator_email: str
    room_unique_id: str
    created_at: datetime
    type: str = "text"
    payload: Mapping[str, Any] | None = None
    parent_unique_id: str = ""
    parent_exists: bool = False
    """Whether the parent of a reply is at the server already, so that it need not come earlier in the import."""
    disable_link_preview: bool = False
