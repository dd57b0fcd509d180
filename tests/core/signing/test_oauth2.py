"""Bearer tokens: fetched once for all who need them, renewed in time, and no refresh token sent twice."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import os
import subprocess
import sys
import traceback
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.raw import RawServer, Received, Wire

from nusantara import oauth2
from nusantara.client import AsyncClient, Settings
from nusantara.errors import (
    AuthFailed,
    BadResponse,
    ConfigurationError,
    ConnectFailed,
    InvalidParameter,
    NusantaraError,
    Sent,
)
from nusantara.oauth2 import BearerAuth, ClientCredentials, Password, Token, read_token
from nusantara.request import get
from nusantara.response import Response
from nusantara.secret import Secret
from nusantara.signing import GuardedStore, NoAuth
from nusantara.token_store import FileStore, MemoryStore


class Vendor(AsyncClient):
    vendor = "toko"

    def _explain(self, document: Any) -> tuple[str | None, str | int | None]:
        return document.get("error_description"), document.get("error")


class World:
    """A server with a token endpoint and one thing to read, and a client for it without credentials."""

    client: Vendor

    def __init__(self) -> None:
        self.grants: list[dict[str, str]] = []
        """What the token endpoint was asked, in order."""
        self.calls = 0
        self.answers: list[Callable[[Wire], Any]] = []
        """What it answers first; then tokens."""
        self.rotates = True
        self.lifetime: int | None = 3600
        self.refuses: Callable[[str], bool] = lambda token: False
        self.pause = 0.0
        self.base_url = ""

    async def serve(self, wire: Wire, request: Received) -> Any:
        if request.target != "/token":
            self.calls += 1
            token = request.headers["authorization"].removeprefix("Bearer ")
            await wire.answer(401 if self.refuses(token) else 200)
            return None
        self.grants.append(dict(parse_qsl(request.body.decode())))
        number = len(self.grants)
        await asyncio.sleep(self.pause)
        if self.answers:
            return await self.answers.pop(0)(wire)
        answer = {"access_token": f"akses-{number}", "token_type": "Bearer", "expires_in": self.lifetime}
        if self.grants[-1]["grant_type"] != "client_credentials" and self.rotates:
            answer["refresh_token"] = f"segar-{number}"
        await wire.answer(body={name: value for name, value in answer.items() if value is not None})
        return None

    async def fetch(self, params: Any) -> Token:
        answer = await self.client.request("POST", "/token", form={"client_id": "app", **params})
        return read_token(answer.json())

    async def call(self, auth: BearerAuth) -> None:
        """One call, as a client makes it."""
        await auth.prepare()
        signed = auth.sign(get("/barang"), self.base_url)
        try:
            await self.client.request("GET", "/barang", headers=signed)
        except AuthFailed as error:
            if not await auth.renew(signed, Response(401, {}, error.body)):
                raise
            await self.client.request("GET", "/barang", headers=auth.sign(get("/barang"), self.base_url))


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    async with RawServer(world.serve) as server:
        world.base_url = server.base_url
        async with Vendor(server.base_url, NoAuth(), Settings(max_connections=1000)) as world.client:
            yield world


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    monkeypatch.setattr("nusantara.oauth2.FIRST_PAUSE", 0.05)
    monkeypatch.setattr("nusantara.oauth2.LONGEST_PAUSE", 0.1)
    return []


def in_seconds(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def answering(status: int, body: Any) -> Callable[[Wire], Any]:
    return lambda wire: wire.answer(status, body)


async def drop(wire: Wire) -> bool:
    return True


OLD = Token(access_token="akses-0", refresh_token="segar-0", expires_at=datetime(2020, 1, 1, tzinfo=UTC))
APP = ClientCredentials(scope="thread.read,thread.write")


# --- One request for all


async def test_a_token_is_fetched_when_it_is_first_needed(world: World) -> None:
    auth = BearerAuth(world.fetch, grant=APP)
    assert auth.token is None
    await world.call(auth)
    await world.call(auth)
    assert world.grants == [
        {"client_id": "app", "grant_type": "client_credentials", "scope": "thread.read,thread.write"}
    ]
    assert auth.token is not None
    assert auth.token.access_token.reveal() == "akses-1"
    assert auth.token.expires_at is not None
    assert abs(auth.token.expires_at - in_seconds(3600)) < timedelta(seconds=10)


async def test_500_calls_at_expiry_make_one_token_request(world: World) -> None:
    world.pause = 0.2
    auth = BearerAuth(world.fetch, token=OLD)
    await asyncio.gather(*(auth.prepare() for _ in range(500)))
    assert world.grants == [{"client_id": "app", "grant_type": "refresh_token", "refresh_token": "segar-0"}]
    assert auth.token is not None
    assert auth.token.refresh_token == Secret("segar-1")


async def test_cancelled_calls_do_not_cancel_the_renewal(world: World) -> None:
    world.pause = 0.3
    auth = BearerAuth(world.fetch, token=OLD)
    tasks = [asyncio.create_task(auth.prepare()) for _ in range(100)]
    await asyncio.sleep(0.1)
    for task in tasks[:60]:
        task.cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in done] == [asyncio.CancelledError] * 60 + [type(None)] * 40
    assert len(world.grants) == 1


async def test_a_renewal_that_nobody_waits_for_still_ends_well(world: World) -> None:
    world.pause = 0.2
    auth = BearerAuth(world.fetch, token=OLD)
    waiter = asyncio.create_task(auth.prepare())
    await asyncio.sleep(0.1)
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    await auth.settle()
    await auth.settle()
    assert auth.token is not None
    assert auth.token.refresh_token == Secret("segar-1")
    assert len(world.grants) == 1


async def test_a_renewal_that_nobody_waits_for_may_fail(world: World) -> None:
    world.pause = 0.1
    world.answers = [answering(500, {})]
    auth = BearerAuth(world.fetch, grant=APP)
    waiter = asyncio.create_task(auth.prepare())
    await asyncio.sleep(0.05)
    waiter.cancel()
    await asyncio.wait([waiter])
    await auth.settle()


async def test_a_failure_wakes_all_and_the_next_call_tries_again_after_a_pause(world: World) -> None:
    world.pause = 0.1
    world.answers = [answering(500, {"error": "server_error"})]
    auth = BearerAuth(world.fetch, grant=APP)
    errors = await asyncio.gather(*(auth.prepare() for _ in range(100)), return_exceptions=True)
    assert {type(error) for error in errors} == {AuthFailed}
    assert len({str(error) for error in errors}) == 1
    assert len({id(error) for error in errors}) == 100, "each call writes its own history into its error"
    assert isinstance(errors[0], AuthFailed)
    assert errors[0].status == 500
    assert errors[0].sent is Sent.NO
    assert len(world.grants) == 1
    started = asyncio.get_running_loop().time()
    await asyncio.gather(*(world.call(auth) for _ in range(20)))
    assert asyncio.get_running_loop().time() - started >= 0.1, "the pause, and the slow answer"
    assert len(world.grants) == 2


@pytest.mark.parametrize(
    "answer",
    [
        answering(500, b"<html><title>502</title></html>"),
        answering(200, b"<html><title>hi</title></html>"),
        answering(200, {"access_token": 5}),
        answering(200, {"token": "x"}),
        answering(200, {"access_token": "a\r\nb"}),
        answering(200, {"access_token": "a", "expires_in": "soon"}),
        answering(200, {"access_token": "a", "token_type": "mac"}),
        answering(200, []),
        answering(400, {"error": "invalid_client", "error_description": "no such app"}),
        drop,
    ],
)
async def test_any_bad_answer_is_one_refusal_and_not_the_end(world: World, answer: Any) -> None:
    world.answers = [answer]
    auth = BearerAuth(world.fetch, grant=APP)
    with pytest.raises(AuthFailed):
        await world.call(auth)
    await world.call(auth)
    assert len(world.grants) == 2
    assert world.calls == 1


async def test_a_server_that_cannot_be_reached_is_called_so(closed_port: int) -> None:
    async with Vendor(f"http://127.0.0.1:{closed_port}", NoAuth(), Settings(max_attempts=1)) as client:

        async def fetch(params: Any) -> Token:
            return read_token((await client.request("POST", "/token", form=params)).json())

        auth = BearerAuth(fetch, token=OLD)
        for _ in range(2):
            with pytest.raises(ConnectFailed):
                await auth.prepare()
        assert auth.token == OLD


async def test_the_wait_that_the_token_endpoint_asks_for_is_kept(world: World) -> None:
    async def busy(wire: Wire) -> None:
        await wire.answer(429, {}, Retry_After="0.4")

    world.answers = [busy]
    world.client = world.client.with_options(max_attempts=1)
    auth = BearerAuth(world.fetch, grant=APP)
    with pytest.raises(AuthFailed) as caught:
        await auth.prepare()
    assert caught.value.retry_after == 0.4
    started = asyncio.get_running_loop().time()
    await auth.prepare()
    assert asyncio.get_running_loop().time() - started >= 0.35


async def test_a_token_endpoint_that_never_answers_is_given_up(world: World) -> None:
    world.pause = 5
    auth = BearerAuth(world.fetch, grant=APP, timeout=0.1)
    with pytest.raises(AuthFailed, match=r"0\.1 s"):
        await auth.prepare()


# --- When a token is renewed


@pytest.mark.parametrize(
    ("left", "early", "renewed"),
    [(100, 30, False), (20, 30, False), (100, 0, False), (0.2, 30, True), (-5, 0, True)],
)
async def test_a_token_is_renewed_before_its_end(world: World, left: float, early: float, renewed: bool) -> None:
    token = Token(access_token="akses-0", refresh_token="segar-0", expires_at=in_seconds(left))
    auth = BearerAuth(world.fetch, token=token, early=early)
    await asyncio.sleep(0.12)
    await auth.prepare()
    assert len(world.grants) == renewed


async def test_a_short_life_does_not_mean_a_renewal_for_each_call(world: World) -> None:
    world.lifetime = 10
    auth = BearerAuth(world.fetch, grant=APP, early=30)
    for _ in range(5):
        await world.call(auth)
    assert len(world.grants) == 1


async def test_an_early_renewal_that_fails_leaves_the_token_in_use(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.answers = [answering(503, {}), answering(503, {})]
    world.client = world.client.with_options(max_attempts=1)
    token = Token(access_token="akses-0", refresh_token="segar-0", expires_at=in_seconds(1))
    auth = BearerAuth(world.fetch, token=token)
    await asyncio.sleep(0.55)
    for _ in range(10):
        await world.call(auth)
    assert (len(world.grants), world.calls) == (1, 10)
    assert "could not be renewed yet" in caplog.text
    assert "segar" not in caplog.text


async def test_a_token_without_an_end_is_used_until_it_is_refused(world: World) -> None:
    world.lifetime = None
    auth = BearerAuth(world.fetch, grant=APP)
    await world.call(auth)
    world.refuses = lambda token: token == "akses-1"
    await world.call(auth)
    assert len(world.grants) == 2


# --- A token that is refused


async def test_a_refused_token_is_renewed_once_and_the_call_repeated_once(world: World) -> None:
    world.refuses = lambda token: token == "akses-0"
    auth = BearerAuth(world.fetch, token=Token(access_token="akses-0", refresh_token="segar-0"))
    await world.call(auth)
    assert (world.calls, len(world.grants)) == (2, 1)


async def test_a_token_that_is_refused_for_ever_costs_three_requests(world: World) -> None:
    world.refuses = lambda token: True
    auth = BearerAuth(world.fetch, token=Token(access_token="akses-0", refresh_token="segar-0"))
    with pytest.raises(AuthFailed):
        await world.call(auth)
    assert (world.calls, len(world.grants)) == (2, 1)


async def test_many_refused_calls_renew_once(world: World) -> None:
    world.refuses = lambda token: token == "akses-0"
    auth = BearerAuth(world.fetch, token=Token(access_token="akses-0", refresh_token="segar-0"))
    await asyncio.gather(*(world.call(auth) for _ in range(50)))
    assert len(world.grants) == 1
    assert world.calls == 100


async def test_a_token_that_cannot_be_renewed_is_refused_as_it_is(world: World) -> None:
    world.refuses = lambda token: True
    auth = BearerAuth(world.fetch, token=Token(access_token="akses-0"))
    for _ in range(2):
        with pytest.raises(AuthFailed) as caught:
            await world.call(auth)
        assert caught.value.status == 401
    assert (world.calls, world.grants) == (2, [])


async def test_one_refused_call_does_not_stop_the_others(world: World) -> None:
    """A server may answer 401 to one operation only; nothing says that the token is bad for the rest."""
    auth = BearerAuth(world.fetch, token=Token(access_token="akses-0"), grant=APP)
    world.refuses = lambda token: True
    world.answers = [answering(400, {"error": "invalid_scope"})]
    with pytest.raises(AuthFailed):
        await world.call(auth)
    world.refuses = lambda token: False
    await world.call(auth)
    assert len(world.grants) == 1


async def test_without_any_token_the_user_is_told_to_log_in(world: World) -> None:
    auth = BearerAuth(world.fetch)
    with pytest.raises(AuthFailed, match="log in again"):
        await world.call(auth)
    with pytest.raises(ConfigurationError):
        auth.sign(get("/a"), "")
    assert world.calls == 0
    await auth.adopt(Token(access_token="akses-9"))
    await world.call(auth)
    await auth.forget()
    with pytest.raises(AuthFailed, match="log in again"):
        await world.call(auth)


# --- Refresh tokens


async def test_each_refresh_token_is_used_once(world: World) -> None:
    auth = BearerAuth(world.fetch, token=OLD)
    world.lifetime = 0
    for _ in range(4):
        await auth.prepare()
    assert [grant["refresh_token"] for grant in world.grants] == ["segar-0", "segar-1", "segar-2", "segar-3"]


async def test_a_server_that_does_not_rotate_gets_the_same_again(world: World) -> None:
    world.rotates, world.lifetime = False, 0
    auth = BearerAuth(world.fetch, token=OLD)
    await auth.prepare()
    await auth.prepare()
    assert [grant["refresh_token"] for grant in world.grants] == ["segar-0", "segar-0"]


@pytest.mark.parametrize("answer", [drop, answering(200, b'{"access_tok'), answering(200, {"access_token": 1})])
async def test_a_lost_answer_keeps_the_pair_and_asks_for_a_log_in(world: World, answer: Any) -> None:
    store = MemoryStore()
    world.answers = [answer]
    auth = BearerAuth(world.fetch, store=store)
    await auth.adopt(OLD)
    for _ in range(3):
        with pytest.raises(AuthFailed, match="log in again"):
            await world.call(auth)
    assert len(world.grants) == 1, "the refresh token is not sent twice"
    kept = await store.load()
    assert kept is not None
    assert kept["access_token"] == "akses-0"
    assert kept["refresh_token"] == "segar-0"
    another = BearerAuth(world.fetch, store=store)
    with pytest.raises(AuthFailed, match="log in again"):
        await another.prepare()
    assert len(world.grants) == 1, "not by another process either"
    await another.adopt(Token(access_token="akses-9"))
    await world.call(auth)
    assert world.calls == 1


async def test_a_lost_answer_is_made_up_for_by_the_grant(world: World) -> None:
    world.answers = [drop]
    auth = BearerAuth(world.fetch, token=OLD, grant=Password(username="contoh", password=Secret("sandi")))
    await world.call(auth)
    assert [grant["grant_type"] for grant in world.grants] == ["refresh_token", "password"]
    assert world.grants[1] == {
        "client_id": "app",
        "grant_type": "password",
        "username": "contoh",
        "password": "sandi",
    }


async def test_a_refresh_token_that_is_refused_is_not_tried_again(world: World) -> None:
    world.answers = [answering(400, {"error": "invalid_grant", "error_description": "expired"})]
    auth = BearerAuth(world.fetch, token=OLD)
    with pytest.raises(AuthFailed, match=r"expired.*log in again") as caught:
        await auth.prepare()
    assert caught.value.code == "invalid_grant"
    with pytest.raises(AuthFailed, match="log in again"):
        await auth.prepare()
    assert len(world.grants) == 1


@pytest.mark.parametrize("answer", [answering(500, {}), answering(401, {"error": "invalid_client"})])
async def test_a_refresh_token_survives_a_refusal_that_is_not_about_it(world: World, answer: Any) -> None:
    world.answers = [answer]
    auth = BearerAuth(world.fetch, token=OLD)
    with pytest.raises(AuthFailed):
        await auth.prepare()
    await auth.prepare()
    assert [grant["refresh_token"] for grant in world.grants] == ["segar-0", "segar-0"]


async def test_a_token_that_cannot_be_stored_is_used_all_the_same(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    class Full(MemoryStore):
        async def save(self, document: Any) -> None:
            if document["access_token"] != "akses-0":
                raise ConfigurationError("the disk is full")
            await super().save(document)

    auth = BearerAuth(world.fetch, store=Full())
    await auth.adopt(OLD)
    await world.call(auth)
    await world.call(auth)
    assert len(world.grants) == 1
    assert "disk is full" in caplog.text
    assert "akses" not in caplog.text


async def test_nothing_is_sent_if_it_cannot_be_noted_down_first(world: World) -> None:
    class ReadOnly(MemoryStore):
        async def save(self, document: Any) -> None:
            raise ConfigurationError("read-only")

    store = ReadOnly(oauth2._document(OLD, spent=False))
    with pytest.raises(ConfigurationError, match="read-only"):
        await BearerAuth(world.fetch, store=store).prepare()
    assert world.grants == []


# --- Stores and processes


async def test_a_stored_token_is_used_without_asking(world: World, tmp_path: Path) -> None:
    store = FileStore(tmp_path / "token.json")
    first = BearerAuth(world.fetch, grant=APP, store=store)
    await world.call(first)
    second = BearerAuth(world.fetch, grant=APP, store=store)
    await world.call(second)
    assert len(world.grants) == 1
    assert second.token == first.token


async def test_what_another_process_has_renewed_is_taken_over(world: World) -> None:
    store = MemoryStore()
    one, two = BearerAuth(world.fetch, store=store), BearerAuth(world.fetch, store=store)
    await one.adopt(Token(access_token="akses-0", refresh_token="segar-0"))
    await asyncio.gather(world.call(one), world.call(two))
    world.refuses = lambda token: token == "akses-0"
    await asyncio.gather(*(world.call(auth) for auth in (one, two) * 10))
    assert len(world.grants) == 1


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"access_token": "rahasia-1"},
        {"access_token": 5, "expires_at": None, "refresh_token": None, "scope": None, "spent": False},
        {"access_token": "rahasia 1", "expires_at": None, "refresh_token": None, "scope": None, "spent": False},
        {"access_token": "rahasia-1", "expires_at": "soon", "refresh_token": None, "scope": None, "spent": False},
        {"access_token": "a", "expires_at": "2020-01-01T00:00:00", "refresh_token": None, "scope": None, "spent": True},
    ],
)
async def test_a_stored_document_of_another_kind_says_what_to_do(world: World, document: Any) -> None:
    with pytest.raises(ConfigurationError, match="log in again") as caught:
        await BearerAuth(world.fetch, grant=APP, store=MemoryStore(document)).prepare()
    assert "rahasia" not in str(caught.value)


PROCESS = """
import asyncio, json, sys
from nusantara.oauth2 import BearerAuth, read_token
from nusantara.token_store import FileStore

