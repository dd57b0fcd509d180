"""System events: what the system writes into a room about its members, name and picture.

They are posted with ``messages.post_system_event``, which only writes the line: it neither adds members nor renames
anything.
"""

from __future__ import annotations

from typing import Any, ClassVar

from nusantara.codec import structure
from nusantara.errors import DecodeError, InvalidParameter
from nusantara.model import field, model
from qiscus_async.enums import CommentType, SystemEventType
from qiscus_async.forms import AnyText, AnyTextOrNone, JsonObject
from qiscus_async.payloads.base import Part, required

__all__ = [
    "AddMember",
    "ChangeRoomAvatar",
    "ChangeRoomName",
    "CreateRoom",
    "CustomEvent",
    "JoinRoom",
    "LeftRoom",
    "RemoveMember",
    "SystemEvent",
    "read_event",
]


@model
class SystemEvent(Part):
    """What all system events tell. Names (``..._username``) are filled in by the server."""

    comment_type: ClassVar[CommentType] = CommentType.SYSTEM_EVENT

    type: SystemEventType | str = ""
    """Set by the class of the event."""
    subject_email: AnyText = ""
    """User id of who did it. Required, but for a :class:`CustomEvent`."""
    subject_username: AnyTextOrNone = None

    def check(self, where: str = "") -> None:
        required(self, where, "type", "subject_email")


@model
class CreateRoom(SystemEvent):
    """Somebody created the room."""

    type: SystemEventType | str = SystemEventType.CREATE_ROOM
    room_name: AnyText = ""
    """Required."""

    def check(self, where: str = "") -> None:
        required(self, where, "subject_email", "room_name")


@model
class _MemberEvent(SystemEvent):
    object_emails: list[str] | None = field(default=None, key="object_email_list")
    """User ids of those it was done to; newer servers only. This or :attr:`object_email` is required."""
    object_usernames: list[str] | None = field(default=None, key="object_username_list")
    object_email: AnyTextOrNone = None
    """User id of the one it was done to. Posting for several writes a line for each."""
    object_username: AnyTextOrNone = None

    @property
    def members(self) -> list[str]:
        """User ids of those it was done to, whichever way the server tells them."""
        return list(self.object_emails or filter(None, [self.object_email]))

    def check(self, where: str = "") -> None:
        required(self, where, "subject_email")
        if not self.members:
            required(self, where, "object_emails")
        for index, member in enumerate(self.members):
            if not isinstance(member, str) or not member:
                raise InvalidParameter(f"{where}object_emails[{index}]", "must be given, as text")


@model
class AddMember(_MemberEvent):
    """Somebody added others."""

    type: SystemEventType | str = SystemEventType.ADD_MEMBER


@model
class RemoveMember(_MemberEvent):
    """Somebody removed others."""

    type: SystemEventType | str = SystemEventType.REMOVE_MEMBER


@model
class JoinRoom(SystemEvent):
    """Somebody joined."""

    type: SystemEventType | str = SystemEventType.JOIN_ROOM
    room_name: AnyTextOrNone = None
    """Filled in by the server."""


@model
class LeftRoom(SystemEvent):
    """Somebody left."""

    type: SystemEventType | str = SystemEventType.LEFT_ROOM
    room_name: AnyTextOrNone = None
    """Filled in by the server."""


@model
class ChangeRoomName(SystemEvent):
    """Somebody gave the room another name."""

    type: SystemEventType | str = SystemEventType.CHANGE_ROOM_NAME
    room_name: AnyText = ""
    """The new name. Required."""

    def check(self, where: str = "") -> None:
        required(self, where, "subject_email", "room_name")


@model
class ChangeRoomAvatar(SystemEvent):
    """Somebody gave the room another picture."""

    type: SystemEventType | str = SystemEventType.CHANGE_ROOM_AVATAR


@model
class CustomEvent(SystemEvent):
    """An event of your own, written by the system's user.

    Both editions of the reference say that the content comes back as it was sent, newer servers wrap it:
    :attr:`content` has it either way.
    """

    type: SystemEventType | str = SystemEventType.CUSTOM
    message: AnyText = ""
    """What is shown. Required. Public clients speak of at most 5000 characters."""
    content: JsonObject = field(factory=dict, key="payload")
    """Data of your own."""

    def check(self, where: str = "") -> None:
        required(self, where, "message")


_BY_TYPE: dict[str, type[SystemEvent]] = {
    SystemEventType.CREATE_ROOM: CreateRoom,
    SystemEventType.ADD_MEMBER: AddMember,
    SystemEventType.REMOVE_MEMBER: RemoveMember,
    SystemEventType.JOIN_ROOM: JoinRoom,
    SystemEventType.LEFT_ROOM: LeftRoom,
    SystemEventType.CHANGE_ROOM_NAME: ChangeRoomName,
    SystemEventType.CHANGE_ROOM_AVATAR: ChangeRoomAvatar,
}


def read_event(document: dict[str, Any], *, message: str = "") -> SystemEvent | None:
    """The event in the payload of a system event; None if the payload does not fit its sub-type."""
    event_type = document.get("type")
    kind = _BY_TYPE.get(event_type) if isinstance(event_type, str) else None
    if kind is None:
        kind = CustomEvent
        content = document.get("payload")
        # PHP writes an empty object as a list.
        if event_type != SystemEventType.CUSTOM or not (isinstance(content, dict) or content == []):
            # As the reference has it: the content itself, whose own "type" may be anything.
            document = {"type": str(SystemEventType.CUSTOM), "payload": document}
        document = {"message": message, **document}
    try:
        return structure(document, kind)
    except DecodeError:
        return None
