"""A comment is posted once, whatever happens to requests and answers on their way."""

from __future__ import annotations

import asyncio
import json
import logging
import math
import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from support.raw import RawServer, Received, Wire

from nusantara.errors import BadRequest, ConnectionLost, InvalidParameter, OutcomeUnknown, Sent, ServerError, Timeout
from nusantara.options import Timeouts
from qiscus_async import AsyncQiscus, CommentOutcomeUnknown
from qiscus_async.lookup import LIMIT

pytestmark = pytest.mark.usefixtures("short_pauses")

log = logging.getLogger(__name__)

DUPLICATES = ["ignores", "stores", "refuses"]
NOW = datetime(2019, 6, 22, 2, 10, 29, tzinfo=UTC)


class Server:
    """Post and load comments of one room, with what the server does with a second comment of the same mark.

    ``plan`` says of each post in turn what happens to it; without it, all goes well.
    """

    def __init__(self, duplicates: str = "ignores", *, most: int = 100, plan: tuple[str, ...] = ()) -> None:
        self.duplicates = duplicates
        self.most = most
        self.plan = list(plan)
        self.comments: list[dict[str, Any]] = []
        self.posts = 0
        self.loads: list[int] = []
        self.failing_loads = 0
        self.page = b""
        self.dated = True
        self.between: Callable[[], None] = lambda: None
        self.after_post: Callable[[], None] = lambda: None

    def add(self, mark: str, *, age: float = 0.0) -> dict[str, Any]:
        stored = {
            "id": len(self.comments) + 1,
            "comment_before_id": len(self.comments),
            "message": "",
            "email": "sari",
            "username": "Sari",
            "timestamp": (NOW - timedelta(seconds=age)).isoformat(),
            "unique_temp_id": mark,
            "type": "text",
        }
        self.comments.append(stored)
        return stored

    def store(self, mark: str) -> dict[str, Any] | None:
        """The comment that a post makes or finds; None if it is refused."""
        before = next((one for one in self.comments if one["unique_temp_id"] == mark), None)
        if before is None or self.duplicates == "stores":
            return self.add(mark)
        return before if self.duplicates == "ignores" else None

    async def __call__(self, wire: Wire, request: Received) -> bool:
        if "load_comments" in request.target:
            return await self.load(wire, request)
        self.posts += 1
        mark = json.loads(request.body)["unique_temp_id"]
        fate = self.plan.pop(0) if self.plan else "ok"
        if fate == "request lost":
            return True
        if fate == "late":
            # It is carried out after the client has looked for it.
            self.between = lambda: self.arrive_late(mark)
            return True
        if fate == "busy":
            await wire.answer(429, {"status": 429, "error": {"message": "pelan-pelan"}}, Retry_After="0")
            return False
        stored = self.store(mark)
        self.after_post()
        if fate == "answer lost":
            return True
        if fate == "answer cut":
            await wire.send(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"results"')
            return True
        if fate == "failed after all":
            await wire.answer(500, {"status": 500, "error": {"message": "aduh"}})
        elif stored is None:
            await wire.answer(400, {"status": 400, "error": {"message": "Validation error", "errors": {}}})
        else:
            await wire.answer(body={"status": 200, "results": {"comment": stored}})
        return False

    def arrive_late(self, mark: str) -> None:
        self.between = lambda: None
        self.store(mark)

    async def load(self, wire: Wire, request: Received) -> bool:
        asked = parse_qs(urlsplit(request.target).query)
        page, limit = int(asked["page"][0]), min(int(asked["limit"][0]), self.most)
        self.loads.append(page)
        if self.failing_loads:
            self.failing_loads -= 1
            if self.page:
                await wire.answer(200, self.page, Content_Type="text/html")
            else:
                await wire.answer(403, {"status": 403, "error": {"message": "tidak boleh"}})
            return False
        shown = self.comments[::-1][(page - 1) * limit : page * limit]
        headers: dict[str, Any] = {"Date": format_datetime(NOW, usegmt=True)} if self.dated else {}
        await wire.answer(body={"status": 200, "results": {"comments": shown}}, **headers)
        self.between()
        return False

    def marks(self) -> Counter[str]:
        return Counter(one["unique_temp_id"] for one in self.comments)


async def post(server: Server, mark: str | None = "m", *, settling_time: float = 0, **settings: Any) -> Any:
    """By default it is looked for once, and not over a time."""
    settings |= {"settling_time": settling_time}
    async with RawServer(server) as raw, AsyncQiscus("toko", "s", base_url=raw.base_url, **settings) as client:
        return await client.messages.post(7, "sari", "Halo", unique_temp_id=mark)


# --- One comment


@pytest.mark.parametrize("duplicates", DUPLICATES)
@pytest.mark.parametrize(
    ("plan", "posts"),
    [
        ((), 1),
        (("answer lost",), 1),
        (("answer cut",), 1),
        (("failed after all",), 1),
        (("request lost",), 2),
        (("request lost", "answer lost"), 2),
        (("request lost", "request lost"), 3),
        (("request lost", "request lost", "answer lost"), 3),
        (("busy", "answer lost"), 2),
        (("busy", "busy"), 3),
    ],
)
async def test_a_comment_is_there_once(duplicates: str, plan: tuple[str, ...], posts: int) -> None:
    server = Server(duplicates, plan=plan)
    comment = await post(server)
    assert server.marks() == {"m": 1}
    assert (comment.unique_temp_id, comment.id, server.posts) == ("m", 1, posts)


async def test_a_post_that_is_answered_looks_for_nothing() -> None:
    server = Server()
    await post(server)
    assert server.loads == []


@pytest.mark.parametrize("duplicates", ["ignores", "refuses"])
async def test_a_post_that_is_carried_out_after_it_was_looked_for(duplicates: str) -> None:
    server = Server(duplicates, plan=("late",))
    comment = await post(server)
    assert server.marks() == {"m": 1}
    assert (comment.id, server.posts) == (1, 2)


@pytest.mark.parametrize("duplicates", DUPLICATES)
async def test_a_post_that_is_carried_out_within_the_settling_time(duplicates: str) -> None:
    server = Server(duplicates, plan=("late",))
    comment = await post(server, settling_time=0.05)
    assert server.marks() == {"m": 1}
    assert (comment.id, server.posts, server.loads) == (1, 1, [1, 1])


async def test_a_client_may_be_told_to_send_nothing_twice() -> None:
    server = Server(plan=("request lost",))
    with pytest.raises(CommentOutcomeUnknown) as caught:
        await post(server, settling_time=0.05, post_again=False)
    assert (server.posts, server.marks(), caught.value.unique_temp_id) == (1, {}, "m")
    assert isinstance(caught.value.__cause__, ConnectionLost)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"settling_time": -1}, "settling_time"),
        ({"settling_time": "5"}, "settling_time"),
        ({"settling_time": True}, "settling_time"),
        ({"settling_time": math.inf}, "settling_time"),
        ({"settling_time": math.nan}, "settling_time"),
        ({"post_again": 0}, "post_again"),
    ],
)
def test_senseless_settings_of_it_are_refused_by_name(settings: Any, name: str) -> None:
    with pytest.raises(InvalidParameter, match=name):
        AsyncQiscus("toko", "s", **settings)


