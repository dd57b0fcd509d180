"""The documents of the answers, from the stored data.

Each is built with every key that is known and then, for the documented edition, cut down to the sample of its place in
the reference.
"""

from __future__ import annotations

import datetime
import enum
from typing import Any

from qiscus_async.sandbox import seed
from qiscus_async.sandbox.data import Data
from qiscus_async.sandbox.entities import Comment, Room, User
from qiscus_async.sandbox.settings import Edition, Settings

__all__ = [
    "CommentPlace",
    "FlatRoomPlace",
    "RoomPlace",
    "UserPlace",
    "comment_document",
    "flat_room_document",
    "listed_user_document",
    "micro_time",
    "participant_documents",
    "room_document",
    "room_info_document",
    "time_text",
    "user_document",
]

Document = dict[str, Any]

_NO_TIME = "0001-01-01T00:00:00Z"
"""What stands for the time of the last comment where there is none."""


class UserPlace(enum.Enum):
    """Whose sample a user follows."""

    LOGIN = frozenset({"id", "email", "username", "avatar_url", "token"})
    PROFILE = LOGIN | {"avatar", "rtKey", "pn_ios_configured", "pn_android_configured"}
    TOKEN_RESET = PROFILE | {"last_comment_id"}
    PROFILE_UPDATE = TOKEN_RESET | {"app", "id_str", "last_comment_id_str"}


_LEAN = frozenset({"comment_before_id", "disable_link_preview", "email", "id", "message", "timestamp"}) | {
    "unique_temp_id",
    "user_avatar_url",
    "username",
}
_TYPED = _LEAN | {"payload", "type", "unix_timestamp", "user_avatar"}
_STR_TWINS = {"comment_before_id_str", "id_str", "room_id_str", "topic_id_str", "user_id_str"}
_NEWER = _TYPED | {"room_id", "topic_id", "user_id", "extras", "unix_nano_timestamp"} | _STR_TWINS
_NEWEST = {"status", "is_deleted", "is_public_channel", "room_avatar", "room_type", "user_extras"}


class CommentPlace(enum.Enum):
    """Whose sample a comment follows."""

    TARGET = _LEAN
    LOADED = _LEAN | {"room_id", "room_name"}
    ROOM_UPDATE = _TYPED
    POSTED = _TYPED | {"room_id", "topic_id"}
    SYSTEM = POSTED | {"user_id"}
    FOUND = SYSTEM | {"chat_type", "room_name"}
    BROADCAST = _NEWER | {"target_email"}


_INFO = frozenset({"last_comment_id", "last_comment_message", "last_comment_timestamp", "participants"}) | {
    "room_id",
    "room_name",
    "room_type",
    "unread_count",
}


class RoomPlace(enum.Enum):
    """Whose sample a line about a room follows."""

    INFO = _INFO
    OF_USER = _INFO | {"room_avatar_url"}


class FlatRoomPlace(enum.Enum):
    """After which operation a room is flat."""

    CREATED = "create_room"
    ADDED_TO = "add_room_participants"
    REMOVED_FROM = "remove_room_participants"


def user_document(user: User, place: UserPlace, data: Data, settings: Settings) -> Document:
    """``results.user``, the session token of the client-side API included."""
    last_comment_id = data.last_id_of_user(user.email)
    avatar = {"url": user.avatar_url}
    document = {
        "app": {"code": data.app_id, "id": seed.APP_NUMBER, "id_str": str(seed.APP_NUMBER), "name": seed.APP_NAME},
        # The sample of the token reset alone is not nested, and live answers contradict it.
        "avatar": avatar if _documented(settings) and place is UserPlace.TOKEN_RESET else {"avatar": avatar},
        "avatar_url": user.avatar_url,
        "email": user.email,
        "id": user.id,
        "id_str": str(user.id),
        "last_comment_id": last_comment_id,
        "last_comment_id_str": str(last_comment_id),
        "pn_android_configured": True,
        "pn_ios_configured": True,
        "rtKey": "somestring",
        "token": user.token,
        "username": user.username,
        "extras": user.extras,
    }
    return _cut(document, place.value, settings)


