"""Comments: posted, loaded, searched, broadcast, counted; system events."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from nusantara.sandbox import Sandbox
from qiscus_async.sandbox import Duplicates, Edition, QiscusSandbox, Settings


async def loaded(call: Any, room_id: Any, **params: Any) -> list[Any]:
    return list((await call("load_comments", params={"room_id": room_id} | params))["comments"])


async def test_a_comment_is_posted_and_loaded(call: Any, who: Any, where: Any) -> None:
    before = (await loaded(call, where.talk))[0]
    fields = {"sender_email": who.ratna, "room_id": where.talk, "message": "Bisa kak \U0001f60a"}
    posted = (await call("post_comment", json=fields))["comment"]
    assert (posted["message"], posted["email"], posted["username"]) == (fields["message"], who.ratna, "Ratna Widyasari")
    assert posted["type"] == "text"
    assert posted["room_id"] == posted["topic_id"] == where.talk
    assert posted["comment_before_id"] == before["id"]
    assert re.fullmatch(r"[0-9A-Za-z]{20}", posted["unique_temp_id"])
    assert posted["unix_timestamp"] == posted["unix_nano_timestamp"] // 10**9
    newest = (await loaded(call, where.talk, limit=1))[0]
    assert {key: newest[key] for key in posted.keys() & newest.keys()} == {
        key: posted[key] for key in posted.keys() & newest.keys()
    }


async def test_comments_are_loaded_newest_first_in_pages(call: Any, where: Any) -> None:
    everything = await loaded(call, where.talk, limit=100)
    assert len(everything) == 25
    assert [one["id"] for one in everything] == sorted((one["id"] for one in everything), reverse=True)
    assert [one["comment_before_id"] for one in everything] == [*(one["id"] for one in everything[1:]), 0]
    assert await loaded(call, where.talk) == everything[:20]
    assert await loaded(call, where.talk, page=2) == everything[20:]
    assert await loaded(call, where.talk, page=3) == []
    assert await loaded(call, where.talk, page=2, limit=7) == everything[7:14]
    assert await loaded(call, where.empty) == []


async def test_an_unknown_room_cannot_be_loaded(call: Any) -> None:
    assert await call.invalid("load_comments", params={"room_id": "404"}) == {"room_id"}
    assert await call.invalid("load_comments", params={}) == {"room_id"}


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"sender_email": ""}, {"sender_email"}),
        ({"room_id": ""}, {"room_id"}),
        ({"sender_email": "nobody"}, {"sender_email"}),
        ({"room_id": "404"}, {"room_id"}),
        ({"message": ""}, {"message"}),
        ({"type": "system_event", "payload": {"type": "join_room"}}, {"type"}),
        ({"type": "hologram"}, {"type"}),
        ({"extras": "{"}, {"extras"}),
    ],
)
async def test_a_comment_that_does_not_pass_is_not_stored(
    call: Any, state: Any, who: Any, where: Any, changes: dict[str, Any], names: set[str]
) -> None:
    fields = {"sender_email": who.sinta, "room_id": where.talk, "message": "x"} | changes
    assert await call.invalid("post_comment", json=fields) == names
    assert len(state.comments(where.talk)) == 25


async def test_strangers_may_write_unless_switched(call: Any, state: Any, who: Any, where: Any) -> None:
    fields = {"sender_email": who.joko, "room_id": where.talk, "message": "x"}
    await call("post_comment", json=fields)
    state.participants_only = True
    assert await call.invalid("post_comment", json=fields) == {"sender_email"}


async def test_a_repeated_unique_id_gives_the_first_comment(call: Any, state: Any, who: Any, where: Any) -> None:
    fields = {"sender_email": who.ratna, "room_id": where.talk, "message": "satu", "unique_temp_id": "klien-1"}
    first = (await call("post_comment", json=fields))["comment"]
    assert first["unique_temp_id"] == "klien-1"
    assert (await call("post_comment", json=fields | {"message": "dua"}))["comment"] == first
    assert len(state.comments(where.talk)) == 26
    elsewhere = (await call("post_comment", json=fields | {"room_id": where.team}))["comment"]
    assert elsewhere["id"] != first["id"]


async def test_repeated_unique_ids_can_be_stored_or_refused(call: Any, state: Any, who: Any, where: Any) -> None:
    fields = {"sender_email": who.ratna, "room_id": where.talk, "message": "satu", "unique_temp_id": "klien-1"}
    await call("post_comment", json=fields)
    state.duplicates = Duplicates.REFUSE
    assert await call.invalid("post_comment", json=fields) == {"unique_temp_id"}
    state.duplicates = "store"
    await call("post_comment", json=fields)
    assert [one.unique_temp_id for one in state.comments(where.talk)[-2:]] == ["klien-1", "klien-1"]


async def test_many_at_once_are_all_stored_and_numbered(call: Any, state: Any, who: Any, where: Any) -> None:
    fields = {"sender_email": who.ratna, "room_id": where.empty}
    answers = await asyncio.gather(
        *(call("post_comment", json=fields | {"message": f"pesan {number}"}) for number in range(60))
    )
    stored = state.comments(where.empty)
    assert sorted(answer["comment"]["id"] for answer in answers) == [one.id for one in stored]
    assert [one.before_id for one in stored] == [0, *(one.id for one in stored[:-1])]


async def test_a_search_finds_in_the_rooms_of_the_user_only(call: Any, who: Any, where: Any) -> None:
    async def found(email: str, query: str, **more: Any) -> list[Any]:
        return list((await call("search_messages", json={"user_email": email, "query": query} | more))["comments"])

    hits = await found(who.sinta, "TEH")
    assert hits
    assert {hit["room_id"] for hit in hits} <= {where.talk, where.news}
    assert all("teh" in hit["message"].lower() for hit in hits)
    assert [hit["id"] for hit in hits] == sorted((hit["id"] for hit in hits), reverse=True)
    assert {hit["chat_type"] for hit in hits} == {"single", "group"}
    assert {hit["room_id"] for hit in await found(who.sinta, "TEH", room_id=where.talk)} == {where.talk}
    assert await found(who.sinta, "grosir", room_id=where.wholesale) == []
    assert await found(who.sinta, "tidak ada di mana pun") == []
    assert await call.invalid("search_messages", json={"user_email": who.sinta}) == {"query"}


async def test_a_search_gives_the_last_100(call: Any, state: Any, who: Any, where: Any) -> None:
    ids = [state.user_writes(where.talk, who.sinta, f"jarum {number}").id for number in range(120)]
    hits = (await call("search_messages", data={"user_email": who.sinta, "query": "jarum"}))["comments"]
    assert [hit["id"] for hit in hits] == ids[:19:-1]


async def test_a_broadcast_writes_into_the_room_with_each_target(call: Any, state: Any, who: Any, where: Any) -> None:
    targets = [who.damar, who.joko]
    fields = {"sender_email": who.bot, "message": "Promo!", "extras": '{"kampanye": 7}'}
    comments = (await call("broadcast", data=[*fields.items(), *(("emails[]", one) for one in targets)]))["comments"]
    assert [comment["target_email"] for comment in comments] == targets
    assert comments[0]["room_id"] == where.with_bot
    assert comments[1]["room_id"] not in (where.with_bot, where.empty)
    assert all(comment["extras"] == {"kampanye": 7} for comment in comments)
    for comment in comments:
        assert state.comments(comment["room_id"])[-1].message == "Promo!"


@pytest.mark.parametrize(
    "emails", [[], ["nobody"], ["sinta.maheswari@pelanggan.example", "nobody"], ["pelanggan-0817"]]
)
async def test_a_broadcast_to_nobody_is_refused_as_a_whole(call: Any, state: Any, who: Any, emails: list[str]) -> None:
    before = len(list(state.data.all_comments()))
    fields = {"sender_email": who.wulan, "emails": emails, "message": "x"}
    assert await call.invalid("broadcast", json=fields) == {"emails"}
    assert len(list(state.data.all_comments())) == before


async def test_the_total_of_a_month_turns_the_date_around(call: Any) -> None:
    totals = {}
    for month in ("2018-01", "2018-02", "2018-03", "2017-12"):
        answer = await call("get_total_comments_by_month", data={"date": month})
        totals[answer["date"]] = answer["total"]
    assert totals == {"01-2018": 17, "02-2018": 84, "03-2018": 51, "12-2017": 0}


@pytest.mark.parametrize("date", ["2018-13", "02-2018", "2018-2", "2018-02-01", "kemarin", ""])
async def test_a_month_of_another_form_is_refused(call: Any, date: str) -> None:
    assert await call.invalid("get_total_comments_by_month", json={"date": date}) == {"date"}


EVENTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "create_room": ({"updated_room_name": "Qiscus"}, "Joko Santosa created room 'Qiscus'", "Qiscus"),
    "change_room_name": ({"updated_room_name": "Keluarga"}, "Joko Santosa changed room name to 'Keluarga'", "Keluarga"),
    "join_room": ({}, "Joko Santosa joined room", "Tim Layanan"),
    "left_room": ({}, "Joko Santosa left room", "Tim Layanan"),
    "change_room_avatar": ({}, "Joko Santosa changed room avatar", ""),
    "add_member": ({"object_email": ["pelanggan-0817"]}, "Joko Santosa added Wulan Pratiwi", ""),
    "remove_member": ({"object_email": ["pelanggan-0817"]}, "Joko Santosa removed Wulan Pratiwi", ""),
}


@pytest.mark.parametrize("kind", EVENTS)
async def test_a_system_event_is_written_and_changes_nothing(
    call: Any, state: Any, who: Any, where: Any, kind: str
) -> None:
    more, text, room_name = EVENTS[kind]
    room = state.data.room(where.team)
    fields = {"system_event_type": kind, "room_id": where.team, "subject_email": who.joko} | more
    comment = (await call("post_system_event_message", json=fields))["comment"]
    assert (comment["message"], comment["type"]) == (text, "system_event")
    assert (comment["username"], comment["email"]) == ("System", "system@teh-senja.qiscus.com")
    payload = comment["payload"]
    assert (payload["type"], payload["subject_username"], payload["room_name"]) == (kind, "Joko Santosa", room_name)
    assert payload["object_email"] == (who.wulan if "object_email" in more else "")
    assert state.data.room(where.team) == room
    assert (await loaded(call, where.team, limit=1))[0]["message"] == text


async def test_several_objects_make_several_comments(call: Any, who: Any, where: Any) -> None:
    fields = {
        "system_event_type": "add_member",
        "room_id": str(where.team),
        "subject_email": who.ratna,
        "object_email": [who.joko, who.wulan, who.damar],
    }
    last = (await call("post_system_event_message", json=fields))["comment"]
    newest = await loaded(call, where.team, limit=3)
    assert newest[0]["id"] == last["id"]
    assert [one["payload"]["object_email"] for one in newest] == [who.damar, who.wulan, who.joko]
    assert last["payload"]["object_email_list"] == [who.damar]


@pytest.mark.parametrize("edition", list(Edition))
async def test_a_custom_event_is_echoed_by_the_documentation_and_wrapped_by_newer_servers(
    call: Any, state: Any, where: Any, edition: Edition
) -> None:
    state.edition = edition
    own = {"type": "add_admin", "admin": "pelanggan-0817"}
    fields = {"system_event_type": "custom", "room_id": where.team, "message": "Admin baru", "payload": own}
    comment = (await call("post_system_event_message", json=fields))["comment"]
    assert comment["message"] == "Admin baru"
    if edition is Edition.DOCUMENTED:
        assert comment["payload"] == own
    else:
        assert (comment["payload"]["type"], comment["payload"]["payload"]) == ("custom", own)


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"system_event_type": "explode"}, {"system_event_type"}),
        ({"system_event_type": "join_room"}, {"subject_email"}),
        ({"system_event_type": "join_room", "subject_email": "nobody"}, {"subject_email"}),
        ({"system_event_type": "add_member", "subject_email": "pelanggan-0817"}, {"object_email"}),
        (
            {"system_event_type": "add_member", "subject_email": "pelanggan-0817", "object_email": ["nobody"]},
            {"object_email"},
        ),
        ({"system_event_type": "change_room_name", "subject_email": "pelanggan-0817"}, {"updated_room_name"}),
        ({"system_event_type": "join_room", "room_id": "404"}, {"room_id"}),
    ],
)
async def test_an_event_that_does_not_pass_is_refused(
    call: Any, where: Any, fields: dict[str, Any], names: set[str]
) -> None:
    assert await call.invalid("post_system_event_message", json={"room_id": where.team} | fields) == names


async def test_two_sandboxes_of_one_seed_answer_alike(who: Any, where: Any) -> None:
    import aiohttp

    async def run(seed: int) -> list[Any]:
        settings = Settings(edition="documented")
        sandbox = Sandbox(vendors=[QiscusSandbox(settings)], seed=seed, clock=lambda: 1_520_700_000.25)
        async with sandbox, aiohttp.ClientSession() as session:
            secret = sandbox.credentials["qiscus"]["secret_key"]
            answers = [secret]
            for method, path, options in (
                ("POST", "post_comment", {"json": {"sender_email": who.bot, "room_id": where.news, "message": "a"}}),
                ("POST", "login_or_register", {"json": {"email": "b", "username": "B"}}),
                ("POST", "exports", {"json": {"type": "users", "start_date": "2018-01-01", "end_date": "2018-12-31"}}),
                ("GET", "load_comments", {"params": {"room_id": where.news}}),
            ):
                url = f"{sandbox.base_url}/api/v2/rest/{path}"
                headers = {"QISCUS_SDK_SECRET": secret}
                async with session.request(method, url, headers=headers, **options) as answer:
                    answers.append(await answer.json())
            return answers

    one, same, other = await run(3), await run(3), await run(4)
    assert one == same
    assert one != other
    assert one[1]["results"]["comment"]["timestamp"] == "2018-03-10T16:40:00Z"


async def test_a_reset_brings_data_and_settings_back(
    call: Any, state: Any, sandbox: Sandbox, who: Any, where: Any
) -> None:
    before = (await loaded(call, where.talk), state.users, state.secret_key)
    state.edition, state.duplicates, state.webhook_url = "documented", "store", "http://a.example"
    await call("post_comment", json={"sender_email": who.ratna, "room_id": where.talk, "message": "x"})
    await call("reset_user_token", json={"user_email": who.sinta})
    sandbox.reset()
    assert (await loaded(call, where.talk), state.users, state.secret_key) == before
    assert (state.edition, state.duplicates, state.webhook_urls) == (Edition.LIVE, Duplicates.IGNORE, ())


def test_the_first_data_looks_like_life() -> None:
    state = Sandbox(vendors=["qiscus"]).qiscus
    comments = [comment for room in state.rooms for comment in state.comments(room.id)]
    assert (len(state.users), len(state.rooms), len(comments)) == (8, 7, 152)
    by_time = sorted(comments, key=lambda comment: comment.at)
    assert [comment.id for comment in by_time] == sorted(comment.id for comment in comments)
    assert {"text", "reply", "buttons", "button_postback_response", "card", "carousel", "custom", "location"} <= {
        comment.type for comment in comments
    }
    assert {"contact_person", "file_attachment", "account_linking", "system_event"} <= {one.type for one in comments}
