"""A disk that is slow, or hangs, does not stop the event loop."""

from __future__ import annotations

import asyncio
import builtins
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from nusantara.oauth2 import BearerAuth, Token
from nusantara.signing import FileLock
from nusantara.token_store import FileStore

posix_only = pytest.mark.skipif(os.name != "posix", reason="the files of Windows are locked otherwise")

SLOW = (
    "open",
    "stat",
    "fstat",
    "lstat",
    "mkdir",
    "unlink",
    "replace",
    "fsync",
    "utime",
    "scandir",
    "readlink",
    "close",
)
ON_THE_LOOP: list[str] = []


@contextmanager
def slow_disk(seconds: float) -> Iterator[list[str]]:
    """Makes every touch of a file take a while. Gives the names of those that are made by the thread of the loop."""
    loop_thread, on_the_loop = threading.get_ident(), list[str]()

    def slowed(owner: Any, name: str) -> Any:
        function = getattr(owner, name)

        def slow(*args: Any, **kwargs: Any) -> Any:
            if threading.get_ident() == loop_thread:
                on_the_loop.append(name)
            time.sleep(seconds)
            return function(*args, **kwargs)

        return slow

    with pytest.MonkeyPatch.context() as patch:
        for name in SLOW:
            patch.setattr(os, name, slowed(os, name))
        patch.setattr(builtins, "open", slowed(builtins, "open"))
        yield on_the_loop


async def everything(store: FileStore) -> None:
    async with store.lock():
        await store.load()
        await store.save({"access_token": "a"})
        await store.load()
        await store.delete()


@posix_only
async def test_a_slow_disk_does_not_stop_the_loop(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "folder" / "token.json")
    await everything(store)
    with slow_disk(0.01) as on_the_loop:
        await everything(store)
    assert on_the_loop == []


@posix_only
async def test_nor_does_waiting_for_a_lock_or_taking_it_away(tmp_path: Path) -> None:
    path = tmp_path / "token.json"
    holder = FileLock(tmp_path / "token.json.lock", 60.0)
    await holder.acquire()
    with slow_disk(0.02) as on_the_loop:
        async with FileStore(path, lease=0.2).lock():
            assert not await asyncio.to_thread(lambda: holder.valid)
        await holder.release()
    assert on_the_loop == []


@posix_only
async def test_nor_does_a_renewal(tmp_path: Path) -> None:
    async def fetch(fields: Any) -> Token:
        return Token(access_token="akses-2")

    store = FileStore(tmp_path / "token.json")
    auth = BearerAuth(fetch, store=store)
    with slow_disk(0.01) as on_the_loop:
        await auth.adopt(Token(access_token="akses-1", refresh_token="segar-1"))
        auth._renew_at = 0.0
        await auth.prepare()
        await auth.forget()
    assert on_the_loop == []


# --- A lock that is given up while a thread takes it


@posix_only
@pytest.mark.parametrize("moment", [0.0, 0.01, 0.02, 0.05, 0.08, 0.11])
async def test_who_gives_up_leaves_no_lock_behind(tmp_path: Path, moment: float) -> None:
    lock = FileLock(tmp_path / "token.json.lock", 60.0)
    with slow_disk(0.03):
        task = asyncio.create_task(lock.acquire())
        await asyncio.sleep(moment)
        if task.done():  # The disk was faster than the test.
            await lock.release()
            return
        started = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - started < 0.09, "it does not wait for the disk"
        await asyncio.sleep(0.5)
    async with asyncio.timeout(5), FileStore(tmp_path / "token.json").lock():
        pass
    assert [entry.name for entry in tmp_path.iterdir()] == []


@posix_only
async def test_who_is_cancelled_while_it_lets_go_has_let_go(tmp_path: Path) -> None:
    store, inside = FileStore(tmp_path / "token.json"), asyncio.Event()

    async def hold() -> None:
        async with store.lock():
            inside.set()

    with slow_disk(0.02):
        task = asyncio.create_task(hold())
        await inside.wait()
        await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.wait([task])
    async with asyncio.timeout(5), FileStore(tmp_path / "token.json").lock():
        pass


@posix_only
def test_a_loop_that_ends_meanwhile_leaves_no_lock_behind(tmp_path: Path) -> None:
    async def begin() -> None:
        task = asyncio.create_task(FileStore(tmp_path / "token.json").lock().__aenter__())
        await asyncio.sleep(0.001)
        del task

    async def lock() -> None:
        async with asyncio.timeout(5), FileStore(tmp_path / "token.json").lock():
            pass

    for _ in range(10):
        asyncio.run(begin())
        asyncio.run(lock())
    assert [entry.name for entry in tmp_path.iterdir()] == []