async def test_a_refusal_stands_if_there_is_no_comment() -> None:
    server = Server("refuses", plan=("request lost",))
    server.store = lambda mark: None  # type: ignore[method-assign]
    with pytest.raises(BadRequest, match="Validation error"):
        await post(server)
    assert (server.posts, server.loads) == (2, [1, 1])


async def test_a_plain_refusal_looks_for_nothing() -> None:
    server = Server("refuses")
    server.add("m")
    with pytest.raises(BadRequest):
        await post(server)
    assert server.loads == []


async def test_one_attempt_means_one_request() -> None:
    server = Server(plan=("answer lost",))
    with pytest.raises(CommentOutcomeUnknown) as caught:
        await post(server, max_attempts=1)
    assert (server.posts, server.loads) == (1, [])
    error = caught.value
    assert (error.unique_temp_id, error.sent, len(error.attempts)) == ("m", Sent.MAYBE, 1)
    assert (error.method, error.template) == ("POST", "/api/v2/rest/post_comment")
    assert "'m'" in str(error)
    server = Server(plan=("failed after all",))
    with pytest.raises(CommentOutcomeUnknown) as caught:
        await post(server, max_attempts=1)
    assert isinstance(caught.value.__cause__, ServerError)
    assert (caught.value.status, caught.value.unique_temp_id, server.loads) == (500, "m", [])


async def test_a_mark_made_here_is_told_when_the_outcome_is_unknown() -> None:
    server = Server(plan=("answer lost",))
    with pytest.raises(OutcomeUnknown) as caught:
        await post(server, None, max_attempts=1)
    assert isinstance(caught.value, CommentOutcomeUnknown)
    assert [*server.marks()] == [caught.value.unique_temp_id]


async def test_nothing_is_sent_again_while_it_cannot_be_looked_for() -> None:
    server = Server(plan=("request lost",))
    server.failing_loads = 1
    with pytest.raises(CommentOutcomeUnknown, match="tidak boleh"):
        await post(server)
    assert (server.posts, server.loads) == (1, [1])


