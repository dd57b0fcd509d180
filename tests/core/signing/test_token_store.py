"""Keeping tokens: whole or not at all, for their owner only, and one process at a time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nusantara.errors import ConfigurationError
from nusantara.signing import FileLock, file_lock
from nusantara.token_store import FileStore, MemoryStore, TokenStore

posix_only = pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions, signals and locks")
DOCUMENT: dict[str, Any] = {"access_token": "rahasia-1", "expires_at": None, "spent": False, "n": 5, "name": "é★"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "map baru" / "token.json"


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, path: Path) -> TokenStore:
    return MemoryStore() if request.param == "memory" else FileStore(path)


@pytest.fixture
def child() -> Iterator[Any]:
    """Starts a process that runs a program and says when it is ready."""
    started: list[subprocess.Popen[str]] = []

    def start(program: str, *arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", program, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


# --- Both stores


async def test_what_was_saved_is_loaded(store: TokenStore) -> None:
    assert await store.load() is None
    await store.save(DOCUMENT)
    assert await store.load() == DOCUMENT
    await store.save({"access_token": "rahasia-2"})
    assert await store.load() == {"access_token": "rahasia-2"}
    await store.delete()
    await store.delete()
    assert await store.load() is None


async def test_a_loaded_document_is_the_callers_own(store: TokenStore) -> None:
    await store.save(DOCUMENT)
    loaded = await store.load()
    assert loaded is not None
    loaded["access_token"] = "lain"
    assert await store.load() == DOCUMENT


async def test_one_at_a_time_holds_the_lock(store: TokenStore) -> None:
    inside = 0

    async def work() -> None:
        nonlocal inside
        async with store.lock():
            inside += 1
            assert inside == 1
            await asyncio.sleep(0.005)
            inside -= 1

    await asyncio.gather(*(work() for _ in range(10)))


async def test_the_lock_is_released_by_an_error_and_by_a_cancellation(store: TokenStore) -> None:
    with pytest.raises(ZeroDivisionError):
        async with store.lock():
            raise ZeroDivisionError

    async def hold() -> None:
        async with store.lock():
            await asyncio.sleep(60)

    holder = asyncio.create_task(hold())
    waiter = asyncio.create_task(hold())
    await asyncio.sleep(0.1)
    waiter.cancel()
    holder.cancel()
    await asyncio.gather(holder, waiter, return_exceptions=True)
    async with asyncio.timeout(5), store.lock():
        pass


async def test_secrets_do_not_show(store: TokenStore) -> None:
    await store.save(DOCUMENT)
    assert "rahasia" not in repr(store)


# --- The file


@posix_only
async def test_the_file_and_its_folder_are_for_the_owner_only(path: Path) -> None:
    old = os.umask(0)
    try:
        await FileStore(path).save(DOCUMENT)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@posix_only
async def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "asli" / "token.json"
    link = tmp_path / "token.json"
    link.symlink_to(real)
    await FileStore(link).save(DOCUMENT)
    assert link.is_symlink()
    assert await FileStore(real).load() == DOCUMENT


async def test_home_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    await FileStore("~/token.json").save(DOCUMENT)
    assert (tmp_path / "token.json").exists()


@given(st.binary(max_size=60) | st.sampled_from([b'{"format": 1, "token": {}}', b'{"token": {}}']))
def test_no_content_breaks_the_loading(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "token.json"
        path.write_bytes(content)
        path.chmod(0o600)
        with contextlib.suppress(ConfigurationError):
            FileStore(path)._load()


async def test_a_path_that_cannot_be_used_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    store = FileStore(tmp_path / "file" / "token.json")
    for use in (store.load, lambda: store.save(DOCUMENT), lambda: store.lock().__aenter__()):
        with pytest.raises(ConfigurationError, match=r"token\.json"):
            await use()
    (tmp_path / "folder").mkdir()
    with pytest.raises(ConfigurationError, match="folder"):
        await FileStore(tmp_path / "folder").load()
    with pytest.raises(ConfigurationError, match="folder"):
        await FileStore(tmp_path / "folder").save(DOCUMENT)


async def test_nothing_is_left_beside_the_file(path: Path) -> None:
    store = FileStore(path)
    async with store.lock():
        await store.save(DOCUMENT)
    assert [entry.name for entry in path.parent.iterdir()] == ["token.json"]


async def test_what_killed_processes_left_behind_is_swept_up(path: Path) -> None:
    store = FileStore(path, lease=30)
    await store.save(DOCUMENT)
    old, young = path.with_name(".token.json.1.ab.tmp"), path.with_name(".token.json.2.cd.tmp")
    for left in (old, young):
        left.write_text("{")
    os.utime(old, (time.time() - 60, time.time() - 60))
    await store.save(DOCUMENT)
    assert not old.exists()
    assert young.exists(), "somebody may be about to rename it"


SAVING = """
import asyncio, sys
from nusantara.token_store import FileStore

