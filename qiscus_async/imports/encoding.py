"""From rows to the bytes of import files, and the rules that rows keep. Reference: "Import Data".

Rows are checked one by one, and against the rows before them as far as the reference states a rule. That somebody or
something must exist at the server already can only be known there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from nusantara.codec import dumps, loads
from nusantara.errors import BadResponse, InvalidParameter
from nusantara.secret import credential
from qiscus_async.imports.rows import CommentRow, RoomRow, UserRow

__all__ = ["Row", "check_file", "encode_rows"]

Row = UserRow | RoomRow | CommentRow


def encode_rows(rows: Iterable[Row], kind: str) -> Iterator[bytes]:
    """Each row as JSON, checked.

    Raises:
        InvalidParameter: A row breaks a rule; it names the row and the field.
    """
    check: Any = {"users": _Users, "rooms": _Rooms, "comments": _Comments}[kind]()
    for number, row in enumerate(rows):
        if not isinstance(row, check.row):
            raise InvalidParameter(f"rows[{number}]", f"must be a {check.row.__name__}, not {type(row).__name__}")
        yield dumps(check.document(f"rows[{number}]", row))


_IDS = {
    "users": {"Email": "e-mail", "AuthenticationToken": "token"},
    "rooms": {"UniqueId": "unique id"},
    "comments": {"UniqueId": "unique id"},
}


def check_file(file: bytes, kind: str) -> None:
    """See that a file made elsewhere is a JSON array of objects and repeats no id.

    Raises:
        InvalidParameter: It is not; it names the row.
    """
    try:
        rows = loads(file, strict=True)
    except BadResponse as error:
        raise InvalidParameter("file", f"is not JSON: {error.message.partition(': ')[2]}") from None
    if not isinstance(rows, list):
        raise InvalidParameter("file", "must be a JSON array")
    seen = {key: _Seen(what) for key, what in _IDS[kind].items()}
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise InvalidParameter(f"file[{number}]", "must be an object")
        for key, ids in seen.items():
            if isinstance(row.get(key), str):
                ids.add(f"file[{number}].{key}", row[key])


class _Seen:
    """Ids that came by."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._ids: set[str] = set()

    def add(self, place: str, value: str) -> None:
        if value in self._ids:
            raise InvalidParameter(place, f"this {self._what} was in an earlier row")
        self._ids.add(value)

    def __contains__(self, value: str) -> bool:
        return value in self._ids


class _Users:
    row = UserRow

    def __init__(self) -> None:
        self._emails = _Seen("e-mail")
        self._tokens = _Seen("token")

    def document(self, place: str, row: UserRow) -> dict[str, Any]:
        token = credential(f"{place}.authentication_token", row.authentication_token)
        self._emails.add(f"{place}.email", _given(f"{place}.email", row.email))
        self._tokens.add(f"{place}.authentication_token", token)
        return {
            "Email": row.email,
            "Name": _given(f"{place}.name", row.name),
            "AvatarUrl": row.avatar_url,
            "AuthenticationToken": token,
            "Password": credential(f"{place}.password", row.password),
            # Here, and only here, the reference spells the key without a d.
            "CreateAt": _moment(f"{place}.created_at", row.created_at),
        }


class _Rooms:
    row = RoomRow

    def __init__(self) -> None:
        self._ids = _Seen("unique id")

    def document(self, place: str, row: RoomRow) -> dict[str, Any]:
        self._ids.add(f"{place}.unique_id", _given(f"{place}.unique_id", row.unique_id))
        participants = [
            _given(f"{place}.participant_emails[{index}]", email) for index, email in enumerate(row.participant_emails)
        ]
        if row.type == "single":
            if len(set(participants)) != 2 or len(participants) != 2:
                raise InvalidParameter(f"{place}.participant_emails", "a single room has exactly two participants")
            if row.creator_email not in participants:
                raise InvalidParameter(f"{place}.creator_email", "must be one of the two in a single room")
        elif row.type != "group":
            raise InvalidParameter(f"{place}.type", f"must be single or group, not {row.type!r}")
        return {
            "Name": row.name,
            "Type": row.type,
            "Options": row.options,
            "CreatorEmail": _given(f"{place}.creator_email", row.creator_email),
            "CreatedAt": _moment(f"{place}.created_at", row.created_at),
            "AvatarUrl": row.avatar_url,
            "UniqueId": row.unique_id,
            "ParticipantEmails": participants,
        }


class _Comments:
    row = CommentRow

    def __init__(self) -> None:
        self._ids = _Seen("unique id")

    def document(self, place: str, row: CommentRow) -> dict[str, Any]:
        payload = row.payload
        if row.type == "reply":
            parent = _given(f"{place}.parent_unique_id", row.parent_unique_id)
            if not row.parent_exists and parent not in self._ids:
                raise InvalidParameter(
                    f"{place}.parent_unique_id",
                    "is no earlier row",
                    hint="put parents before their replies, or set parent_exists if it is at the server",
                )
            # The reference asks for the number 1 here, whatever the parent is.
            payload = {"text": row.message, "replied_comment_id": 1}
        elif row.parent_unique_id:
            raise InvalidParameter(f"{place}.parent_unique_id", "only a reply has a parent")
        self._ids.add(f"{place}.unique_id", _given(f"{place}.unique_id", row.unique_id))
        return {
            "Message": row.message if row.type != "text" else _given(f"{place}.message", row.message),
            "DisableLinkPreview": row.disable_link_preview,
            "Type": _given(f"{place}.type", row.type),
            "UniqueId": row.unique_id,
            "CreatorEmail": _given(f"{place}.creator_email", row.creator_email),
            "RoomUniqueId": _given(f"{place}.room_unique_id", row.room_unique_id),
            "CreatedAt": _moment(f"{place}.created_at", row.created_at),
            "Payload": None if payload is None else dict(payload),
            "ParentCommentUniqueId": row.parent_unique_id,
        }


def _given(place: str, value: str) -> str:
    if not isinstance(value, str) or not value:
        raise InvalidParameter(place, "must be given, as text")
    return value


def _moment(place: str, value: datetime) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise InvalidParameter(place, "must be a datetime with a time zone")
    return value.isoformat().replace("+00:00", "Z")
