"""The same seed gives the same data; a reset brings them back; the settings are served."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import requests

from kaskus_async.sandbox import KaskusSandbox, KaskusState, Settings
from nusantara.errors import InvalidParameter
from nusantara.sandbox import Sandbox

PATHS = ("/forumlist", "/v1/forum/21/threads", "/search/forum?q=gan", "/user", "/friend", "/pm/0", "/reputation")


def everything(caller: Any) -> list[Any]:
    return [caller.get(path) for path in PATHS]


def test_the_same_seed_gives_the_same_data(me: Any, stranger: Any, session: requests.Session) -> None:
    first = everything(me)
    with Sandbox(vendors=["kaskus"]).in_thread() as other:
        keys = other.credentials["kaskus"]
        twin = type(me)(session, other.base_url, me.key, me.secret, *me.token)
        assert (keys["token"], keys["consumer_secret"]) == (me.token[0], me.secret)
        assert everything(twin) == first
    with Sandbox(vendors=["kaskus"], seed=7).in_thread() as other:
        assert other.credentials["kaskus"]["token"] != me.token[0]


def test_a_reset_brings_the_first_data_and_settings_back(me: Any, sandbox: Sandbox, state: KaskusState) -> None:
    first = everything(me)
    me.post("/v1/forum_thread", forum_id=21, title="Baru", message="isi")
    me.delete("/friend/2210437")
    me.post("/pm", subject="a", message="b", recipient="arya.kopi")
    state.timestamp_window = 5
    token = me.post("/v1/otp/user", phone="080012345678")
    assert token
    assert everything(me) != first
    sandbox.reset()
    assert everything(me) == first
    assert state.timestamp_window == 300
    assert not state.outgoing.sms
    created = [me.post("/v1/forum_thread", forum_id=21, title="Baru", message="isi") for _ in range(2)]
    sandbox.reset()
    assert me.post("/v1/forum_thread", forum_id=21, title="Baru", message="isi") == created[0]


def test_the_credentials_are_for_two_users_of_one_application(me: Any, friend: Any, credentials: Any) -> None:
    assert me.get("/user")["userid"] == credentials["userid"] == 1_048_211
    assert friend.get("/user")["username"] == credentials["partner"]["username"] == "laras_senja"
    for name in ("consumer_key", "consumer_secret", "client_id", "client_secret", "password", "token_secret"):
        assert isinstance(credentials[name], str)


@pytest.mark.shows_secrets(why="the sandbox hands out tokens, and curl prints them")
def test_the_examples_work_as_they_are(sandbox: Sandbox) -> None:
    for title, command in sandbox.vendors["kaskus"].examples():
        shown = subprocess.run(["bash", "-c", f"{command} -sS --fail"], capture_output=True, text=True, check=False)
        assert shown.returncode == 0, (title, shown.stderr)
        assert shown.stdout.startswith("{")


def test_settings_are_changed_over_http_all_or_none(session: requests.Session, sandbox: Sandbox, me: Any) -> None:
    address = f"{sandbox.base_url}/_kaskus/settings"
    assert session.get(address).json()["timestamp_window"] == 300
    assert session.post(address, json={"clock_skew": 900}).json()["clock_skew"] == 900
    assert me.raw("GET", "/user").status_code == 401
    for wrong in ({"clock_skew": 0, "tiada": 1}, {"clock_skew": "nol"}, {"timestamp_window": 0}, [1], {"now": 1}):
        assert session.post(address, json=wrong).status_code == 400
    assert session.get(address).json()["clock_skew"] == 900


def test_a_sandbox_starts_with_settings_of_its_own(session: requests.Session) -> None:
    vendor = KaskusSandbox(Settings(signature_methods=("PLAINTEXT",), bearer_lifetime=5))
    with Sandbox(vendors=[vendor]).in_thread() as sandbox:
        assert sandbox.kaskus.signature_methods == ("PLAINTEXT",)
        sandbox.kaskus.bearer_lifetime = 9
        sandbox.reset()
        assert sandbox.kaskus.bearer_lifetime == 5
    with pytest.raises(InvalidParameter):
        Settings(timestamp_window=0)


def test_the_sandbox_uses_nothing_of_the_client() -> None:
    script = (
        "import sys, kaskus_async.sandbox;"
        "print([name for name in sys.modules if name.startswith('kaskus_async.') and '.sandbox' not in name],"
        " [name for name in ('oauthlib', 'aiohttp', 'lxml') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[] []"
