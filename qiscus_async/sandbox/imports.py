"""Checking an import file by the rules of the reference, and loading it.

A file is loaded whole or not at all; what the vendor does with the good rows of a bad file is not known.

Reference: "Make an Import".
"""

from __future__ import annotations

import datetime
import json
from typing import Any

from qiscus_async.sandbox import payloads
from qiscus_async.sandbox.data import Data
from qiscus_async.sandbox.refusals import Invalid

__all__ = ["LIMIT", "BadFile", "load"]

LIMIT = 4 * 1024 * 1024
"""Bytes of a file at most."""

Row = dict[str, Any]


class BadFile(Exception):
    """A file that is not loaded: why, and the row at fault."""

    def __init__(self, message: str, row: Any = None) -> None:
        super().__init__(message)
        self.message = message
        self.row = row


def load(resource: str, content: bytes, data: Data) -> int:
    """Load a file; the number of its rows. Raises :exc:`BadFile`."""
    try:
        rows = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadFile(f"not a JSON file: {error}") from error
    if not isinstance(rows, list):
        raise BadFile("not a JSON array")
    check, add = {
        "users": (_Users(data).check, _add_user),
        "rooms": (_Rooms(data).check, _add_room),
        "comments": (_Comments(data).check, _add_comment),
    }[resource]
    for number, row in enumerate(rows, 1):
        try:
            if not isinstance(row, dict):
                raise _Bad("must be an object")
            check(row)
        except _Bad as bad:
            raise BadFile(f"row {number}: {bad}", row) from bad
    for row in rows:
        add(row, data)
    return len(rows)


class _Bad(Exception):
    """What is wrong with a row."""


class _Users:
    def __init__(self, data: Data) -> None:
        self._emails = {user.email for user in data.users}
        self._tokens = {user.token for user in data.users}

    def check(self, row: Row) -> None:
        _new(row, "Email", self._emails)
        _need(row, "Name")
        if _text(row, "AuthenticationToken"):
            _new(row, "AuthenticationToken", self._tokens)
        for key in ("AvatarUrl", "Password"):
            _text(row, key)
        _time(row, "CreateAt")


class _Rooms:
    def __init__(self, data: Data) -> None:
        self._data = data
        self._unique_ids = {room.unique_id for room in data.rooms}

    def check(self, row: Row) -> None:
        _new(row, "UniqueId", self._unique_ids)
        kind, creator = _need(row, "Type"), _need(row, "CreatorEmail")
        people = row.get("ParticipantEmails")
        if not isinstance(people, list) or not people:
            raise _Bad("ParticipantEmails must be a list of users")
        for email in (creator, *people):
            if not isinstance(email, str) or self._data.user(email) is None:
                raise _Bad(f"user {email!r} does not exist")
        if kind not in ("single", "group"):
            raise _Bad("Type must be single or group")
        if kind == "single" and (len(people) != 2 or len(set(people)) != 2):
            raise _Bad("a single room must have exactly 2 participants")
        if kind == "single" and creator not in people:
            raise _Bad("the creator of a single room must be one of its participants")
        if kind == "group":
            _need(row, "Name")
        if not (_text(row, "AvatarUrl") or "https://").startswith("https://"):
            raise _Bad("AvatarUrl must be https")
        _text(row, "Options")
        _time(row, "CreatedAt")


class _Comments:
    def __init__(self, data: Data) -> None:
        self._data = data
        self._unique_ids = {comment.unique_temp_id for comment in data.all_comments()}

    def check(self, row: Row) -> None:
        kind = _need(row, "Type")
        message, parent, payload = (_text(row, "Message"), _text(row, "ParentCommentUniqueId"), row.get("Payload"))
        if payload is not None and not isinstance(payload, dict):
            raise _Bad("Payload must be an object or null")
        if self._data.user(_need(row, "CreatorEmail")) is None:
            raise _Bad(f"user {row['CreatorEmail']!r} does not exist")
        room = self._data.room(_need(row, "RoomUniqueId"))
        if room is None or room.unique_id != row["RoomUniqueId"]:
            raise _Bad(f"room {row['RoomUniqueId']!r} does not exist")
        _time(row, "CreatedAt")
        if not isinstance(row.get("DisableLinkPreview", False), bool):
            raise _Bad("DisableLinkPreview must be true or false")
        if kind == "reply":
            self._check_reply(payload or {}, parent)
        else:
            try:
                payloads.complete(kind, message, payload)
            except Invalid as refusal:
                raise _Bad(", ".join(f"{name} {problem}" for name, problem in refusal.problems.items())) from refusal
        # Last, so that a reply cannot be its own parent.
        _new(row, "UniqueId", self._unique_ids)

    def _check_reply(self, payload: Row, parent: str) -> None:
        number = payload.get("replied_comment_id")
        if isinstance(number, bool) or not isinstance(number, int) or number != 1:
            raise _Bad("replied_comment_id of a reply must be the number 1")
        if not isinstance(payload.get("text"), str) or not payload["text"]:
            raise _Bad("the payload of a reply needs a text")
        if parent not in self._unique_ids:
            raise _Bad("ParentCommentUniqueId must be a comment that exists or stands earlier in the file")


def _add_user(row: Row, data: Data) -> None:
    data.add_user(
        row["Email"],
        row["Name"],
        avatar_url=row.get("AvatarUrl"),
        password=row.get("Password"),
        token=row.get("AuthenticationToken"),
        at=_time(row, "CreateAt"),
    )


def _add_room(row: Row, data: Data) -> None:
    data.add_room(
        row.get("Name") or "",
        row["Type"],
        row["CreatorEmail"],
        dict.fromkeys(row["ParticipantEmails"]),
        avatar_url=row.get("AvatarUrl"),
        options=row.get("Options") or "",
        unique_id=row["UniqueId"],
        at=_time(row, "CreatedAt"),
    )


def _add_comment(row: Row, data: Data) -> None:
    room = data.room(row["RoomUniqueId"])
    assert room is not None
    parent = data.comment_by_unique_id(row.get("ParentCommentUniqueId") or "")
    payload, quoted = row.get("Payload"), None
    if row["Type"] == "reply" and parent is not None:
        payload = row["Payload"] | {"replied_comment_id": parent.id}
        quoted = (parent, data.sender(parent))
    message, payload = payloads.complete(row["Type"], row.get("Message") or "", payload, quoted)
    data.add_comment(
        room,
        row["CreatorEmail"],
        message,
        row["Type"],
        payload,
        unique_temp_id=row["UniqueId"],
        disable_link_preview=row.get("DisableLinkPreview", False),
        at=_time(row, "CreatedAt"),
        parent_unique_id=parent.unique_temp_id if parent else "",
    )


def _text(row: Row, key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Bad(f"{key} must be a text")
    return value


def _need(row: Row, key: str) -> str:
    value = _text(row, key)
    if not value:
        raise _Bad(f"{key} can't be blank")
    return value


def _new(row: Row, key: str, taken: set[str]) -> None:
    value = _need(row, key)
    if value in taken:
        raise _Bad(f"{key} has already been taken")
    taken.add(value)


def _time(row: Row, key: str) -> int | None:
    text = _text(row, key)
    if not text:
        return None
    try:
        at = datetime.datetime.fromisoformat(text)
        if at.tzinfo is None:
            at = at.replace(tzinfo=datetime.UTC)
        return int(at.timestamp() * 1_000_000) * 1000
    except (ValueError, OverflowError):
        raise _Bad(f"{key} must be a time") from None
