"""What capture_answers() sees: all that belongs to the block, in both flavours, and nothing else."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from support.flavours import FLAVOURS, Flavour
from support.raw import RawServer, Received, Wire

from bukalapak_async import AsyncBukalapak, Bukalapak
from nusantara.answers import capture_answers, open_blocks
from nusantara.errors import AuthFailed, BadResponse, OutcomeUnknown


async def script(wire: Wire, request: Received) -> bool:
    path = request.target.partition("?")[0]
    if path == "/again" and len([one for one in server_requests if one == "/again"]) < 2:
        server_requests.append("/again")
        await wire.answer(503, {}, X_Request_Id="first")
    elif path == "/refused":
        await wire.answer(401, {"status": "ERROR"}, X_Request_Id="r-1")
    elif path == "/html":
        await wire.answer(200, b"<html><title>Masuk</title></html>")
    elif path == "/drop":
        return True
    else:
        await wire.answer(200, {"path": path}, X_Request_Id=f"id-{path}")
    return False


server_requests: list[str] = []


@pytest.fixture
async def server() -> AsyncIterator[RawServer]:
    server_requests.clear()
    async with RawServer(script) as running:
        yield running


@pytest.fixture(params=FLAVOURS)
async def client(request: pytest.FixtureRequest, server: RawServer) -> AsyncIterator[Flavour[Any]]:
    kind = {"async": AsyncBukalapak, "sync": Bukalapak}[request.param]
    flavour: Flavour[Any] = Flavour(request.param, kind("6", "kunci", base_url=server.base_url))
    yield flavour
    await flavour.close()


def get(path: str) -> Any:
    return lambda c: c.request("GET", path)


async def test_an_answer_is_told_with_all_that_it_says(client: Flavour[Any]) -> None:
    with capture_answers() as answers:
        await client(get("/a"))
    [answer] = answers
    assert (answer.vendor, answer.method, answer.template, answer.status) == ("bukalapak", "GET", "/a", 200)
    assert (answer.request_id, answer.attempts, answer.size) == ("id-/a", 1, len(b'{"path": "/a"}'))
    assert answer.headers["x-REQUEST-id"] == "id-/a"
    assert answer.operation is None
    assert 0 < answer.elapsed < 5
    assert "Request-Id" not in repr(answer)
    await client(get("/b"))
    assert (len(answers), open_blocks) == (1, [])


async def test_answers_that_were_tried_again_after_and_errors_are_seen(client: Flavour[Any]) -> None:
    with capture_answers() as answers:
        await client(get("/again"))
        with pytest.raises(AuthFailed) as caught:
            await client(get("/refused"))
        with pytest.raises(BadResponse):
            await client(get("/html"))
        with pytest.raises(OutcomeUnknown):
            await client(lambda c: c.request("POST", "/drop"))
    assert [(one.template, one.status, one.attempts) for one in answers] == [
        ("/again", 503, 1),
        ("/again", 503, 2),
        ("/again", 200, 3),
        ("/refused", 401, 1),
        ("/html", 200, 1),
    ]
    assert caught.value.request_id == answers[3].request_id == "r-1"


async def test_blocks_in_blocks_each_see_what_is_theirs(client: Flavour[Any]) -> None:
    with capture_answers() as outer:
        await client(get("/1"))
        with suppress(ZeroDivisionError), capture_answers() as inner:
            await client(get("/2"))
            raise ZeroDivisionError
        await client(get("/3"))
    assert [one.template for one in outer] == ["/1", "/2", "/3"]
    assert [one.template for one in inner] == ["/2"]
    assert open_blocks == []


async def test_tasks_see_only_their_own_block(server: RawServer) -> None:
    async with AsyncBukalapak("6", "kunci", base_url=server.base_url) as shop:

        async def job(name: str) -> list[str]:
            with capture_answers() as answers:
                await asyncio.gather(*(shop.request("GET", f"/{name}/{number}") for number in range(5)))
                return sorted(one.template for one in answers)

        found = await asyncio.gather(*(job(name) for name in "abc"))
        assert found == [[f"/{name}/{number}" for number in range(5)] for name in "abc"]


async def test_pages_are_seen(nusantara_sandbox: Any, sandbox_env: dict[str, str]) -> None:
    async with AsyncBukalapak.from_env() as shop:
        with capture_answers() as answers:
            items = [one async for one in shop.messages.inbox(per_page=5)]
    assert len(answers) > len(items) // 5 > 1
    assert {one.operation for one in answers} == {"messages.inbox"}

    def in_sync() -> None:
        with Bukalapak.from_env() as other, capture_answers() as again:
            assert len(list(other.messages.inbox(per_page=5))) == len(items)
        assert [(one.status, one.operation) for one in again] == [(one.status, one.operation) for one in answers]

    await asyncio.to_thread(in_sync)


async def test_sync_calls_in_threads_of_the_block_are_seen_and_no_others(server: RawServer) -> None:
    shop = Bukalapak("6", "kunci", base_url=server.base_url)
    before, go = ThreadPoolExecutor(1), threading.Event()
    waiting = before.submit(lambda: (go.wait(10), shop.request("GET", "/before"))[1])

    def work() -> None:
        with capture_answers() as answers, capture_answers(threads=False) as here:
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda number: shop.request("GET", f"/{number}"), range(20)))
            go.set()
            waiting.result(10)
            shop.request("GET", "/here")
        assert sorted(one.template for one in answers) == sorted([*(f"/{number}" for number in range(20)), "/here"])
        assert [one.template for one in here] == ["/here"]

    await asyncio.to_thread(work)
    await asyncio.to_thread(before.shutdown)
    await asyncio.to_thread(shop.close)


async def test_async_calls_in_a_thread_of_the_block_are_seen(server: RawServer) -> None:
    async def calls() -> None:
        async with AsyncBukalapak("6", "kunci", base_url=server.base_url) as shop:
            await shop.request("GET", "/elsewhere")

    def work() -> None:
        with capture_answers() as answers:
            thread = threading.Thread(target=lambda: asyncio.run(calls()))
            thread.start()
            thread.join(10)
        assert [one.template for one in answers] == ["/elsewhere"]

    await asyncio.to_thread(work)


async def test_a_task_that_outlives_the_block_keeps_no_answer(client: Flavour[Any]) -> None:
    begun, end = asyncio.Event(), asyncio.Event()

    async def live_on() -> None:
        begun.set()
        await end.wait()

    with capture_answers() as answers:
        task = asyncio.create_task(live_on())
        await begun.wait()
        await client(get("/a"))
    kept = weakref.ref(answers.pop())
    with capture_answers() as answers:
        other = asyncio.create_task(live_on())
        await client(get("/b"))
    ours = weakref.ref(answers[0])
    del answers
    gc.collect()
    assert (kept(), ours()) == (None, None)
    end.set()
    await asyncio.gather(task, other)


async def test_a_call_that_outlives_the_block_is_not_seen(server: RawServer) -> None:
    async with AsyncBukalapak("6", "kunci", base_url=server.base_url) as shop:
        begin = asyncio.Event()

        async def later() -> None:
            await begin.wait()
            await shop.request("GET", "/late")

        with capture_answers() as answers:
            task = asyncio.create_task(later())
        begin.set()
        await task
        assert answers == []
