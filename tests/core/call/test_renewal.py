"""Credentials that are refused are renewed once in a call, and the call is made again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any, cast

import pytest
from support.raw import RawServer, Received, Wire

from nusantara.client import AsyncClient, Settings
from nusantara.errors import AuthFailed, ConnectFailed, OutcomeUnknown, Sent, ServerError
from nusantara.hooks import Event, Hooks
from nusantara.request import CallClass, Request, post
from nusantara.response import Response
from nusantara.signing import BasicAuth, OAuth1


class Client(AsyncClient):
    vendor = "toko"

    def __init__(self, base_url: str, signer: Any, **settings: Any) -> None:
        super().__init__(base_url, signer, cast(Settings, settings))


class Numbered:
    """Signs with a number; the next one is got by a renewal."""

    def __init__(self, *, gives_another: bool = True, problem: Exception | None = None) -> None:
        self.number = 1
        self.prepared = 0
        self.refusals: list[tuple[str, int]] = []
        self._gives_another = gives_another
        self._problem = problem

    def sign(self, request: Request, base_url: str) -> Mapping[str, str]:
        return {"Authorization": str(self.number)}

    async def prepare(self) -> None:
        self.prepared += 1

    async def renew(self, signed: Mapping[str, str], refusal: Response) -> bool:
        self.refusals.append((signed["Authorization"], refusal.status))
        if self._problem is not None:
            raise self._problem
        self.number += 1
        return self._gives_another


class Answers:
    """Gives these statuses one after the other, the last of them for ever; 0 drops the connection."""

    def __init__(self, *statuses: int) -> None:
        self._statuses = list(statuses)

    async def __call__(self, wire: Wire, request: Received) -> bool:
        status = self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]
        if status:
            await wire.answer(status, {"message": "tidak"})
        return not status


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.01)


def keys(server: RawServer) -> list[str]:
    return [request.headers["authorization"] for request in server.requests]


@pytest.mark.parametrize("call_class", CallClass)
async def test_a_refused_call_of_any_class_is_made_once_more(call_class: CallClass) -> None:
    signer = Numbered()
    async with RawServer(Answers(401, 200)) as server, Client(server.base_url, signer) as client:
        assert (await client.request("POST", "/a", call_class=call_class)).status == 200
    assert keys(server) == ["1", "2"]
    assert signer.refusals == [("1", 401)]
    assert signer.prepared == 2


async def test_the_second_refusal_stands() -> None:
    signer = Numbered()
    async with RawServer(Answers(401)) as server, Client(server.base_url, signer) as client:
        with pytest.raises(AuthFailed) as caught:
            await client.request("GET", "/a")
        assert keys(server) == ["1", "2"]
        assert [(attempt.number, attempt.status) for attempt in caught.value.attempts] == [(1, 401), (2, 401)]
        assert caught.value.sent is Sent.YES
        with pytest.raises(AuthFailed):
            await client.request("GET", "/a")
    assert keys(server) == ["1", "2", "2", "3"], "each call may try once"


async def test_nothing_is_repeated_without_other_credentials() -> None:
    signer = Numbered(gives_another=False)
    async with RawServer(Answers(401)) as server, Client(server.base_url, signer) as client:
        with pytest.raises(AuthFailed):
            await client.request("GET", "/a")
    assert keys(server) == ["1"]


async def test_a_signer_that_cannot_renew_is_not_asked() -> None:
    async with RawServer(Answers(401)) as server, Client(server.base_url, BasicAuth("a", "b")) as client:
        with pytest.raises(AuthFailed):
            await client.request("GET", "/a")
    assert len(server.requests) == 1


async def test_the_repeat_counts_as_an_attempt() -> None:
    signer = Numbered()
    async with RawServer(Answers(401)) as server, Client(server.base_url, signer, max_attempts=1) as client:
        with pytest.raises(AuthFailed):
            await client.request("GET", "/a")
    assert (keys(server), signer.refusals) == (["1"], [])
    async with RawServer(Answers(401, 503)) as server, Client(server.base_url, signer, max_attempts=2) as client:
        with pytest.raises(ServerError):
            await client.request("GET", "/a")
    assert keys(server) == ["1", "2"]


@pytest.mark.parametrize(
    ("statuses", "sent"),
    [
        ((401, 503, 200), ["1", "2", "2"]),
        ((503, 401, 200), ["1", "1", "2"]),
        ((401, 0, 200), ["1", "2", "2"]),
        ((0, 401, 200), ["1", "1", "2"]),
    ],
)
async def test_renewing_and_trying_again_go_together(statuses: tuple[int, ...], sent: list[str]) -> None:
    async with RawServer(Answers(*statuses)) as server, Client(server.base_url, Numbered()) as client:
        assert (await client.request("GET", "/a")).status == 200
    assert keys(server) == sent


@pytest.mark.parametrize("statuses", [(401, 503), (503, 401, 503), (503, 503, 401)])
async def test_together_they_keep_to_the_number_of_attempts(statuses: tuple[int, ...]) -> None:
    async with RawServer(Answers(*statuses)) as server, Client(server.base_url, Numbered()) as client:
        with pytest.raises((ServerError, AuthFailed)) as caught:
            await client.request("GET", "/a")
    assert len(server.requests) == 3
    assert [attempt.number for attempt in caught.value.attempts] == [1, 2, 3]


async def test_a_call_renews_once_only_however_often_it_is_tried() -> None:
    statuses = (401, 503, 401)
    async with RawServer(Answers(*statuses)) as server, Client(server.base_url, Numbered(), max_attempts=9) as client:
        with pytest.raises(AuthFailed):
            await client.request("GET", "/a")
    assert keys(server) == ["1", "2", "2"]


async def test_what_must_not_be_repeated_is_not_after_a_renewal_either() -> None:
    async with RawServer(Answers(401, 0, 200)) as server, Client(server.base_url, Numbered()) as client:
        with pytest.raises(OutcomeUnknown):
            await client.request("POST", "/a")
    assert keys(server) == ["1", "2"]


async def test_a_refusal_is_no_reason_to_look_for_what_was_created() -> None:
    looked = 0

    async def lookup() -> None:
        nonlocal looked
        looked += 1

    request = post("/a", call_class=CallClass.KEYED, json={})
    async with RawServer(Answers(401, 200)) as server, Client(server.base_url, Numbered()) as client:
        await client._send_keyed(request, dict[str, str], lookup, settling_time=0)
    assert (keys(server), looked) == (["1", "2"], 0)


async def test_after_a_lost_answer_it_is_looked_for_before_a_renewed_attempt() -> None:
    looked = 0

    async def lookup() -> dict[str, str] | None:
        nonlocal looked
        looked += 1
        return {"id": "7"} if looked == 2 else None

    request = post("/a", call_class=CallClass.KEYED, json={})
    async with RawServer(Answers(0, 401, 200)) as server, Client(server.base_url, Numbered()) as client:
        assert await client._send_keyed(request, dict[str, str], lookup, settling_time=0) == {"id": "7"}
    assert keys(server) == ["1", "1"]


async def test_a_renewal_that_fails_explains_the_refusal() -> None:
    problem = AuthFailed("the token endpoint refused", hint="log in again")
    async with RawServer(Answers(401)) as server, Client(server.base_url, Numbered(problem=problem)) as client:
        with pytest.raises(AuthFailed, match="server answered 401") as caught:
            await client.request("GET", "/a")
    assert caught.value.__cause__ is problem
    assert (caught.value.status, caught.value.sent, caught.value.hint) == (401, Sent.YES, "log in again")


async def test_credentials_that_cannot_be_prepared_end_the_call_unsent() -> None:
    class Unprepared(Numbered):
        async def prepare(self) -> None:
            error = ConnectFailed("the token endpoint cannot be reached")
            error.permanent = True
            raise error

    async with RawServer(Answers(200)) as server, Client(server.base_url, Unprepared()) as client:
        with pytest.raises(ConnectFailed) as caught:
            await client.request("GET", "/a")
    assert (server.requests, caught.value.sent) == ([], Sent.NO)


async def test_preparing_may_itself_use_the_only_connection() -> None:
    class Fetching(Numbered):
        client: AsyncClient

        async def prepare(self) -> None:
            await self.client.request("GET", "/token")

    signer = Fetching()
    async with RawServer(Answers(200)) as server, Client(server.base_url, signer, max_connections=1) as client:
        signer.client = client._signed_by(BasicAuth("a", "b"))
        await asyncio.gather(*[client.request("GET", "/a") for _ in range(5)])
    assert len(server.requests) == 10


async def test_hooks_see_both_attempts() -> None:
    seen: list[tuple[int, int | None]] = []

    def note(event: Event) -> None:
        seen.append((event.attempt, event.status))

    hooks = Hooks(after=(note,), error=(note,))
    async with RawServer(Answers(401, 200)) as server, Client(server.base_url, Numbered(), hooks=hooks) as client:
        await client.request("GET", "/a")
    assert seen == [(1, 401), (2, 200)]


async def test_a_copy_with_other_credentials_shares_all_else() -> None:
    async with RawServer(Answers(200)) as server, Client(server.base_url, Numbered()) as client:
        other = client.with_options(max_attempts=1)._signed_by(BasicAuth("a", "b"))
        await client.request("GET", "/a")
        await other.request("GET", "/a")
        assert other.options.max_attempts == 1
    assert keys(server) == ["1", "Basic YTpi"]
    assert server.connections == 1
    assert other.closed


@pytest.mark.parametrize("off", [-600, 600])
async def test_a_wrong_clock_costs_one_more_request_once(monkeypatch: pytest.MonkeyPatch, off: int) -> None:
    true_time = 1_600_000_000

    class Clock:
        def time(self) -> float:
            return true_time + off

        def monotonic(self) -> float:
            return 5000.0

    monkeypatch.setattr("nusantara.signing.clock.time", Clock())

    async def server_time(wire: Wire, request: Received) -> None:
        good = f'oauth_timestamp="{true_time}"' in request.headers["authorization"]
        await wire.answer(200 if good else 401, {}, Date=formatdate(true_time, usegmt=True))

    async with RawServer(server_time) as server, Client(server.base_url, OAuth1("kunci", "rahasia")) as client:
        for _ in range(3):
            assert (await client.request("POST", "/a")).status == 200
    assert len(server.requests) == 4
