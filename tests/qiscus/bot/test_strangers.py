"""What strangers can make a receiver hold, and what they can write into its log."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from aiohttp import web
from qiscus.bot.conftest import Start
from support.hook import PATH_SECRET, Handled, connected, event_body, head, post, whole

from qiscus_async.webhooks import Event, Receiver

ROOT = Path(__file__).parents[3]
PATH = f"/qiscus/{PATH_SECRET}"
MIB = 1024 * 1024

# --- Memory

SERVERS = {
    "receiver": """
import asyncio, sys
from qiscus_async.webhooks import Receiver

async def main():
    async def handle(event): ...
    async with Receiver(handle, read_timeout=60).serving() as url:
        print(url, flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
""",
    "aiohttp": """
import asyncio, sys
from aiohttp import web

async def main():
    async def answer(request):
        return web.Response(status=401)
    listener = await asyncio.get_running_loop().create_server(web.Server(answer), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
""",
}
BEGIN = b"POST /qiscus/x HTTP/1.1\r\nHost: hook\r\n"
ENDLESS = {
    # As large as plain aiohttp takes them; more than one of ours may be.
    "many headers": (BEGIN, [b"X-%d: %b\r\n" % (number, b"x" * 8_000) for number in range(127)]),
    "one header": (BEGIN + b"X-Long: ", [b"x" * 8_000] * 200),
    "large headers": (BEGIN, [b"X-%d: %b\r\n" % (number, b"x" * 60_000) for number in range(127)]),
    "blank lines": (b"", [b"\r\n" * 4_000] * 100),
    "after a blank line": (b"\r\n\r\n" + BEGIN, [b"X-%d: %b\r\n" % (number, b"x" * 8_000) for number in range(127)]),
    "trailers": (
        BEGIN + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n",
        [b"X-%d: %b\r\n" % (number, b"x" * 8_000) for number in range(127)],
    ),
}


async def growth_under(server: str, begin: bytes, pieces: list[bytes]) -> int:
    """Bytes by which the process grew with a hundred strangers that have sent this and not ended."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SERVERS[server]),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": f"{ROOT / 'common'}:{ROOT}", "PATH": "/usr/bin:/bin"},
    )
    assert process.stdout is not None
    try:
        url = (await process.stdout.readline()).decode().strip()
        memory = psutil.Process(process.pid)
        await post(url, b"")
        before = peak = memory.memory_info().rss

        async def send() -> None:
            async with connected(url) as sender:
                with contextlib.suppress(ConnectionError):
                    await sender.write(begin)
                    for piece in pieces:
                        await sender.write(piece)
                await sent.wait()

        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            sent = asyncio.Event()
            for _ in range(100):
                group.create_task(send())
            for _ in range(12):
                await asyncio.sleep(0.1)
                peak = max(peak, memory.memory_info().rss)
            sent.set()
        return peak - before
    finally:
        process.kill()
        await process.communicate()


@pytest.mark.parametrize("what", ENDLESS)
async def test_a_hundred_strangers_with_endless_heads_cost_no_more_than_at_plain_aiohttp(what: str) -> None:
    begin, pieces = ENDLESS[what]
    ours, plain = [await growth_under(server, begin, pieces) for server in ("receiver", "aiohttp")]
    assert ours <= max(plain, 8 * MIB) * 1.1, f"{ours / MIB:.1f} MiB beside {plain / MIB:.1f}"


