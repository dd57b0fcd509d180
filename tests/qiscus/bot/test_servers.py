"""The receiver in any server: the same rules, whoever reads the requests."""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from urllib.parse import urlsplit

import pytest
from support.hook import PATH_SECRET, SIGNATURE_KEY, Handled, connected, event_body, event_document, head, post, whole
from support.web_servers import PLACES, Place, under_uvicorn

from nusantara.errors import ClosedClient, InvalidParameter
from qiscus_async import AsyncQiscus, Bot, BotMessage
from qiscus_async.webhooks import EventDropped, MemoryDedupStore, Receiver, Reply, parse_event, sign
from qiscus_async.webhooks.receiver import SERVER_LOGS


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest) -> Place:
    return PLACES[request.param]


def receiver_of(handled: Any, **settings: Any) -> Receiver:
    return Receiver(handled, **{"path_secret": PATH_SECRET, "grace": 2.0, **settings})


async def test_events_are_accepted_handled_in_order_and_counted(place: Place, handled: Handled) -> None:
    receiver = receiver_of(handled)
    async with place(receiver) as url:
        assert [await post(url, event_body(number, room=number % 2)) for number in range(6)] == [200] * 6
        await receiver.idle()
    assert [number for number in handled.ids if number % 2] == [1, 3, 5]
    assert [number for number in handled.ids if not number % 2] == [0, 2, 4]
    assert (receiver.counts.accepted, receiver.counts.handled, receiver.counts.refused) == (6, 6, {})


async def test_it_is_acknowledged_before_it_is_handled_and_handled_before_the_server_ends(
    place: Place, handled: Handled
) -> None:
    receiver = receiver_of(handled)
    handled.may_go.clear()
    async with place(receiver) as url:
        assert await post(url, event_body(1)) == 200
        assert (handled.ids, receiver.waiting) == ([], 1)
        asyncio.get_running_loop().call_later(0.1, handled.may_go.set)
    assert (handled.ids, receiver.waiting) == ([1], 0)


async def test_what_is_not_handled_in_time_at_the_end_is_told(place: Place, handled: Handled) -> None:
    told: list[Exception] = []
    receiver = receiver_of(handled, grace=0.1, on_error=lambda event, error: told.append(error))
    handled.may_go.clear()
    async with place(receiver) as url:
        assert await post(url, event_body(1)) == 200
    assert [type(error) for error in told] == [EventDropped]


async def test_what_is_no_event_from_the_sender_is_refused(place: Place, handled: Handled) -> None:
    receiver = receiver_of(handled, max_body=5000, read_timeout=0.5)
    body = event_body(1)
    async with place(receiver) as url:
        path = urlsplit(url).path
        assert await post(url + "x", body) == 401
        assert await post(url.replace(PATH_SECRET, ""), body) == 401
        assert await post(url.replace(PATH_SECRET, "%ff%2f"), body) == 401
        assert await post(url, b"halo") == 400
        assert await post(url, body, content_type=b"text/plain") == 415
        assert await post(url, body, b"Content-Encoding: gzip") == 415
        assert await post(url, body + b" " * 5000) == 413
        for request, status in [
            (head(path, method=b"GET"), 405),
            (head(path, b"Content-Type: application/json", length=5001), 413),
            (head(path, b"Transfer-Encoding: chunked") + b"1389\r\n" + b" " * 5001 + b"\r\n", 413),
            (head(path, length=100) + b"{", 408),
        ]:
            async with connected(url) as sender, asyncio.timeout(5):
                await sender.write(request)
                answer = (await sender.reader.readuntil(b"\r\n\r\n")).lower()
                assert answer.startswith(b"http/1.1 %d " % status)
                assert b"connection: close" in answer  # The rest is not wanted.
        async with connected(url) as sender:
            await sender.write(head(path, length=100) + b"{")
        async with asyncio.timeout(5):
            while not (receiver.counts.refused.get(400, 0) == 2 or receiver.counts.refused.get(408, 0) == 2):
                await asyncio.sleep(0.01)
        assert await post(url, body) == 200
        await receiver.idle()
    assert (handled.ids, receiver.counts.accepted) == ([1], 1)


