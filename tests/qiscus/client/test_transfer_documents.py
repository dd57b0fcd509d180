"""The documented answers about exports and imports, and the documented import files."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from support.documents import by_hand, lost, read_document

from nusantara.codec import structure
from qiscus_async.imports import CommentRow, RoomRow, UserRow
from qiscus_async.imports.encoding import encode_rows
from qiscus_async.models.transfers import (
    ExportAnswer,
    ExportCreated,
    ExportListAnswer,
    ImportAnswer,
    ImportListAnswer,
)

DOCUMENTS = Path(__file__).parents[1] / "transfer_documents"
KINDS: dict[str, Any] = {
    "create_export": ExportCreated,
    "get_export": ExportAnswer,
    "delete_export": ExportAnswer,
    "list_exports": ExportListAnswer,
    "create_import": ImportAnswer,
    "list_imports": ImportListAnswer,
}
ANSWERS = sorted(path for path in DOCUMENTS.glob("*.json") if path.name.split(".")[0] in KINDS)


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_a_documented_answer_loses_nothing(path: Path) -> None:
    document = read_document(path)
    answer = structure(document, KINDS[path.name.split(".")[0]])
    assert answer.extra == {}
    assert lost(document, by_hand(answer).to_document()) == []


def test_every_documented_answer_is_here() -> None:
    assert {path.name.split(".")[0] for path in ANSWERS} == set(KINDS)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_documented_users_can_be_written() -> None:
    document = read_document(DOCUMENTS / "import_users.json")
    rows = [
        UserRow(
            email=one["Email"],
            name=one["Name"],
            authentication_token=one["AuthenticationToken"],
            password=one["Password"],
            created_at=moment(one["CreateAt"]),
            avatar_url=one["AvatarUrl"],
        )
        for one in document
    ]
    assert [json.loads(row) for row in encode_rows(rows, "users")] == document


def test_the_documented_rooms_can_be_written_but_for_their_slips() -> None:
    """The samples repeat one unique id, and their participants are one masked address."""
    document = read_document(DOCUMENTS / "import_rooms.json")
    for number, one in enumerate(document):
        one["UniqueId"] = f"room-{number}"
        one["ParticipantEmails"] = [one["CreatorEmail"], *(f"p-{n}" for n in range(len(one["ParticipantEmails"]) - 1))]
    rows = [
        RoomRow(
            name=one["Name"],
            type=one["Type"],
            unique_id=one["UniqueId"],
            creator_email=one["CreatorEmail"],
            participant_emails=one["ParticipantEmails"],
            created_at=moment(one["CreatedAt"]),
            avatar_url=one["AvatarUrl"],
            options=one["Options"],
        )
        for one in document
    ]
    assert [json.loads(row) for row in encode_rows(rows, "rooms")] == document


def test_the_documented_comments_can_be_written() -> None:
    document = read_document(DOCUMENTS / "import_comments.json")
    rows = [
        CommentRow(
            message=one["Message"],
            unique_id=one["UniqueId"],
            creator_email=one["CreatorEmail"],
            room_unique_id=one["RoomUniqueId"],
            created_at=moment(one["CreatedAt"]),
            type=one["Type"],
            parent_unique_id=one["ParentCommentUniqueId"],
        )
        for one in document
    ]
    assert [json.loads(row) for row in encode_rows(rows, "comments")] == document
