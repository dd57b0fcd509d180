"""Programs that use a token file, to be run as processes of their own."""

from __future__ import annotations

__all__ = ["EIGHT", "HOLDING", "SAVING"]

HOLDING = """
import asyncio, sys
from nusantara.token_store import FileStore

async def main():
    store = FileStore(sys.argv[1], lease=float(sys.argv[2]))
    async with store.lock():
        print("holding", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        try:
            await store.save({"from": "the one that hung"})
        except Exception as error:
            print(type(error).__name__, flush=True)
        else:
            print("saved", flush=True)

asyncio.run(main())
"""
"""Holds the lock of the file until a line comes, then tries to save. Arguments: the file and the lease."""

SAVING = """
import asyncio, itertools, os, signal, sys
from nusantara.token_store import FileStore

async def save(path, first):
    store = FileStore(path, lease=0.2)
    for number in itertools.count(first):
        async with store.lock():
            await store.save({"number": number, "padding": "x" * 20_000, "again": number})
        if number == first:
            print(os.getpid(), flush=True)

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    if not os.fork():
        asyncio.run(save(sys.argv[1], int(line)))
"""
"""For each line with a number, a process that saves that number and all after it, and tells its id after the first."""

EIGHT = """
import asyncio, os, sys
import kaskus_async.oauth.token_endpoint, nusantara.transport.session  # Once, and not in each child.
from kaskus_async import AsyncKaskus, Kaskus
from nusantara.token_store import FileStore

path, base_url, flavour = sys.argv[1:]
given = {"username": "tokoh", "store": FileStore(path), "base_url": base_url}

def in_threads():
    from concurrent.futures import ThreadPoolExecutor
    with Kaskus.with_oauth2("aplikasi", "rahasia-aplikasi", **given) as kaskus, ThreadPoolExecutor(5) as threads:
        return list(threads.map(lambda _: kaskus.request("GET", "/api/oauth/v1/hot_threads").status, range(5)))

async def in_tasks():
    async with AsyncKaskus.with_oauth2("aplikasi", "rahasia-aplikasi", **given) as kaskus:
        answers = [kaskus.request("GET", "/api/oauth/v1/hot_threads") for _ in range(5)]
        return [answer.status for answer in await asyncio.gather(*answers)]

gate, opening = os.pipe()
children = []
for _ in range(8):
    child = os.fork()
    if not child:
        os.close(opening)
        os.read(gate, 1)
        statuses = in_threads() if flavour == "sync" else asyncio.run(in_tasks())
        print(statuses, flush=True)
        os._exit(0)
    children.append(child)
os.close(opening)
for child in children:
    os.waitpid(child, 0)
"""
"""Eight processes that make five calls each, all at once, with what is in one file. Arguments: the file, the vendor's
address and the flavour."""