async def fetch(params):
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[2]))
    body = "&".join(f"{name}={value}" for name, value in params.items()).encode()
    writer.write(b"POST /token HTTP/1.1\\r\\nContent-Length: %d\\r\\n\\r\\n%b" % (len(body), body))
    head = await reader.readuntil(b"\\r\\n\\r\\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\\r\\n")[0])
    answer = await reader.readexactly(length)
    writer.close()
    return read_token(json.loads(answer))

async def main():
    auth = BearerAuth(fetch, store=FileStore(sys.argv[1]))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await asyncio.gather(*(auth.prepare() for _ in range(10)))
    print(auth.token.access_token.reveal(), flush=True)

asyncio.run(main())
"""


@pytest.mark.skipif(os.name != "posix", reason="needs locks of POSIX")
async def test_8_processes_at_expiry_make_one_token_request(world: World, tmp_path: Path) -> None:
    world.pause = 0.3
    path = tmp_path / "token.json"
    await BearerAuth(world.fetch, store=FileStore(path)).adopt(OLD)
    port = world.base_url.rpartition(":")[2]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, path, port], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(8)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert await asyncio.to_thread(process.stdout.readline) == "ready\n"
        done = await asyncio.gather(*(asyncio.to_thread(process.communicate, "\n") for process in processes))
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert [out for out, _ in done] == ["akses-1\n"] * 8
    assert len(world.grants) == 1
    assert json.loads(path.read_text())["token"]["refresh_token"] == "segar-1"


@pytest.mark.skipif(os.name != "posix", reason="needs signals of POSIX")
async def test_a_refresh_token_is_not_sent_again_after_its_process_was_killed(world: World, tmp_path: Path) -> None:
    world.pause = 60
    path = tmp_path / "token.json"
    store = FileStore(path)
    await BearerAuth(world.fetch, store=store).adopt(OLD)
    port = world.base_url.rpartition(":")[2]
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, path, port], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
    while not world.grants:
        await asyncio.sleep(0.02)
    process.kill()
    process.communicate()
    world.pause = 0
    with pytest.raises(AuthFailed, match="log in again"):
        await BearerAuth(world.fetch, store=store).prepare()
    assert len(world.grants) == 1


@pytest.mark.parametrize("ended", [True, False])
def test_a_second_event_loop_does_not_wait_for_the_first(ended: bool) -> None:
    asked = 0

    async def fetch(params: Any) -> Token:
        nonlocal asked
        asked += 1
        if asked == 1:
            await asyncio.sleep(60)
        return Token(access_token=f"akses-{asked}")

    auth = BearerAuth(fetch, grant=APP)

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await auth.prepare()

    with asyncio.Runner() as first:
        first.run(give_up())
        if ended:
            first.close()
        else:
            auth._store = GuardedStore(MemoryStore())  # In a forked child the lock of the parent is not held by anyone.
        asyncio.run(auth.prepare())
    assert asked == 2


async def test_a_fault_of_the_vendors_function_comes_out_as_it_is() -> None:
    async def fetch(params: Any) -> Token:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await BearerAuth(fetch, grant=APP).prepare()


# --- Tokens


def test_a_token_answer_is_read() -> None:
    token = read_token(
        {"access_token": "a-B_1", "token_type": "bearer", "expires_in": "3600", "refresh_token": "r", "scope": "x,y"}
    )
    assert token.expires_at is not None
    assert abs(token.expires_at - in_seconds(3600)) < timedelta(seconds=10)
    assert (token.access_token.reveal(), token.scope) == ("a-B_1", "x,y")
    assert token.refresh_token == Secret("r")
    assert read_token({"access_token": "a"}) == Token(access_token="a")
    assert read_token({"access_token": "a", "expires_in": 10**12}).expires_at is None
    assert read_token({"access_token": "a", "expires_in": -1}).expires_at is not None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["access_token", "token_type", "expires_in", "refresh_token"]), inner)
        ),
        max_leaves=8,
    )
)
def test_no_document_breaks_the_reading_of_tokens(document: Any) -> None:
    try:
        token = read_token(document)
    except BadResponse:
        return
    assert token.access_token.reveal().isprintable()


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        ({"access_token": ""}, "access_token"),
        ({"access_token": "a b"}, "access_token"),
        ({"access_token": "a\n"}, "access_token"),
        ({"access_token": "é"}, "access_token"),
        ({"access_token": "a", "refresh_token": ""}, "refresh_token"),
        ({"access_token": "a", "expires_at": datetime(2020, 1, 1)}, "expires_at"),
    ],
)
def test_a_token_that_cannot_be_sent_is_refused(arguments: Any, parameter: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        Token(**arguments)
    assert caught.value.parameter == parameter


async def test_a_token_survives_its_store(world: World) -> None:
    store = MemoryStore()
    jakarta = timezone(timedelta(hours=7))
    token = Token(
        access_token="a",
        refresh_token="r",
        scope="x",
        expires_at=datetime(2099, 1, 1, 12, 30, 15, 123456, tzinfo=jakarta),
    )
    await BearerAuth(world.fetch, store=store).adopt(token)
    auth = BearerAuth(world.fetch, store=store)
    await auth.prepare()
    assert auth.token == token


def test_a_token_comes_from_one_place() -> None:
    async def fetch(params: Any) -> Token:
        raise NotImplementedError

    with pytest.raises(InvalidParameter, match="adopt"):
        BearerAuth(fetch, token=OLD, store=MemoryStore())


async def test_secrets_do_not_show(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    password = Password(username="contoh", password=Secret("sandi-1"))
    auth = BearerAuth(world.fetch, token=OLD, grant=password)
    shown = [repr(auth), repr(OLD), repr(password), repr(password.params()), repr(auth.sign(get("/a"), ""))]
    world.answers = [answering(400, {"error": "invalid_client"})]
    try:
        await auth.prepare()
    except NusantaraError as error:
        shown += [str(error), repr(error), traceback.format_exc()]
    shown.append(caplog.text)
    for secret in ("akses-0", "segar-0", "sandi-1"):
        assert not any(secret in text for text in shown)


@pytest.mark.parametrize("value", [-1, math.nan, math.inf, True, "5", None])
@pytest.mark.parametrize("name", ["early", "timeout"])
def test_senseless_seconds_are_refused_by_name(name: str, value: Any) -> None:
    async def fetch(fields: Any) -> Token:
        raise NotImplementedError

    with pytest.raises(InvalidParameter) as caught:
        BearerAuth(fetch, **{name: value})
    assert caught.value.parameter == name
    BearerAuth(fetch, early=0)


@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf, True, "5", None])
def test_a_senseless_lease_is_refused_by_name(tmp_path: Path, value: Any) -> None:
    with pytest.raises(InvalidParameter, match="lease"):
        FileStore(tmp_path / "token.json", lease=value)


@pytest.mark.parametrize("path", [None, 5, "~nobody-of-that-name/token.json"])
def test_what_is_no_path_is_refused_by_name(path: Any) -> None:
    with pytest.raises(InvalidParameter, match="path"):
        FileStore(path)
