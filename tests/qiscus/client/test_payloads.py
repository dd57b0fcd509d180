"""Payloads: made strictly, read leniently, the same on both sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nusantara.codec import dumps, loads
from nusantara.errors import InvalidParameter
from nusantara.model import Model
from qiscus_async import payloads
from qiscus_async.enums import ButtonType, CommentType, ContactType
from qiscus_async.payloads import Payload

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SOME = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
NUMBERS = st.integers(1, 2**63)
DEGREES = st.floats(allow_nan=False, allow_infinity=False)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | DEGREES | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(TEXTS, JSON, max_size=3)

actions = st.builds(payloads.ButtonAction, url=SOME, method=SOME, payload=JSON)
types = st.sampled_from(ButtonType) | SOME
buttons = st.builds(
    payloads.Button, label=SOME, type=types, payload=actions, postback_text=st.none() | TEXTS
) | st.builds(payloads.Button.link, SOME, SOME)
cards = st.builds(
    payloads.CarouselCard,
    image=TEXTS,
    title=SOME,
    description=TEXTS,
    default_action=st.none()
    | st.builds(payloads.DefaultAction, type=types, payload=actions, postback_text=st.none() | TEXTS),
    buttons=st.lists(buttons, max_size=3),
)
params = st.builds(
    payloads.AccountLinkingParams,
    user_id=st.none() | NUMBERS,
    topic_id=st.none() | NUMBERS,
    button_text=st.none() | TEXTS,
    view_title=st.none() | TEXTS,
    success_message=st.none() | TEXTS,
)
contents: st.SearchStrategy[Any] = st.one_of(
    st.builds(payloads.AccountLinking, text=SOME, url=SOME, redirect_url=SOME, params=params),
    st.builds(payloads.Buttons, text=SOME, buttons=st.lists(buttons, min_size=1, max_size=3)),
    st.builds(payloads.ButtonPostbackResponse, url=SOME, method=TEXTS, payload=JSON),
    st.builds(payloads.Reply, text=SOME, replied_comment_id=NUMBERS),
    st.builds(
        payloads.Card,
        text=TEXTS,
        image=TEXTS,
        title=SOME,
        description=TEXTS,
        url=TEXTS,
        buttons=st.lists(buttons, max_size=3),
    ),
    st.builds(payloads.Carousel, cards=st.lists(cards, min_size=1, max_size=3)),
    st.builds(payloads.Custom, type=SOME, content=JSON.filter(lambda value: value is not None)),
    st.builds(payloads.Location, name=SOME, address=TEXTS, latitude=DEGREES, longitude=DEGREES, map_url=TEXTS),
    st.builds(
        payloads.ContactPerson, name=SOME, value=SOME, type=st.none() | st.sampled_from(ContactType) | st.just("")
    ),
    st.builds(
        payloads.FileAttachment,
        url=SOME,
        caption=st.none() | TEXTS,
        file_name=st.none() | TEXTS,
        size=st.none() | NUMBERS,
        pages=st.none() | NUMBERS,
    ),
)
one_subject = {"subject_email": SOME, "subject_username": st.none() | TEXTS}
members = {"object_emails": st.lists(SOME, min_size=1, max_size=3), "object_usernames": st.none() | st.lists(TEXTS)}
events: st.SearchStrategy[payloads.SystemEvent] = st.one_of(
    st.builds(payloads.CreateRoom, room_name=SOME, **one_subject),
    st.builds(payloads.AddMember, **one_subject, **members),
    st.builds(payloads.RemoveMember, object_email=SOME, **one_subject),
    st.builds(payloads.JoinRoom, room_name=st.none() | TEXTS, **one_subject),
    st.builds(payloads.LeftRoom, room_name=st.none() | TEXTS, **one_subject),
    st.builds(payloads.ChangeRoomName, room_name=SOME, **one_subject),
    st.builds(payloads.ChangeRoomAvatar, **one_subject),
)


@given(contents)
def test_what_is_sent_reads_back_equal(content: Any) -> None:
    read = payloads.read(content.comment_type, loads(dumps(content)))
    assert read == content
    assert type(read) is type(content)


@given(contents)
def test_json_text_reads_like_the_object(content: Any) -> None:
    assert payloads.read(content.comment_type, dumps(content).decode()) == content


@given(events)
def test_an_event_reads_back_equal(event: payloads.SystemEvent) -> None:
    read = payloads.read("system_event", loads(dumps(event)))
    assert read == event
    assert type(read) is type(event)


@given(SOME, OBJECTS)
def test_a_custom_event_reads_the_same_wrapped_and_bare(message: str, content: dict[str, Any]) -> None:
    event = payloads.CustomEvent(message=message, content=content)
    unused = {"subject_email": "", "object_email": ""}
    wrapped = payloads.read("system_event", {**unused, "type": "custom", "payload": content}, message=message)
    assert wrapped == event
    named = {**content, "type": "add_admin"}
    bare = payloads.read("system_event", named, message=message)
    assert bare == payloads.CustomEvent(message=message, content=named)


@given(st.sampled_from([*CommentType]) | SOME, JSON, TEXTS)
def test_reading_never_fails(comment_type: str, document: Any, message: str) -> None:
    read = payloads.read(comment_type, document, message=message)
    assert isinstance(read, (Model, payloads.Other))
    if isinstance(read, payloads.Other):
        assert (read.comment_type, read.document) == (comment_type, document)


@given(contents, st.data())
def test_a_payload_that_lacks_anything_is_read_or_kept_whole(content: Any, data: st.DataObject) -> None:
    document = loads(dumps(content))
    lost = data.draw(st.sets(st.sampled_from(sorted(document))))
    rest = {key: value for key, value in document.items() if key not in lost}
    read = payloads.read(content.comment_type, rest)
    assert (read.document if isinstance(read, payloads.Other) else read.to_document()) == rest


ACTION = payloads.ButtonAction(url="https://toko.example/a")
WRONG: Any = {"label": "Beli"}


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: payloads.Text(), "text"),
        (lambda: payloads.AccountLinking(url="u", redirect_url="r"), "text"),
        (lambda: payloads.AccountLinking(text="t", redirect_url="r"), "url"),
        (lambda: payloads.AccountLinking(text="t", url="u"), "redirect_url"),
        (lambda: payloads.AccountLinking(text="t", url="u", redirect_url="r", params=WRONG), "params"),
        (lambda: payloads.Buttons(buttons=[payloads.Button.link("a", "b")]), "text"),
        (lambda: payloads.Buttons(text="t"), "buttons"),
        (lambda: payloads.Buttons(text="t", buttons=[WRONG]), "buttons[0]"),
        (lambda: payloads.Button(type="link", payload=ACTION), "label"),
        (lambda: payloads.Button(label="a", payload=ACTION), "type"),
        (lambda: payloads.Button(label="a", type="link"), "payload"),
        (lambda: payloads.Button.postback("a", ""), "url"),
        (lambda: payloads.ButtonAction(), "url"),
        (lambda: payloads.ButtonPostbackResponse(), "url"),
        (lambda: payloads.Reply(replied_comment_id=1), "text"),
        (lambda: payloads.Reply(text="t"), "replied_comment_id"),
        (lambda: payloads.Card(), "title"),
        (lambda: payloads.Card(title="t", buttons=[WRONG]), "buttons[0]"),
        (lambda: payloads.Carousel(), "cards"),
        (lambda: payloads.CarouselCard(image="i"), "title"),
        (lambda: payloads.CarouselCard(title="t", default_action=WRONG), "default_action"),
        (lambda: payloads.DefaultAction(payload=ACTION), "type"),
        (lambda: payloads.DefaultAction(type="link"), "payload"),
        (lambda: payloads.Custom(content=1), "type"),
        (lambda: payloads.Custom(type="t"), "content"),
        (lambda: payloads.Location(latitude=0.0, longitude=0.0), "name"),
        (lambda: payloads.Location(name="n", longitude=0.0), "latitude"),
        (lambda: payloads.Location(name="n", latitude=0.0), "longitude"),
        (lambda: payloads.Location(name="n", latitude=float("nan"), longitude=0.0), "latitude"),
        (lambda: payloads.ContactPerson(value="v"), "name"),
        (lambda: payloads.ContactPerson(name="n"), "value"),
        (lambda: payloads.FileAttachment(caption="c"), "url"),
        (lambda: payloads.SystemEvent(subject_email="a"), "type"),
        (lambda: payloads.CreateRoom(room_name="n"), "subject_email"),
        (lambda: payloads.CreateRoom(subject_email="a"), "room_name"),
        (lambda: payloads.ChangeRoomName(subject_email="a"), "room_name"),
        (lambda: payloads.AddMember(subject_email="a"), "object_emails"),
        (lambda: payloads.RemoveMember(subject_email="a", object_emails=["b", ""]), "object_emails[1]"),
        (lambda: payloads.JoinRoom(), "subject_email"),
        (lambda: payloads.CustomEvent(content={"a": 1}), "message"),
    ],
)
def test_a_missing_part_is_named(make: Callable[[], object], name: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        make()
    assert caught.value.parameter == name


def test_zero_is_a_place_and_an_empty_list_is_content() -> None:
    assert payloads.Location(name="n", latitude=0, longitude=0).latitude == 0
    assert payloads.Custom(type="t", content=[]).to_document() == {"type": "t", "content": []}


def test_a_postback_writes_its_data_even_if_null_and_leaves_out_what_was_not_given() -> None:
    button = payloads.Button.postback("Beli", "https://toko.example/beli", method="post")
    assert button.to_document() == {
        "label": "Beli",
        "type": "postback",
        "payload": {"url": "https://toko.example/beli", "method": "post", "payload": None},
    }


def test_a_changed_copy_is_checked_too() -> None:
    card = payloads.Card(title="Blus")
    assert attrs.evolve(card, title="Rok").title == "Rok"
    with pytest.raises(InvalidParameter, match="title"):
        attrs.evolve(card, title="")


def test_old_custom_history_keeps_its_object() -> None:
    payload = payloads.read("custom", {"foo": "bar"})
    assert isinstance(payload, payloads.Custom)
    assert (payload.type, payload.content, dict(payload.extra)) == ("", None, {"foo": "bar"})


def test_an_image_is_read_in_both_spellings_and_written_in_the_newer() -> None:
    for key in ("image", "image_url"):
        card = payloads.read("card", {key: "https://toko.example/a.png", "title": "Blus"})
        assert isinstance(card, payloads.Card)
        assert card.image == "https://toko.example/a.png"
    assert "image" in payloads.Card(title="Blus", image="https://toko.example/a.png").to_document()


def test_match_reads_well() -> None:
    def told(payload: Payload) -> str:
        match payload:
            case payloads.Text(text=text):
                return text
            case payloads.ButtonPostbackResponse(payload={"sku": sku}):
                return f"pesan {sku}"
            case payloads.AddMember(subject_email=who, members=[*new]):
                return f"{who} menambah {', '.join(new)}"
            case payloads.CustomEvent(content={"kode": code}):
                return f"kode {code}"
            case payloads.SystemEvent(type=kind):
                return f"sistem {kind}"
            case payloads.Other(comment_type=kind):
                return f"belum kenal {kind}"
            case _:
                return "lain"

    assert told(payloads.read("text", None, message="Halo")) == "Halo"
    assert told(payloads.read("button_postback_response", {"url": "u", "payload": {"sku": "A1"}})) == "pesan A1"
    old = {"type": "add_member", "subject_email": "sari", "object_email": "budi"}
    assert told(payloads.read("system_event", old)) == "sari menambah budi"
    newer = {**old, "object_email_list": ["budi", "tono"]}
    assert told(payloads.read("system_event", newer)) == "sari menambah budi, tono"
    assert told(payloads.read("system_event", {"type": "custom", "payload": {"kode": "X"}})) == "kode X"
    assert told(payloads.read("system_event", {"type": "left_room", "subject_email": "a"})) == "sistem left_room"
    assert told(payloads.read("poll", {"question": "?"})) == "belum kenal poll"
    assert told(payloads.read("card", {"title": ["5"]})) == "belum kenal card"
    assert told(payloads.read("card", {"title": "Blus"})) == "lain"


ODD: list[tuple[payloads.Content, str, Any, Any]] = [
    (payloads.Location(name="Monas", latitude=-6.17, longitude=106.82), "latitude", "-6.17", -6.17),
    (payloads.Location(name="Monas", latitude=-6.17, longitude=106.82), "longitude", " 106.82", 106.82),
    (payloads.Location(name="Monas", latitude=-6.17, longitude=106.82), "address", None, ""),
    (payloads.Location(name="Monas", latitude=-6.17, longitude=106.82), "latitude", "", None),
    (payloads.FileAttachment(url="https://x"), "size", "1024", 1024),
    (payloads.FileAttachment(url="https://x"), "size", 1024.0, 1024),
    (payloads.FileAttachment(url="https://x"), "pages", False, None),
    (payloads.FileAttachment(url="https://x"), "caption", 5, "5"),
    (payloads.ContactPerson(name="Sari", value="0812"), "value", 62812, "62812"),
    (payloads.ContactPerson(name="Sari", value="0812"), "type", None, None),
    (payloads.Reply(text="ya", replied_comment_id=5), "replied_comment_id", "5", 5),
    (payloads.Card(title="Blus"), "buttons", None, []),
    (payloads.Card(title="Blus"), "description", 1.5, "1.5"),
    (payloads.Buttons(text="x", buttons=[payloads.Button.link("a", "https://x")]), "text", None, ""),
]


@pytest.mark.parametrize(("content", "key", "value", "read"), ODD)
def test_one_odd_scalar_costs_nothing_else(content: Any, key: str, value: Any, read: Any) -> None:
    document = content.to_document() | {key: value}
    found = payloads.read(content.comment_type, document)
    assert type(found) is type(content)
    assert getattr(found, key) == read
    assert isinstance(found, Model)
    assert found.to_document() == document


@pytest.mark.parametrize("key", ["latitude", "name"])
@pytest.mark.parametrize("value", [{"x": 1}, ["x"], [[]]])
def test_another_shape_is_another_payload(key: str, value: Any) -> None:
    document = payloads.Location(name="Monas", latitude=1, longitude=2).to_document() | {key: value}
    assert payloads.read("location", document) == payloads.Other(comment_type="location", document=document)


@pytest.mark.parametrize("value", ["north", "nan", "inf", "1e999", "9" * 200])
def test_what_is_no_number_is_none(value: str) -> None:
    document = payloads.Location(name="Monas", latitude=1, longitude=2).to_document() | {"latitude": value}
    assert isinstance(payloads.read("location", document), payloads.Other)
