"""What each operation really sends, against the list of operations of the reference.

The sandbox's ``reference.json`` has the newer edition's word on verb, path and place of every parameter, except where
both editions were found wrong: the list of users is read with GET. ``undocumented`` are parameters that only public
clients show.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from support.raw import Received, Wire

from nusantara.catalogue.operations import operations
from nusantara.sandbox.operation import reference
from nusantara.secret import Secret
from qiscus_async import AsyncQiscus, payloads

GROUPS = ("users", "rooms", "messages", "statistics")
LEDGER: dict[str, dict[str, Any]] = {
    entry["name"]: entry for entry in reference("qiscus_async.sandbox") if entry["name"].partition(".")[0] in GROUPS
}
OPERATIONS = {
    operation.name: operation for operation in operations("qiscus") if operation.name.partition(".")[0] in GROUPS
}

BUTTONS = payloads.Buttons(text="Pilih", buttons=[payloads.Button.link("Buka", "https://toko.example")])

EVERYTHING: dict[str, Callable[[AsyncQiscus], Awaitable[Any]]] = {
    "users.login_or_register": lambda q: q.users.login_or_register(
        "sari",
        "Sari",
        password=Secret("p"),
        avatar_url="https://toko.example/a.png",
        device_token="t",
        device_platform="ios",
        extras={"kota": "Solo"},
    ),
    "users.profile": lambda q: q.users.profile("sari"),
    "users.update_profile": lambda q: q.users.update_profile(
        "sari", name="S", avatar_url="u", password="p", extras={"a": 1}
    ),
    "users.reset_token": lambda q: q.users.reset_token("sari"),
    "users.list_all": lambda q: q.users.list_all(per_page=5, show_all=True, order_query="created_at asc").first(),
    "rooms.create": lambda q: q.rooms.create(
        "Toko", creator="sari", participants=["sari", "budi"], avatar_url="u", options={"warna": "biru"}
    ),
    "rooms.update": lambda q: q.rooms.update(7, "sari", name="Toko", avatar_url="u", options={"warna": "biru"}),
    "rooms.with_target": lambda q: q.rooms.with_target("sari", "budi", avatar_url="u", options={"warna": "biru"}),
    "rooms.info": lambda q: q.rooms.info([7, "8"], "sari", unique_ids=["x"], show_participants=True, show_removed=True),
    "rooms.of_user": lambda q: q.rooms.of_user(
        "sari", room_type="group", show_participants=True, show_removed=True, show_empty=True
    ).first(),
    "rooms.add_participants": lambda q: q.rooms.add_participants(7, ["budi", "tono"]),
    "rooms.remove_participants": lambda q: q.rooms.remove_participants("7", ["budi"]),
    "messages.post": lambda q: q.messages.post(
        7, "sari", BUTTONS, message="m", unique_temp_id="u", disable_link_preview=True, extras={"a": 1}
    ),
    "messages.load": lambda q: q.messages.load(7, per_page=5).first(),
    "messages.search": lambda q: q.messages.search("sari", "teh", room_id=7),
    "messages.broadcast": lambda q: q.messages.broadcast(
        "sari", ["budi", "tono"], BUTTONS, message="m", extras={"a": 1}
    ),
    "statistics.comments_by_month": lambda q: q.statistics.comments_by_month(date(2017, 4, 30)),
}
"""A call of each operation with every parameter that it has."""

EVENTS: list[tuple[payloads.SystemEvent, dict[str, Any]]] = [
    (
        payloads.CreateRoom(subject_email="sari", room_name="Toko"),
        {"system_event_type": "create_room", "subject_email": "sari", "updated_room_name": "Toko"},
    ),
    (
        payloads.AddMember(subject_email="sari", object_emails=["budi", "tono"]),
        {"system_event_type": "add_member", "subject_email": "sari", "object_email": ["budi", "tono"]},
    ),
    (
        payloads.RemoveMember(subject_email="sari", object_email="budi"),
        {"system_event_type": "remove_member", "subject_email": "sari", "object_email": ["budi"]},
    ),
    (payloads.JoinRoom(subject_email="sari"), {"system_event_type": "join_room", "subject_email": "sari"}),
    (payloads.LeftRoom(subject_email="sari"), {"system_event_type": "left_room", "subject_email": "sari"}),
    (
        payloads.ChangeRoomName(subject_email="sari", room_name="Baru"),
        {"system_event_type": "change_room_name", "subject_email": "sari", "updated_room_name": "Baru"},
    ),
    (
        payloads.ChangeRoomAvatar(subject_email="sari"),
        {"system_event_type": "change_room_avatar", "subject_email": "sari"},
    ),
    (
        payloads.CustomEvent(message="Wati jadi admin", content={"admin": "wati"}),
        {"system_event_type": "custom", "message": "Wati jadi admin", "payload": {"admin": "wati"}},
    ),
    (
        payloads.SystemEvent(type="join_room", subject_email="sari"),
        {"system_event_type": "join_room", "subject_email": "sari"},
    ),
]


async def refuse(wire: Wire, request: Received) -> None:
    await wire.answer(418, {"status": 418, "error": {"message": "cukup"}})


def placed(request: Received) -> dict[str, str]:
    """The place of each parameter of a request."""
    places = {name: "query" for name, _ in parse_qsl(urlsplit(request.target).query, keep_blank_values=True)}
    if request.body:
        assert request.headers["content-type"] == "application/json"
        places |= dict.fromkeys(json.loads(request.body), "json")
    return places


def test_there_is_an_operation_for_each_line_of_the_ledger_and_no_other() -> None:
    assert OPERATIONS.keys() == LEDGER.keys()
    assert len(LEDGER) == 18


@pytest.mark.parametrize("name", LEDGER)
def test_the_docstring_says_what_the_ledger_says(name: str) -> None:
    entry, operation = LEDGER[name], OPERATIONS[name]
    assert (operation.method, operation.path, operation.call_class) == (
        entry["method"],
        entry["path"],
        entry["call_class"],
    )
    assert "Reference: " in inspect.cleandoc(operation.function.__doc__ or "")


@pytest.mark.parametrize("name", EVERYTHING)
async def test_every_parameter_is_sent_in_its_place(served: Any, name: str) -> None:
    server, client = await served(refuse)
    with pytest.raises(Exception, match="cukup"):
        await EVERYTHING[name](client)
    [request] = server.requests
    entry = LEDGER[name]
    assert (request.method, urlsplit(request.target).path) == (entry["method"], entry["path"])
    page = {"page": "query"} if "page" in entry["params"] else {}
    assert placed(request) == {**entry["params"], **entry["undocumented"], **page}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event[0]).__name__)
async def test_every_event_is_sent_with_what_it_needs(
    served: Any, event: tuple[payloads.SystemEvent, dict[str, Any]]
) -> None:
    server, client = await served(refuse)
    with pytest.raises(Exception, match="cukup"):
        await client.messages.post_system_event(7, event[0], extras={"a": 1})
    [request] = server.requests
    entry = LEDGER["messages.post_system_event"]
    assert (request.method, request.target) == (entry["method"], entry["path"])
    assert json.loads(request.body) == {"room_id": "7", "extras": {"a": 1}, **event[1]}


def test_the_events_together_use_every_parameter() -> None:
    entry = LEDGER["messages.post_system_event"]
    used = {"room_id", "extras"}.union(*(body for _, body in EVENTS))
    assert used == {*entry["params"], *entry["undocumented"]}


LEAST: dict[str, Callable[[AsyncQiscus], Awaitable[Any]]] = {
    "users.login_or_register": lambda q: q.users.login_or_register("sari", "Sari"),
    "users.update_profile": lambda q: q.users.update_profile("sari"),
    "rooms.create": lambda q: q.rooms.create("Toko", creator="sari", participants=["sari"]),
    "rooms.update": lambda q: q.rooms.update(7, "sari"),
    "rooms.with_target": lambda q: q.rooms.with_target("sari", "budi"),
    "rooms.info": lambda q: q.rooms.info([7], "sari"),
    "rooms.of_user": lambda q: q.rooms.of_user("sari").first(),
    "messages.post": lambda q: q.messages.post(7, "sari", "Halo"),
    "messages.load": lambda q: q.messages.load(7).first(),
    "messages.search": lambda q: q.messages.search("sari", "teh"),
    "messages.broadcast": lambda q: q.messages.broadcast("sari", ["budi"], "Halo"),
    "users.list_all": lambda q: q.users.list_all().first(),
}
"""A call of each operation that has optional parameters, without them."""

ALWAYS = {
    "messages.post": {"type", "unique_temp_id"},
    "messages.broadcast": {"type"},
    "users.list_all": {"page"},
    "rooms.of_user": {"page"},
    "messages.load": {"page"},
}
"""Optional parameters that are sent nevertheless."""


@pytest.mark.parametrize("name", LEAST)
async def test_what_is_not_given_is_left_out(served: Any, name: str) -> None:
    server, client = await served(refuse)
    with pytest.raises(Exception, match="cukup"):
        await LEAST[name](client)
    [request] = server.requests
    assert placed(request).keys() == {*LEDGER[name]["required"]} | ALWAYS.get(name, set())
    assert b"null" not in request.body
