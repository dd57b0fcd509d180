"""How values are spelled on the wire, and what comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.raw import Received, Wire

from nusantara.errors import InvalidParameter
from nusantara.request import get
from nusantara.secret import Secret
from qiscus_async import AsyncQiscus, CommentType, payloads
from qiscus_async.payloads import Content
from qiscus_async.values import options_text, room

USER = {"id": 1, "email": "sari", "username": "Sari", "token": "token-uji"}
BUTTON = payloads.Button.postback("Beli", "https://toko.example/beli", payload={"sku": "A1"})

CONTENTS: list[Content] = [
    payloads.Text(text="Halo"),
    payloads.AccountLinking(text="t", url="https://a", redirect_url="https://b"),
    payloads.Buttons(text="t", buttons=[BUTTON, payloads.Button.link("Buka", "https://toko.example")]),
    payloads.ButtonPostbackResponse(url="https://toko.example/beli", payload={"sku": "A1"}),
    payloads.Reply(text="t", replied_comment_id=3),
    payloads.Card(title="Blus", image="https://toko.example/a.png", buttons=[BUTTON]),
    payloads.Carousel(cards=[payloads.CarouselCard(title="Blus", buttons=[BUTTON])]),
    payloads.Custom(type="promo", content={"kode": "X"}),
    payloads.Location(name="Gudang", latitude=-7.76, longitude=110.39),
    payloads.ContactPerson(name="Tono", value="0000-555-0133"),
    payloads.FileAttachment(url="https://toko.example/a.pdf"),
    payloads.Other(comment_type="poll", document={"question": "?"}),
]


def comment(body: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": 1,
        "message": body.get("message", ""),
        "type": body["type"],
        "payload": body.get("payload"),
        "email": body["sender_email"],
        "username": "Sari",
        "timestamp": "2019-06-22T02:10:29Z",
        "unique_temp_id": body.get("unique_temp_id", "dari-server"),
    }


async def echo(wire: Wire, request: Received) -> None:
    body = json.loads(request.body)
    if "emails" in body:
        await wire.answer(body={"status": 200, "results": {"comments": [comment(body) for _ in body["emails"]]}})
    else:
        await wire.answer(body={"status": 200, "results": {"comment": comment(body)}})


@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: str(content.comment_type))
async def test_each_type_of_content_is_posted_and_read_back(served: Any, content: Content) -> None:
    _, client = await served(echo)
    posted = await client.messages.post(7, "sari", content)
    assert posted.payload == content
    [sent] = await client.messages.broadcast("sari", ["budi"], content, message=None if is_text(content) else "m")
    assert sent.payload == content


def is_text(content: Content) -> bool:
    return isinstance(content, (payloads.Text, payloads.Reply))


def test_the_contents_above_are_all_there_are() -> None:
    types = {str(content.comment_type) for content in CONTENTS}
    assert types == {*CommentType} - {"system_event"} | {"poll"}


async def test_a_text_is_a_message_and_no_payload(served: Any) -> None:
    server, client = await served(echo)
    posted = await client.messages.post("ruang-7", "sari", "Halo 👋")
    body = json.loads(server.requests[0].body)
    mark = body.pop("unique_temp_id")
    assert body == {"sender_email": "sari", "room_id": "ruang-7", "message": "Halo 👋", "type": "text"}
    assert posted.unique_temp_id == mark
    assert len(mark) == 20
    again = await client.messages.post("ruang-7", "sari", "Halo 👋")
    assert again.unique_temp_id != mark


async def test_a_payload_goes_as_an_object_with_the_message_only_if_given(served: Any) -> None:
    server, client = await served(echo)
    await client.messages.post(7, "sari", payloads.ContactPerson(name="Tono", value="0000-555-0133"))
    body = json.loads(server.requests[0].body)
    assert body["payload"] == {"name": "Tono", "value": "0000-555-0133"}
    assert "message" not in body
    await client.messages.post(7, "sari", BUTTONS_AS_READ, message="Beli")
    body = json.loads(server.requests[1].body)
    assert (body["message"], body["payload"]) == ("Beli", BUTTONS_AS_READ.to_document())


BUTTONS_AS_READ: Any = payloads.read(
    "buttons",
    {"text": "t", "buttons": [{"label": "a", "type": "link", "payload": {"url": "https://a"}, "new": 1}]},
)


async def test_a_reply_carries_its_text_as_the_message(served: Any) -> None:
    server, client = await served(echo)
    await client.messages.post(7, "sari", payloads.Reply(text="Siap", replied_comment_id=3))
    body = json.loads(server.requests[0].body)
    assert (body["message"], body["payload"]) == ("Siap", {"text": "Siap", "replied_comment_id": 3})


async def test_options_travel_as_json_text_both_ways(served: Any) -> None:
    async def script(wire: Wire, request: Received) -> None:
        options = json.loads(request.body)["options"]
        assert isinstance(options, str)
        shown = {"id": 7, "room_name": "Toko", "chat_type": "group", "options": options}
        await wire.answer(body={"status": 200, "results": {"changed": True, "room": shown, "comments": []}})

    _, client = await served(script)
    wanted = {"warna": "biru", "daftar": [1, None, {"é": True}]}
    update = await client.rooms.update(7, "sari", options=wanted)
    assert update.room.options == wanted


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text()))
def test_any_options_become_text_that_says_the_same(options: dict[str, Any]) -> None:
    try:
        text = options_text(options)
    except InvalidParameter:
        assert any("\ud800" <= char <= "\udfff" for char in str(options)) or "\\ud" in repr(options)
    else:
        assert text is not None
        assert json.loads(text) == options


async def test_lists_of_a_query_repeat_a_name_with_brackets(served: Any) -> None:
    async def script(wire: Wire, request: Received) -> None:
        await wire.answer(body={"status": 200, "results": {"room": {"id": 7, "room_name": "a b"}, "comments": None}})

    server, client = await served(script)
    found = await client.rooms.with_target("a@x.id", "b c")
    assert server.requests[0].target == (
        "/api/v2/rest/get_or_create_room_with_target?emails%5B%5D=a%40x.id&emails%5B%5D=b%20c"
    )
    assert (found.room.id, found.comments) == (7, [])


async def test_switches_of_a_query_are_words_and_those_of_a_body_booleans(served: Any) -> None:
    async def script(wire: Wire, request: Received) -> None:
        await wire.answer(body={"status": 200, "results": {"rooms_info": None}})

    server, client = await served(script)
    assert await client.rooms.of_user("sari", show_participants=True).collect() == []
    assert await client.rooms.info([7], "sari", show_participants=True) == []
    assert server.requests[0].target == "/api/v2/rest/get_user_rooms?user_email=sari&page=1&show_participants=true"
    assert json.loads(server.requests[1].body) == {"user_email": "sari", "room_id": ["7"], "show_participants": True}


# --- Credentials


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({}, ("qiscus-sdk-app-id", "qiscus-sdk-secret")),
        ({"header_style": "underscores"}, ("qiscus_sdk_app_id", "qiscus_sdk_secret")),
    ],
)
async def test_both_spellings_of_the_credential_headers(
    served: Any, settings: dict[str, Any], names: tuple[str, str]
) -> None:
    async def script(wire: Wire, request: Received) -> None:
        await wire.answer(body={"status": 200, "results": {"user": USER}})

    server, client = await served(script, **settings)
    user = await client.users.profile("sari")
    headers = {name: value for name, value in server.requests[0].headers.items() if name.startswith("qiscus")}
    assert headers == dict(zip(names, ("toko", "rahasia-toko-1945"), strict=True))
    assert user.token == Secret("token-uji")


@pytest.mark.parametrize(
    ("settings", "base_url"),
    [
        ({}, "https://toko-1.qiscus.com"),
        ({"shared_host": True}, "https://api.qiscus.com"),
        ({"shared_host": True, "base_url": "http://127.0.0.1:9/x/"}, "http://127.0.0.1:9/x"),
    ],
)
def test_where_the_calls_go(settings: dict[str, Any], base_url: str) -> None:
    client = AsyncQiscus("toko-1", Secret("rahasia"), **settings)
    assert (client.base_url, client.app_id) == (base_url, "toko-1")


def test_the_environment_makes_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QISCUS_APP_ID", "toko")
    monkeypatch.setenv("QISCUS_SECRET_KEY", "rahasia")
    monkeypatch.delenv("QISCUS_BASE_URL", raising=False)
    assert AsyncQiscus.from_env().base_url == "https://toko.qiscus.com"
    assert AsyncQiscus.from_env(shared_host=True).base_url == "https://api.qiscus.com"
    monkeypatch.setenv("QISCUS_BASE_URL", "http://127.0.0.1:9/")
    assert AsyncQiscus.from_env(timeout=5).base_url == "http://127.0.0.1:9"
    monkeypatch.delenv("QISCUS_SECRET_KEY")
    with pytest.raises(Exception, match="QISCUS_SECRET_KEY"):
        AsyncQiscus.from_env()


@pytest.mark.parametrize(
    ("arguments", "settings", "name"),
    [
        (("", "s"), {}, "app_id"),
        (("jahat.example/", "s"), {}, "app_id"),
        (("jahat.example", "s"), {}, "app_id"),
        (("-toko", "s"), {}, "app_id"),
        (("toko\n", "s"), {}, "app_id"),
        ((7, "s"), {}, "app_id"),
        (("toko", ""), {}, "secret_key"),
        (("toko", "a\r\nb"), {}, "secret_key"),
        (("toko", Secret("")), {}, "secret_key"),
        (("toko", None), {}, "secret_key"),
        (("toko", "s"), {"header_style": "camel"}, "header_style"),
    ],
)
def test_bad_credentials_are_refused_without_showing_them(
    arguments: tuple[Any, Any], settings: dict[str, Any], name: str
) -> None:
    with pytest.raises(InvalidParameter) as caught:
        AsyncQiscus(*arguments, **settings)
    assert caught.value.parameter == name
    assert "\r\nb" not in str(caught.value)


async def test_the_secret_is_in_no_repr(served: Any) -> None:
    _, client = await served(echo)
    assert "rahasia" not in repr(client) + repr(client.messages) + repr(client._shared.signer)
    signed = client._shared.signer.sign(get("/"), client.base_url)
    assert "rahasia" not in repr(signed)


# --- Bad values

NO_URL = {
    "text": "t",
    "buttons": [{"label": "a", "type": "link", "payload": one} for one in ({"url": "https://toko.example"}, {})],
}
NO_SUBJECT: Any = payloads.read("system_event", {"type": "join_room"})


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda q: q.users.login_or_register("", "Sari"), "email"),
        (lambda q: q.users.login_or_register("sari", ""), "username"),
        (lambda q: q.users.profile(""), "email"),
        (lambda q: q.users.profile(None), "email"),
        (lambda q: q.users.update_profile(""), "email"),
        (lambda q: q.users.reset_token(""), "email"),
        (lambda q: q.users.list_all(per_page=0), "per_page"),
        (lambda q: q.users.list_all().starting_at("x").first(), "token"),
        (lambda q: q.rooms.create("", creator="sari", participants=["sari"]), "name"),
        (lambda q: q.rooms.create("a", creator="", participants=["sari"]), "creator"),
        (lambda q: q.rooms.create("a", creator="sari", participants=[]), "participants"),
        (lambda q: q.rooms.create("a", creator="sari", participants="sari"), "participants"),
        (lambda q: q.rooms.create("a", creator="sari", participants=["sari", ""]), "participants[1]"),
        (lambda q: q.rooms.create("a", creator="sari", participants=["sari"], options="{}"), "options"),
        (lambda q: q.rooms.create("a", creator="sari", participants=["sari"], options={"a": {1}}), "options"),
        (lambda q: q.rooms.update("", "sari"), "room_id"),
        (lambda q: q.rooms.update(True, "sari"), "room_id"),
        (lambda q: q.rooms.update(7, ""), "user_email"),
        (lambda q: q.rooms.with_target("", "budi"), "email"),
        (lambda q: q.rooms.with_target("sari", ""), "target_email"),
        (lambda q: q.rooms.info([], "sari"), "room_ids"),
        (lambda q: q.rooms.info("7", "sari"), "room_ids"),
        (lambda q: q.rooms.info([7, None], "sari"), "room_ids[1]"),
        (lambda q: q.rooms.info([7], ""), "user_email"),
        (lambda q: q.rooms.of_user(""), "email"),
        (lambda q: q.rooms.add_participants(7, []), "emails"),
        (lambda q: q.rooms.remove_participants(7, b"sari"), "emails"),
        (lambda q: q.messages.post("", "sari", "x"), "room_id"),
        (lambda q: q.messages.post(7, "", "x"), "sender_email"),
        (lambda q: q.messages.post(7, "sari", ""), "content"),
        (lambda q: q.messages.post(7, "sari", None), "content"),
        (lambda q: q.messages.post(7, "sari", {"title": "Blus"}), "content"),
        (lambda q: q.messages.post(7, "sari", BUTTON), "content"),
        (lambda q: q.messages.post(7, "sari", payloads.JoinRoom(subject_email="sari")), "content"),
        (lambda q: q.messages.post(7, "sari", "x", message="y"), "message"),
        (lambda q: q.messages.post(7, "sari", "x", unique_temp_id=""), "unique_temp_id"),
        (lambda q: q.messages.post(7, "sari", payloads.read("card", {"text": "t"})), "content.title"),
        (lambda q: q.messages.post(7, "sari", payloads.read("buttons", NO_URL)), "content.buttons[1].payload.url"),
        (lambda q: q.messages.post(7, "sari", payloads.Other(comment_type="", document={})), "content.comment_type"),
        (lambda q: q.messages.post(7, "sari", payloads.Custom(type="t", content={1})), "json"),
        (lambda q: q.messages.post_system_event(7, "join_room"), "event"),
        (lambda q: q.messages.post_system_event(7, NO_SUBJECT), "event.subject_email"),
        (lambda q: q.messages.post_system_event("", payloads.JoinRoom(subject_email="sari")), "room_id"),
        (lambda q: q.messages.search("", "x"), "user_email"),
        (lambda q: q.messages.search("sari", ""), "query"),
        (lambda q: q.messages.search("sari", "x", room_id=""), "room_id"),
        (lambda q: q.messages.load(""), "room_id"),
        (lambda q: q.messages.load(7, per_page=True), "per_page"),
        (lambda q: q.messages.broadcast("", ["budi"], "x"), "sender_email"),
        (lambda q: q.messages.broadcast("sari", [], "x"), "emails"),
        (lambda q: q.messages.broadcast("sari", ["budi"], payloads.Card(title="Blus")), "message"),
        (lambda q: q.statistics.comments_by_month("2017-13"), "month"),
        (lambda q: q.statistics.comments_by_month("04-2017"), "month"),
    ],
)
async def test_bad_values_are_named_before_a_byte_is_sent(served: Any, call: Any, name: str) -> None:
    server, client = await served(echo)
    with pytest.raises(InvalidParameter) as caught:
        await call(client)
    assert caught.value.parameter == name
    assert server.connections == 0


@pytest.mark.parametrize("value", ["sari", "sari@toko.example", "+62 000", "a/b?c#d", "Ünï", " "])
async def test_a_user_id_need_not_be_an_address(served: Any, value: str) -> None:
    server, client = await served(echo)
    await client.messages.post(7, value, "x")
    assert json.loads(server.requests[0].body)["sender_email"] == value


@given(st.integers() | st.text(min_size=1))
def test_a_room_is_a_number_or_a_text(value: int | str) -> None:
    assert room(value) == str(value)
