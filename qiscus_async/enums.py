"""Closed vocabularies of Qiscus. Values that it adds later stay plain text wherever one of these is read."""

from __future__ import annotations

import enum
from typing import Literal

__all__ = ["ButtonType", "CommentType", "ContactType", "DevicePlatform", "ExportKind", "RoomType", "SystemEventType"]


class CommentType(enum.StrEnum):
    """What a comment is, which says what its payload holds. Reference: "Post comment"."""

    TEXT = "text"
    ACCOUNT_LINKING = "account_linking"
    BUTTONS = "buttons"
    BUTTON_POSTBACK_RESPONSE = "button_postback_response"
    REPLY = "reply"
    SYSTEM_EVENT = "system_event"
    CARD = "card"
    CAROUSEL = "carousel"
    CUSTOM = "custom"
    LOCATION = "location"
    CONTACT_PERSON = "contact_person"
    FILE_ATTACHMENT = "file_attachment"


class SystemEventType(enum.StrEnum):
    """What a system event tells. Reference: "Post System Event Message"; ``custom`` is described there in the text."""

    CREATE_ROOM = "create_room"
    ADD_MEMBER = "add_member"
    JOIN_ROOM = "join_room"
    REMOVE_MEMBER = "remove_member"
    LEFT_ROOM = "left_room"
    CHANGE_ROOM_NAME = "change_room_name"
    CHANGE_ROOM_AVATAR = "change_room_avatar"
    CUSTOM = "custom"


class RoomType(enum.StrEnum):
    """How many a room is for."""

    SINGLE = "single"
    """Two people."""
    GROUP = "group"


class ButtonType(enum.StrEnum):
    """What pressing a button does."""

    POSTBACK = "postback"
    """Posts a comment, and calls the button's URL."""
    LINK = "link"
    """Opens the button's URL."""


class ContactType(enum.StrEnum):
    """What the value of a contact is."""

    PHONE = "phone"
    EMAIL = "email"


class DevicePlatform(enum.StrEnum):
    """Where a device token comes from."""

    IOS = "ios"
    ANDROID = "android"
    REACT_NATIVE = "rn"


ExportKind = Literal["users", "rooms", "comments"]
"""What can be exported or imported."""
