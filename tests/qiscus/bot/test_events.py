"""Events from bytes to models: the documented ones, those of today, and anything else."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.hook import event_document

from nusantara.model import Model
from qiscus_async import payloads, webhooks
from qiscus_async.enums import RoomType
from qiscus_async.sandbox.data import Data
from qiscus_async.sandbox.settings import Edition, Settings
from qiscus_async.sandbox.webhooks import event_document as sandbox_document
from qiscus_async.webhooks import CommentPosted, Event, EventType, InvalidEvent, parse_event

DOCUMENTS = Path(__file__).parents[1] / "documents"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = {
    "from": ["id", "email", "name", "avatar_url", "id_str"],
    "room": ["id", "topic_id", "type", "name", "participants", "options", "is_public_channel", "room_avatar"],
    "message": [
        *["id", "type", "text", "payload", "timestamp", "created_at", "unix_timestamp", "unix_nano_timestamp"],
        *["unique_temp_id", "comment_before_id", "disable_link_preview", "extras"],
    ],
}
part = st.sampled_from(sorted(FIELDS)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(FIELDS[name])))


def parsed(document: Any) -> Event:
    return parse_event(json.dumps(document).encode())


def comment(document: Any) -> CommentPosted:
    event = parsed(document)
    assert isinstance(event, CommentPosted)
    return event


def models(value: Any) -> Iterator[Model]:
    if isinstance(value, Model):
        yield value
        for field in attrs.fields(type(value)):
            yield from models(getattr(value, field.name))
    elif isinstance(value, list):
        for item in value:
            yield from models(item)


@pytest.mark.parametrize("edition", ["a", "b"])
def test_the_documented_event_has_a_field_for_every_key(edition: str) -> None:
    document = json.loads((DOCUMENTS / f"webhook.post_comment.{edition}.json").read_text())
    event = comment(document)
    assert event.type is EventType.POST_COMMENT_MOBILE
    assert (event.sender.email, event.sender.name, event.sender.id) == ("sari@toko.example", "User1", 1)
    assert (event.room.id, event.room.type, event.room.name) == (1, RoomType.GROUP, "ini grup")
    assert [participant.username for participant in event.room.participants] == ["User1", "User2"]
    assert event.message.payload == payloads.Text(text="ini pesan")
    assert event.message.posted_at is None
    assert [one for one in models(event) if one.extra] == []
    assert event.to_document() == document


@pytest.mark.parametrize("edition", Edition)
def test_an_event_of_the_sandbox_has_a_field_for_every_key(edition: Edition) -> None:
    data = Data("toko", lambda: 1_519_000_000_000_000_000, 1)
    user = data.add_user("sari", "Sari", avatar_url="https://cdn.toko.example/s.png", password="x", at=0)
    room = data.add_room("Toko", "group", user.email, [user.email], avatar_url=None, options="{}", at=0)
    stored = data.add_comment(room, user.email, "halo", "text", None, at=1_519_000_000_000_000_000)
    document = sandbox_document(stored, "post_comment_mobile", data, Settings(edition=edition))
    event = comment(document)
    assert [one for one in models(event) if one.extra] == []
    assert event.to_document() == document
    assert event.message.id == (stored.id if edition is Edition.LIVE else None)
    if edition is Edition.LIVE:
        assert event.message.posted_at == datetime.fromtimestamp(1_519_000_000, UTC)
        assert event.message.unique_temp_id == stored.unique_temp_id


def test_identifiers_and_times_may_be_texts() -> None:
    document = event_document(7, room="41003", unix_timestamp="1519000000", unix_nano_timestamp="1519000000000000000")
    document["payload"]["room"] |= {"options": {"color": "red"}, "participants": [{"email": "sari"}, "budi", 5]}
    event = comment(document | {"app_code": "toko"})
    assert event.room.id == 41003
    assert event.room.options == {"color": "red"}
    assert [participant.email for participant in event.room.participants] == ["sari", "budi"]
    assert event.message.posted_at == datetime.fromtimestamp(1_519_000_000, UTC)
    assert event.extra == {"app_code": "toko"}


@pytest.mark.parametrize("room", ["toko-01", "\u0662", "\u00b2", "-5", "1" * 21, " 1"])
def test_a_room_whose_id_is_no_number_keeps_it(room: str) -> None:
    assert comment(event_document(7, room=room)).room.id == room


@pytest.mark.parametrize("event_type", ["post_comment", "message_deleted", "", "halo \N{WAVING HAND SIGN}"])
def test_an_event_of_another_type_with_the_same_parts_is_a_comment(event_type: str) -> None:
    assert comment(event_document(1) | {"type": event_type}).type == event_type


@pytest.mark.parametrize("payload", [None, 5, [], {}, {"user": "sari"}, {"from": {}, "room": {}, "message": {}}])
def test_what_is_about_something_else_is_an_event_with_all_it_holds(payload: Any) -> None:
    document = {"type": "user_online", "payload": payload, "at": 5}
    event = parsed(document)
    assert type(event) is Event
    assert (event.type, event.payload, dict(event.extra)) == ("user_online", payload, {"at": 5})
    assert event.to_document() == document


def test_the_least_a_comment_needs_is_its_three_parts_and_the_room() -> None:
    event = comment({"type": "post_comment", "payload": {"from": {}, "room": {"id": 1}, "message": {}}})
    assert (event.sender.email, event.message.type, event.message.text) == ("", "text", "")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b'"text"', b"{}", b'{"type": 5}', b'{"type": null}', b"\xff\xfe", b"\x00", b"[" * 999],
)
def test_what_is_no_event_is_refused_without_showing_it(body: bytes) -> None:
    with pytest.raises(InvalidEvent):
        parse_event(body)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_json_with_a_byte_order_mark_is_read(encoding: str) -> None:
    assert comment(json.loads(json.dumps(event_document(1)))).message.id == 1
    assert parse_event(json.dumps(event_document(1)).encode(encoding)).type == "post_comment_mobile"


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    with contextlib.suppress(InvalidEvent):
        parse_event(body)


@given(json_values)
def test_any_document_is_an_event_or_refused(document: Any) -> None:
    try:
        event = parsed(document)
    except InvalidEvent:
        assert not isinstance(document, dict) or not isinstance(document.get("type"), str)
    else:
        assert event.to_document() == document


@given(st.lists(st.tuples(part, json_values), max_size=4))
def test_no_odd_value_costs_a_comment_or_is_lost(changes: list[tuple[tuple[str, str], Any]]) -> None:
    document = event_document(5)
    for (place, name), value in changes:
        document["payload"][place][name] = value
    event = parsed(document)
    assert event.to_document() == document
    room_id = document["payload"]["room"]["id"]
    readable = type(room_id) is int or (type(room_id) is str and room_id != "")
    assert isinstance(event, CommentPosted) is readable
    if isinstance(event, CommentPosted):
        assert event.message.payload.comment_type is not None
        assert event.message.posted_at is None or event.message.posted_at.tzinfo is not None


def test_half_an_emoji_costs_one_character_and_is_told() -> None:
    body = json.dumps(event_document(7, text="halo XX")).replace("XX", "\\ud83d").encode()
    event = parse_event(body)
    assert isinstance(event, CommentPosted)
    assert event.message.text == "halo \ufffd"
    assert (event.repaired, event.body, event.unread) == (True, body, ())
    assert parse_event(body.replace(b"\\ud83d", b"\xf0\x9f")).repaired
    whole = parse_event(event_document_body := json.dumps(event_document(7)).encode())
    assert (whole.repaired, whole.body) == (False, event_document_body)


def test_what_was_left_out_is_named() -> None:
    document = event_document(7, timestamp="yesterday", unix_timestamp="soon", extras=[], created_at=None, id_str="")
    document["payload"]["room"] |= {"participants": ["budi", 5], "options": "{}", "name": ["Toko"]}
    document["payload"]["from"] = []
    event = comment(document)
    assert set(event.unread) == {"room.participants", "room.name", "message.timestamp", "message.unix_timestamp"}
    assert (event.message.text, event.room.participants[0].email) == ("halo", "budi")
    assert event.to_document() == document
    assert parsed({"type": "user_online", "payload": {"user": None}}).unread == ()


@pytest.mark.parametrize("edition", ["a", "b"])
def test_nothing_of_the_documented_event_is_left_out(edition: str) -> None:
    event = parse_event((DOCUMENTS / f"webhook.post_comment.{edition}.json").read_bytes())
    assert (event.unread, event.repaired) == ((), False)


def test_an_event_with_lists_without_end_is_refused() -> None:
    with pytest.raises(InvalidEvent):
        parse_event(b'{"type": "x", "payload": [' + b"[]," * 600_000 + b"[]]}")


def test_the_module_says_what_it_offers() -> None:
    assert all(getattr(webhooks, name) for name in webhooks.__all__)
