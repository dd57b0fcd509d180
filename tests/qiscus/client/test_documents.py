"""Every documented document, and the richer live ones, become models and come back whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import attrs
import pytest

from nusantara.codec import structure
from nusantara.errors import DecodeError
from nusantara.model import Model
from qiscus_async import payloads
from qiscus_async.enums import CommentType, RoomType
from qiscus_async.models.comments import CommentAnswer, CommentListAnswer
from qiscus_async.models.rooms import RoomAnswer, RoomPageAnswer, RoomUpdateAnswer, RoomWithCommentsAnswer
from qiscus_async.models.statistics import MonthlyCommentsAnswer
from qiscus_async.models.users import UserAnswer, UserPageAnswer

FOLDER = Path(__file__).parents[1] / "documents"

ANSWERS: dict[str, type[Model]] = {
    "add_room_participants": RoomAnswer,
    "broadcast": CommentListAnswer,
    "create_room": RoomAnswer,
    "get_or_create_room_with_target": RoomWithCommentsAnswer,
    "get_rooms_info": RoomPageAnswer,
    "get_total_comments_by_month": MonthlyCommentsAnswer,
    "get_user_list": UserPageAnswer,
    "get_user_rooms": RoomPageAnswer,
    "load_comments": CommentListAnswer,
    "login_or_register": UserAnswer,
    "post_comment": CommentAnswer,
    "post_system_event_message": CommentAnswer,
    "remove_room_participants": RoomAnswer,
    "reset_user_token": UserAnswer,
    "search_messages": CommentListAnswer,
    "update_profile": UserAnswer,
    "update_room": RoomUpdateAnswer,
    "user_profile": UserAnswer,
}

PAYLOADS: dict[str, tuple[str, type[object]]] = {
    "account_linking": ("account_linking", payloads.AccountLinking),
    "button_postback_response": ("button_postback_response", payloads.ButtonPostbackResponse),
    "buttons": ("buttons", payloads.Buttons),
    "card": ("card", payloads.Card),
    "carousel": ("carousel", payloads.Carousel),
    "contact_person": ("contact_person", payloads.ContactPerson),
    "custom": ("custom", payloads.Custom),
    "file_attachment": ("file_attachment", payloads.FileAttachment),
    "location": ("location", payloads.Location),
    "reply": ("reply", payloads.Reply),
    "system_event_custom": ("system_event", payloads.CustomEvent),
}


def document(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def names(prefix: str = "") -> list[str]:
    found = sorted(file.name.removesuffix(".json") for file in FOLDER.glob("*.json"))
    return [name for name in found if name.startswith("payload.") == bool(prefix) and not name.startswith("webhook.")]


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, json.dumps(value)


def models(value: Any) -> Iterator[Model]:
    if isinstance(value, Model):
        yield value
        for field in attrs.fields(type(value)):
            yield from models(getattr(value, field.name))
    elif isinstance(value, list):
        for item in value:
            yield from models(item)


@pytest.mark.parametrize("name", names())
def test_no_leaf_of_an_answer_is_lost(name: str) -> None:
    original = document(name)
    answer = structure(original, ANSWERS[name.split(".")[0]])
    assert dict(leaves(answer.to_document())) == dict(leaves(original))


@pytest.mark.parametrize("name", [name for name in names() if name.endswith((".a", ".b"))])
def test_every_documented_key_has_a_field(name: str) -> None:
    answer = structure(document(name), ANSWERS[name.split(".")[0]])
    assert [(type(one).__name__, dict(one.extra)) for one in models(answer) if set(one.extra) - {"status"}] == []


@pytest.mark.parametrize("name", names("payload."))
def test_no_leaf_of_a_payload_is_lost(name: str) -> None:
    original = document(name)
    comment_type, kind = PAYLOADS[name.split(".")[1]]
    payload = payloads.read(comment_type, original, message="x")
    assert type(payload) is kind
    if isinstance(payload, payloads.CustomEvent):
        assert payload.content == original
    elif isinstance(payload, Model):
        assert dict(leaves(payload.to_document())) == dict(leaves(original))


@pytest.mark.parametrize("edition", ["a", "b"])
def test_the_message_of_a_webhook_has_a_payload(edition: str) -> None:
    message = document(f"webhook.post_comment.{edition}")["payload"]["message"]
    assert payloads.read(message["type"], message["payload"], message=message["text"]) == payloads.Text(
        text="ini pesan"
    )


# --- What becomes of the values


def test_a_user_in_the_documented_and_in_the_live_form() -> None:
    documented = structure(document("reset_user_token.a"), UserAnswer).results.user
    assert documented.avatar == documented.avatar_url
    assert documented.token is not None
    assert documented.token.reveal() == "token-lama-0001"
    assert "token-lama" not in repr(documented)
    live = structure(document("login_or_register.live"), UserAnswer).results.user
    assert (live.avatar, live.email, live.extras) == (None, "sari", {"kota": "Solo"})
    assert live.app is not None
    assert live.app.code == "toko"
    assert live.extra == {"something_new": [1, {"a": None}]}


def test_participants_are_the_same_whether_ids_or_objects_came() -> None:
    ids = structure(document("create_room.a"), RoomAnswer).results
    assert [one.email for one in ids.participants] == ["sari@toko.example", "budi@toko.example"]
    mixed = structure(document("create_room.live"), RoomAnswer).results
    assert [(one.email, one.username) for one in mixed.participants] == [("sari", "Sari"), ("budi", None)]
    none = structure(document("update_room.live"), RoomUpdateAnswer).results
    assert (none.room.participants, none.comments, none.changed) == ([], [], False)


def test_a_participant_that_is_neither_is_named() -> None:
    broken = document("create_room.live")
    broken["results"]["participants"][0]["id"] = "x"
    with pytest.raises(DecodeError, match=r"results.participants: .*id: expected an integer"):
        structure(broken, RoomAnswer)


def test_a_room_has_one_name_for_each_thing() -> None:
    info = structure(document("get_user_rooms.live"), RoomPageAnswer).results.rooms_info
    assert info is not None
    room = info[0]
    assert (room.id, room.type, room.unique_id, room.avatar_url) == (1339, RoomType.SINGLE, "a3c1", "")
    assert room.options == {"warna": "biru"}
    updated = structure(document("update_room.live"), RoomUpdateAnswer).results.room
    assert (updated.id, updated.type, updated.unique_id, updated.name) == (18, RoomType.GROUP, "b7", "Toko")
    assert updated.options == {}, "text that is no JSON object is in raw only"


def test_never_is_none_and_any_fraction_is_read() -> None:
    never = structure(document("get_rooms_info.a"), RoomPageAnswer).results.rooms_info
    assert never is not None
    assert never[0].last_comment_timestamp is None
    live = structure(document("get_user_rooms.live"), RoomPageAnswer).results.rooms_info
    assert live is not None
    assert live[0].last_comment_timestamp == datetime(2017, 8, 4, 15, 45, 7, 123456, tzinfo=UTC)
    users = structure(document("get_user_list.b"), UserPageAnswer).results.users
    assert users is not None
    assert users[0].created_at == datetime(2017, 11, 9, 9, 29, 34, 863780, tzinfo=UTC)


def test_a_comment_keeps_the_offset_of_its_time() -> None:
    comment = structure(document("post_comment.a"), CommentAnswer).results.comment
    assert comment.timestamp == datetime(2017, 2, 27, 17, 30, 9, tzinfo=timezone(timedelta(hours=7)))
    assert comment.timestamp.utcoffset() == timedelta(hours=7)


def test_a_comment_without_a_type_is_a_text() -> None:
    comments = structure(document("load_comments.a"), CommentListAnswer).results.comments
    assert comments is not None
    assert comments[0].type is CommentType.TEXT
    assert comments[0].payload == payloads.Text(text="testing")


def test_an_unknown_type_keeps_its_document() -> None:
    comments = structure(document("load_comments.live"), CommentListAnswer).results.comments
    assert comments is not None
    match comments[1].payload:
        case payloads.Other(comment_type="poll", document={"answers": [*answers]}):
            assert answers == ["ya", "tidak"]
        case other:
            pytest.fail(f"{other!r}")


def test_a_month_is_a_date() -> None:
    month = structure(document("get_total_comments_by_month.b"), MonthlyCommentsAnswer).results
    assert (month.month, month.total) == (date(2017, 4, 1), 544)
