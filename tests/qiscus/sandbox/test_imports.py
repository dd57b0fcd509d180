"""Imports: checked by the rules of the reference, loaded whole or not at all."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nusantara.sandbox import Sandbox
from qiscus_async.sandbox.data import Data
from qiscus_async.sandbox.imports import BadFile, load

USER = {
    "Email": "impor-1",
    "Name": "Impor Satu",
    "AvatarUrl": "https://cdn.example/1.png",
    "AuthenticationToken": "token-impor-1",
    "Password": "rahasia",
    "CreateAt": "2017-05-10T11:46:30Z",
    "Ignored": 1,
}
ROOM: dict[str, Any] = {
    "Name": "Ruang Impor",
    "Type": "group",
    "Options": "",
    "CreatorEmail": "pelanggan-0817",
    "CreatedAt": "2017-05-11T06:35:27Z",
    "AvatarUrl": "",
    "UniqueId": "ruang-impor",
    "ParticipantEmails": ["pelanggan-0817", "cs.bayu@tehsenja.example"],
}
COMMENT = {
    "Message": "Halo",
    "DisableLinkPreview": True,
    "Type": "text",
    "UniqueId": "komentar-impor-1",
    "CreatorEmail": "pelanggan-0817",
    "RoomUniqueId": "ruang-impor",
    "CreatedAt": "2017-05-11T19:14:24Z",
    "Payload": None,
    "ParentCommentUniqueId": "",
}
REPLY = COMMENT | {
    "Message": "Maaf mau tanya",
    "Type": "reply",
    "UniqueId": "komentar-impor-2",
    "Payload": {"text": "Maaf mau tanya", "replied_comment_id": 1},
    "ParentCommentUniqueId": "komentar-impor-1",
}


def multipart(kind: str, content: Any, filename: str | None = "berkas.json") -> aiohttp.FormData:
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("type", kind)
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    form.add_field("file", io.BytesIO(data), filename=filename, content_type="application/json")
    return form


async def imported(call: Any, kind: str, content: Any) -> Any:
    """The record of an import that is done."""
    made = (await call("imports", data=multipart(kind, content)))["backup_history"]
    for _ in range(3):
        [record] = [
            one for one in (await call("imports", "GET"))["backup_histories"] if one["unique_id"] == made["unique_id"]
        ]
        if record["status"] != "started":
            return record
    raise AssertionError("never finished")


async def test_an_import_is_started_and_finished_later(call: Any) -> None:
    content = json.dumps([USER]).encode()
    made = (await call("imports", data=multipart("users", content)))["backup_history"]
    assert made["errors"] == {"Message": "", "Data": None}
    assert (made["status"], made["total_rows"], made["size"]) == ("started", 0, len(content))
    assert (made["original_filename"], made["resource_name"]) == ("berkas.json", "users")
    first, second = [(await call("imports", "GET"))["backup_histories"][0] for _ in range(2)]
    assert first == made
    assert (second["status"], second["total_rows"], second["errors"]) == ("finished", 1, {})


async def test_users_rooms_and_comments_load(call: Any, state: Any, who: Any) -> None:
    assert (await imported(call, "users", [USER]))["total_rows"] == 1
    user = (await call("user_profile", params={"user_email": "impor-1"}))["user"]
    assert (user["username"], user["token"]) == ("Impor Satu", "token-impor-1")
    room = ROOM | {"ParticipantEmails": ["pelanggan-0817", "impor-1"]}
    assert (await imported(call, "rooms", [room]))["status"] == "finished"
    assert (await imported(call, "comments", [COMMENT, REPLY]))["total_rows"] == 2
    loaded = (await call("load_comments", params={"room_id": "ruang-impor"}))["comments"]
    assert [one["unique_temp_id"] for one in loaded] == ["komentar-impor-2", "komentar-impor-1"]
    reply, parent = loaded
    assert (parent["message"], parent["timestamp"]) == ("Halo", "2017-05-11T19:14:24Z")
    assert parent["disable_link_preview"] is True
    assert reply["payload"]["replied_comment_id"] == parent["id"]
    assert reply["payload"]["replied_comment_message"] == "Halo"
    total = await call("get_total_comments_by_month", json={"date": "2017-05"})
    assert total == {"date": "05-2017", "total": 2}


async def test_what_was_imported_is_unread_for_all_but_its_writer(call: Any, who: Any) -> None:
    await imported(call, "rooms", [ROOM])
    await imported(call, "comments", [COMMENT, REPLY, COMMENT | {"UniqueId": "3", "CreatorEmail": who.bayu}])
    counts = []
    for email in (who.wulan, who.bayu):
        infos = await call("get_rooms_info", json={"user_email": email, "room_id": ["ruang-impor"]})
        counts.append(infos["rooms_info"][0]["unread_count"])
    assert counts == [1, 2]


async def test_a_single_room_is_named_for_its_participants(call: Any, who: Any) -> None:
    single = ROOM | {"Type": "single", "Name": "apa saja", "ParticipantEmails": [who.wulan, who.joko]}
    assert (await imported(call, "rooms", [single]))["status"] == "finished"
    found = await call("get_or_create_room_with_target", params=[("emails[]", who.joko), ("emails[]", who.wulan)])
    assert found["room"]["room_name"] == f"{who.wulan} {who.joko}"
    assert found["room"]["unique_id"] == "ruang-impor"


async def test_a_reply_may_answer_what_is_there_already(call: Any, state: Any, where: Any) -> None:
    old = state.comments(where.talk)[0]
    reply = REPLY | {"RoomUniqueId": state.rooms[1].unique_id, "ParentCommentUniqueId": old.unique_temp_id}
    assert (await imported(call, "comments", [reply]))["status"] == "finished"
    assert state.comments(where.talk)[-1].payload["replied_comment_id"] == old.id


BAD: list[tuple[str, Any, str]] = [
    ("users", [USER, USER | {"AuthenticationToken": "lain"}], "Email has already been taken"),
    ("users", [USER | {"Email": "pelanggan-0817"}], "Email has already been taken"),
    ("users", [USER, USER | {"Email": "impor-2"}], "AuthenticationToken has already been taken"),
    ("users", [USER | {"Email": ""}], "Email can't be blank"),
    ("users", [USER | {"Name": 5}], "Name must be a text"),
    ("users", [USER | {"CreateAt": "kemarin"}], "CreateAt must be a time"),
    ("users", [[]], "must be an object"),
    ("users", {"Email": "a"}, "not a JSON array"),
    ("users", b"[", "not a JSON file"),
    ("users", b"\xff\xfe\xff", "not a JSON file"),
    ("users", b"[" * 100_000, "not a JSON file"),
    ("rooms", [ROOM, ROOM], "UniqueId has already been taken"),
    ("rooms", [ROOM | {"CreatorEmail": "nobody"}], "'nobody' does not exist"),
    ("rooms", [ROOM | {"ParticipantEmails": ["nobody"]}], "'nobody' does not exist"),
    ("rooms", [ROOM | {"ParticipantEmails": []}], "ParticipantEmails must be"),
    ("rooms", [ROOM | {"ParticipantEmails": [{}]}], "does not exist"),
    ("rooms", [ROOM | {"Type": "channel"}], "Type must be single or group"),
    ("rooms", [ROOM | {"Type": "single", "ParticipantEmails": ["pelanggan-0817"]}], "exactly 2 participants"),
    ("rooms", [ROOM | {"Type": "single", "ParticipantEmails": ["pelanggan-0817"] * 2}], "exactly 2 participants"),
    (
        "rooms",
        [ROOM | {"Type": "single", "ParticipantEmails": [*ROOM["ParticipantEmails"], "pelanggan-0817"]}],
        "exactly 2 participants",
    ),
    (
        "rooms",
        [ROOM | {"Type": "single", "CreatorEmail": "gudang@tehsenja.example"}],
        "creator of a single room must be one of its participants",
    ),
    ("rooms", [ROOM | {"AvatarUrl": "http://cdn.example/a.png"}], "AvatarUrl must be https"),
    ("comments", [COMMENT, COMMENT], "UniqueId has already been taken"),
    ("comments", [COMMENT | {"RoomUniqueId": "no-such"}], "room 'no-such' does not exist"),
    ("comments", [COMMENT | {"RoomUniqueId": "41001"}], "room '41001' does not exist"),
    ("comments", [COMMENT | {"CreatorEmail": "nobody"}], "'nobody' does not exist"),
    ("comments", [COMMENT | {"Type": "system_event"}], "type"),
    ("comments", [COMMENT | {"Message": ""}], "message can't be blank"),
    ("comments", [COMMENT | {"Type": "card"}], "payload can't be blank"),
    ("comments", [COMMENT | {"Payload": "{}"}], "Payload must be an object"),
    ("comments", [REPLY, COMMENT], "ParentCommentUniqueId must be"),
    ("comments", [REPLY | {"ParentCommentUniqueId": "komentar-impor-2"}], "ParentCommentUniqueId must be"),
    ("comments", [COMMENT, REPLY | {"Payload": {"text": "x", "replied_comment_id": 914001}}], "must be the number 1"),
    ("comments", [COMMENT, REPLY | {"Payload": {"text": "x", "replied_comment_id": "1"}}], "must be the number 1"),
    ("comments", [COMMENT, REPLY | {"Payload": {"text": "x", "replied_comment_id": True}}], "must be the number 1"),
    ("comments", [COMMENT, REPLY | {"Payload": {"replied_comment_id": 1}}], "needs a text"),
]


@pytest.mark.parametrize(("kind", "content", "problem"), BAD)
async def test_a_bad_file_is_not_loaded(call: Any, state: Any, kind: str, content: Any, problem: str) -> None:
    if kind == "comments":
        await imported(call, "rooms", [ROOM])
    before = (state.users, state.rooms, list(state.data.all_comments()))
    record = await imported(call, kind, content)
    assert record["status"] == "failed"
    assert problem in record["errors"]["Message"]
    assert record["total_rows"] == 0
    if isinstance(content, list):
        assert record["errors"]["Data"] in content
    assert (state.users, state.rooms, list(state.data.all_comments())) == before


async def test_what_is_sent_wrongly_is_refused_at_once(call: Any) -> None:
    assert await call.invalid("imports", json={"type": "users", "file": "[]"}) == {"file"}
    assert await call.invalid("imports", data=multipart("messages", [])) == {"type"}
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("type", "users")
    assert await call.invalid("imports", data=form) == {"file"}
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("file", b"[]", filename="a.json")
    assert await call.invalid("imports", data=form) == {"type"}
    assert (await call("imports", "GET"))["backup_histories"] == []


async def test_a_file_is_at_most_4_megabytes(call: Any) -> None:
    most = b"[" + b" " * (4 * 1024 * 1024 - 2) + b"]"
    assert (await imported(call, "users", most))["status"] == "finished"
    assert await call.invalid("imports", data=multipart("users", most + b" ")) == {"file"}


async def test_imports_are_listed_newest_first_20_a_page(call: Any) -> None:
    for number in range(22):
        await call("imports", data=multipart("users", [], f"{number}.json"))
    pages = [(await call("imports", params={"page": page}))["backup_histories"] for page in (1, 2)]
    assert [one["original_filename"] for page in pages for one in page] == [f"{n}.json" for n in range(21, -1, -1)]
    assert len(pages[0]) == 20


async def test_what_one_app_exports_another_can_import(call: Any, state: Any) -> None:
    """The order of the reference: users, rooms, comments; of those only texts and replies."""
    state.backup_polls = 1
    files = {}
    for kind in ("users", "rooms", "comments"):
        wanted = {"type": kind, "start_date": "2018-01-01", "end_date": "2018-12-31"}
        name = (await call("exports", json=wanted))["unique_id"]
        url = (await call(f"exports/{name}"))["backup_history"]["download_url"]
        async with call.session.get(url) as answer:
            files[kind] = await answer.json()
    files["comments"] = [row for row in files["comments"] if row["Type"] in ("text", "reply")]
    known = {row["UniqueId"] for row in files["comments"]}
    files["comments"] = [
        row for row in files["comments"] if row["Type"] == "text" or row["ParentCommentUniqueId"] in known
    ]
    assert sum(row["Type"] == "reply" for row in files["comments"]) >= 5

    empty = Data("lain", lambda: 0, 1)
    for kind, rows in files.items():
        assert load(kind, json.dumps(rows).encode(), empty) == len(rows)
    assert [user.email for user in empty.users] == [user.email for user in state.users]
    assert [room.participants for room in empty.rooms] == [room.participants for room in state.rooms]
    texts = [one.message for one in state.data.all_comments() if one.unique_temp_id in known]
    assert [one.message for one in empty.all_comments()] == texts[: len(files["comments"])]


async def test_an_import_is_not_announced(call: Any, sandbox: Sandbox, state: Any) -> None:
    state.webhook_url = "http://127.0.0.1:9/"
    await imported(call, "rooms", [ROOM])
    await imported(call, "comments", [COMMENT])
    await state.delivered()
    assert sandbox.deliveries == []


rows = st.lists(
    st.dictionaries(
        st.sampled_from([*USER, *ROOM, *COMMENT]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.lists(st.text(max_size=2), max_size=2),
    )
    | st.integers(),
    max_size=3,
)


@given(st.sampled_from(["users", "rooms", "comments"]), rows | st.binary(max_size=20))
def test_any_file_is_loaded_or_refused(kind: str, content: Any) -> None:
    data = Data("app", lambda: 0, 1)
    data.add_user("", "Tanpa Nama")
    with contextlib.suppress(BadFile):
        load(kind, content if isinstance(content, bytes) else json.dumps(content).encode(), data)
