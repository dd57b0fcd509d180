"""The secret is checked, in both spellings of the header, on the app's host and on a shared one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nusantara.sandbox import Sandbox
from qiscus_async.sandbox import QiscusState

PATH = "/api/v2.1/rest/get_user_list"


@pytest.mark.parametrize("name", ["QISCUS_SDK_SECRET", "QISCUS-SDK-SECRET", "qiscus_sdk_secret"])
async def test_the_secret_is_taken_in_every_spelling(caller: Callable[..., Any], state: QiscusState, name: str) -> None:
    assert (await caller(**{name: state.secret_key})(PATH, "GET"))["meta"]["total_data"] == 8


@pytest.mark.parametrize("headers", [{}, {"QISCUS_SDK_SECRET": "salah"}, {"QISCUS_SDK_SECRET": ""}])
async def test_a_wrong_secret_is_refused_without_details(caller: Callable[..., Any], headers: dict[str, str]) -> None:
    assert set(await caller(**headers).refused(PATH, status=401)) == {"message"}


async def test_the_status_for_a_wrong_secret_can_be_chosen(caller: Callable[..., Any], state: QiscusState) -> None:
    state.refused_status = 403
    await caller().refused(PATH, status=403)
    with pytest.raises(ValueError, match="refused_status"):
        state.refused_status = 500


@pytest.mark.parametrize("host", ["teh-senja.qiscus.com", "TEH-SENJA.qiscus.com:443", "teh-senja.localhost:8080"])
async def test_the_app_follows_from_its_host(caller: Callable[..., Any], state: QiscusState, host: str) -> None:
    call = caller(Host=host, QISCUS_SDK_SECRET=state.secret_key, QISCUS_SDK_APP_ID="harmless")
    await call(PATH, "GET")


async def test_an_unknown_app_is_refused_with_400(caller: Callable[..., Any], state: QiscusState) -> None:
    for headers in (
        {"Host": "lain.qiscus.com"},
        {"QISCUS_SDK_APP_ID": "lain"},
        {"Host": "api.qiscus.com"},
        {"Host": "api3.qiscus.com", "QISCUS-SDK-APP-ID": "lain"},
    ):
        call = caller(QISCUS_SDK_SECRET=state.secret_key, **headers)
        assert set(await call.refused(PATH)) == {"message"}


@pytest.mark.parametrize("name", ["QISCUS_SDK_APP_ID", "QISCUS-SDK-APP-ID"])
async def test_a_shared_host_takes_the_app_from_a_header(
    caller: Callable[..., Any], state: QiscusState, name: str
) -> None:
    for host in ("api.qiscus.com", "127.0.0.1"):
        await caller(**{"Host": host, "QISCUS-SDK-SECRET": state.secret_key, name: "teh-senja"})(PATH, "GET")


async def test_the_credentials_say_what_a_client_needs(sandbox: Sandbox, caller: Callable[..., Any], who: Any) -> None:
    facts = sandbox.credentials["qiscus"]
    assert facts["app_id"] == "teh-senja"
    assert len(facts["users"]) == 8
    assert who.bot in facts["users"]
    call = caller(QISCUS_SDK_SECRET=facts["secret_key"], QISCUS_SDK_APP_ID=facts["app_id"])
    for room_id in facts["rooms"]:
        await call("load_comments", params={"room_id": room_id})


async def test_an_unknown_path_is_answered_in_html(sandbox: Sandbox, call: Any) -> None:
    for method, path in (("GET", "/api/v2/rest/no_such"), ("PUT", "/api/v2/rest/post_comment")):
        async with call.session.request(method, sandbox.base_url + path) as answer:
            assert answer.status == 404
            assert answer.content_type == "text/html"


async def test_the_secret_shows_in_no_repr(state: QiscusState) -> None:
    state.webhook_secret = "kunci-rahasia"
    for text in (repr(state), str(state), repr(state.users)):
        assert "kunci-rahasia" not in text
        assert state.secret_key not in text
        assert state.users[0].token not in text
