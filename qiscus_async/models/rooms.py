"""Rooms and who is in them.

The operations name the same things differently: a room's number is ``room_id`` or ``id``, its kind ``room_type`` or
``chat_type``, and so on. Here each has one name.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from nusantara.codec import structure
from nusantara.model import LooseBool, LooseInt, Model, field, model
from qiscus_async.enums import RoomType
from qiscus_async.forms import JsonObject, JsonText, listing
from qiscus_async.models.comments import Comment

__all__ = ["Participant", "Room", "RoomInfo", "RoomPage", "RoomUpdate", "RoomWithComments"]


@model
class Participant(Model):
    """Somebody in a room. Some answers give the user id alone."""

    email: str
    """The user id. It need not be an e-mail address."""
    username: str | None = None
    id: LooseInt | None = None
    avatar_url: str | None = None
    last_comment_read_id: LooseInt | None = None
    """The newest comment read; 0 for none."""
    last_comment_received_id: LooseInt | None = None
    active: LooseBool | None = None
    """Undocumented, like :attr:`extras`."""
    extras: JsonObject = field(factory=dict)
    id_str: str | None = field(default=None, repr=False)
    last_comment_read_id_str: str | None = field(default=None, repr=False)
    last_comment_received_id_str: str | None = field(default=None, repr=False)


def _read_participant(value: Any) -> Participant:
    return Participant(email=value) if type(value) is str else structure(value, Participant)


def _read_comment(value: Any) -> Comment:
    return structure(value, Comment)


Participants = Annotated[list[Participant], listing(_read_participant)]
"""Reads user ids and objects alike: documents show ids where live answers have objects."""
Comments = Annotated[list[Comment], listing(_read_comment)]


@model
class Room(Model):
    """A room, as far as the operation tells about it."""

    id: LooseInt = field(keys=("room_id", "id"))
    name: str = field(key="room_name")
    type: RoomType | str | None = field(default=None, keys=("room_type", "chat_type"))
    avatar_url: str | None = field(default=None, keys=("room_avatar_url", "avatar_url"))
    unique_id: str | None = field(default=None, keys=("room_unique_id", "unique_id"))
    """The id as text, made by whoever created the room or by the server."""
    options: JsonText = field(factory=dict, keys=("room_options", "options"))
    """What the app stored with the room; :attr:`raw` has the text."""
    participants: Participants = field(factory=list)
    """Empty where the operation was not asked for them."""
    creator: str | None = None
    """User id."""
    raw_name: str | None = field(default=None, key="raw_room_name")
    """The stored name; the name of a room for two is that of the other one."""
    last_comment_id: LooseInt | None = None
    """0 in a room without comments."""
    last_comment_message: str | None = None
    last_topic_id: LooseInt | None = None
    """The same number as :attr:`id`, or 0."""
    id_str: str | None = field(default=None, keys=("room_id_str", "id_str"), repr=False)
    last_comment_id_str: str | None = field(default=None, repr=False)


@model
class RoomInfo(Room):
    """A room as one of its participants sees it."""

    unread_count: LooseInt | None = None
    """Comments this participant has not read."""
    last_comment_timestamp: datetime | None = None
    """None in a room without comments."""
    last_comment_timestamp_unix: LooseInt | None = None
    """Seconds since 1970. Undocumented, like what follows."""
    last_comment_sender_id: LooseInt | None = None
    last_comment_sender_email: str | None = None
    last_comment_sender_username: str | None = None
    last_comment_sender_id_str: str | None = field(default=None, repr=False)
    is_removed: LooseBool | None = None


@model
class RoomPageMeta(Model):
    """The size of a list of rooms."""

    current_page: LooseInt | None = None
    total_room: LooseInt | None = None
    """Rooms in all."""


@model
class RoomPage(Model):
    """One page of a list of rooms."""

    rooms_info: list[RoomInfo] | None
    meta: RoomPageMeta | None = None


@model
class RoomWithComments(Model):
    """A room and its newest comments."""

    room: Room
    comments: Comments = field(factory=list)
    """Newest first."""


@model
class RoomUpdate(Model):
    """What became of an update."""

    room: Room
    changed: LooseBool
    """False if everything was so already."""
    comments: Comments = field(factory=list)


@model
class RoomAnswer(Model):
    """The envelope of a room."""

    results: Room


@model
class RoomPageAnswer(Model):
    """The envelope of a list of rooms."""

    results: RoomPage


@model
class RoomWithCommentsAnswer(Model):
    """The envelope of a room with its comments."""

    results: RoomWithComments


@model
class RoomUpdateAnswer(Model):
    """The envelope of an update."""

    results: RoomUpdate
