"""Users: made, changed, listed, and refused as public tests have seen it."""

from __future__ import annotations

import re
from typing import Any

import pytest

LIST = "/api/v2.1/rest/get_user_list"


async def test_a_user_is_made_once_and_then_changed(call: Any) -> None:
    fields = {"email": "tamu-1", "username": "Tamu", "avatar_url": "https://cdn.example/tamu.png"}
    made = (await call("login_or_register", json=fields))["user"]
    assert (made["email"], made["username"], made["avatar_url"]) == tuple(fields.values())
    assert made["token"]
    assert (await call(LIST, "GET"))["meta"]["total_data"] == 9

    again = (await call("login_or_register", json=fields | {"username": "Tamu Baru", "password": "p"}))["user"]
    assert again["id"] == made["id"]
    assert again["token"] == made["token"]
    assert (await call("user_profile", params={"user_email": "tamu-1"}))["user"]["username"] == "Tamu Baru"
    assert (await call(LIST, "GET"))["meta"]["total_data"] == 9


async def test_a_user_who_exists_cannot_log_in_without_a_password(call: Any, state: Any, who: Any) -> None:
    before = state.users
    assert await call.invalid("login_or_register", json={"email": who.sinta, "username": "X"}) == {"password"}
    assert state.users == before


async def test_a_token_reset_kills_the_old_one(call: Any, who: Any) -> None:
    async def token() -> str:
        return str((await call("user_profile", params={"user_email": who.sinta}))["user"]["token"])

    first = await token()
    reset = (await call("reset_user_token", data={"user_email": who.sinta}))["user"]["token"]
    assert await token() == reset != first
    assert (await call("reset_user_token", data={"user_email": who.sinta}))["user"]["token"] not in (first, reset)


async def test_a_profile_changes_where_something_is_given(call: Any, state: Any, who: Any) -> None:
    before = state.data.user(who.sinta)
    changed = (await call("update_profile", json={"email": who.sinta, "name": "Sinta M.", "password": ""}))["user"]
    after = state.data.user(who.sinta)
    assert changed["username"] == after.username == "Sinta M."
    assert (after.avatar_url, after.password, after.token) == (before.avatar_url, before.password, before.token)
    await call("update_profile", json={"email": who.sinta, "avatar_url": "https://a.example/b.png", "password": "baru"})
    after = state.data.user(who.sinta)
    assert (after.username, after.avatar_url, after.password) == ("Sinta M.", "https://a.example/b.png", "baru")


async def test_an_unknown_user_is_404_in_the_profile_only(call: Any) -> None:
    assert set(await call.refused("user_profile", status=404, params={"user_email": "nobody"})) == {"message"}
    for operation, options, name in (
        ("reset_user_token", {"json": {"user_email": "nobody"}}, "user_email"),
        ("update_profile", {"json": {"email": "nobody"}}, "email"),
        ("get_user_rooms", {"params": {"user_email": "nobody"}}, "user_email"),
        ("search_messages", {"json": {"user_email": "nobody", "query": "x"}}, "user_email"),
        ("get_rooms_info", {"json": {"user_email": "nobody", "room_id": ["41001"]}}, "user_email"),
    ):
        assert await call.invalid(operation, **options) == {name}


@pytest.mark.parametrize(
    ("operation", "name"),
    [("reset_user_token", "user_email"), ("update_profile", "email"), ("login_or_register", "username")],
)
async def test_what_is_missing_is_named(call: Any, operation: str, name: str) -> None:
    assert name in await call.invalid(operation, json={})


async def test_users_are_listed_newest_first_in_pages(call: Any, state: Any, who: Any) -> None:
    seen = []
    for page in (1, 2, 3):
        answer = await call(LIST, "GET", params={"page": page, "limit": 3})
        assert answer["meta"] == {"total_data": 8, "total_page": 3}
        seen += answer["users"]
    assert [user["email"] for user in seen] == [user.email for user in reversed(state.users)]
    assert (await call(LIST, "GET", params={"page": 4, "limit": 3}))["users"] == []
    times = [user["created_at"] for user in seen]
    assert all(re.fullmatch(r"2018-01-2\dT\d\d:\d\d:\d\d\.\d{1,6}Z", time) for time in times)
    assert len(set(map(len, times))) > 1, "zeros at the end are dropped"


async def test_users_are_sorted_as_asked(call: Any) -> None:
    users = (await call(LIST, "GET", params={"order_query": "username asc"}))["users"]
    assert [user["username"] for user in users] == sorted(user["username"] for user in users)
    standard = await call(LIST, "GET")
    assert await call(LIST, "GET", params={"order_query": "created_at desc nulls last"}) == standard
    assert await call(LIST, "GET", params={"order_query": "token asc"}) == standard


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, ""])
async def test_a_page_that_makes_no_sense_counts_as_absent(call: Any, page: str) -> None:
    assert await call(LIST, "GET", params={"page": page, "limit": page}) == await call(LIST, "GET")
