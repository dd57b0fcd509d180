"""The receiver over sockets: what it accepts, what it refuses, and what becomes of an accepted event."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import socket
import ssl
import time
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
import trustme
from aiohttp import web
from qiscus.bot.conftest import Start
from support.hook import (
    PATH_SECRET,
    SIGNATURE_KEY,
    Handled,
    connected,
    event_body,
    event_document,
    head,
    post,
    whole,
)

from nusantara.errors import InvalidParameter
from qiscus_async.webhooks import Event, EventDropped, MemoryDedupStore, Receiver, sign


def signed(body: bytes, key: str = SIGNATURE_KEY) -> bytes:
    return b"QISCUS-SDK-SIGNATURE: " + sign(body, key).encode()


async def eventually(condition: Any) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


# --- What is accepted


async def test_an_event_is_acknowledged_and_handled(start: Start, handled: Handled) -> None:
    receiver, url = await start(handled)
    assert await post(url, event_body(1, text="halo")) == 200
    await receiver.idle()
    assert handled.events[0].payload.message.text == "halo"
    assert (receiver.counts.accepted, receiver.counts.handled, receiver.counts.refused) == (1, 1, {})


async def test_it_is_acknowledged_before_it_is_handled(start: Start, handled: Handled) -> None:
    receiver, url = await start(handled)
    handled.may_go.clear()
    assert await post(url, event_body(1)) == 200
    await eventually(lambda: handled.begun)
    assert (handled.events, receiver.waiting) == ([], 1)
    handled.may_go.set()
    await receiver.idle()
    assert (handled.ids, receiver.waiting) == ([1], 0)


async def test_an_event_with_half_an_emoji_is_handled_and_so_is_its_repeat_known(
    start: Start, handled: Handled
) -> None:
    receiver, url = await start(handled, dedup_store=MemoryDedupStore(), signature_key=SIGNATURE_KEY)
    document = event_document(0, text="XX") | {"type": "something_new"}
    body = json.dumps(document).replace("XX", "\\ude00 halo").encode()
    assert [await post(url, body, signed(body)) for _ in range(2)] == [200, 200]
    await receiver.idle()
    [event] = handled.events
    assert (event.payload.message.text, event.repaired, event.body) == ("\ufffd halo", True, body)
    assert receiver.counts.repeats == 1


@pytest.mark.parametrize(
    "content_type",
    [
        *[b"application/json", b"APPLICATION/JSON; charset=UTF-8", b"application/vnd.qiscus+json", b"text/json"],
        *[b"application/json;\xff=\x80", None],
    ],
)
async def test_json_is_accepted_under_its_names_and_without_one(
    start: Start, handled: Handled, content_type: bytes | None
) -> None:
    _, url = await start(handled)
    assert await post(url, event_body(1), content_type=content_type) == 200


async def test_a_body_in_chunks_and_after_an_expectation_is_read(start: Start, handled: Handled) -> None:
    receiver, url = await start(handled)
    body = event_body(1)
    async with connected(url) as sender:
        await sender.write(head(urlsplit(url).path, b"Transfer-Encoding: chunked", b"Expect: 100-continue"))
        assert await sender.status() == 100
        for place in range(0, len(body), 50):
            piece = body[place : place + 50]
            await sender.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        await sender.write(b"0\r\n\r\n")
        assert await sender.status() == 200
    await receiver.idle()
    assert handled.ids == [1]


async def test_many_events_may_come_on_one_connection(start: Start, handled: Handled) -> None:
    receiver, url = await start(handled)
    async with connected(url) as sender:
        for number in range(20):
            await sender.write(whole(urlsplit(url).path, event_body(number)))
            assert await sender.status() == 200
        await sender.write(b"".join(whole(urlsplit(url).path, event_body(number)) for number in range(20, 40)))
        assert {await sender.status() for _ in range(20)} == {200}
    await receiver.idle()
    assert handled.ids == [*range(40)]


async def test_it_serves_https(start: Start, handled: Handled) -> None:
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(server)
    authority.configure_trust(client)
    receiver = Receiver(handled)
    async with receiver.serving(ssl_context=server) as url:
        assert url.startswith("https://127.0.0.1:")
        async with aiohttp.ClientSession() as session, session.post(url, data=event_body(1), ssl=client) as answer:
            # aiohttp declares bytes as application/octet-stream.
            assert answer.status == 415
        async with aiohttp.ClientSession() as session, session.post(url, json=event_document(1), ssl=client) as answer:
            assert answer.status == 200
    assert handled.ids == [1]


# --- What is refused


@pytest.mark.parametrize("method", [b"GET", b"PUT", b"HEAD", b"OPTIONS"])
async def test_only_post_is_allowed(start: Start, handled: Handled, method: bytes) -> None:
    _, url = await start(handled)
    async with connected(url) as sender:
        await sender.write(head(urlsplit(url).path, method=method))
        answer = await sender.reader.readuntil(b"\r\n\r\n")
        assert b" 405 " in answer
        assert b"\r\nAllow: POST\r\n" in answer


async def test_a_body_that_is_declared_too_large_is_not_waited_for(start: Start, handled: Handled) -> None:
    _, url = await start(handled, max_body=1_000, read_timeout=1)
    async with connected(url) as sender:
        await sender.write(head(urlsplit(url).path, length=1_001))
        assert await sender.status() == 413


async def test_a_body_of_exactly_the_cap_is_read(start: Start, handled: Handled) -> None:
    body = event_body(1)
    _, url = await start(handled, max_body=len(body))
    assert await post(url, body) == 200
    assert await post(url, body + b" ") == 413


@pytest.mark.parametrize(
    "content_type",
    [
        *[b"text/plain", b"application/x-www-form-urlencoded", b"application/octet-stream", b"multipart/form-data"],
        *[b"application/xml", b"json", b"", b"\xff\xfe", b"application/json\xff", b"; application/json"],
    ],
)
async def test_what_is_declared_as_something_else_is_refused(
    start: Start, handled: Handled, content_type: bytes
) -> None:
    receiver, url = await start(handled)
    assert await post(url, event_body(1), content_type=content_type) == 415
    assert receiver.counts.refused == {415: 1}


async def test_two_content_types_and_compression_are_refused(start: Start, handled: Handled) -> None:
    _, url = await start(handled)
    assert await post(url, event_body(1), b"Content-Type: application/json") in (400, 415)
    assert await post(url, b"x", b"Content-Encoding: gzip") == 415
    assert await post(url, event_body(1), b"Content-Encoding: identity") == 200


async def test_a_body_that_breaks_off_costs_nobody_anything(start: Start, handled: Handled) -> None:
    receiver, url = await start(handled)
    async with connected(url) as sender:
        await sender.write(whole(urlsplit(url).path, event_body(1))[:-5])
    async with connected(url) as sender:
        await sender.write(head(urlsplit(url).path, b"Transfer-Encoding: chunked") + b"zz\r\nnonsense")
        assert await sender.status() == 400
    assert await post(url, event_body(2)) == 200
    await receiver.idle()
    assert handled.ids == [2]


# --- Signatures


async def test_with_a_key_only_what_is_signed_with_it_is_accepted(start: Start, handled: Handled) -> None:
    receiver, url = await start(handled, signature_key=SIGNATURE_KEY)
    body = event_body(1)
    wrong = [
        [],
        [signed(body, "lain")],
        [signed(body + b" ")],
        [signed(body), signed(body)],
        [b"QISCUS-SDK-SIGNATURE:"],
        [signed(body) + b"00"],
        [signed(body).replace(b"QISCUS-SDK-", b"X-")],
    ]
    assert [await post(url, body, *headers) for headers in wrong] == [401] * len(wrong)
    assert await post(url, body, signed(body)) == 200
    assert await post(url, body, signed(body).upper()) == 200
    await receiver.idle()
    assert handled.ids == [1, 1]


async def test_a_signature_is_of_the_bytes_and_not_of_what_they_mean(start: Start, handled: Handled) -> None:
    _, url = await start(handled, signature_key=SIGNATURE_KEY)
    spaced = json.dumps(event_document(1), indent=3, ensure_ascii=False).encode()
    assert await post(url, spaced, signed(spaced)) == 200
    assert await post(url, spaced, signed(event_body(1))) == 401


async def test_a_signed_event_has_to_be_young_if_that_is_asked_for(start: Start, handled: Handled) -> None:
    now = 1_519_000_000.0
    settings = {"signature_key": SIGNATURE_KEY, "max_age": 300, "clock": lambda: now}
    _, url = await start(handled, **settings)

    async def status(**message: Any) -> int:
        body = event_body(1, **message)
        return await post(url, body, signed(body))

    ages = {-61: 401, -60: 200, 0: 200, 300: 200, 301: 401}
    assert {age: await status(unix_timestamp=int(now) - age) for age in ages} == ages
    assert await status(timestamp="2018-02-19T00:26:40Z") == 200
    assert await status(timestamp="2018-02-19T07:26:40+07:00") == 200
    assert await status() == 401
    assert await status(unix_timestamp=10**19) == 401
    assert await status(timestamp="9999-12-31T23:59:59-23:59") == 401


# --- Secrets


async def test_the_secret_is_in_no_log_and_no_repr(
    start: Start, handled: Handled, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        receiver, url = await start(handled, signature_key=SIGNATURE_KEY)
        body = event_body(1)
        await post(url, body)
        await post(url, body, signed(body))
        await post(url + "x", body)
        assert PATH_SECRET in url
    assert "answered 401: signature missing, wrong or given twice" in caplog.messages
    assert "answered 401: wrong secret in the path" in caplog.messages
    assert PATH_SECRET not in caplog.text + repr(receiver) + repr(receiver.path) + repr(vars(receiver))
    assert SIGNATURE_KEY not in caplog.text + repr(receiver) + repr(vars(receiver))


async def test_without_a_secret_each_receiver_makes_its_own(start: Start, handled: Handled) -> None:
    (_, one), (_, other) = await start(handled, path_secret=None), await start(handled, path_secret=None)
    secrets = [urlsplit(url).path.rpartition("/")[2] for url in (one, other)]
    assert secrets[0] != secrets[1]
    assert {len(secret) for secret in secrets} == {43}
    assert await post(one, event_body(1)) == 200
    assert await post(one.replace(secrets[0], secrets[1]), event_body(1)) == 401


# --- The queue


async def test_a_full_queue_is_said_and_loses_nothing(start: Start, handled: Handled) -> None:
    receiver, url = await start(handled, queue_size=3, concurrency=1, dedup_store=MemoryDedupStore())
    handled.may_go.clear()
    assert [await post(url, event_body(number)) for number in range(5)] == [200, 200, 200, 503, 503]
    handled.may_go.set()
    await receiver.idle()
    assert handled.ids == [0, 1, 2]
    # What was refused is not taken for a repeat when it comes again.
    assert [await post(url, event_body(number)) for number in range(5)] == [200] * 5
    await receiver.idle()
    assert handled.ids == [0, 1, 2, 3, 4]
    assert receiver.counts.repeats == 3


async def test_a_room_keeps_its_order_while_rooms_go_side_by_side(start: Start) -> None:
    order: dict[int, list[int]] = {}
    at_once = most = 0

    async def handle(event: Event) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        # The next one of its room would be done before it.
        await asyncio.sleep(0.0 if event.payload.message.id % 3 else 0.02)
        at_once -= 1
        order.setdefault(event.payload.room.id, []).append(event.payload.message.id)

    receiver, url = await start(handle, concurrency=4)
    async with connected(url) as sender:
        for number in range(100):
            await sender.write(whole(urlsplit(url).path, event_body(number, room=number % 4)))
            await sender.status()
    await receiver.idle()
    assert order == {room: [*range(room, 100, 4)] for room in range(4)}
    assert most == 4


async def test_a_handler_that_fails_or_hangs_is_reported_and_holds_up_nobody_else(start: Start) -> None:
    done, errors = [], []

    async def handle(event: Event) -> None:
        match event.payload.message.text:
            case "fails":
                raise ValueError("broken")
            case "hangs":
                await asyncio.sleep(60)
            case "is left":
                await asyncio.ensure_future(cancelled())
        done.append(event.payload.message.id)

    async def cancelled() -> None:
        raise asyncio.CancelledError

    async def report(event: Event, error: Exception) -> None:
        errors.append((event.payload.message.text, type(error)))
        raise RuntimeError("so is the hook")

    receiver, url = await start(handle, on_error=report, handler_timeout=0.05)
    for number, text in enumerate(["fails", "hangs", "is left", "fine"]):
        assert await post(url, event_body(number, text=text)) == 200
    await receiver.idle()
    assert done == [3]
    assert errors == [("fails", ValueError), ("hangs", TimeoutError), ("is left", RuntimeError)]
    assert (receiver.counts.failed, receiver.counts.handled) == (3, 1)


async def test_without_a_hook_failures_are_logged(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    async def handle(event: Event) -> None:
        raise ValueError("broken")

    receiver, url = await start(handle)
    with caplog.at_level(logging.WARNING):
        await post(url + "x", event_body(1))
    assert caplog.text == ""
    await post(url, event_body(1, text="rahasia pelanggan"))
    await receiver.idle()
    assert "ValueError: broken" in caplog.text
    assert "rahasia pelanggan" not in caplog.text


# --- Events that come again


async def test_a_thousand_doubled_events_at_two_receivers_are_handled_a_thousand_times(
    start: Start, handled: Handled
) -> None:
    store = MemoryDedupStore()
    receivers = [await start(handled, dedup_store=store) for _ in range(2)]

    async def send(url: str) -> None:
        async with connected(url) as sender:
            for number in range(1000):
                await sender.write(whole(urlsplit(url).path, event_body(number, room=number % 7)))
                while await sender.status() == 503:
                    await sender.write(whole(urlsplit(url).path, event_body(number, room=number % 7)))

    await asyncio.gather(*(send(url) for _, url in receivers))
    for receiver, _ in receivers:
        await receiver.idle()
    assert sorted(handled.ids) == [*range(1000)]
    assert sum(receiver.counts.repeats for receiver, _ in receivers) == 1000
    assert sum(receiver.counts.handled for receiver, _ in receivers) == 1000


async def test_without_a_store_every_event_that_comes_is_handled(start: Start, handled: Handled) -> None:
    receiver, url = await start(handled)
    for _ in range(3):
        await post(url, event_body(1))
    await receiver.idle()
    assert handled.ids == [1, 1, 1]


async def test_events_without_ids_are_recognised_for_a_moment_only(start: Start, handled: Handled) -> None:
    document = event_document(0, text="ya")
    now = 0.0
    receiver, url = await start(handled, dedup_store=MemoryDedupStore(clock=lambda: now))
    body = json.dumps(document).encode()
    for moment in (0.0, 19.0, 21.0):
        now = moment
        await post(url, body)
        await receiver.idle()
    assert len(handled.events) == 2


async def test_it_is_the_moment_of_arrival_that_counts_for_repeats(start: Start, handled: Handled) -> None:
    now = 0.0
    receiver, url = await start(handled, dedup_store=MemoryDedupStore(clock=lambda: now))
    handled.may_go.clear()
    body = event_body(0, text="ya")
    assert [await post(url, body) for _ in range(2)] == [200, 200]
    await eventually(lambda: handled.begun)
    now = 100.0
    handled.may_go.set()
    await receiver.idle()
    assert len(handled.events) == 1


class BrokenStore:
    def __init__(self, *, hangs: bool) -> None:
        self._hangs = hangs

    async def claim(self, key: str, lease: float) -> bool:
        if self._hangs:
            await asyncio.sleep(60)
        raise ConnectionError("the store is gone")

    async def renew(self, key: str, lease: float) -> None:
        await self.claim(key, 0)

    async def done(self, key: str, ttl: float) -> None:
        await self.claim(key, 0)

    async def release(self, key: str) -> None:
        await self.claim(key, 0)

    async def is_done(self, key: str) -> bool:
        return await self.claim(key, 0)


@pytest.mark.parametrize("hangs", [False, True])
async def test_a_store_that_is_gone_keeps_no_event_from_being_handled(
    start: Start, handled: Handled, hangs: bool, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qiscus_async.webhooks.claims.STORE_TIMEOUT", 0.1)
    receiver, url = await start(handled, dedup_store=BrokenStore(hangs=hangs))
    assert [await post(url, event_body(number)) for number in (1, 1, 2)] == [200] * 3
    await receiver.idle()
    assert handled.ids == [1, 1, 2]
    assert receiver.counts.store_failures == 3
    assert "store" in caplog.text


# --- The end


async def test_at_the_end_what_was_accepted_is_handled(handled: Handled) -> None:
    receiver = Receiver(handled)
    async with receiver.serving() as url:
        handled.may_go.clear()
        for number in range(5):
            assert await post(url, event_body(number)) == 200
        asyncio.get_running_loop().call_later(0.05, handled.may_go.set)
    assert handled.ids == [*range(5)]


async def test_what_is_not_handled_in_time_is_reported_and_may_come_again(handled: Handled) -> None:
    store, dropped = MemoryDedupStore(), []

    def report(event: Event, error: Exception) -> None:
        assert isinstance(error, EventDropped)
        dropped.append(event.payload.message.id)

    receiver = Receiver(handled, on_error=report, grace=0.05, concurrency=2, dedup_store=store)
    async with receiver.serving() as url:
        handled.may_go.clear()
        for number in range(4):
            await post(url, event_body(number, room=number % 2))
        await post(url, event_body(3))
    assert handled.ids == []
    assert sorted(dropped) == [0, 1, 2, 3]
    assert (receiver.counts.dropped, receiver.counts.repeats, receiver.waiting) == (4, 1, 0)
    handled.may_go.set()
    async with receiver.serving() as url:
        for number in range(4):
            await post(url, event_body(number))
    assert handled.ids == [0, 1, 2, 3]


async def test_a_request_under_way_at_the_end_is_still_accepted_and_a_later_one_is_not(
    handled: Handled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qiscus_async.webhooks.server.CLOSING", 60.0)
    receiver = Receiver(handled)
    serving = receiver.serving()
    url = await serving.__aenter__()
    body = whole(urlsplit(url).path, event_body(1))
    handled.may_go.clear()
    async with connected(url) as sender:
        await post(url, event_body(0))
        await sender.write(body[:-5])
        await asyncio.sleep(0.05)
        ending = asyncio.create_task(serving.__aexit__(None, None, None))
        await asyncio.sleep(0.05)
        await sender.write(body[-5:])
        assert await sender.status() == 200
        with pytest.raises(ConnectionRefusedError):
            await post(url, event_body(2))
        handled.may_go.set()
        async with asyncio.timeout(20):
            await ending
    assert handled.ids == [0, 1]


async def test_the_end_waits_for_a_request_under_way_even_if_nothing_else_is(handled: Handled) -> None:
    receiver = Receiver(handled)
    async with receiver.serving() as url:
        body = whole(urlsplit(url).path, event_body(1))
        async with connected(url) as sender:
            await sender.write(body[:-5])
            await asyncio.sleep(0.05)
            ending = asyncio.create_task(receiver.aclose())
            await asyncio.sleep(0.05)
            assert not ending.done()
            await sender.write(body[-5:])
            assert await sender.status() == 200
            await ending
            assert handled.ids == [1]


@pytest.mark.parametrize("requests", [0, 1])
async def test_connections_that_are_kept_do_not_hold_up_the_end(
    handled: Handled, monkeypatch: pytest.MonkeyPatch, requests: int
) -> None:
    monkeypatch.setattr("qiscus_async.webhooks.server.CLOSING", 60.0)
    receiver = Receiver(handled)
    async with asyncio.timeout(20), receiver.serving() as url:
        kept = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
        for number in range(requests):
            kept[1].write(whole(urlsplit(url).path, event_body(number)))
            assert (await kept[0].readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
    assert await kept[0].read() == b""
    kept[1].close()


async def test_an_address_that_is_taken_may_be_tried_again(handled: Handled) -> None:
    receiver = Receiver(handled)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for _ in range(2):
            with pytest.raises(OSError, match="in use"):
                await receiver.serving(port=taken.getsockname()[1]).__aenter__()
    async with receiver.serving() as url:
        assert await post(url, event_body(1)) == 200
    assert handled.ids == [1]


async def test_a_closed_receiver_says_so(handled: Handled) -> None:
    receiver = Receiver(handled)
    app = web.Application()
    receiver.attach(app)
    async with Mounted(app) as base_url:
        await receiver.aclose()
        await receiver.aclose()
        assert await post(base_url + receiver.path, event_body(1)) == 503
        assert await post(base_url + "/qiscus/wrong", event_body(1)) == 401


async def test_a_hook_that_hangs_does_not_keep_the_program_from_ending(
    handled: Handled, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("qiscus_async.webhooks.handling.REPORT_TIMEOUT", 0.1)
    store = MemoryDedupStore()

    async def hang(event: Event, error: Exception) -> None:
        await asyncio.sleep(3600)

    receiver = Receiver(handled, on_error=hang, grace=0.05, dedup_store=store)
    async with asyncio.timeout(20):
        async with receiver.serving() as url:
            handled.may_go.clear()
            await post(url, event_body(1))
    assert "reporting them took too long" in caplog.text
    assert len(store) == 0


async def test_an_end_that_is_cancelled_still_reports_everything(handled: Handled) -> None:
    dropped: list[Event] = []
    receiver = Receiver(handled, on_error=lambda event, error: dropped.append(event))
    async with receiver.serving() as url:
        handled.may_go.clear()
        for number in range(3):
            await post(url, event_body(number))
        ending = asyncio.create_task(receiver.aclose())
        await asyncio.sleep(0.05)
        ending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await ending
        assert len(dropped) == 3


# --- Slow senders


async def test_slow_senders_are_cut_off_and_keep_nobody_waiting(start: Start, handled: Handled) -> None:
    receiver, url = await start(handled, read_timeout=1.0)
    path = urlsplit(url).path
    request = whole(path, event_body(1))
    starts = [b"", b"P", request[:40], request[:-1], head(path, b"Transfer-Encoding: chunked"), b"\r\n"]
    async with asyncio.TaskGroup() as group:

        async def crawl(start: bytes) -> float:
            begun = time.monotonic()
            async with connected(url) as sender:
                await sender.write(start)
                while await sender.reader.read(1000):
                    pass
                return time.monotonic() - begun

        slow = [group.create_task(crawl(begin)) for begin in starts * 40]
        await asyncio.sleep(0.2)
        begun = time.monotonic()
        assert await post(url, event_body(2)) == 200
        waited = time.monotonic() - begun
    # A second until the limit, and for those that sent a head two more to read the answer.
    assert all(0.9 < task.result() < 8 for task in slow)
    assert waited < 0.9
    assert receiver.counts.refused == {408: 80}
    await receiver.idle()
    assert handled.ids == [2]


async def test_a_sender_that_drips_within_each_second_is_cut_off_too(start: Start, handled: Handled) -> None:
    _, url = await start(handled, read_timeout=0.5)
    request = whole(urlsplit(url).path, event_body(1))
    for begin in (0, request.index(b"\r\n\r\n") + 4):
        async with connected(url) as sender:
            await sender.write(request[:begin])
            begun = time.monotonic()
            try:
                for place in range(begin, len(request)):
                    await sender.write(request[place : place + 1])
                    await asyncio.sleep(0.02)
                    if sender.reader.at_eof() or sender.reader._buffer:  # type: ignore[attr-defined]
                        break
            except ConnectionError:
                pass
            assert time.monotonic() - begun < 3
    assert handled.events == []


async def test_a_kept_connection_may_be_idle_but_not_begin_a_request_and_stop(start: Start, handled: Handled) -> None:
    _, url = await start(handled, read_timeout=0.3)
    request = whole(urlsplit(url).path, event_body(1))
    async with connected(url) as sender:
        for _ in range(2):
            await sender.write(request)
            assert await sender.status() == 200
            await asyncio.sleep(0.5)
        begun = time.monotonic()
        await sender.write(request[:20])
        assert await sender.reader.read() == b""
        assert 0.2 < time.monotonic() - begun < 3


# --- In an application


class Mounted:
    """An application that is served."""

    def __init__(self, app: web.Application, **settings: Any) -> None:
        self._runner = web.AppRunner(app, **settings)

    async def __aenter__(self) -> str:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def __aexit__(self, *details: object) -> None:
        await self._runner.cleanup()


async def greet(_: web.Request) -> web.Response:
    return web.Response(text="halo")


async def test_it_mounts_into_an_application_beside_other_routes(
    handled: Handled, caplog: pytest.LogCaptureFixture
) -> None:
    app = web.Application()
    app.router.add_get("/", greet)
    receiver = Receiver(handled, prefix="/chat/hook")
    receiver.attach(app)
    with caplog.at_level(logging.INFO):
        async with Mounted(app) as base_url:
            async with aiohttp.ClientSession() as session, session.get(base_url) as answer:
                assert await answer.text() == "halo"
            assert receiver.path.startswith("/chat/hook/")
            assert await post(base_url + receiver.path, event_body(1)) == 200
            wrong = ["/chat/hook/", "/chat/hook/wrong", f"{receiver.path}x", "/chat/hook/%ff", f"/x{receiver.path}"]
            assert [await post(base_url + path, event_body(2)) for path in wrong] == [401, 401, 401, 401, 404]
            handled.may_go.clear()
            assert await post(base_url + receiver.path, event_body(3)) == 200
            asyncio.get_running_loop().call_later(0.05, handled.may_go.set)
    assert handled.ids == [1, 3]
    # The application's access log, which would show paths.
    assert "POST /chat/hook/***" in caplog.text
    assert receiver.path.rpartition("/")[2] not in caplog.text
    assert not logging.getLogger("aiohttp.access").filters


async def test_it_mounts_as_an_application_below_another(handled: Handled) -> None:
    app = web.Application()
    receiver = Receiver(handled)
    app.add_subapp("/chat", receiver.application())
    async with Mounted(app) as base_url:
        assert await post(f"{base_url}/chat{receiver.path}", event_body(1)) == 200
        assert await post(f"{base_url}/chat/qiscus/wrong", event_body(1)) == 401
    assert handled.ids == [1]


async def test_its_handler_fits_a_route_of_ones_own_and_fails_closed(handled: Handled) -> None:
    receiver = Receiver(handled, path_secret=PATH_SECRET)
    app = web.Application()
    app.router.add_post("/mine/{secret}", receiver.handle)
    app.router.add_post("/open", receiver.handle)
    async with Mounted(app) as base_url:
        assert await post(f"{base_url}/mine/{PATH_SECRET}", event_body(1)) == 200
        assert await post(f"{base_url}/open", event_body(1)) == 401
        await receiver.aclose()
    assert handled.ids == [1]


async def test_a_sender_that_leaves_before_the_answer_has_delivered(handled: Handled) -> None:
    receiver = Receiver(handled)
    app = web.Application()
    receiver.attach(app)
    async with Mounted(app, handler_cancellation=True) as base_url:
        async with connected(base_url) as sender:
            await sender.write(whole(receiver.path, event_body(1)))
        await eventually(lambda: handled.events)
    assert receiver.counts.handled == 1


# --- Settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("queue_size", 0), ("queue_size", True), ("concurrency", 1.5), ("max_body", 0), ("read_timeout", 0)],
        *[("handler_timeout", -1), ("grace", float("inf")), ("dedup_ttl", "1"), ("dedup_window", float("nan"))],
        *[("max_age", 300), ("signature_key", ""), ("path_secret", "short"), ("prefix", "no slash")],
        *[("dedup_store", {}), ("dedup_store", MemoryDedupStore), ("dedup_store", "redis://localhost"), ("clock", 5)],
    ],
)
def test_unfit_settings_are_refused_by_name(handled: Handled, name: Any, value: Any) -> None:
    with pytest.raises(InvalidParameter, match=name):
        Receiver(handled, **{name: value})


def test_unknown_settings_are_refused(handled: Handled) -> None:
    with pytest.raises(TypeError, match="speed"):
        Receiver(handled, speed=1)  # type: ignore[call-arg]


async def test_a_receiver_that_was_used_leaves_nothing_behind(handled: Handled) -> None:
    receiver = Receiver(handled, dedup_store=MemoryDedupStore())
    before = len(asyncio.all_tasks())
    async with receiver.serving() as url:
        for number in range(5):
            await post(url, event_body(number))
    await asyncio.sleep(0)
    gc.collect()
    assert len(asyncio.all_tasks()) == before