@pytest.mark.parametrize(("size", "status"), [(31_000, 200), (34_000, 431)])
@pytest.mark.parametrize("step", [1_000, 100_000])
async def test_a_head_has_a_bound_in_all_however_it_comes(
    start: Start, handled: Handled, size: int, status: int, step: int
) -> None:
    _, url = await start(handled)
    headers = [b"X-%d: %b" % (number, b"x" * 1_000) for number in range(size // 1_010)]
    request = b"\r\n" + whole(PATH, event_body(1) + b" " * 100_000, *headers)
    async with connected(url) as sender:
        with contextlib.suppress(ConnectionError):
            for place in range(0, len(request), step):
                await sender.write(request[place : place + step])
        assert await sender.status() == status


# --- Connections


async def test_one_connection_too_many_closes_the_oldest_without_a_request(start: Start, handled: Handled) -> None:
    receiver, url = await start(handled, max_connections=4)
    async with contextlib.AsyncExitStack() as stack:
        busy = await stack.enter_async_context(connected(url))
        await busy.write(whole(PATH, event_body(1))[:-5])
        await asyncio.sleep(0.05)
        idle = [await stack.enter_async_context(connected(url)) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert await post(url, event_body(2)) == 200
        assert await idle[0].reader.read() == b""
        await busy.write(event_body(1)[-5:])
        assert await busy.status() == 200
        await idle[2].write(whole(PATH, event_body(3)))
        assert await idle[2].status() == 200
    await receiver.idle()
    assert sorted(handled.ids) == [1, 2, 3]


async def test_where_all_connections_have_requests_one_more_is_refused(start: Start, handled: Handled) -> None:
    _, url = await start(handled, max_connections=2)
    async with connected(url) as one, connected(url) as other:
        for sender in (one, other):
            await sender.write(whole(PATH, event_body(1))[:-5])
        await asyncio.sleep(0.05)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await post(url, event_body(2))
    await asyncio.sleep(0.05)
    assert await post(url, event_body(3)) == 200


async def test_an_address_has_a_bound_of_its_own(start: Start, handled: Handled) -> None:
    _, url = await start(handled, max_connections_per_address=2)
    async with connected(url), connected(url):
        await asyncio.sleep(0.05)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await post(url, event_body(1))
    await asyncio.sleep(0.05)
    assert await post(url, event_body(2)) == 200


# --- The log

BAD = [
    b"POST " + PATH.encode() + b"\r\n\r\n",
    b"POST " + PATH.encode() + b" HTTP/9.9\r\n\r\n",
    b"POST " + PATH.encode() + b" HTTP/1.1 " + b"x" * 15_000 + b"\r\n\r\n",
    PATH.encode() + b" POST\r\n\r\n",
    b"\x16\x03\x01" + PATH.encode() + b"\r\n\r\n",
    head(PATH, b"Content-Length: -1"),
    head(PATH, b"Bad header " + PATH.encode()),
    head(PATH, b"X: " + b"\0" * 15_000),
    head(PATH, *[b"X-%d: x" % number for number in range(1_000)]),
    head(PATH, b"X: " + b"x" * 60_000),
    head(PATH, b"Transfer-Encoding: chunked") + PATH.encode() * 1_000 + b"\r\n",
    head(PATH + "/" + PATH, length=0),
    head(PATH[:-1] + "\xe9", length=0),
    head(PATH, b"Content-Type: text/plain", length=0),
    head(PATH, method=b"GET"),
    whole(PATH, b'{"type": ' + b'"x' * 100_000),
    whole(PATH, b"[" * 100_000),
    whole(PATH, b"\xff" * 100_000),
    whole(PATH, b'{"type": 5, "' + PATH.encode() + b'": "\\n"}'),
]


async def test_whatever_a_stranger_sends_is_one_short_line_without_a_word_of_it(
    start: Start, handled: Handled, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        _, url = await start(handled)
        for request in BAD:
            async with connected(url) as sender:
                with contextlib.suppress(ConnectionError):
                    await sender.write(request)
                    await asyncio.wait_for(sender.reader.read(), 5)
        assert await post(url, event_body(1)) == 200
    assert len(caplog.records) >= len(BAD)
    for record in caplog.records:
        shown = logging.Formatter().format(record)
        assert len(shown) < 200
        assert shown.isprintable()
        assert PATH_SECRET not in shown
        assert PATH_SECRET not in repr(vars(record))


async def test_in_an_application_the_secret_is_masked_in_the_logs_of_its_server(
    handled: Handled, caplog: pytest.LogCaptureFixture
) -> None:
    app = web.Application()
    receiver = Receiver(handled, path_secret=PATH_SECRET)
    receiver.attach(app)
    runner = web.AppRunner(app)
    with caplog.at_level(logging.DEBUG):
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        for request in BAD:
            async with connected(url) as sender:
                with contextlib.suppress(ConnectionError):
                    await sender.write(request)
                    await asyncio.wait_for(sender.reader.read(2_000), 5)
        await runner.cleanup()
    ours = [record for record in caplog.records if record.name.startswith(("aiohttp", "nusantara"))]
    assert any(record.exc_text for record in ours)
    for record in ours:
        assert PATH_SECRET not in logging.Formatter().format(record)
        assert PATH_SECRET not in repr(vars(record))


async def test_the_filter_masks_the_secret_in_any_other_log(handled: Handled, caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("gunicorn.access")
    hiding = Receiver(handled, path_secret=PATH_SECRET).hiding_filter()
    log.addFilter(hiding)
    try:
        with caplog.at_level(logging.INFO):
            log.info('"POST %s HTTP/1.1" 200', PATH)
    finally:
        log.removeFilter(hiding)
    assert caplog.messages == ['"POST /qiscus/*** HTTP/1.1" 200']


# --- Handlers and what reports their errors

current: contextvars.ContextVar[Any] = contextvars.ContextVar("current")


@pytest.mark.parametrize("mounted", [False, True])
async def test_a_handler_and_its_error_have_nothing_of_the_request(mounted: bool) -> None:
    """As a tool for errors sees it, which keeps each request in a context variable and shows the locals of frames."""
    seen: list[str] = []

    @web.middleware
    async def watch(request: web.Request, handler: Any) -> Any:
        current.set(request)
        return await handler(request)

    async def handle(event: Event) -> None:
        seen.extend(map(repr, contextvars.copy_context().values()))
        raise ValueError("broken")

    def report(event: Event, error: Exception) -> None:
        for frame, _ in traceback.walk_tb(error.__traceback__):
            seen.extend(map(repr, frame.f_locals.values()))
        seen.extend(map(repr, contextvars.copy_context().values()))

    receiver = Receiver(handle, on_error=report, path_secret=PATH_SECRET)
    if mounted:
        app = web.Application(middlewares=[watch])
        receiver.attach(app)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        assert await post(f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}", event_body(1)) == 200
        await receiver.idle()
        await runner.cleanup()
    else:
        async with receiver.serving() as url:
            assert await post(url, event_body(1)) == 200
    assert receiver.counts.failed == 1
    assert len(seen) > 3
    assert PATH_SECRET not in "".join(seen)
    assert urlsplit(PATH).path not in "".join(seen)