async def test_with_a_key_only_what_is_signed_is_accepted(place: Place, handled: Handled) -> None:
    receiver = receiver_of(handled, signature_key=SIGNATURE_KEY)
    body = event_body(1)
    signature = b"QISCUS-SDK-SIGNATURE: " + sign(body, SIGNATURE_KEY).encode()
    async with place(receiver) as url:
        assert await post(url, body) == 401
        assert await post(url, body + b" ", signature) == 401
        assert await post(url, body, signature, signature) == 401
        assert await post(url, body, signature) == 200
    assert handled.ids == [1]


async def test_a_repeat_is_known(place: Place, handled: Handled) -> None:
    receiver = receiver_of(handled, dedup_store=MemoryDedupStore())
    async with place(receiver) as url:
        assert [await post(url, event_body(1)) for _ in range(3)] == [200] * 3
    assert (handled.ids, receiver.counts.repeats) == ([1], 2)


async def test_a_full_queue_is_said(place: Place, handled: Handled) -> None:
    receiver = receiver_of(handled, queue_size=4, concurrency=1)
    handled.may_go.clear()
    async with place(receiver) as url:
        statuses = [await post(url, event_body(number)) for number in range(6)]
        handled.may_go.set()
    accepted = statuses.count(200)
    assert (statuses, handled.ids) == ([200] * accepted + [503] * (6 - accepted), [*range(accepted)])
    assert 0 < accepted <= 4


async def test_the_secret_is_in_no_log(place: Place, handled: Handled, caplog: pytest.LogCaptureFixture) -> None:
    async def fail(_: Any) -> None:
        raise ValueError("gagal")

    filters = [len(logging.getLogger(name).filters) for name in SERVER_LOGS]
    with caplog.at_level(1):
        receiver = receiver_of(fail)
        async with place(receiver) as url:
            async with connected(url) as sender:
                await sender.write(whole(urlsplit(url).path, event_body(1)))
                assert await sender.status() == 200
                await sender.write(b"GET %b HTTP/9\r\n\r\n" % urlsplit(url).path.encode())
                await sender.reader.read()
            await post(url, b"no event")
        logging.getLogger("uvicorn.access").info("an end")
    assert "gagal" in caplog.text
    assert "an end" in caplog.text
    assert PATH_SECRET not in caplog.text
    assert [len(logging.getLogger(name).filters) for name in SERVER_LOGS] == filters


# --- Where it is mounted


async def test_a_mounted_application_whose_life_nobody_tells_of_works_and_says_so_once(
    handled: Handled, caplog: pytest.LogCaptureFixture
) -> None:
    receiver = receiver_of(handled)
    async with under_uvicorn(receiver.asgi(), lifespan="off") as base_url:
        assert [await post(base_url + receiver.path, event_body(number)) for number in range(2)] == [200, 200]
        await receiver.idle()
        assert PATH_SECRET not in caplog.text
        await receiver.aclose()
    assert handled.ids == [0, 1]
    assert [m for m in caplog.messages if "running()" in m] == [
        "what waits when the program ends will be lost: put running() of the receiver around its life"
    ]


async def test_only_its_own_path_is_answered(handled: Handled) -> None:
    receiver = receiver_of(handled, prefix="/a/b")
    async with under_uvicorn(receiver.asgi()) as base_url:
        for path, status in [
            (f"/a/b/{PATH_SECRET}", 200),
            (f"/{PATH_SECRET}", 200),
            (f"/a/{PATH_SECRET}", 401),
            (f"/a/b/{PATH_SECRET}/", 401),
            (f"//{PATH_SECRET}", 401),
        ]:
            assert await post(base_url + path, event_body(1)) == status