async def test_a_page_in_place_of_the_comments_takes_nobody_the_mark() -> None:
    server = Server(plan=("answer lost",))
    server.failing_loads, server.page = 1, b"<html><title>Perawatan</title></html>"
    with pytest.raises(CommentOutcomeUnknown, match="Perawatan") as caught:
        await post(server, None)
    assert [*server.marks()] == [caught.value.unique_temp_id]
    assert server.posts == 1


@pytest.mark.parametrize("results", [{"comments": None}, {}, {"message": "Sedang perawatan"}, {"comments": {"7": 1}}])
async def test_a_room_without_its_comments_is_no_proof_that_one_is_not_there(results: Any) -> None:
    server = Server(plan=("answer lost",))
    server.failing_loads, server.page = 1, json.dumps({"status": 200, "results": results}).encode()
    with pytest.raises(CommentOutcomeUnknown) as caught:
        await post(server, None)
    assert [*server.marks()] == [caught.value.unique_temp_id]
    assert server.posts == 1


@pytest.mark.parametrize("before", [0, 1, 150])
async def test_comments_of_others_that_cannot_be_read_hide_none(before: int) -> None:
    """Those who have left may have no name, in each comment of theirs."""
    server = Server(plan=("answer lost",))

    def nameless() -> None:
        for number in range(before):
            del server.add(f"other {number}")["username"]

    nameless()
    server.after_post = nameless
    found = await post(server, "m")
    assert (found.unique_temp_id, server.posts) == ("m", 1)


@pytest.mark.parametrize("mark", ["m", "", None])
async def test_a_comment_that_cannot_be_read_and_may_be_it_leaves_the_outcome_unknown(mark: str | None) -> None:
    server = Server(plan=("request lost",))
    other = server.add("m")
    del other["username"]
    other["unique_temp_id"] = mark
    with pytest.raises(CommentOutcomeUnknown, match="username"):
        await post(server, "m")
    assert server.posts == 1


async def test_a_refused_repeat_that_cannot_be_looked_for_is_unknown_too() -> None:
    server = Server("refuses", plan=("late",))

    def arrive(mark: str) -> None:
        Server.arrive_late(server, mark)
        server.failing_loads = 1

    server.arrive_late = arrive  # type: ignore[method-assign]
    with pytest.raises(CommentOutcomeUnknown, match="looking for it failed") as caught:
        await post(server)
    assert caught.value.unique_temp_id == "m"
    assert server.marks() == {"m": 1}


async def test_the_whole_call_has_one_timeout() -> None:
    async def silent(wire: Wire, request: Received) -> None:
        await asyncio.sleep(5)

    async with RawServer(silent) as raw, AsyncQiscus("toko", "s", base_url=raw.base_url, timeout=0.2) as client:
        with pytest.raises(CommentOutcomeUnknown) as caught:
            await client.messages.post(7, "sari", "Halo")
    assert isinstance(caught.value.__cause__, Timeout)


# --- How far back it is looked for


@pytest.mark.parametrize("newer", [0, 99, 100, 250])
@pytest.mark.parametrize("most", [100, 30])
async def test_it_is_found_beneath_what_came_after_it(newer: int, most: int) -> None:
    server = Server("stores", most=most, plan=("answer lost",))
    for number in range(300):
        server.add(f"lama-{number}", age=7200)
    stored = server.store

    def store_and_bury(mark: str) -> dict[str, Any] | None:
        comment = stored(mark)
        for number in range(newer):
            server.add(f"baru-{number}")
        return comment

    server.store = store_and_bury  # type: ignore[method-assign]
    await post(server)
    assert server.marks()["m"] == 1


async def test_a_large_quiet_room_is_not_read_to_its_end() -> None:
    server = Server(plan=("request lost",))
    for number in range(50 * LIMIT):
        server.add(f"lama-{number}", age=7200)
    await post(server)
    assert server.marks()["m"] == 1
    assert server.loads == [1]


async def test_imported_comments_with_old_times_do_not_end_the_look() -> None:
    server = Server("stores", plan=("answer lost",))
    stored = server.store

    def store_and_bury(mark: str) -> dict[str, Any] | None:
        comment = stored(mark)
        for number in range(150):
            server.add(f"impor-{number}", age=7200 if number % 2 else 0)
        return comment

    server.store = store_and_bury  # type: ignore[method-assign]
    await post(server)
    assert server.marks()["m"] == 1


