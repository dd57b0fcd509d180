"""Webhooks: forged, malformed, repeated and slow events. Receivers and bots are asyncio only."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
import resource
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from support.faults import Seen
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
from support.programs import STORE, ended, launching, make_store

from qiscus_async.webhooks import Event, MemoryDedupStore, Receiver, sign

pytestmark = pytest.mark.only("async", why="webhooks and bots are asyncio only")

BODY = event_body(1)
Start = Callable[..., Awaitable[tuple[Receiver, str]]]


@pytest.fixture
def handled() -> Handled:
    return Handled()


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts a receiver and gives it with its URL."""
    async with AsyncExitStack() as stack:

        async def begin(handler: Any, **settings: Any) -> tuple[Receiver, str]:
            receiver = Receiver(handler, **{"path_secret": PATH_SECRET, "grace": 2.0, **settings})
            return receiver, str(await stack.enter_async_context(receiver.serving()))

        yield begin


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, bytes]]:
    """What is compared in constant time: given and expected."""
    seen: list[tuple[bytes, bytes]] = []
    real = hmac.compare_digest

    def compare(given: Any, expected: Any) -> bool:
        seen.append((given, expected))
        return real(given, expected)

    monkeypatch.setattr(hmac, "compare_digest", compare)
    return seen


# --- Forged


WRONG = {
    "none": b"",
    "another": PATH_SECRET[::-1].encode(),
    "its start": PATH_SECRET[:-1].encode(),
    "one letter off": PATH_SECRET[:-1].encode() + b"x",
    "too long": PATH_SECRET.encode() + b"x",
    "two": PATH_SECRET.encode() + b"/" + PATH_SECRET.encode(),
    "not ASCII": "r\N{LATIN SMALL LETTER E WITH ACUTE}".encode() * 16,
    "percent-encoded": b"%ff%00%0a" * 8,
    "10 kB": b"x" * 10_240,
}


@pytest.mark.parametrize("secret", WRONG)
async def test_g68_a_wrong_secret_in_the_path_is_refused(
    start: Start, handled: Handled, seen: Seen, comparisons: list[tuple[bytes, bytes]], secret: str
) -> None:
    _, url = await start(handled)
    async with connected(url) as sender:
        await sender.write(b"POST /qiscus/%b HTTP/1.1\r\nHost: hook\r\nContent-Length: 0\r\n\r\n" % WRONG[secret])
        status = await sender.status()
    # Bare bytes beyond ASCII are no HTTP, whatever the secret is.
    assert status == 401 or (status == 400 and secret == "not ASCII")
    compared = [expected for _, expected in comparisons]
    assert compared == ([PATH_SECRET.encode()] if status == 401 else []), "one comparison, in constant time"
    assert handled.events == []
    assert await post(url, BODY) == 200
    seen(f"{status}", f"secret in the path: {secret}")


def signed(value: bytes) -> bytes:
    return b"QISCUS-SDK-SIGNATURE: " + value


RIGHT = sign(BODY, SIGNATURE_KEY).encode()
SIGNATURES: dict[str, tuple[list[bytes], int]] = {
    "none": ([], 0),
    "empty": ([signed(b"")], 1),
    "another": ([signed(RIGHT[::-1])], 1),
    "one digit off": ([signed(RIGHT[:-1] + (b"0" if RIGHT[-1:] != b"0" else b"1"))], 1),
    "of another key": ([signed(sign(BODY, "kunci-lain").encode())], 1),
    "two right ones": ([signed(RIGHT), signed(RIGHT)], 0),
    "right and wrong": ([signed(RIGHT), signed(b"x")], 0),
    "not ASCII": ([signed("tanda-\N{LATIN SMALL LETTER E WITH ACUTE}".encode())], 1),
    "not UTF-8": ([signed(b"\xff" * 64)], 1),
    "10 kB": ([signed(b"a" * 10_240)], 1),
}


