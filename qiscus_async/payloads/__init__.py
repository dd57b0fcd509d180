"""Typed payloads of all comment types, for posting and for reading.

    buttons = [payloads.Button.link("Beli", url)]
    await qiscus.messages.post(room.id, "sari", payloads.Card(title="Blus", buttons=buttons))

    match comment.payload:
        case payloads.Text(text=text): ...
        case payloads.ButtonPostbackResponse(payload=data): ...
        case payloads.AddMember(members=[*new]): ...
        case payloads.Other(comment_type=kind, document=document): ...

Making one without a required part is an :exc:`~nusantara.errors.InvalidParameter` that names it; reading takes what
comes.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from nusantara.codec import structure
from nusantara.errors import DecodeError
from qiscus_async.enums import CommentType
from qiscus_async.forms import read_object
from qiscus_async.payloads.buttons import (
    Button,
    ButtonAction,
    ButtonPostbackResponse,
    Buttons,
    Card,
    Carousel,
    CarouselCard,
    DefaultAction,
)
from qiscus_async.payloads.contents import (
    AccountLinking,
    AccountLinkingParams,
    ContactPerson,
    Custom,
    FileAttachment,
    Location,
    Other,
    Reply,
    Text,
)
from qiscus_async.payloads.events import (
    AddMember,
    ChangeRoomAvatar,
    ChangeRoomName,
    CreateRoom,
    CustomEvent,
    JoinRoom,
    LeftRoom,
    RemoveMember,
    SystemEvent,
    read_event,
)

__all__ = [
    "AccountLinking",
    "AccountLinkingParams",
    "AddMember",
    "Button",
    "ButtonAction",
    "ButtonPostbackResponse",
    "Buttons",
    "Card",
    "Carousel",
    "CarouselCard",
    "ChangeRoomAvatar",
    "ChangeRoomName",
    "ContactPerson",
    "Content",
    "CreateRoom",
    "Custom",
    "CustomEvent",
    "DefaultAction",
    "FileAttachment",
    "JoinRoom",
    "LeftRoom",
    "Location",
    "Other",
    "Payload",
    "RemoveMember",
    "Reply",
    "SystemEvent",
    "Text",
    "read",
]

Content: TypeAlias = (
    Text
    | AccountLinking
    | Buttons
    | ButtonPostbackResponse
    | Reply
    | Card
    | Carousel
    | Custom
    | Location
    | ContactPerson
    | FileAttachment
    | Other
)
"""What a user can post."""

Payload: TypeAlias = Content | SystemEvent
"""What a comment can hold."""

_BY_TYPE: dict[str, type[Content]] = {
    kind.comment_type: kind
    for kind in (
        AccountLinking,
        Buttons,
        ButtonPostbackResponse,
        Reply,
        Card,
        Carousel,
        Custom,
        Location,
        ContactPerson,
        FileAttachment,
    )
}


def read(comment_type: str, document: Any, *, message: str = "") -> Payload:
    """The payload of a comment, which is never refused: what does not fit is an :class:`Other`.

    Args:
        comment_type: Type of the comment.
        document: The payload as it came, an object or JSON text.
        message: Message of the comment, which is all there is to a text.
    """
    if comment_type == CommentType.TEXT:
        return structure({"text": message}, Text)
    found = read_object(document)
    if comment_type == CommentType.SYSTEM_EVENT:
        event = read_event(found, message=message) if found else None
        return Other(comment_type=comment_type, document=document) if event is None else event
    kind = _BY_TYPE.get(comment_type)
    if kind is not None and found:
        try:
            return structure(found, kind)
        except DecodeError:
            pass
    return Other(comment_type=comment_type, document=document)
