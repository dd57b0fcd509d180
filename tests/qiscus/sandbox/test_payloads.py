"""The payload of each type of comment: refused, completed, echoed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nusantara.errors import InvalidParameter
from qiscus_async.sandbox import payloads
from qiscus_async.sandbox.refusals import Invalid

BUTTON: dict[str, Any] = {
    "label": "Ya",
    "type": "postback",
    "payload": {"url": "https://a.example", "method": "get", "payload": None},
}
LINK = {"label": "Buka", "type": "link", "payload": {"url": "https://a.example"}}
KEPT = {"label": "Ya", "postback_text": "", "type": "postback", "payload": BUTTON["payload"]}
CARD = {"title": "Teh", "description": "Enak", "url": "https://a.example", "text": "Lihat"}

PASSING: dict[str, tuple[dict[str, Any], str, dict[str, Any]]] = {
    "buttons": ({"text": "Mau?", "buttons": [BUTTON, LINK]}, "Mau?", {"text": "Mau?", "buttons": [KEPT, LINK]}),
    "account_linking": (
        {"text": "Masuk", "url": "https://a.example", "redirect_url": "https://a.example/ok"},
        "Masuk",
        {"text": "Masuk", "url": "https://a.example", "redirect_url": "https://a.example/ok"},
    ),
    "button_postback_response": (BUTTON["payload"], "", BUTTON["payload"]),
    "card": (
        CARD | {"image_url": "https://a.example/i.png", "buttons": [BUTTON]},
        "Lihat",
        CARD | {"image": "https://a.example/i.png", "buttons": [KEPT]},
    ),
    "carousel": ({"cards": [{"title": "A", "buttons": [BUTTON]}]}, "", {"cards": [{"title": "A", "buttons": [KEPT]}]}),
    "custom": ({"type": "promo", "content": None}, "", {"type": "promo", "content": None}),
    "location": (
        {"name": "Gudang", "address": "Sleman", "latitude": -7.7, "longitude": 1110.3, "map_url": "https://m.example"},
        "Gudang\nSleman\nhttps://m.example",
        {"name": "Gudang", "address": "Sleman", "latitude": -7.7, "longitude": 1110.3, "map_url": "https://m.example"},
    ),
    "contact_person": (
        {"name": "Pak Darto", "value": "0000", "type": ""},
        "Pak Darto - 0000",
        {"name": "Pak Darto", "value": "0000", "type": ""},
    ),
    "file_attachment": (
        {"url": "https://a.example/f.pdf", "caption": "Resi"},
        "Resi",
        {"url": "https://a.example/f.pdf", "caption": "Resi"},
    ),
}

FAILING: list[tuple[str, Any]] = [
    ("buttons", {"text": "Mau?", "buttons": []}),
    ("buttons", {"text": "Mau?", "buttons": {"label": "Ya"}}),
    ("buttons", {"text": "Mau?", "buttons": [BUTTON | {"type": "swipe"}]}),
    ("buttons", {"text": "Mau?", "buttons": [{"label": "Ya", "type": "postback"}]}),
    ("buttons", {"text": "Mau?", "buttons": [LINK | {"payload": {}}]}),
    ("card", CARD | {"buttons": [{"label": ""}]}),
    ("carousel", {"cards": []}),
    ("carousel", {"cards": ["A"]}),
    ("custom", {"foo": "bar"}),
    ("custom", {"type": "promo"}),
    ("custom", {"type": 7, "content": 1}),
    ("location", {"name": "Gudang"}),
    ("contact_person", {"name": "Pak Darto", "value": "0000", "type": "fax"}),
    ("contact_person", {"name": "Pak Darto"}),
    ("file_attachment", {"caption": "Resi"}),
    ("account_linking", {"text": "Masuk"}),
    ("reply", {"text": "ya"}),
    ("reply", {"text": "ya", "replied_comment_id": 1}),
    ("reply", {"text": "ya", "replied_comment_id": "914019"}),
    ("buttons", "not json"),
    ("buttons", "[1]"),
]


@pytest.mark.parametrize("kind", PASSING)
async def test_a_payload_is_completed_and_echoed(call: Any, who: Any, where: Any, kind: str) -> None:
    payload, message, kept = PASSING[kind]
    fields = {"sender_email": who.bot, "room_id": where.news, "type": kind, "payload": payload}
    posted = (await call("post_comment", json=fields))["comment"]
    assert (posted["type"], posted["message"], posted["payload"]) == (kind, message, kept)
    [loaded] = (await call("load_comments", params={"room_id": where.news, "limit": 1}))["comments"]
    assert loaded["payload"] == kept


@pytest.mark.parametrize(("kind", "payload"), FAILING)
async def test_a_payload_that_does_not_pass_is_refused(
    call: Any, who: Any, where: Any, kind: str, payload: Any
) -> None:
    fields = {"sender_email": who.bot, "room_id": where.news, "type": kind, "payload": payload, "message": "x"}
    assert await call.invalid("post_comment", json=fields) == {"payload"}


@pytest.mark.parametrize("kind", PASSING)
@pytest.mark.parametrize("nothing", ["", None, {}, []])
async def test_an_empty_payload_is_refused(call: Any, who: Any, where: Any, kind: str, nothing: Any) -> None:
    fields = {"sender_email": who.bot, "room_id": where.news, "type": kind, "payload": nothing}
    assert await call.invalid("post_comment", json=fields) == {"payload"}


@pytest.mark.parametrize("payload", ["", "{}", None, {}, [], {"a": 1}])
async def test_a_text_has_no_payload(call: Any, who: Any, where: Any, payload: Any) -> None:
    fields = {"sender_email": who.bot, "room_id": where.news, "message": "x", "payload": payload}
    assert (await call("post_comment", json=fields))["comment"]["payload"] is None


async def test_a_reply_quotes_the_comment_it_answers(call: Any, state: Any, who: Any, where: Any) -> None:
    parent = state.user_writes(where.talk, who.sinta, "hello")
    fields = {
        "sender_email": who.ratna,
        "room_id": where.talk,
        "type": "reply",
        "payload": {"text": "ini comment", "replied_comment_id": parent.id},
    }
    comment = (await call("post_comment", json=fields))["comment"]
    assert comment["message"] == "Sinta Maheswari: `hello`\nini comment"
    assert comment["payload"] == {
        "text": "ini comment",
        "replied_comment_id": parent.id,
        "replied_comment_type": "text",
        "replied_comment_message": "hello",
        "replied_comment_payload": None,
        "replied_comment_sender_username": "Sinta Maheswari",
        "replied_comment_sender_email": who.sinta,
    }
    assert await call.invalid("post_comment", json=fields | {"room_id": where.team}) == {"payload"}


@pytest.mark.parametrize("kind", PASSING)
def test_a_payload_is_recognised(state: Any, who: Any, where: Any, kind: str) -> None:
    assert state.user_writes(where.news, who.sinta, PASSING[kind][0]).type == kind


def test_a_payload_like_none_is_not_guessed(state: Any, who: Any, where: Any) -> None:
    with pytest.raises(InvalidParameter, match="type="):
        state.user_writes(where.news, who.sinta, {"foo": "bar"})


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["text", "url", "buttons", "label", "type", "payload", "cards", "name", "value", "content"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=10,
)


@given(st.sampled_from([*payloads.TYPES, "system_event", ""]), st.text(max_size=5), anything)
def test_any_payload_passes_or_is_refused(kind: str, message: str, payload: Any) -> None:
    if payload is not None and not isinstance(payload, dict):
        payload = {"text": payload, "buttons": payload, "cards": payload}
    try:
        text, kept = payloads.complete(kind, message, payload)
    except Invalid:
        return
    assert isinstance(text, str)
    assert (kept is None) == (kind == "text")