@pytest.mark.parametrize("signature", SIGNATURES)
async def test_g68_a_wrong_signature_is_refused(
    start: Start, handled: Handled, seen: Seen, comparisons: list[tuple[bytes, bytes]], signature: str
) -> None:
    headers, compared = SIGNATURES[signature]
    receiver, url = await start(handled, signature_key=SIGNATURE_KEY)
    status = await post(url, BODY, *headers)
    assert status == 401
    assert [expected for _, expected in comparisons].count(RIGHT) == compared, "compared in constant time"
    assert handled.events == []
    assert await post(url, BODY, signed(RIGHT)) == 200
    await receiver.idle()
    assert handled.ids == [1]
    seen(f"{status}", f"signature: {signature}")


# --- Malformed


def padded(size: int) -> bytes:
    return b'{"type": "x", "payload": "%b"}' % (b"x" * size)


BODIES: dict[str, tuple[bytes, bytes, int]] = {
    "a little over 1 MiB": (padded((1 << 20) + 1), b"application/json", 413),
    "2 MiB": (padded(2 << 20), b"application/json", 413),
    "a form": (b"type=post_comment", b"application/x-www-form-urlencoded", 415),
    "text": (BODY, b"text/plain", 415),
    "XML": (b"<event/>", b"application/xml", 415),
    "cut JSON": (BODY[:-5], b"application/json", 400),
    "nothing": (b"", b"application/json", 400),
    "an opened object": (b"{", b"application/json", 400),
    "an empty object": (b"{}", b"application/json", 400),
    "null": (b"null", b"application/json", 400),
    "a form called JSON": (b"type=post_comment", b"application/json", 400),
    "not UTF-8": (b"\xff\xff\xff", b"application/json", 400),
    "zeros": (b"\0" * 100, b"application/json", 400),
    "a list": (b"[]", b"application/json", 400),
    "a type that is a number": (b'{"type": 5}', b"application/json", 400),
    "no type": (b'{"payload": {}}', b"application/json", 400),
    "NaN": (b'{"type": "x", "payload": NaN}', b"application/json", 400),
    "nested without end": (b'{"type": "x", "payload": ' + b"[" * 100_000, b"application/json", 400),
    "UTF-16 without a mark": (BODY.decode().encode("utf-16-le"), b"application/json", 400),
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("framing", ["length", "chunked"])
async def test_g69_what_is_no_event_is_refused(
    start: Start, handled: Handled, seen: Seen, body: str, framing: str
) -> None:
    content, content_type, expected = BODIES[body]
    receiver, url = await start(handled)
    kind = [b"Content-Type: " + content_type] if content_type else []
    async with connected(url) as sender:
        if framing == "length":
            await sender.write(head(urlsplit(url).path, *kind, length=len(content)) + content)
        else:
            await sender.write(head(urlsplit(url).path, *kind, b"Transfer-Encoding: chunked"))
            chunks = (b"%x\r\n%b\r\n" % (len(content), content)) if content else b""
            await sender.write(chunks + b"0\r\n\r\n")
        status = await sender.status()
    assert (status, receiver.counts.refused) == (expected, {expected: 1})
    await receiver.idle()
    assert handled.events == []
    assert await post(url, BODY) == 200, "the next sender is served"
    seen(f"{status}", body)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
async def test_g69_a_body_that_names_its_encoding_is_read_right(
    start: Start, handled: Handled, seen: Seen, encoding: str
) -> None:
    receiver, url = await start(handled)
    document = event_document(1, text="caf\N{LATIN SMALL LETTER E WITH ACUTE} \N{SMILING FACE WITH OPEN MOUTH}")
    status = await post(url, json.dumps(document, ensure_ascii=False).encode(encoding))
    await receiver.idle()
    [event] = handled.events
    assert (status, event.to_document()) == (200, document)
    seen(f"{status}, read right", f"{encoding} with its mark")


async def test_g69_an_event_of_an_unknown_type_is_delivered_raw(start: Start, handled: Handled, seen: Seen) -> None:
    receiver, url = await start(handled)
    document = {"type": "user_online", "payload": {"user": "sari", "at": [1, 2]}, "app": "toko"}
    status = await post(url, json.dumps(document).encode())
    await receiver.idle()
    [event] = handled.events
    assert (status, type(event), event.type, event.to_document()) == (200, Event, "user_online", document)
    assert event.payload == document["payload"]
    seen(f"{status}, an unknown type is delivered as {type(event).__name__} {event.type!r}")


# --- Repeated, out of order, not handled


async def test_g70_an_event_that_comes_five_times_is_handled_once(start: Start, handled: Handled, seen: Seen) -> None:
    store = MemoryDedupStore()
    (one, first), (other, second) = [await start(handled, dedup_store=store) for _ in range(2)]
    statuses = await asyncio.gather(*(post(url, BODY) for url in (first, second, first, second, first)))
    for receiver in (one, other):
        await receiver.idle()
    assert statuses == [200] * 5, "the sender is to believe that it has been delivered"
    assert handled.ids == [1]
    repeats = one.counts.repeats + other.counts.repeats
    assert repeats == 4
    seen(f"handled {len(handled.ids)} time, {repeats} known as repeats", "at two receivers")


async def test_g70_two_processes_with_one_store_handle_it_once(tmp_path: Path, seen: Seen) -> None:
    file = tmp_path / "seen.db"
    make_store(file)
    async with launching() as launch:
        processes = await asyncio.gather(*(launch(STORE, file, PATH_SECRET, 30, 0) for _ in range(2)))
        for number in range(20):
            sent = [post(url, event_body(number)) for _, url in [*processes, *processes, processes[0]]]
            assert await asyncio.gather(*sent) == [200] * 5
        handled = [number for process, _ in processes for number in (await ended(process, 20))[0].split()]
    assert sorted(map(int, handled)) == [*range(20)]
    seen(f"{len(handled)} of 20 events handled once, each sent 5 times", "in two processes")


async def test_g70_events_in_reversed_order_can_be_put_right(start: Start, handled: Handled, seen: Seen) -> None:
    receiver, url = await start(handled)
    for number in range(10, 0, -1):
        assert await post(url, event_body(number, comment_before_id=number - 1)) == 200
    await receiver.idle()
    assert handled.ids == [*range(10, 0, -1)], "in the order in which they came"
    messages = sorted((event.payload.message for event in handled.events), key=lambda message: message.id)
    assert [message.comment_before_id for message in messages] == [0, *(message.id for message in messages[:-1])]
    seen(f"order restored by message.id: {[message.id for message in messages]}")


async def test_g70_a_handler_that_hangs_delays_no_acknowledgement_and_loses_nothing(
    start: Start, handled: Handled, seen: Seen
) -> None:
    receiver, url = await start(handled, queue_size=20, concurrency=2, dedup_store=MemoryDedupStore())
    handled.may_go.clear()
    times = []
    for number in range(20):
        begun = time.perf_counter()
        assert await post(url, event_body(number)) == 200
        times.append(time.perf_counter() - begun)
    assert min(times) < 0.05
    assert handled.events == []
    full = [await post(url, event_body(number)) for number in (20, 21)]
    assert full == [503, 503], "so that the sender repeats what was not accepted"
    handled.may_go.set()
    await receiver.idle()
    assert [await post(url, event_body(number)) for number in (20, 21)] == [200, 200]
    await receiver.idle()
    assert handled.ids == [*range(22)]
    middle = sorted(times)[len(times) // 2]
    seen(f"200 at once; {full[0]} when the queue is full, then handled", f"acknowledged within {middle * 1000:.0f} ms")


@pytest.mark.parametrize("how", ["fails", "hangs"])
async def test_g70_an_event_whose_handling_failed_is_reported_and_may_come_again(
    start: Start, seen: Seen, how: str
) -> None:
    done: list[int] = []
    errors: list[tuple[int, Exception]] = []
    broken = True

    async def handle(event: Event) -> None:
        if broken and how == "fails":
            raise ValueError("rusak")
        if broken:
            await asyncio.sleep(60)
        done.append(event.payload.message.id)

    receiver, url = await start(
        handle,
        on_error=lambda event, error: errors.append((event.payload.message.id, error)),
        handler_timeout=0.1,
        dedup_store=MemoryDedupStore(),
    )
    assert await post(url, BODY) == 200
    await receiver.idle()
    assert (done, [number for number, _ in errors], receiver.counts.failed) == ([], [1], 1)
    broken = False
    assert [await post(url, BODY) for _ in range(3)] == [200] * 3
    await receiver.idle()
    assert done == [1]
    assert (receiver.counts.handled, receiver.counts.repeats) == (1, 2)
    [(_, error)] = errors
    seen(f"{type(error).__name__} reported, handled {len(done)} time when it came again", f"a handler that {how}")


# --- Slow


@pytest.fixture
def many_descriptors() -> Iterator[None]:
    """Enough for both ends of a thousand connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4_096 if hard == resource.RLIM_INFINITY else min(4_096, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_g71_a_thousand_slow_senders_are_cut_off_and_others_are_served(
    start: Start, handled: Handled, seen: Seen, many_descriptors: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    limit = 2.0
    receiver, url = await start(handled, read_timeout=limit)
    path = urlsplit(url).path
    request = whole(path, BODY)
    starts = [b"", b"P", request[:40], request[:-1], head(path, b"Transfer-Encoding: chunked")]

    async def crawl(begin: bytes) -> float:
        begun = time.monotonic()
        async with connected(url) as sender:
            await sender.write(begin)
            while await sender.reader.read(1000):
                pass
            return time.monotonic() - begun

    async with asyncio.TaskGroup() as group:
        slow = [group.create_task(crawl(starts[number % len(starts)])) for number in range(1_000)]
        waits = []
        for number in range(2, 12):
            begun = time.monotonic()
            assert await post(url, event_body(number)) == 200
            waits.append(time.monotonic() - begun)
            await asyncio.sleep(0.1)
    await receiver.idle()
    ends = sorted(task.result() for task in slow)
    assert ends[0] >= limit * 0.9
    assert ends[-1] < limit + 6, "the limit, two seconds to read the answer, and a busy machine"
    assert handled.ids == [*range(2, 12)]
    assert sorted(waits)[len(waits) // 2] < limit / 2
    assert receiver.counts.refused == {408: 400}
    seen(
        f"{len(slow)} slow senders cut off, {len(handled.ids)} of 10 others served",
        f"cut off after {ends[0]:.1f} to {ends[-1]:.1f} s at a limit of {limit:g} s (default 10); "
        f"others served within {max(waits):.2f} s",
    )


@pytest.mark.parametrize("part", ["head", "body"])
async def test_g71_a_sender_that_drips_has_the_same_limit(
    start: Start, handled: Handled, seen: Seen, part: str
) -> None:
    limit = 0.5
    receiver, url = await start(handled, read_timeout=limit)
    request = whole(urlsplit(url).path, BODY, b"X-Long: " + b"x" * 500)
    begin = 0 if part == "head" else request.index(b"\r\n\r\n") + 4
    async with connected(url) as sender:
        await sender.write(request[:begin])
        begun = time.monotonic()
        over = asyncio.create_task(sender.reader.read(1))
        with contextlib.suppress(ConnectionError):
            for place in range(begin, len(request)):
                await sender.write(request[place : place + 1])
                await asyncio.sleep(0.02)
                if over.done():
                    break
        over.cancel()
        elapsed = time.monotonic() - begun
    assert limit * 0.9 <= elapsed < limit + 3
    assert handled.events == []
    seen(f"cut off, refused: {receiver.counts.refused}", f"a dripping {part}: {elapsed:.2f} s of {limit:g}")
