"""The machine's clock is set to another day in the middle of things."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from typing import Any

import pytest
from hostile.conftest import best_time
from support.faults import Seen
from support.raw import Received, Wire
from support.tokens import TokenVendor, bearer_client

from nusantara.errors import AuthFailed, Phase, Timeout
from nusantara.oauth2 import Token
from nusantara.options import Timeouts

DAY = 86_400
PATH = "/api/oauth/v1/hot_threads"

by_a_day = pytest.mark.parametrize("by", [-DAY, DAY], ids=["back", "ahead"])


class Wall:
    """The machine's clock, for the whole process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.off = 0.0
        true = time.time
        monkeypatch.setattr(time, "time", lambda: true() + self.off)
        self.true: Callable[[], float] = true

    def jump(self, by: float) -> None:
        self.off += by


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    return Wall(monkeypatch)


# --- Waits


@by_a_day
@pytest.mark.parametrize("asked", ["seconds", "date", "nothing"])
async def test_g58_the_pause_before_a_retry(
    open_client: Any, serve: Any, wall: Wall, monkeypatch: pytest.MonkeyPatch, by: int, asked: str, seen: Seen
) -> None:
    """The clock jumps while the client waits."""
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.3)
    monkeypatch.setattr("random.uniform", lambda low, high: high)
    arrived: list[float] = []

    async def script(wire: Wire, request: Received) -> None:
        arrived.append(time.monotonic())
        if len(arrived) % 2 == 0:
            return await wire.answer(body={})
        if asked == "nothing":
            await wire.answer(503, {})
        elif asked == "seconds":
            await wire.answer(503, {}, Retry_After="0.3")
        else:
            now = wall.true()
            dates = [formatdate(moment, usegmt=True) for moment in (now, now + 1)]
            await wire.answer(503, {}, Date=dates[0], Retry_After=dates[1])
        wall.jump(by)
        return None

    server = await serve(script)
    client = open_client(server.base_url)
    waited = 1.0 if asked == "date" else 0.3

    async def run() -> None:
        del arrived[:]
        assert (await client(lambda c: c.request("GET", "/"))).status == 200
        assert arrived[1] - arrived[0] >= waited - 0.01

    elapsed = await best_time(run, waited)
    assert elapsed == pytest.approx(waited, abs=0.15)
    assert abs(wall.off) >= DAY
    seen(f"waits of {waited:g} s unchanged", f"{elapsed:.2f} s by {asked}, clock {by // DAY:+} day")


@by_a_day
async def test_g58_a_deadline(open_client: Any, serve: Any, wall: Wall, by: int, seen: Seen) -> None:
    async def hang(wire: Wire, request: Received) -> bool:
        wall.jump(by)
        await wire.reader.read()
        return True

    server = await serve(hang)
    client = open_client(server.base_url, timeout=Timeouts(total=0.4, first_byte=None))
    caught: list[Timeout] = []

    async def run() -> None:
        with pytest.raises(Timeout) as error:
            await client(lambda c: c.request("GET", "/"))
        caught.append(error.value)

    elapsed = await best_time(run, 0.4)
    assert elapsed == pytest.approx(0.4, abs=0.15)
    assert {error.phase for error in caught} == {Phase.TOTAL}
    seen(caught[0], f"{elapsed:.2f} s of 0.40")


@by_a_day
async def test_g58_the_pause_before_another_token_request(
    flavour: str, wall: Wall, monkeypatch: pytest.MonkeyPatch, by: int
) -> None:
    monkeypatch.setattr("nusantara.oauth2.FIRST_PAUSE", 0.3)
    vendor = TokenVendor()
    vendor.token_answer = (200, {})
    async with bearer_client(flavour, vendor) as (_, kaskus):
        with pytest.raises(AuthFailed):
            await kaskus(lambda k: k.request("GET", PATH))
        vendor.token_answer = None
        wall.jump(by)
        start = time.monotonic()
        assert (await kaskus(lambda k: k.request("GET", PATH))).status == 200
        assert time.monotonic() - start < 10
    assert vendor.asked_at[1] - vendor.answered_at[0] >= 0.3


# --- Tokens


@by_a_day
async def test_g58_the_life_of_a_token(flavour: str, wall: Wall, by: int, seen: Seen) -> None:
    """It is judged by the clock as it is now: renewed if that says that it has ended, or else when the vendor does."""
    vendor = TokenVendor()
    async with bearer_client(flavour, vendor, username="tokoh", password="sandi") as (server, kaskus):

        async def requests() -> list[str]:
            before = len(server.requests)
            assert (await kaskus(lambda k: k.request("GET", PATH))).status == 200
            return ["token" if "access-token" in one.target else "call" for one in server.requests[before:]]

        assert await requests() == ["token", "call"]
        wall.jump(by)
        after = await requests()
        assert after == (["token", "call"] if by > 0 else ["call"])
        assert await requests() == ["call"]
        # An hour later the vendor takes it no more, whatever the clock says.
        vendor.refused = {f"akses-{vendor.issued}"}
        assert await requests() == ["call", "token", "call"]
        # Somebody sets the clock right: the token seems to live for 25 hours, or to have ended.
        wall.jump(-by)
        back = await requests()
        assert back == (["call"] if by > 0 else ["token", "call"])
        assert await requests() == ["call"]
    refreshes = [grant["refresh_token"] for grant in vendor.grants if "refresh_token" in grant]
    assert len(refreshes) == len(set(refreshes)), "no refresh token is sent twice"
    seen(f"{' and '.join(after)} after the jump {'ahead' if by > 0 else 'back'}, {' and '.join(back)} after that back")


@by_a_day
async def test_g58_a_token_that_cannot_be_renewed_is_left_to_the_vendor(flavour: str, wall: Wall, by: int) -> None:
    vendor = TokenVendor()
    token = Token(access_token="akses-0", expires_at=datetime.now(UTC) + timedelta(hours=1))
    async with bearer_client(flavour, vendor, token=token) as (server, kaskus):
        wall.jump(by)
        assert (await kaskus(lambda k: k.request("GET", PATH))).status == 200
        assert len(server.requests) == 1


# --- Signatures


@by_a_day
@pytest.mark.parametrize("learnt", [False, True], ids=["", "after another time was learnt"])
async def test_g58_signatures(open_client: Any, serve: Any, wall: Wall, by: int, learnt: bool, seen: Seen) -> None:
    """A jump costs one request once; none at all if the server's time is in use already."""

    async def strict(wire: Wire, request: Received) -> None:
        stamp = int(request.headers["authorization"].partition('oauth_timestamp="')[2].partition('"')[0])
        late = abs(stamp - wall.true()) > 300
        await wire.answer(401 if late else 200, {}, Date=formatdate(wall.true(), usegmt=True))

    server = await serve(strict)
    client = open_client(server.base_url, "kaskus")
    if learnt:
        wall.jump(600)
    counts = []
    for number in range(4):
        if number == 1:
            wall.jump(by)
        before = len(server.requests)
        assert (await client(lambda c: c.request("POST", PATH))).status == 200
        counts.append(len(server.requests) - before)
    assert counts == ([2, 1, 1, 1] if learnt else [1, 2, 1, 1])
    seen(f"OAuth 1: {counts} requests, the jump before the second call" + (", server's time in use" * learnt))
