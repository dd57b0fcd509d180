"""Query, JSON, urlencoded and multipart say the same; so do ``emails`` and ``emails[]``, numbers and texts."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nusantara.sandbox.incoming import Incoming
from qiscus_async.sandbox.params import Params
from qiscus_async.sandbox.refusals import Refused


def spelled(encoding: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The options that send these fields."""
    if encoding == "json":
        return {"json": fields}
    if encoding == "json with brackets":
        return {"json": {f"{k}[]" if isinstance(v, list) else k: v for k, v in fields.items()}}
    pairs = []
    for name, value in fields.items():
        if isinstance(value, list):
            brackets = "" if encoding == "form without brackets" else "[]"
            pairs += [(f"{name}{brackets}", one) for one in value]
        else:
            pairs.append((name, json.dumps(value) if isinstance(value, dict | bool) else str(value)))
    if encoding == "multipart":
        form = aiohttp.FormData(default_to_multipart=True)
        for name, text in pairs:
            form.add_field(name, text)
        return {"data": form}
    return {"data": pairs}


ENCODINGS = ["json", "json with brackets", "form", "form without brackets", "multipart"]


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_a_list_is_read_from_every_encoding(call: Any, who: Any, encoding: str) -> None:
    fields = {"name": "Rapat & teh", "creator": who.bot, "participants": [who.bot, who.wulan, who.joko]}
    made = await call("create_room", "POST", **spelled(encoding, fields))
    assert [one["email"] for one in made["participants"]] == [who.bot, who.wulan, who.joko]
    assert made["room_name"] == "Rapat & teh"
    fields = {"room_id": made["room_id"], "emails": [who.sinta, who.damar]}
    more = await call("add_room_participants", "POST", **spelled(encoding, fields))
    assert more["participants"] == [who.bot, who.wulan, who.joko, who.sinta, who.damar]
    less = await call("remove_room_participants", "POST", **spelled(encoding, fields))
    assert [one["email"] for one in less["participants"]] == [who.bot, who.wulan, who.joko]


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_payload_and_flags_are_read_from_every_encoding(call: Any, who: Any, where: Any, encoding: str) -> None:
    fields = {
        "sender_email": who.bot,
        "room_id": where.news,
        "type": "custom",
        "payload": {"type": "promo", "content": {"date": "2018-03-09", "teks": "½ harga"}},
        "disable_link_preview": True,
        "extras": {"asal": "bot"},
    }
    comment = (await call("post_comment", "POST", **spelled(encoding, fields)))["comment"]
    assert comment["payload"] == fields["payload"]
    assert comment["disable_link_preview"] is True
    assert comment["extras"] == {"asal": "bot"}


async def test_a_payload_in_json_may_also_be_a_text(call: Any, who: Any, where: Any) -> None:
    payload = {"type": "promo", "content": [1, 2]}
    fields = {"sender_email": who.bot, "room_id": where.news, "type": "custom", "payload": json.dumps(payload)}
    assert (await call("post_comment", json=fields))["comment"]["payload"] == payload


async def test_a_room_is_named_by_number_text_or_unique_id(call: Any, state: Any, where: Any) -> None:
    unique_id = state.rooms[1].unique_id
    found = [
        (await call("load_comments", params={"room_id": name}))["comments"]
        for name in (where.talk, str(where.talk), unique_id)
    ]
    assert found[0] == found[1] == found[2]
    for name in (where.talk, str(where.talk), unique_id):
        [info] = (await call("get_rooms_info", json={"user_email": state.users[0].email, "room_id": [name]}))[
            "rooms_info"
        ]
        assert info["room_id"] == where.talk


async def test_null_and_empty_count_as_absent(call: Any, who: Any) -> None:
    fields = {"email": "baru", "username": "Baru", "avatar_url": None, "device_token": None, "device_platform": None}
    assert (await call("login_or_register", json=fields))["user"]["avatar_url"].startswith("https://")
    assert await call.invalid("login_or_register", json={"email": "baru2", "username": None}) == {"username"}
    assert await call.invalid("post_comment", json={"sender_email": "", "room_id": "", "message": "x"}) == {
        "sender_email",
        "room_id",
    }
    assert await call.invalid("user_profile", params={"user_email": ""}) == {"user_email"}


@pytest.mark.parametrize("text", ["true", "True", "1"])
async def test_a_flag_in_a_query_has_many_spellings(call: Any, who: Any, text: str) -> None:
    shown = await call("get_user_rooms", params={"user_email": who.sinta, "show_participants": text})
    assert all(room["participants"] for room in shown["rooms_info"])
    hidden = await call("get_user_rooms", params={"user_email": who.sinta, "show_participants": "False"})
    assert all("participants" not in room for room in hidden["rooms_info"])


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"\xff", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"--x\r\n", "multipart/form-data"),
        (b"--x\r\n", "multipart/form-data; boundary=y"),
    ],
)
async def test_an_unreadable_body_is_refused(call: Any, body: bytes, kind: str) -> None:
    assert set(await call.refused("post_comment", data=body, headers={"Content-Type": kind})) == {"message"}


@pytest.mark.parametrize("body", [b"[]", b"1", b'"x"', b"null", b""])
async def test_json_that_is_no_object_has_no_parameters(call: Any, body: bytes) -> None:
    assert await call.invalid("post_comment", data=body, headers={"Content-Type": "application/json"}) == {
        "sender_email",
        "room_id",
    }


@pytest.mark.parametrize("value", [{"a": 1}, [[1]]])
async def test_a_parameter_of_another_kind_is_named(call: Any, value: Any) -> None:
    assert await call.invalid("reset_user_token", json={"user_email": value}) == {"user_email"}


async def test_the_spellings_of_two_docs_and_some_clients_are_served(call: Any, who: Any, where: Any) -> None:
    assert await call("load_comments", json={"room_id": where.talk}) == await call(
        "load_comments", params={"room_id": where.talk}
    )
    path = "/api/v2.1/rest/get_user_list"
    assert await call(path, json={"limit": 3}) == await call(path, params={"limit": 3})
    indexed = {"emails[0]": who.sinta, "emails[1]": who.ratna}
    assert (await call("get_or_create_room_with_target", params=indexed))["room"]["id"] == where.talk


documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["a", "a[]", "b", "b[0]"]), documents), st.binary(max_size=50))
async def test_any_body_is_read_or_refused(fields: dict[str, Any], noise: bytes) -> None:
    for kind, body in (
        ("application/json", json.dumps(fields).encode()),
        ("application/json", noise),
        ("application/x-www-form-urlencoded", noise),
        ("multipart/form-data; boundary=x", b"--x\r\n" + noise + b"\r\n--x--\r\n"),
    ):
        call = Incoming(
            method="POST",
            target="/?q=1&q[]=2",
            headers=((b"Content-Type", kind.encode()),),
            body=body,
            origin="http://a.example",
        )
        with contextlib.suppress(Refused):
            params = await Params.of(call)
            for name in ("a", "b", "q"):
                assert all(isinstance(text, str) for text in params.texts(name))
                assert params.number(name, 7) > 0
                assert isinstance(params.flag(name), bool)
                assert params.document(name) is None or isinstance(params.document(name), dict)