def listed_user_document(user: User, settings: Settings) -> Document:
    """An element of ``results.users``."""
    document = {
        "avatar_url": user.avatar_url,
        "created_at": micro_time(user.created_at),
        "email": user.email,
        "id": user.id,
        "name": user.username,
        "updated_at": micro_time(user.updated_at),
        "username": user.username,
    }
    return document if _documented(settings) else document | {"active": True, "extras": user.extras}


def flat_room_document(room: Room, place: FlatRoomPlace, data: Data, settings: Settings) -> Document:
    """``results`` of creating a room and of changing its participants."""
    participants: list[Any] = list(room.participants)
    as_objects = settings.participants_as_objects
    if as_objects is None:
        as_objects = not _documented(settings) and place is not FlatRoomPlace.ADDED_TO
    if as_objects:
        participants = participant_documents(room, data, settings, with_id=True)
    document = {
        "creator": room.creator_email,
        "participants": participants,
        "room_id": room.id,
        "room_name": room.name,
        "room_type": room.type,
    }
    if _documented(settings):
        return document
    return document | {
        "room_avatar_url": room.avatar_url,
        "room_id_str": str(room.id),
        "room_unique_id": room.unique_id,
    }


def room_document(room: Room, data: Data, settings: Settings, *, with_marks: bool) -> Document:
    """``results.room``."""
    last = data.last(room)
    document = {
        "avatar_url": room.avatar_url,
        "chat_type": room.type,
        "id": room.id,
        "last_comment_id": last.id if last else 0,
        "last_comment_message": last.message if last else "",
        "last_topic_id": room.id if last else 0,
        "options": room.options,
        "participants": participant_documents(room, data, settings, with_marks=with_marks),
        "room_name": room.name,
    }
    if _documented(settings):
        return document
    return document | {
        "id_str": str(room.id),
        "last_comment_id_str": str(document["last_comment_id"]),
        "last_topic_id_str": str(document["last_topic_id"]),
        "raw_room_name": room.name,
        "unique_id": room.unique_id,
    }


def room_info_document(
    room: Room, user: User, place: RoomPlace, data: Data, settings: Settings, *, with_participants: bool
) -> Document:
    """An element of ``results.rooms_info``, as one user sees the room."""
    last = data.last(room)
    sender = data.sender(last) if last else None
    document: Document = {
        "is_removed": False,
        "last_comment_id": last.id if last else 0,
        "last_comment_id_str": str(last.id if last else 0),
        "last_comment_message": last.message if last else "",
        "last_comment_sender_email": sender.email if sender else "",
        "last_comment_sender_id": sender.id if sender else 0,
        "last_comment_sender_id_str": str(sender.id if sender else 0),
        "last_comment_sender_username": sender.username if sender else "",
        "last_comment_timestamp": time_text(last.at) if last else _NO_TIME,
        "last_comment_timestamp_unix": last.at // 1_000_000_000 if last else -62_135_596_800,
        "raw_room_name": room.name,
        "room_avatar_url": room.avatar_url,
        "room_id": room.id,
        "room_id_str": str(room.id),
        "room_name": _name_for(room, user, data) if place is RoomPlace.OF_USER else room.name,
        "room_options": room.options or "",
        "room_type": room.type,
        "room_unique_id": room.unique_id,
        "unread_count": data.unread(room, user.email),
    }
    if with_participants:
        document["participants"] = participant_documents(room, data, settings, with_id=True)
    return _cut(document, place.value, settings)


def participant_documents(
    room: Room, data: Data, settings: Settings, *, with_marks: bool = True, with_id: bool = False
) -> list[Document]:
    """``participants``, in the variant of a place's sample; the live edition has it all everywhere."""
    everything = not _documented(settings)
    documents = []
    for email in room.participants:
        user = data.user(email) or data.system
        document: Document = {"avatar_url": user.avatar_url, "email": email, "username": user.username}
        if with_id or everything:
            document["id"] = user.id
        if with_marks or everything:
            # A sandbox that nobody connects to in real time has received what it has read.
            document["last_comment_read_id"] = document["last_comment_received_id"] = data.read_id(room, email)
        if everything:
            document |= {
                "id_str": str(user.id),
                "last_comment_read_id_str": str(document["last_comment_read_id"]),
                "last_comment_received_id_str": str(document["last_comment_received_id"]),
                "active": True,
                "extras": user.extras,
            }
        documents.append(document)
    return documents


