"""Rooms: made, changed, joined, left, listed, with unread counts."""

from __future__ import annotations

from typing import Any

import pytest


async def rooms_of(call: Any, email: str, **params: Any) -> list[Any]:
    return list((await call("get_user_rooms", params={"user_email": email} | params))["rooms_info"])


async def test_a_group_is_made_and_the_creator_is_not_joined_unasked(call: Any, who: Any) -> None:
    fields = {"name": "Rapat", "creator": who.ratna, "participants": [who.bayu, who.joko, who.bayu]}
    made = await call("create_room", json=fields | {"avatar_url": "https://cdn.example/r.png"})
    assert made["room_type"] == "group"
    assert [one["email"] for one in made["participants"]] == [who.bayu, who.joko]
    assert made["creator"] == who.ratna
    [info] = (await call("get_rooms_info", json={"user_email": who.joko, "room_id": [str(made["room_id"])]}))[
        "rooms_info"
    ]
    assert info["room_name"] == "Rapat"
    assert info["room_avatar_url"] == "https://cdn.example/r.png"
    assert (info["last_comment_id"], info["last_comment_message"], info["last_comment_timestamp"]) == (
        0,
        "",
        "0001-01-01T00:00:00Z",
    )
    assert made["room_id"] not in [room["room_id"] for room in await rooms_of(call, who.ratna)]
    assert (await call("create_room", json=fields))["room_id"] == made["room_id"] + 1


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"creator": "nobody"}, "creator"),
        ({"participants": ["nobody"]}, "participants"),
        ({"participants": []}, "participants"),
        ({"name": ""}, "name"),
    ],
)
async def test_a_group_of_nobody_is_refused(
    call: Any, state: Any, who: Any, changes: dict[str, Any], name: str
) -> None:
    fields = {"name": "R", "creator": who.bayu, "participants": [who.bayu]} | changes
    assert await call.invalid("create_room", json=fields) == {name}
    assert len(state.rooms) == 7


async def test_the_room_of_two_is_made_once(call: Any, who: Any) -> None:
    pair = [("emails[]", who.damar), ("emails[]", who.joko)]
    first = await call("get_or_create_room_with_target", params=pair)
    assert first["room"]["chat_type"] == "single"
    assert first["room"]["room_name"] == f"{who.damar} {who.joko}"
    assert first["comments"] == []
    assert first["room"]["last_topic_id"] == 0
    turned = await call("get_or_create_room_with_target", params=pair[::-1])
    assert turned["room"]["id"] == first["room"]["id"]


async def test_the_room_of_two_comes_with_its_comments_newest_first(call: Any, who: Any, where: Any) -> None:
    found = await call("get_or_create_room_with_target", params=[("emails[]", who.sinta), ("emails[]", who.ratna)])
    assert found["room"]["id"] == where.talk
    ids = [comment["id"] for comment in found["comments"]]
    assert ids == sorted(ids, reverse=True)
    assert ids[0] == found["room"]["last_comment_id"]
    assert found["room"]["options"] is None


@pytest.mark.parametrize("emails", [[], ["a"], ["a", "a"], ["a", "b", "c"], ["cs.ratna@tehsenja.example", "nobody"]])
async def test_a_room_of_not_two_is_refused(call: Any, emails: list[str]) -> None:
    assert await call.invalid("get_or_create_room_with_target", params=[("emails[]", e) for e in emails]) == {"emails"}


async def test_a_room_is_updated_by_a_participant(call: Any, who: Any, where: Any) -> None:
    who_and_where = {"user_email": who.gudang, "room_id": str(where.order)}
    same = await call("update_room", json=who_and_where | {"room_name": None, "options": None})
    assert same["changed"] is False
    assert same["room"]["room_name"] == "Pesanan TS-2201"
    news = {"room_name": "Selesai", "room_avatar_url": "https://cdn.example/s.png", "options": '{"status":"selesai"}'}
    changed = await call("update_room", data=who_and_where | news)
    assert changed["changed"] is True
    assert changed["room"]["room_name"] == "Selesai"
    assert changed["room"]["options"] == '{"status":"selesai"}'
    [listed] = [room for room in await rooms_of(call, who.joko) if room["room_id"] == where.order]
    assert (listed["room_name"], listed["room_avatar_url"]) == ("Selesai", "https://cdn.example/s.png")
    assert listed["room_options"] == '{"status":"selesai"}'


async def test_a_room_is_not_updated_by_others_nor_if_single(call: Any, who: Any, where: Any) -> None:
    new = {"room_name": "X"}
    assert await call.invalid("update_room", json=new) == {"user_email", "room_id"}
    for email, room_id, name in (
        (who.sinta, where.order, "user_email"),
        ("nobody", where.order, "user_email"),
        (who.sinta, where.talk, "room_id"),
        (who.sinta, 99, "room_id"),
    ):
        assert await call.invalid("update_room", json=new | {"user_email": email, "room_id": room_id}) == {name}


