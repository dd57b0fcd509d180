"""Rows of import files, and large files of rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nusantara.codec.json_arrays import array_files, read_rows
from nusantara.errors import BadResponse, InvalidParameter
from qiscus_async.imports import CommentRow, RoomRow, UserRow
from qiscus_async.imports.encoding import encode_rows

WHEN = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
USER = UserRow(email="sari@toko.test", name="Sari", authentication_token="t-1", password="rahasia", created_at=WHEN)
ROOM = RoomRow(
    name="Bantuan",
    type="group",
    unique_id="r-1",
    creator_email="sari@toko.test",
    participant_emails=["sari@toko.test", "budi", "cici"],
    created_at=WHEN,
)
COMMENT = CommentRow(
    message="Halo", unique_id="c-1", creator_email="sari@toko.test", room_unique_id="r-1", created_at=WHEN
)


def documents(kind: str, *rows: Any) -> list[Any]:
    return [json.loads(row) for row in encode_rows(rows, kind)]


def test_rows_are_written_in_the_vendors_spelling() -> None:
    assert documents("users", USER) == [
        {
            "Email": "sari@toko.test",
            "Name": "Sari",
            "AvatarUrl": "",
            "AuthenticationToken": "t-1",
            "Password": "rahasia",
            "CreateAt": "2020-01-02T03:04:05Z",
        }
    ]
    assert documents("rooms", ROOM)[0]["ParticipantEmails"] == ["sari@toko.test", "budi", "cici"]
    reply = attrs.evolve(COMMENT, unique_id="c-2", type="reply", parent_unique_id="c-1", message="Ya?")
    assert documents("comments", COMMENT, reply)[1] == {
        "Message": "Ya?",
        "DisableLinkPreview": False,
        "Type": "reply",
        "UniqueId": "c-2",
        "CreatorEmail": "sari@toko.test",
        "RoomUniqueId": "r-1",
        "CreatedAt": "2020-01-02T03:04:05Z",
        "Payload": {"text": "Ya?", "replied_comment_id": 1},
        "ParentCommentUniqueId": "c-1",
    }


def change(row: Any, **changes: Any) -> Any:
    return attrs.evolve(row, **changes)


@pytest.mark.parametrize(
    ("kind", "rows", "place"),
    [
        ("users", [USER, change(USER, authentication_token="t-2")], "rows[1].email"),
        ("users", [USER, change(USER, email="b")], "rows[1].authentication_token"),
        ("users", [change(USER, password="")], "rows[0].password"),
        ("users", [change(USER, created_at=datetime(2020, 1, 2))], "rows[0].created_at"),
        ("users", [ROOM], "rows[0]"),
        ("rooms", [ROOM, ROOM], "rows[1].unique_id"),
        ("rooms", [change(ROOM, type="single")], "rows[0].participant_emails"),
        ("rooms", [change(ROOM, type="single", participant_emails=["a", "a"])], "rows[0].participant_emails"),
        ("rooms", [change(ROOM, type="single", participant_emails=["a", "b"])], "rows[0].creator_email"),
        ("rooms", [change(ROOM, type="channel")], "rows[0].type"),
        ("comments", [COMMENT, COMMENT], "rows[1].unique_id"),
        ("comments", [change(COMMENT, message="")], "rows[0].message"),
        ("comments", [change(COMMENT, type="reply")], "rows[0].parent_unique_id"),
        ("comments", [change(COMMENT, type="reply", parent_unique_id="later")], "rows[0].parent_unique_id"),
        ("comments", [change(COMMENT, parent_unique_id="c-0")], "rows[0].parent_unique_id"),
    ],
)
def test_a_row_that_breaks_a_rule_is_named(kind: str, rows: list[Any], place: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        documents(kind, *rows)
    assert caught.value.parameter == place


def test_a_parent_at_the_server_needs_no_row() -> None:
    row = change(COMMENT, type="reply", parent_unique_id="old", parent_exists=True)
    assert documents("comments", row)[0]["ParentCommentUniqueId"] == "old"


def test_no_password_shows() -> None:
    assert "rahasia" not in repr(USER)
    assert "t-1" not in repr(USER)


@given(st.lists(st.text(min_size=1), unique=True, max_size=50), st.data())
def test_repeated_ids_are_found_among_any_others(ids: list[str], data: st.DataObject) -> None:
    rows = [change(COMMENT, unique_id=one) for one in ids]
    assert len(documents("comments", *rows)) == len(ids)
    if ids:
        again = data.draw(st.sampled_from(rows))
        with pytest.raises(InvalidParameter, match="earlier row"):
            documents("comments", *rows, again)


def test_many_ids_are_told_apart() -> None:
    rows = (change(COMMENT, unique_id=f"c-{number}") for number in range(5_000))
    assert sum(1 for _ in encode_rows(rows, "comments")) == 5_000


# --- Files of rows

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
objects = st.lists(st.dictionaries(st.text(max_size=5), json_values, max_size=4), max_size=15)


@given(objects, st.integers(64, 400))
def test_files_hold_all_rows_within_the_limit(rows: list[Any], limit: int) -> None:
    encoded = [json.dumps(row).encode() for row in rows]
    encoded = [row for row in encoded if len(row) + 2 <= limit]
    files = [(bytes(body), held) for body, held in array_files(encoded, limit)]
    assert [row for body, _ in files for row in json.loads(body)] == [json.loads(row) for row in encoded]
    assert all(len(body) <= limit for body, _ in files)
    assert all(len(json.loads(body)) == held for body, held in files)


def test_a_row_over_the_limit_is_named_by_its_number() -> None:
    with pytest.raises(ValueError, match="1"):
        list(array_files([b"{}", b'{"a":"' + b"x" * 100 + b'"}'], 50))


@given(objects, st.integers(1, 7), st.sampled_from([None, 1, 4]), st.booleans())
def test_a_file_is_read_a_piece_at_a_time(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Any], count: int, indent: int | None, ascii_only: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "rows.json"
    path.write_bytes(json.dumps(rows, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "replace"))
    expected = json.loads(path.read_bytes())

    def pieces() -> Iterator[Any]:
        place: int | None = 0
        while place is not None:
            piece, place = read_rows(path, place, count)
            assert len(piece) <= count
            yield from piece

    assert list(pieces()) == expected


def test_rows_larger_than_a_chunk_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nusantara.codec.json_arrays.CHUNK", 16)
    rows = [{"teks": "é" * size} for size in (0, 5, 100, 3)]
    path = tmp_path / "rows.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(rows, ensure_ascii=False).encode())
    first, place = read_rows(path, 0, 3)
    assert place is not None
    assert first + read_rows(path, place, 3)[0] == rows


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "not a JSON array"),
        (b'{"a": 1}', "not a JSON array"),
        (b"[1]", "not an object"),
        (b'[{"a": 1}', "ends in the middle"),
        (b'[{"a": 1', "cut short"),
        (b'[{"a": NaN}]', "it has NaN"),
        (b'[{"a": "\xff"}]', "not UTF-8"),
        (b'[{"a":' + b"[" * 100_000 + b"]", "nested deeper than 100"),
    ],
)
def test_what_is_no_such_file_says_where(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "rows.json"
    path.write_bytes(content)
    with pytest.raises(BadResponse, match=f"at byte .*{problem}"):
        read_rows(path, 0, 10)