async def test_it_may_begin_again_after_its_end_but_not_twice_at_once(handled: Handled) -> None:
    receiver = receiver_of(handled)
    for number in range(2):
        async with receiver.running():
            with pytest.raises(RuntimeError, match="is running already"):
                await receiver.running().__aenter__()
            reply = await receiver.receive("POST", PATH_SECRET, {}, event_body(number))
            assert reply == Reply(200)
        reply = await receiver.receive("POST", PATH_SECRET, {}, event_body(9))
        assert (reply.status, reply.closes) == (503, True)
    assert handled.ids == [0, 1]


async def test_a_websocket_is_refused(handled: Handled) -> None:
    import aiohttp

    receiver = receiver_of(handled)
    async with under_uvicorn(receiver.asgi()) as base_url, aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(base_url + receiver.path)
        async with session.options(base_url + receiver.path) as answer:
            assert (answer.status, answer.headers["Allow"]) == (405, "POST")


# --- No server at all


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json"},
        [("content-type", "application/json"), ("x-name", "sari \u2713")],
        [(b"content-type", b"application/json"), (b"x", b"\xff")],
        {},
    ],
)
async def test_a_request_may_come_from_anywhere(handled: Handled, headers: Any) -> None:
    receiver = receiver_of(handled)

    async def pieces() -> Any:
        for byte in event_body(2):
            yield bytes([byte])

    async with receiver.running():
        assert (await receiver.receive("POST", PATH_SECRET, headers, event_body(1))).status == 200
        assert (await receiver.receive("POST", PATH_SECRET, headers, pieces())).status == 200
        assert (await receiver.receive("GET", PATH_SECRET, headers, b"")).headers == {"Allow": "POST"}
    assert handled.ids == [1, 2]


async def test_what_fails_while_the_body_is_read_means_that_it_broke_off(handled: Handled) -> None:
    async def pieces() -> Any:
        yield b"{"
        raise LookupError

    receiver = receiver_of(handled)
    async with receiver.running():
        assert (await receiver.receive("POST", PATH_SECRET, {}, pieces())).status == 400


async def test_an_event_from_a_queue_takes_its_turn(handled: Handled) -> None:
    receiver = receiver_of(handled, dedup_store=MemoryDedupStore(), queue_size=2, concurrency=1)
    events = [parse_event(event_body(number)) for number in range(5)]
    async with receiver.running():
        handled.may_go.clear()
        submitting = asyncio.create_task(asyncio.wait_for(gather(receiver, events), 5))
        await asyncio.sleep(0.2)
        assert not submitting.done()
        handled.may_go.set()
        await submitting
        await receiver.submit(parse_event(event_body(4)))
        assert (await receiver.receive("POST", PATH_SECRET, {}, event_body(0))).status == 200
        await receiver.idle()
        with pytest.raises(InvalidParameter, match="event: must be an event"):
            await receiver.submit(event_document(1))  # type: ignore[arg-type]
    assert (handled.ids, receiver.counts.repeats) == ([0, 1, 2, 3, 4], 2)
    with pytest.raises(ClosedClient, match="was not accepted"):
        await receiver.submit(events[0])


async def gather(receiver: Receiver, events: list[Any]) -> None:
    for event in events:
        await receiver.submit(event)


# --- A bot


async def test_a_bot_answers_from_within_another_program(nusantara_sandbox: Any, sandbox_env: dict[str, str]) -> None:
    from fastapi import FastAPI

    async with AsyncQiscus.from_env() as qiscus:
        bot = Bot(qiscus, "asisten@tehsenja.example", path_secret=PATH_SECRET)

        @bot.command("help")
        async def answer(message: BotMessage) -> None:
            await message.reply("Ketik /pesanan dan nomornya.")

        app = FastAPI(lifespan=lambda _: bot.running())
        app.mount("/qiscus", bot.asgi())
        async with under_uvicorn(app) as base_url:
            nusantara_sandbox.qiscus.webhook_url = base_url + bot.receiver.path
            nusantara_sandbox.qiscus.user_writes(41003, "sinta.maheswari@pelanggan.example", "/help")
            await nusantara_sandbox.qiscus.delivered()
    assert nusantara_sandbox.qiscus.comments(41003)[-1].message == "Ketik /pesanan dan nomornya."
