"""Every operation answers with the keys and types of its documented sample; live answers have more."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from qiscus_async.sandbox import Edition, QiscusState

SAMPLES = json.loads((Path(__file__).parent / "samples.json").read_text())
"""Of each documented sample the keys, with the type of each value."""

LINKING = {"text": "masuk", "url": "https://a.example", "redirect_url": "https://a.example/ok", "params": {}}


def multipart(kind: str, rows: Any) -> Any:
    import aiohttp

    form = aiohttp.FormData()
    form.add_field("type", kind)
    form.add_field("file", json.dumps(rows), filename="berkas.json", content_type="application/json")
    return form


async def make_export(call: Any) -> str:
    wanted = {"type": "comments", "start_date": "2018-01-01", "end_date": "2018-12-31"}
    return str((await call("exports", json=wanted))["unique_id"])


async def finished_export(call: Any, then: Callable[[str], Awaitable[Any]]) -> Any:
    name = await make_export(call)
    for _ in range(2):
        await call(f"exports/{name}")
    return await then(name)


async def listed_imports(call: Any) -> Any:
    await call("imports", data=multipart("users", []))
    await call("imports", "GET")
    return await call("imports", "GET")


CALLS: dict[str, Callable[[Any, Any, Any], Awaitable[Any]]] = {
    "login_or_register": lambda c, u, r: c("login_or_register", json={"email": "x", "username": "X"}),
    "reset_user_token": lambda c, u, r: c("reset_user_token", json={"user_email": u.sinta}),
    "user_profile": lambda c, u, r: c("user_profile", params={"user_email": u.sinta}),
    "update_profile": lambda c, u, r: c("update_profile", json={"email": u.sinta, "name": "Sinta M."}),
    "get_user_list": lambda c, u, r: c("/api/v2.1/rest/get_user_list", "GET"),
    "get_user_rooms": lambda c, u, r: c("get_user_rooms", params={"user_email": u.sinta}),
    "get_user_rooms.participants": lambda c, u, r: c(
        "get_user_rooms", params={"user_email": u.sinta, "show_participants": "true"}
    ),
    "create_room": lambda c, u, r: c("create_room", json={"name": "G", "creator": u.bot, "participants": [u.bot]}),
    "update_room": lambda c, u, r: c("update_room", json={"user_email": u.bot, "room_id": r.news, "room_name": "N"}),
    "get_or_create_room_with_target": lambda c, u, r: c(
        "get_or_create_room_with_target", params=[("emails[]", u.sinta), ("emails[]", u.ratna)]
    ),
    "get_rooms_info": lambda c, u, r: c("get_rooms_info", json={"user_email": u.sinta, "room_id": [r.talk]}),
    "add_room_participants": lambda c, u, r: c("add_room_participants", json={"room_id": r.team, "emails": [u.joko]}),
    "remove_room_participants": lambda c, u, r: c(
        "remove_room_participants", json={"room_id": r.team, "emails": [u.bot]}
    ),
    "post_comment": lambda c, u, r: c(
        "post_comment",
        json={"sender_email": u.bot, "room_id": r.news, "type": "account_linking", "payload": LINKING},
    ),
    "load_comments": lambda c, u, r: c("load_comments", params={"room_id": r.talk}),
    "post_system_event_message": lambda c, u, r: c(
        "post_system_event_message",
        json={"system_event_type": "join_room", "room_id": r.team, "subject_email": u.joko},
    ),
    "search_messages": lambda c, u, r: c("search_messages", json={"user_email": u.sinta, "query": "kak"}),
    "broadcast": lambda c, u, r: c(
        "broadcast", json={"sender_email": u.bot, "emails": [u.sinta, u.joko], "message": "Kabar"}
    ),
    "get_total_comments_by_month": lambda c, u, r: c("get_total_comments_by_month", json={"date": "2018-02"}),
    "create_export": lambda c, u, r: c(
        "exports", json={"type": "rooms", "start_date": "2018-01-01", "end_date": "2018-12-31"}
    ),
    "list_exports": lambda c, u, r: finished_export(c, lambda _: c("exports", "GET")),
    "get_export": lambda c, u, r: finished_export(c, lambda name: c(f"exports/{name}")),
    "delete_export": lambda c, u, r: finished_export(c, lambda name: c(f"exports/{name}", "DELETE")),
    "create_import": lambda c, u, r: c("imports", data=multipart("users", [])),
    "list_imports": lambda c, u, r: listed_imports(c),
}


def difference(sample: Any, found: Any, *, exactly: bool, at: str = "results") -> list[str]:
    """Where what was found is not as the sample says."""
    if sample == "any":
        return []
    if isinstance(sample, dict):
        if not isinstance(found, dict):
            return [f"{at}: {type(found).__name__}"]
        wrong = [f"{at}.{key} is missing" for key in sample.keys() - found.keys()]
        if exactly:
            wrong += [f"{at}.{key} is too much" for key in found.keys() - sample.keys()]
        for key in sample.keys() & found.keys():
            wrong += difference(sample[key], found[key], exactly=exactly, at=f"{at}.{key}")
        return wrong
    if isinstance(sample, list):
        if not isinstance(found, list) or not found:
            return [f"{at}: no list, or an empty one"]
        return [text for item in found for text in difference(sample[0], item, exactly=exactly, at=f"{at}[]")]
    return [] if type(found).__name__ == sample else [f"{at}: {type(found).__name__} instead of {sample}"]


def test_every_documented_operation_is_compared() -> None:
    assert set(CALLS) == set(SAMPLES) - {"webhook"}


@pytest.mark.parametrize("name", sorted(CALLS))
async def test_the_documented_edition_has_exactly_the_documented_keys(
    name: str, call: Any, state: QiscusState, who: Any, where: Any
) -> None:
    state.edition = Edition.DOCUMENTED
    assert difference(SAMPLES[name], await CALLS[name](call, who, where), exactly=True) == []


@pytest.mark.parametrize("name", sorted(set(CALLS) - {"reset_user_token"}))
async def test_the_live_edition_has_at_least_the_documented_keys(name: str, call: Any, who: Any, where: Any) -> None:
    wrong = difference(SAMPLES[name], await CALLS[name](call, who, where), exactly=False)
    assert {text for text in wrong if "participants[]: dict instead of str" not in text} == set()


async def test_the_live_avatar_is_nested_twice_everywhere(call: Any, who: Any) -> None:
    reset = await call("reset_user_token", json={"user_email": who.sinta})
    url = reset["user"]["avatar_url"]
    assert reset["user"]["avatar"] == {"avatar": {"url": url}}


async def test_live_answers_have_the_keys_that_clients_have_seen(call: Any, who: Any, where: Any) -> None:
    user = (await call("login_or_register", json={"email": "x", "username": "X"}))["user"]
    assert {"app", "avatar", "id_str", "last_comment_id_str", "pn_android_configured", "rtKey"} <= user.keys()
    [loaded] = (await call("load_comments", params={"room_id": where.talk, "limit": 1}))["comments"]
    assert {"type", "payload", "extras", "user_id", "id_str", "unix_nano_timestamp", "user_avatar"} <= loaded.keys()
    [room] = (await call("get_user_rooms", params={"user_email": who.bot, "room_type": "single"}))["rooms_info"]
    assert {"room_unique_id", "raw_room_name", "room_options", "is_removed"} <= room.keys()
    assert room["room_name"] == "Damar Kusuma"
    assert room["raw_room_name"] == f"{who.damar} {who.bot}"


@pytest.mark.parametrize(
    ("edition", "as_objects", "kinds"),
    [
        ("live", None, (dict, str, dict)),
        ("documented", None, (str, str, str)),
        ("live", False, (str, str, str)),
        ("documented", True, (dict, dict, dict)),
    ],
)
async def test_participants_are_texts_or_objects(
    call: Any, state: QiscusState, who: Any, edition: str, as_objects: bool | None, kinds: tuple[type, ...]
) -> None:
    """After creating, adding and removing. Live clients read objects, and texts after adding."""
    state.edition, state.participants_as_objects = Edition(edition), as_objects
    made = await call("create_room", json={"name": "G", "creator": who.bot, "participants": [who.bot, who.joko]})
    change = {"room_id": made["room_id"], "emails": [who.wulan]}
    added = await call("add_room_participants", json=change)
    removed = await call("remove_room_participants", json=change)
    two, three = [who.bot, who.joko], [who.bot, who.joko, who.wulan]
    for results, emails, kind in zip((made, added, removed), (two, three, two), kinds, strict=True):
        assert all(type(one) is kind for one in results["participants"])
        assert [one["email"] if kind is dict else one for one in results["participants"]] == emails
        if kind is dict:
            assert {"id", "username", "avatar_url"} <= results["participants"][0].keys()


async def test_a_live_comment_has_a_status(call: Any, state: QiscusState, who: Any, where: Any) -> None:
    fields = {"sender_email": who.ratna, "room_id": where.talk, "message": "Halo"}
    posted = (await call("post_comment", json=fields))["comment"]
    assert posted["status"] == "sent"
    assert {"is_deleted", "is_public_channel", "room_avatar", "room_type", "user_extras"} <= posted.keys()
    state.user_reads(where.talk, who.sinta)
    [loaded] = (await call("load_comments", params={"room_id": where.talk, "limit": 1}))["comments"]
    assert (loaded["id"], loaded["status"]) == (posted["id"], "read")
    state.edition = Edition.DOCUMENTED
    [documented] = (await call("load_comments", params={"room_id": where.talk, "limit": 1}))["comments"]
    assert "status" not in documented