def comment_document(
    comment: Comment, place: CommentPlace, data: Data, settings: Settings, *, target_email: str | None = None
) -> Document:
    """A comment as a place shows it."""
    user = data.sender(comment)
    room = data.room(comment.room_id)
    assert room is not None
    document = {
        "chat_type": room.type,
        "comment_before_id": comment.before_id,
        "comment_before_id_str": str(comment.before_id),
        "disable_link_preview": comment.disable_link_preview,
        "email": comment.email,
        "extras": comment.extras,
        "id": comment.id,
        "id_str": str(comment.id),
        "is_deleted": False,
        "is_public_channel": False,
        "message": comment.message,
        "payload": _payload(comment, settings),
        "room_id": comment.room_id,
        "room_id_str": str(comment.room_id),
        "room_avatar": room.avatar_url,
        "room_name": room.name,
        "room_type": room.type,
        "status": _status(comment, room, data),
        "timestamp": time_text(comment.at),
        "topic_id": comment.room_id,
        "topic_id_str": str(comment.room_id),
        "type": comment.type,
        "unique_temp_id": comment.unique_temp_id,
        "unix_nano_timestamp": comment.at,
        "unix_timestamp": comment.at // 1_000_000_000,
        "user_avatar": {"avatar": {"url": user.avatar_url}},
        "user_avatar_url": user.avatar_url,
        "user_extras": user.extras,
        "user_id": user.id,
        "user_id_str": str(user.id),
        "username": user.username,
    }
    if target_email is not None:
        document["target_email"] = target_email
    keys = place.value if _documented(settings) else place.value | _NEWER | _NEWEST
    return {name: value for name, value in document.items() if name in keys}


def time_text(at: int) -> str:
    """A time to the second, in UTC."""
    return datetime.datetime.fromtimestamp(at // 1_000_000_000, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def micro_time(at: int) -> str:
    """A time to the microsecond, without zeros at its end."""
    fraction = f"{at // 1000 % 1_000_000:06d}".rstrip("0")
    return time_text(at).removesuffix("Z") + (f".{fraction}Z" if fraction else "Z")


def _status(comment: Comment, room: Room, data: Data) -> str:
    """Nobody is connected in real time, so what is delivered is read."""
    others = [email for email in room.participants if email != comment.email]
    return "read" if others and all(data.read_id(room, email) >= comment.id for email in others) else "sent"


def _payload(comment: Comment, settings: Settings) -> Any:
    """The reference echoes the payload of a custom system event as it was sent; newer servers wrap it."""
    if comment.type != "system_event" or _documented(settings):
        return comment.payload
    unused = {"object_email": "", "object_username": "", "room_name": "", "subject_email": "", "subject_username": ""}
    lists: Document = {"object_email_list": [], "object_username_list": []}
    if comment.custom_event:
        return unused | lists | {"type": "custom", "payload": comment.payload}
    for name in ("object_email", "object_username"):
        lists[f"{name}_list"] = [comment.payload[name]] if comment.payload[name] else []
    return comment.payload | lists


def _name_for(room: Room, user: User, data: Data) -> str:
    """A room of two is listed under the name of the other one."""
    if room.type == "group":
        return room.name
    others = [data.user(email) for email in room.participants if email != user.email]
    return others[0].username if others and others[0] else room.name


def _cut(document: Document, keys: frozenset[str], settings: Settings) -> Document:
    if not _documented(settings):
        return document
    return {name: value for name, value in document.items() if name in keys}


def _documented(settings: Settings) -> bool:
    return settings.edition is Edition.DOCUMENTED