async def test_without_a_date_of_the_server_the_own_clock_does(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return NOW + timedelta(minutes=5)

    monkeypatch.setattr("qiscus_async.lookup.datetime", Clock)
    server = Server("stores", plan=("answer lost",))
    server.dated = False
    stored = server.store

    def store_and_bury(mark: str) -> dict[str, Any] | None:
        comment = stored(mark)
        for number in range(150):
            server.add(f"baru-{number}")
        return comment

    server.store = store_and_bury  # type: ignore[method-assign]
    await post(server)
    assert server.marks()["m"] == 1


async def test_a_room_that_never_ends_leaves_the_outcome_unknown() -> None:
    class Endless(Server):
        async def load(self, wire: Wire, request: Received) -> bool:
            self.loads.append(0)
            await wire.answer(
                body={"results": {"comments": [{**self.add("x"), "comment_before_id": 5}]}},
                Date=format_datetime(NOW, usegmt=True),
            )
            return False

    server = Endless(plan=("request lost",))
    with pytest.raises(CommentOutcomeUnknown, match="more than 10000 comments"):
        await post(server)
    assert (server.posts, len(server.loads)) == (1, 100)


# --- Many comments


class Unreliable(Server):
    """Loses a fifth of all requests and a fifth of all answers."""

    def __init__(self, duplicates: str, seed: int) -> None:
        super().__init__(duplicates)
        self.chance = random.Random(seed)

    async def __call__(self, wire: Wire, request: Received) -> bool:
        chance = self.chance.random()
        if "load_comments" in request.target:
            return chance < 0.2 or await self.load(wire, request)
        self.plan = ["request lost" if chance < 0.2 else "answer lost" if chance < 0.4 else "ok"]
        return await super().__call__(wire, request)


async def gathered(tasks: int, work: Callable[[int], Awaitable[Any]], total: int) -> None:
    numbers = iter(range(total))

    async def worker() -> None:
        for number in numbers:
            await work(number)

    async with asyncio.TaskGroup() as group:
        for _ in range(tasks):
            group.create_task(worker())


@pytest.mark.parametrize("duplicates", DUPLICATES)
async def test_a_thousand_posts_over_a_bad_line_make_a_thousand_comments(duplicates: str) -> None:
    server = Unreliable(duplicates, seed=20180223)
    results: dict[int, str] = {}
    async with (
        RawServer(server) as raw,
        AsyncQiscus("toko", "s", base_url=raw.base_url, settling_time=0) as client,
    ):
        patient = client.with_options(max_attempts=30, timeout=None)

        async def one(number: int) -> None:
            comment = await patient.messages.post(7, "sari", f"ke-{number}", unique_temp_id=f"m{number}")
            results[number] = comment.unique_temp_id

        await gathered(4, one, 1000)
    assert server.marks() == {f"m{number}": 1 for number in range(1000)}
    assert results == {number: f"m{number}" for number in range(1000)}
    assert server.posts > 1100


# --- A server that is late

LATEST = float(os.environ.get("NUSANTARA_LATE_SECONDS", "0.06"))
"""How late a comment may be stored; with 3, the settling time is the client's own 5 s, and the test takes a minute."""
PATIENCE = 0.3
"""Seconds after which silence counts as such."""
FAILURES: dict[str, int] = {"closed": 0, "502": 502, "503": 503, "504": 504, "silence": -1}


class Late(Server):
    """Keeps duplicates, and stores a comment up to LATEST seconds after its request has failed."""

    def __init__(self, failure: int, seed: int) -> None:
        super().__init__("stores")
        self._failure = failure
        self._chance = random.Random(seed)

    async def __call__(self, wire: Wire, request: Received) -> bool:
        if "load_comments" in request.target:
            return await self.load(wire, request)
        self.posts += 1
        mark = json.loads(request.body)["unique_temp_id"]
        noticed = PATIENCE if self._failure < 0 else 0.0
        asyncio.get_running_loop().call_later(noticed + self._chance.uniform(0, LATEST), self.store, mark)
        if self._failure > 0:
            await wire.answer(self._failure, b"<html><title>Gateway</title></html>", Content_Type="text/html")
        elif self._failure < 0:
            await asyncio.sleep(30)
        return not self._failure


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_a_server_that_is_late_gets_no_comment_twice(failure: int) -> None:
    count = 80
    server = Late(failure, seed=20180223)
    found: set[str] = set()
    unknown: set[str] = set()
    async with (
        RawServer(server) as raw,
        AsyncQiscus(
            "toko",
            "s",
            base_url=raw.base_url,
            settling_time=LATEST * 5 / 3,
            timeout=Timeouts(first_byte=PATIENCE if failure < 0 else None),
        ) as client,
    ):

        async def one(number: int) -> None:
            try:
                found.add((await client.messages.post(7, "sari", "Halo", unique_temp_id=f"m{number}")).unique_temp_id)
            except CommentOutcomeUnknown as error:
                unknown.add(error.unique_temp_id)

        await gathered(20, one, count)
        await asyncio.sleep(LATEST)
    marks = {f"m{number}" for number in range(count)}
    log.info("%d found, %d unknown, %d sent again", len(found), len(unknown), server.posts - count)
    assert server.marks() == dict.fromkeys(marks, 1)
    assert found | unknown == marks
    assert len(unknown) < count / 10