async def test_participants_come_and_go(call: Any, who: Any, where: Any) -> None:
    added = await call("add_room_participants", json={"room_id": where.order, "emails": [who.wulan, who.joko]})
    assert added["participants"] == [who.ratna, who.joko, who.gudang, who.wulan]
    assert where.order in [room["room_id"] for room in await rooms_of(call, who.wulan)]
    removed = await call("remove_room_participants", json={"room_id": where.order, "emails": [who.joko, who.sinta]})
    assert [one["email"] for one in removed["participants"]] == [who.ratna, who.gudang, who.wulan]
    assert where.order not in [room["room_id"] for room in await rooms_of(call, who.joko)]


@pytest.mark.parametrize("operation", ["add_room_participants", "remove_room_participants"])
async def test_participants_of_a_room_of_two_stay(call: Any, who: Any, where: Any, operation: str) -> None:
    assert await call.invalid(operation, json={"room_id": where.talk, "emails": [who.joko]}) == {"room_id"}
    assert await call.invalid(operation, json={"room_id": where.team, "emails": []}) == {"emails"}
    assert await call.invalid(operation, json={"emails": [who.joko]}) == {"room_id"}


async def test_a_user_who_does_not_exist_is_not_added(call: Any, state: Any, who: Any, where: Any) -> None:
    fields = {"room_id": where.team, "emails": [who.joko, "nobody"]}
    assert await call.invalid("add_room_participants", json=fields) == {"emails"}
    assert who.joko not in state.data.room(where.team).participants


async def test_rooms_are_listed_newest_first_with_unread_counts(call: Any, state: Any, who: Any, where: Any) -> None:
    rooms = await rooms_of(call, who.ratna)
    assert [room["room_id"] for room in rooms] == [where.news, where.order, where.team, where.talk]
    assert [room["unread_count"] for room in rooms] == [3, 0, 0, 1]
    state.user_writes(where.talk, who.sinta, "Kak?")
    state.user_writes(where.talk, who.sinta, "Halo?")
    rooms = await rooms_of(call, who.ratna)
    assert rooms[0]["room_id"] == where.talk
    assert (rooms[0]["unread_count"], rooms[0]["last_comment_message"]) == (3, "Halo?")
    assert rooms[0]["last_comment_sender_email"] == who.sinta
    state.user_reads(where.talk, who.ratna)
    assert (await rooms_of(call, who.ratna))[0]["unread_count"] == 0


async def test_rooms_of_one_type_and_empty_ones(call: Any, who: Any, where: Any) -> None:
    async def listed(**options: str) -> list[int]:
        return [room["room_id"] for room in await rooms_of(call, who.bayu, **options)]

    with_comments = [where.wholesale, where.team]
    assert await listed() == await listed(show_empty="false") == await listed(show_empty="") == with_comments
    assert await listed(show_empty="true") == [*with_comments, where.empty]
    assert await listed(room_type="single", show_empty="1") == [where.wholesale, where.empty]
    assert await listed(room_type="single") == [where.wholesale]


async def test_rooms_come_in_pages_of_20_and_at_most_100_without_a_page(call: Any, state: Any, who: Any) -> None:
    with state.lock:
        for number in range(105):
            state.data.add_room(f"R{number}", "group", who.joko, [who.joko])
    meta = {"current_page": 1, "total_room": 108}
    empty = {"user_email": who.joko, "show_empty": "true"}
    answer = await call("get_user_rooms", params=empty)
    assert (answer["meta"], len(answer["rooms_info"])) == (meta, 100)
    pages = [await call("get_user_rooms", params=empty | {"page": str(page)}) for page in range(1, 8)]
    assert [len(page["rooms_info"]) for page in pages] == [20, 20, 20, 20, 20, 8, 0]
    assert [page["meta"]["current_page"] for page in pages] == list(range(1, 8))
    assert len({room["room_id"] for page in pages for room in page["rooms_info"]}) == 108


async def test_infos_leave_out_what_is_not_there_or_of_others(call: Any, who: Any, where: Any) -> None:
    wanted = [("room_id[]", str(where.talk)), ("room_id[]", "1"), ("room_id[]", str(where.team))]
    infos = await call("get_rooms_info", data=[("user_email", who.sinta), ("show_participants", "true"), *wanted])
    [info] = infos["rooms_info"]
    assert info["room_id"] == where.talk
    assert info["room_name"] == f"{who.sinta} {who.ratna}"
    assert [one["email"] for one in info["participants"]] == [who.sinta, who.ratna]
    assert await call.invalid("get_rooms_info", json={"user_email": who.sinta}) == {"room_id"}
