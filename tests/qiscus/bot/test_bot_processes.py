"""Bots in processes of their own: signals, and one store for several."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.hook import PATH_SECRET, connected, event_body, post, whole
from support.programs import STORE, Launch, ended, launching, make_store

BOT = """
import asyncio, sys
from qiscus_async import AsyncQiscus, Bot

done, mode, seconds, grace = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
client = AsyncQiscus("toko", "rahasia-toko", base_url="http://127.0.0.1:1")
bot = Bot(client, "bot", path_secret=sys.argv[5], grace=grace)

def note(word):
    with open(done, "a") as file:
        file.write(f"{word}\\n")

@bot.fallback
async def handle(event):
    if event.text == "stop":
        bot.stop()
        return
    await asyncio.sleep(seconds)
    note(event.message.id)

@bot.error
async def failed(event, error):
    note(f"{type(error).__name__} {event.message.id}")

def ready(url):
    print(url, flush=True)

if mode == "run":
    bot.run(port=0, ready=ready)
    assert client.closed
else:
    import socket
    from aiohttp import web

    app = web.Application()
    bot.attach(app)
    listener = socket.create_server(("127.0.0.1", 0))

    async def started(app):
        ready(f"http://127.0.0.1:{listener.getsockname()[1]}{bot.receiver.path}")

    app.on_startup.append(started)
    web.run_app(app, sock=listener, print=None)
print("ended", flush=True)
"""


@pytest.fixture
async def launch() -> AsyncIterator[Launch]:
    async with launching() as begin:
        yield begin


@pytest.mark.parametrize("mode", ["run", "mounted"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_lets_what_was_accepted_be_handled(
    launch: Launch, tmp_path: Path, mode: str, number: signal.Signals
) -> None:
    done = tmp_path / "done"
    process, url = await launch(BOT, done, mode, 0.3, 10, PATH_SECRET)
    for event in range(20):
        assert await post(url, event_body(event, room=event % 3)) == 200
    process.send_signal(number)
    out, errors = await ended(process, 20)
    assert sorted(map(int, done.read_text().split())) == [*range(20)]
    assert (out, process.returncode) == ("ended\n", 0), errors
    assert PATH_SECRET not in errors


async def test_after_the_signal_nothing_new_is_accepted(launch: Launch, tmp_path: Path) -> None:
    done = tmp_path / "done"
    process, url = await launch(BOT, done, "run", 0.5, 10, PATH_SECRET)
    assert await post(url, event_body(1)) == 200
    process.send_signal(signal.SIGTERM)
    await asyncio.sleep(0.2)
    with pytest.raises(ConnectionRefusedError):
        await post(url, event_body(2))
    await ended(process, 10)
    assert done.read_text().split() == ["1"]


async def test_what_is_not_done_within_the_grace_period_is_told(launch: Launch, tmp_path: Path) -> None:
    done = tmp_path / "done"
    process, url = await launch(BOT, done, "run", 60, 0.3, PATH_SECRET)
    for event in range(3):
        assert await post(url, event_body(event)) == 200
    process.send_signal(signal.SIGTERM)
    out, _ = await ended(process, 10)
    assert sorted(done.read_text().splitlines()) == [f"EventDropped {event}" for event in range(3)]
    assert (out, process.returncode) == ("ended\n", 0)


async def test_a_second_signal_ends_it_at_once(launch: Launch, tmp_path: Path) -> None:
    done = tmp_path / "done"
    process, url = await launch(BOT, done, "run", 60, 60, PATH_SECRET)
    assert await post(url, event_body(1)) == 200
    process.send_signal(signal.SIGTERM)
    await asyncio.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    out, _ = await ended(process, 10)
    assert done.read_text() == "EventDropped 1\n"
    assert (out, process.returncode) == ("ended\n", 0)


async def test_a_handler_can_end_the_bot(launch: Launch, tmp_path: Path) -> None:
    process, url = await launch(BOT, tmp_path / "done", "run", 0, 10, PATH_SECRET)
    assert await post(url, event_body(1, text="stop")) == 200
    assert (await ended(process, 10))[0] == "ended\n"


async def test_two_processes_with_one_store_handle_each_event_once(launch: Launch, tmp_path: Path) -> None:
    file = tmp_path / "seen.db"
    make_store(file)
    processes = [await launch(STORE, file, PATH_SECRET, 30, 0) for _ in range(2)]

    async def send(url: str) -> None:
        async with connected(url) as sender:
            for number in range(200):
                await sender.write(whole(f"/qiscus/{PATH_SECRET}", event_body(number)))
                assert await sender.status() == 200

    await asyncio.gather(*(send(url) for _, url in processes))
    handled = [number for process, _ in processes for number in (await ended(process, 20))[0].split()]
    assert sorted(map(int, handled)) == [*range(200)]
