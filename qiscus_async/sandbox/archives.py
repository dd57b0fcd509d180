"""What is in an export: the data as rows of JSON, or any number of made-up rows.

The format of an export is documented nowhere. Here it is that of an import, so that what came out can go in.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator
from typing import Any, Protocol

from qiscus_async.sandbox.data import Data
from qiscus_async.sandbox.entities import Comment, Room, User
from qiscus_async.sandbox.shapes import time_text

__all__ = ["Archive", "MadeUp", "Stored", "rows_between"]

_BLOCK = 65_536

_MADE_UP = {
    "users": {
        "Email": "arsip-%012d@pelanggan.example",
        "Name": "Pelanggan %012d",
        "AvatarUrl": "",
        "AuthenticationToken": "token-%012d",
        "Password": "",
        "CreateAt": "2018-02-01T02:00:00Z",
    },
    "rooms": {
        "Name": "Ruang %012d",
        "Type": "group",
        "Options": "",
        "CreatorEmail": "{email}",
        "CreatedAt": "2018-02-01T02:00:00Z",
        "AvatarUrl": "",
        "UniqueId": "ruang-%012d",
        "ParticipantEmails": ["{email}"],
    },
    "comments": {
        "Message": "Pesan nomor %012d dari arsip percakapan pelanggan",
        "DisableLinkPreview": False,
        "Type": "text",
        "UniqueId": "arsip-%012d",
        "CreatorEmail": "{email}",
        "RoomUniqueId": "{room}",
        "CreatedAt": "2018-02-01T02:00:00Z",
        "Payload": None,
        "ParentCommentUniqueId": "",
    },
}


class Archive(Protocol):
    """A file of which any part can be had without the rest."""

    @property
    def rows(self) -> int: ...

    @property
    def size(self) -> int:
        """In bytes."""
        ...

    @property
    def tag(self) -> str:
        """Changes with the content."""
        ...

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes from ``start`` up to ``end``, a piece at a time."""
        ...


class Stored:
    """The data, as it was when the export was asked for."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._bytes = json.dumps(rows, ensure_ascii=False, indent=1).encode("utf-8", "replace")
        self.rows = len(rows)
        self.size = len(self._bytes)
        self.tag = hashlib.sha256(self._bytes).hexdigest()[:32]

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        for place in range(start, end, _BLOCK):
            yield self._bytes[place : min(place + _BLOCK, end)]


class MadeUp:
    """Rows of equal length, each made when it is read."""

    def __init__(self, resource: str, rows: int, *, email: str, room: str) -> None:
        text = json.dumps(_MADE_UP[resource], separators=(",", ":"))
        self._row = text.replace("{email}", email).replace("{room}", room)
        self._numbers = self._row.count("%012d")
        # Two bytes behind each row: a comma and a line break, or the end of the array.
        self._width = len(self._made(0)) + 2
        self.rows = rows
        self.size = 2 + self._width * rows if rows else 2
        self.tag = hashlib.sha256(f"{rows} {self._row}".encode()).hexdigest()[:32]

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        if start >= end:
            return
        if not self.rows:
            yield b"[]"[start:end]
            return
        if start < 2:
            yield b"[\n"[start:end]
            start = 2
        at_once = max(_BLOCK // self._width, 1)
        row = (start - 2) // self._width
        while start < end:
            last = min(row + at_once, self.rows)
            block = b"".join(
                self._made(number) + (b",\n" if number < self.rows - 1 else b"\n]") for number in range(row, last)
            )
            first_byte = 2 + row * self._width
            piece = block[start - first_byte : end - first_byte]
            yield piece
            start += len(piece)
            row = last

    def _made(self, number: int) -> bytes:
        return (self._row % ((number + 1,) * self._numbers)).encode()


def rows_between(data: Data, resource: str, start: datetime.date, end: datetime.date) -> list[dict[str, Any]]:
    """What was made from the first to the last day, both included, in UTC."""
    first = _midnight(start)
    after = _midnight(end) + 86_400_000_000_000
    match resource:
        case "users":
            return [_user(user) for user in data.users if first <= user.created_at < after]
        case "rooms":
            return [_room(room) for room in data.rooms if first <= room.created_at < after]
    return [_comment(comment, data) for comment in data.all_comments() if first <= comment.at < after]


def _midnight(day: datetime.date) -> int:
    return int(datetime.datetime.combine(day, datetime.time(), datetime.UTC).timestamp()) * 1_000_000_000


def _user(user: User) -> dict[str, Any]:
    return {
        "Email": user.email,
        "Name": user.username,
        "AvatarUrl": user.avatar_url,
        "AuthenticationToken": user.token,
        "Password": "",
        "CreateAt": time_text(user.created_at),
    }


def _room(room: Room) -> dict[str, Any]:
    return {
        "Name": room.name,
        "Type": room.type,
        "Options": room.options or "",
        "CreatorEmail": room.creator_email,
        "CreatedAt": time_text(room.created_at),
        "AvatarUrl": room.avatar_url,
        "UniqueId": room.unique_id,
        "ParticipantEmails": list(room.participants),
    }


def _comment(comment: Comment, data: Data) -> dict[str, Any]:
    room = data.room(comment.room_id)
    assert room is not None
    message, payload = comment.message, comment.payload
    if comment.type == "reply":
        message, payload = payload["text"], {"text": payload["text"], "replied_comment_id": 1}
    return {
        "Message": message,
        "DisableLinkPreview": comment.disable_link_preview,
        "Type": comment.type,
        "UniqueId": comment.unique_temp_id,
        "CreatorEmail": comment.email,
        "RoomUniqueId": room.unique_id,
        "CreatedAt": time_text(comment.at),
        "Payload": payload,
        "ParentCommentUniqueId": comment.parent_unique_id,
    }
