"""As many apps, applications and users as asked for, each with credentials and data of its own."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from bukalapak_async import Bukalapak
from kaskus_async import Kaskus
from nusantara.errors import ApiError, InvalidParameter
from nusantara.sandbox import Sandbox
from qiscus_async import Qiscus


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox().in_thread() as running:
        yield running


def control(sandbox: Sandbox, path: str, document: Any) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(sandbox.base_url + path, json.dumps(document).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def kaskus(sandbox: Sandbox, facts: dict[str, Any]) -> Kaskus:
    key = (facts["consumer_key"], facts["consumer_secret"])
    return Kaskus(*key, token=facts["token"], token_secret=facts["token_secret"], base_url=sandbox.base_url)


def test_the_data_of_one_app_are_not_those_of_another(sandbox: Sandbox) -> None:
    first, second = sandbox.qiscus.credentials(), sandbox.qiscus.add_app()
    third = control(sandbox, "/_qiscus/apps", {"app_id": "kopi-pagi"})
    assert len({facts["secret_key"] for facts in (first, second, third)}) == 3
    assert [app["app_id"] for app in sandbox.credentials["qiscus"]["apps"]] == ["teh-senja", "teh-senja-1", "kopi-pagi"]
    rooms: list[int | str] = []
    for facts in (first, second, third):
        with Qiscus(facts["app_id"], facts["secret_key"], base_url=sandbox.base_url) as qiscus:
            sender = facts["users"][0]
            rooms.append(qiscus.rooms.create("Rapat", creator=sender, participants=[sender]).id)
            qiscus.messages.post(rooms[-1], sender, facts["app_id"])
    assert len(set(rooms)) == 3
    for facts, room in zip((first, second, third), rooms, strict=True):
        app = sandbox.qiscus.app(facts["app_id"])
        assert [comment.message for comment in app.comments(room)] == [facts["app_id"]]
        with pytest.raises(InvalidParameter):
            app.comments(next(other for other in rooms if other != room))
    with Qiscus(second["app_id"], first["secret_key"], base_url=sandbox.base_url) as qiscus, pytest.raises(ApiError):
        qiscus.users.profile(first["users"][0])


def test_the_settings_of_an_app_are_its_own(sandbox: Sandbox) -> None:
    sandbox.qiscus.add_app("kopi-pagi")
    changed = control(sandbox, "/_qiscus/settings?app_id=kopi-pagi", {"backup_polls": 7})
    assert changed["backup_polls"] == sandbox.qiscus.app("kopi-pagi").backup_polls == 7
    assert sandbox.qiscus.backup_polls == 2
    for wrong in ("kopi-pagi", "teh-senja", "Kopi", "a.b", "", "api", 5):
        with pytest.raises(InvalidParameter):
            sandbox.qiscus.add_app(wrong)
    sandbox.reset()
    assert [app.app_id for app in sandbox.qiscus.apps] == ["teh-senja"]


def test_a_token_of_one_application_is_no_good_for_another(sandbox: Sandbox) -> None:
    first, second = sandbox.credentials["kaskus"], sandbox.kaskus.add_application()
    third = control(sandbox, "/_kaskus/applications", {"userid": first["partner"]["userid"]})
    assert sandbox.credentials["kaskus"]["applications"] == [second, third]
    for facts in (first, second, third):
        with kaskus(sandbox, facts) as client:
            assert client.account.profile().userid == facts["userid"]
    for one, other in ((first, second), (second, first), (third, second)):
        mixed = one | {"token": other["token"], "token_secret": other["token_secret"]}
        with kaskus(sandbox, mixed) as client, pytest.raises(ApiError, match="no such token"):
            client.account.profile()
    with pytest.raises(InvalidParameter):
        sandbox.kaskus.add_application(1)
    sandbox.reset()
    assert sandbox.credentials["kaskus"]["applications"] == []


def test_a_new_user_starts_with_an_empty_inbox(sandbox: Sandbox) -> None:
    one = sandbox.bukalapak.add_user()
    two = control(sandbox, "/_bukalapak/users", {"name": "Lapak Uji"})
    assert [user["user_id"] for user in sandbox.credentials["bukalapak"]["users"]] == [one["user_id"], two["user_id"]]
    with (
        Bukalapak(one["user_id"], one["token"], base_url=sandbox.base_url) as first,
        Bukalapak(two["user_id"], two["token"], base_url=sandbox.base_url) as second,
    ):
        assert first.messages.inbox().collect() == second.messages.inbox().collect() == []
        first.messages.create(two["user_id"], "Halo")
        [conversation] = second.messages.inbox().collect()
        assert conversation.partner_id == one["user_id"]
    with Bukalapak(one["user_id"], two["token"], base_url=sandbox.base_url) as wrong, pytest.raises(ApiError):
        wrong.messages.inbox().first()
    for name in ("", " ", 5):
        with pytest.raises(InvalidParameter):
            sandbox.bukalapak.add_user(name)


def test_three_hundred_tenants_have_credentials_of_their_own(sandbox: Sandbox) -> None:
    keys = {sandbox.kaskus.add_application()["token"] for _ in range(300)}
    users = {sandbox.bukalapak.add_user()["token"] for _ in range(300)}
    apps = {sandbox.qiscus.add_app()["secret_key"] for _ in range(20)}
    assert (len(keys), len(users), len(apps)) == (300, 300, 20)
    again = Sandbox()
    assert again.bukalapak.add_user()["token"] in users
    assert again.kaskus.add_application()["token"] in keys
