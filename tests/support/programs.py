"""Receivers in processes of their own."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

__all__ = ["STEPS", "STORE", "Launch", "ended", "handled_in", "launching", "make_store"]

ROOT = Path(__file__).parents[2]

STORE = """
import asyncio, os, signal, sqlite3, sys, time
from qiscus_async.webhooks import Receiver

def reached(step):
    if sys.argv[5:] == [step]:
        os.kill(os.getpid(), signal.SIGKILL)

class Shared:
    def __init__(self, path):
        self.db = sqlite3.connect(path, timeout=10, isolation_level=None)

    async def claim(self, key, lease):
        reached("received")
        now = time.time()
        self.db.execute("delete from seen where key = ? and ends <= ?", (key, now))
        claimed = self.db.execute("insert or ignore into seen values (?, ?, 0)", (key, now + lease)).rowcount == 1
        reached("claimed")
        return claimed

    async def renew(self, key, lease):
        self.db.execute("update seen set ends = ? where key = ?", (time.time() + lease, key))

    async def done(self, key, ttl):
        reached("handled")
        self.db.execute("insert or replace into seen values (?, ?, 1)", (key, time.time() + ttl))
        reached("marked")

    async def release(self, key):
        self.db.execute("delete from seen where key = ?", (key,))

    async def is_done(self, key):
        found = self.db.execute("select 1 from seen where key = ? and done and ends > ?", (key, time.time()))
        return found.fetchone() is not None

async def main():
    numbers = []

    async def handle(event):
        reached("begun")
        if event.message.text == "hang":
            await asyncio.sleep(float(sys.argv[4]))
        numbers.append(event.message.id)
        store.db.execute("insert into handled values (?)", (event.message.id,))

    store, lease = Shared(sys.argv[1]), float(sys.argv[3])
    async with Receiver(handle, path_secret=sys.argv[2], dedup_store=store, dedup_lease=lease).serving() as url:
        print(url, flush=True)
        await asyncio.to_thread(sys.stdin.read)
    print(*numbers, flush=True)

asyncio.run(main())
"""
"""A receiver whose store is a database. Prints what it handled.

Arguments: the database's file, the secret of the path, the lease, how long an event takes whose text is "hang", and
perhaps one of the steps, behind which it is killed.
"""
STEPS = ("received", "claimed", "begun", "handled", "marked")

Launch = Callable[..., Awaitable[tuple[asyncio.subprocess.Process, str]]]


@asynccontextmanager
async def launching() -> AsyncIterator[Launch]:
    """Starts a program and reads the URL that it says first."""
    begun: list[asyncio.subprocess.Process] = []

    async def begin(code: str, *arguments: str | float) -> tuple[asyncio.subprocess.Process, str]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "error", "-c", code, *map(str, arguments)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"PYTHONPATH": f"{ROOT / 'common'}:{ROOT}", "PATH": "/usr/bin:/bin"},
        )
        begun.append(process)
        assert process.stdout is not None
        async with asyncio.timeout(30):
            url = (await process.stdout.readline()).decode().strip()
        assert url.startswith("http"), (await process.communicate())[1].decode()
        return process, url

    try:
        yield begin
    finally:
        for process in begun:
            if process.returncode is None:
                process.kill()
            await process.communicate()


async def ended(process: asyncio.subprocess.Process, within: float) -> tuple[str, str]:
    async with asyncio.timeout(within):
        out, errors = await process.communicate(b"")
    return out.decode(), errors.decode()


def make_store(file: Path) -> None:
    """The database that receivers of the program above share."""
    with sqlite3.connect(file) as database:
        database.execute("create table seen (key text primary key, ends real, done integer)")
        database.execute("create table handled (id integer)")
    database.close()


def handled_in(file: Path) -> list[int]:
    """The numbers of the events that these receivers have handled, in order."""
    with sqlite3.connect(file) as database:
        numbers = [number for (number,) in database.execute("select id from handled order by id")]
    database.close()
    return numbers