async def main():
    store, number = FileStore(sys.argv[1], lease=0.2), 0
    while True:
        number += 1
        async with store.lock():
            await store.save({"number": number, "padding": "x" * 20_000, "again": number})
        if number == 1:
            print("saving", flush=True)

asyncio.run(main())
"""


# --- The lock between processes


@posix_only
async def test_a_holder_that_comes_and_goes_is_not_taken_for_hung(path: Path) -> None:
    """Each holding has a lease of its own, however many there were before."""
    store = FileStore(path, lease=0.3)
    ended = time.monotonic() + 1.0
    inside = 0

    async def work() -> None:
        nonlocal inside
        while time.monotonic() < ended:
            async with store.lock():
                inside += 1
                assert inside == 1
                await asyncio.sleep(0.1)
                inside -= 1

    await asyncio.gather(*(work() for _ in range(4)))


@posix_only
async def test_a_lock_that_is_released_while_it_is_asked_for_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder, other = FileLock(tmp_path / "x.lock", 60.0), FileLock(tmp_path / "x.lock", 60.0)
    assert holder._try_once() is None
    lock_file = file_lock._lock_file

    def after_release(descriptor: int) -> bool:
        monkeypatch.setattr(file_lock, "_lock_file", lock_file)
        holder._release()
        return lock_file(descriptor)

    monkeypatch.setattr(file_lock, "_lock_file", after_release)
    assert other._try_once() is not None, "it would hold a file that nobody else can find"
    assert other._try_once() is None
    other._release()


@posix_only
async def test_the_lock_is_taken_from_nobody_but_the_one_that_hangs(tmp_path: Path) -> None:
    first, second, waiter = (FileLock(tmp_path / "x.lock", 60.0) for _ in range(3))
    assert first._try_once() is None
    seen = waiter._try_once()
    assert seen is not None
    os.close(first._descriptor)  # It dies; the file stays, and is used again.
    await asyncio.sleep(0.02)
    assert second._try_once() is None
    assert waiter._try_once() != seen
    assert not waiter._take_from(seen)
    assert second.valid
    second._release()


COUNTING = """
import asyncio, sys
from nusantara.token_store import FileStore

async def main():
    store = FileStore(sys.argv[1])
    for _ in range(20):
        async with store.lock():
            document = await store.load() or {"count": 0}
            await asyncio.sleep(0.001)
            await store.save({"count": document["count"] + 1})

asyncio.run(main())
"""


@posix_only
async def test_processes_do_not_lose_each_others_changes(path: Path, child: Any) -> None:
    processes = [child(COUNTING, path) for _ in range(4)]
    for process in processes:
        assert await asyncio.to_thread(process.wait) == 0
    assert json.loads(path.read_text())["token"] == {"count": 80}


@posix_only
async def test_what_a_hung_disk_writes_at_last_replaces_nothing_once_the_lock_is_left(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FileStore(path)
    await store.save({"access_token": "baru"})
    may_go, gone, sync = threading.Event(), threading.Event(), os.fsync

    def hanging(descriptor: int) -> None:
        may_go.wait(5)
        gone.set()
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", hanging)
    with pytest.raises(TimeoutError):
        async with store.lock(), asyncio.timeout(0.05):
            await store.save({"access_token": "lama"})
    may_go.set()
    await asyncio.to_thread(gone.wait, 5)
    await asyncio.sleep(0.1)
    assert await store.load() == {"access_token": "baru"}
