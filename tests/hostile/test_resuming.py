"""A download that was killed: the next one goes on with it, if the file is still the same."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hostile.conftest import OpenClient, Serve
from support.faults import Seen
from support.files import CONTENT, FileServer, export_at, export_record
from support.flavours import Flavour
from support.raw import Received, Wire

from nusantara.download import Source, download
from nusantara.errors import ClosedClient, InvalidParameter
from nusantara.transport import Note, PartFile

ROOT = Path(__file__).parents[2]
KILLED = """
import asyncio, sys
from pathlib import Path
from nusantara.download import Source, download
asyncio.run(download(Source(url=sys.argv[1], local=True), Path(sys.argv[2]), overwrite=True))
"""
KILLED_EXPORT = """
import asyncio, sys
from datetime import date
from qiscus_async import AsyncQiscus, Qiscus
flavour, base_url, target = sys.argv[1:]
job = ("comments", date(2021, 1, 1), date(2021, 1, 31), target)
async def main():
    async with AsyncQiscus("toko", "rahasia", base_url=base_url) as qiscus:
        await qiscus.exports.run(*job)
if flavour == "async":
    asyncio.run(main())
else:
    with Qiscus("toko", "rahasia", base_url=base_url) as qiscus:
        qiscus.exports.run(*job)
"""
PIECE = 10_000

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nothing tells there whose a part is")


class SlowServer(FileServer):
    """Sends its file piece by piece, and notes what is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.pause = 0.005
        self.ranges: list[str | None] = []
        self.ignores_ranges = False

    async def __call__(self, wire: Wire, request: Received) -> bool:
        self.ranges.append(request.headers.get("range"))
        start = 0
        asked = request.headers.get("range", "").removeprefix("bytes=").removesuffix("-")
        if asked and request.headers.get("if-range") == self.etag and not self.ignores_ranges:
            start = int(asked)
        rest = self.content[start:]
        head = f"HTTP/1.1 {206 if start else 200} OK\r\nContent-Length: {len(rest)}\r\nETag: {self.etag}\r\n"
        if start:
            head += f"Content-Range: bytes {start}-{len(self.content) - 1}/{len(self.content)}\r\n"
        await wire.send(head.encode() + b"\r\n")
        for place in range(0, len(rest), PIECE):
            await wire.send(rest[place : place + PIECE])
            await asyncio.sleep(self.pause)
        return False


async def kill_one(url: str, target: Path, after: int) -> int:
    """Kill a download when so many bytes are in its part; how many those are at the end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", KILLED, url, str(target)),
        env={"PYTHONPATH": f"{ROOT / 'common'}:{ROOT}", "PATH": "/usr/bin:/bin"},
    )
    async with asyncio.timeout(30):
        while sum(part.stat().st_size for part in parts(target)) < after:
            assert process.returncode is None
            await asyncio.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    return sum(part.stat().st_size for part in parts(target))


def leave(url: str, target: Path, mode: int = 0o600) -> int:
    """What a download that was killed leaves; how many bytes those are."""
    part = PartFile(target, mode, Source(url=url).mark)
    part.write_note(Note(source=Source(url=url).mark, validator='"v1"', total=len(CONTENT)))
    part.file.write(CONTENT[: 5 * PIECE])
    part.file.close()
    part._unlock()
    return 5 * PIECE


def parts(target: Path) -> list[Path]:
    return [*target.parent.glob(f".{target.name}.*.part")]


def left_beside(target: Path) -> list[str]:
    return [path.name for path in target.parent.iterdir() if path != target]


async def test_g50_a_killed_download_goes_on_where_it_was(
    open_client: OpenClient, serve: Serve, tmp_path: Path, seen: Seen
) -> None:
    script = SlowServer()
    server = await serve(script)
    url, target = f"{server.base_url}/bukti.jpg", tmp_path / "bukti.jpg"
    script.pause = 0.03
    have = 0
    for _ in range(3):
        have = await kill_one(f"{url}?signature={random.random()}", target, have + PIECE)
    assert 0 < have < len(CONTENT)
    script.pause = 0
    got = await open_client(server.base_url)(lambda c: c.download(f"{url}?signature=other", target))
    assert (got.path, got.size, got.verified) == (target, len(CONTENT), True)
    assert target.read_bytes() == CONTENT
    assert script.ranges[0] is None
    assert script.ranges[-1] == f"bytes={have}-"
    assert left_beside(target) == []
    seen("gone on with", f"after 3 kills, from byte {have} of {len(CONTENT)}")


@pytest.mark.parametrize(
    "what", ["the file changed", "no ranges", "another address", "another target", "not wanted", "no note"]
)
async def test_g50_what_does_not_fit_is_fetched_anew(
    open_client: OpenClient, serve: Serve, tmp_path: Path, seen: Seen, what: str
) -> None:
    script = SlowServer()
    server = await serve(script)
    url, target = f"{server.base_url}/bukti.jpg", tmp_path / "bukti.jpg"
    have = await kill_one(url, target, 5 * PIECE)
    [note] = tmp_path.glob(".*.note")
    options: dict[str, Any] = {}
    if what == "the file changed":
        script.content, script.etag = bytes(reversed(CONTENT)), '"v2"'
    elif what == "no ranges":
        script.ignores_ranges = True
    elif what == "another address":
        url = f"{server.base_url}/lain.jpg"
    elif what == "another target":
        target = tmp_path / "bukti.jpg.lain"
    elif what == "not wanted":
        options = {"resume": False}
    else:
        note.unlink()
    script.pause = 0
    await open_client(server.base_url)(lambda c: c.download(url, target, **options))
    assert target.read_bytes() == script.content
    asked = f"bytes={have}-" if what in ("the file changed", "no ranges") else None
    assert script.ranges[1:] == [asked]
    assert left_beside(target) == []
    seen("fetched anew", what)


SPOILT = {
    "an empty note": b"",
    "half a note": b"{",
    "another document": b"[]",
    "no document": b"null",
    "no text": b"\xff",
    "a deep note": b"[" * 8_000,
    "no source": {"source": 1},
    "two lines": {"validator": "a\r\nX-Other: b"},
    "half a character": {"validator": '"\ud800"'},
    "no validator": {"validator": ""},
    "a negative length": {"total": -1},
    "half a byte": {"total": 300_000.5},
    "another system": {"system": "x"},
}
"""Notes that say nothing, or what no note of ours says."""


@pytest.mark.parametrize("what", SPOILT)
async def test_g50_a_note_that_is_spoilt_says_nothing(serve: Serve, tmp_path: Path, seen: Seen, what: str) -> None:
    script = SlowServer()
    server = await serve(script)
    url, target = f"{server.base_url}/bukti.jpg", tmp_path / "bukti.jpg"
    leave(url, target)
    [note] = tmp_path.glob(".*.note")
    change = SPOILT[what]
    note.write_bytes(
        change if isinstance(change, bytes) else json.dumps(json.loads(note.read_bytes()) | change).encode()
    )
    script.pause = 0
    await download(Source(url=url, local=True), target)
    assert target.read_bytes() == CONTENT
    assert script.ranges == [None]
    assert left_beside(target) == []
    seen("fetched anew", what)


@pytest.mark.parametrize("what", ["part", "note"])
@pytest.mark.parametrize("how", ["a stranger's", "may be written by others", "has another name", "a link", "a pipe"])
async def test_g50_what_others_may_have_had_a_hand_in_is_not_gone_on_with(
    serve: Serve, tmp_path: Path, seen: Seen, what: str, how: str
) -> None:
    if how == "a stranger's" and os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    script = SlowServer()
    server = await serve(script)
    url, target = f"{server.base_url}/bukti.jpg", tmp_path / "bukti.jpg"
    leave(url, target)
    [path] = tmp_path.glob(f".*.{what}")
    elsewhere = tmp_path / "elsewhere"
    if how == "a stranger's":
        os.chown(path, 4_242, -1)
    elif how == "may be written by others":
        path.chmod(0o622)
    elif how == "has another name":
        elsewhere.hardlink_to(path)
    elif how == "a link":
        elsewhere.symlink_to(path.rename(tmp_path / "real"))
        elsewhere.rename(path)
    else:
        path.unlink()
        os.mkfifo(path)
    before = elsewhere.read_bytes() if how == "has another name" else b""
    script.pause = 0
    async with asyncio.timeout(10):
        await download(Source(url=url, local=True), target)
    assert target.read_bytes() == CONTENT
    assert script.ranges == [None]
    assert (target.stat().st_uid, target.stat().st_mode & 0o777, target.stat().st_nlink) == (os.geteuid(), 0o600, 1)
    assert how != "has another name" or elsewhere.read_bytes() == before
    seen("fetched anew", f"{what}: {how}")


@pytest.mark.parametrize(("old", "new"), [(0o644, 0o600), (0o600, 0o644)])
async def test_g50_the_file_may_be_read_by_those_that_this_call_says(
    serve: Serve, tmp_path: Path, seen: Seen, old: int, new: int
) -> None:
    script = SlowServer()
    server = await serve(script)
    url, target = f"{server.base_url}/bukti.jpg", tmp_path / "bukti.jpg"
    script.pause = 0
    before = os.umask(0o022)
    try:
        leave(url, target, mode=old)
        await download(Source(url=url, local=True), target, mode=new)
    finally:
        os.umask(before)
    assert target.read_bytes() == CONTENT
    assert target.stat().st_mode & 0o777 == new
    seen("as this call says", f"{new:o} after {old:o}")


async def test_g50_what_is_left_and_fits_is_gone_on_with(serve: Serve, tmp_path: Path) -> None:
    script = SlowServer()
    server = await serve(script)
    url, target = f"{server.base_url}/bukti.jpg", tmp_path / "bukti.jpg"
    have = leave(url, target)
    await download(Source(url=url, local=True), target)
    assert target.read_bytes() == CONTENT
    assert script.ranges == [f"bytes={have}-"]


async def test_g50_an_etag_that_cannot_be_sent_back_is_none(serve: Serve, tmp_path: Path, seen: Seen) -> None:
    cuts = [100_000, 200_000, len(CONTENT)]

    async def script(wire: Wire, request: Received) -> bool:
        assert "range" not in request.headers
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(CONTENT)}\r\nETag: ".encode()
        await wire.send(head + b'"\xff"\r\n\r\n' + CONTENT[: cuts.pop(0)])
        return bool(cuts)

    server = await serve(script)
    target = tmp_path / "bukti.jpg"
    await download(Source(url=f"{server.base_url}/a", local=True), target)
    assert target.read_bytes() == CONTENT
    seen("fetched anew after each cut")


async def test_g50_two_at_once_do_not_take_the_same_part(
    open_client: OpenClient, serve: Serve, tmp_path: Path, seen: Seen
) -> None:
    script = SlowServer()
    server = await serve(script)
    url, target = f"{server.base_url}/bukti.jpg", tmp_path / "bukti.jpg"
    have = await kill_one(url, target, 5 * PIECE)
    client = open_client(server.base_url)
    await asyncio.gather(*(client(lambda c: c.download(url, target, overwrite=True)) for _ in range(2)))
    assert target.read_bytes() == CONTENT
    assert sorted(map(str, script.ranges[1:])) == sorted([f"bytes={have}-", "None"])
    assert left_beside(target) == []
    seen("one goes on, the other begins anew")


@pytest.mark.parametrize("left", [False, True], ids=["nothing left", "a part left"])
async def test_g50_processes_with_one_target_do_not_spoil_it(
    serve: Serve, tmp_path: Path, seen: Seen, left: bool
) -> None:
    script = SlowServer()
    server = await serve(script)
    url, target = f"{server.base_url}/bukti.jpg", tmp_path / "bukti.jpg"
    have = leave(url, target) if left else 0
    script.pause = 0.01
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", KILLED, url, str(target)),
            env={"PYTHONPATH": f"{ROOT / 'common'}:{ROOT}", "PATH": "/usr/bin:/bin"},
        )
        for _ in range(3)
    ]
    async with asyncio.timeout(30):
        assert [await process.wait() for process in processes] == [0, 0, 0]
    assert target.read_bytes() == CONTENT
    assert left_beside(target) == []
    assert sorted(map(str, script.ranges)) == sorted([f"bytes={have}-" if left else "None", "None", "None"])
    seen("whole", f"3 processes, {have} bytes left")


async def test_g50_a_part_that_was_whole_is_not_fetched_again(
    open_client: OpenClient, serve: Serve, tmp_path: Path, seen: Seen
) -> None:
    script = SlowServer()
    full = False

    async def serve_it(wire: Wire, request: Received) -> bool:
        if full:
            assert request.headers["range"] == f"bytes={len(CONTENT)}-"
            await wire.answer(416, b"", Content_Range=f"bytes */{len(CONTENT)}")
            return False
        return await script(wire, request)

    server = await serve(serve_it)
    url, target = f"{server.base_url}/bukti.jpg", tmp_path / "bukti.jpg"
    await kill_one(url, target, 5 * PIECE)
    [part] = parts(target)
    part.write_bytes(CONTENT)
    full = True
    await open_client(server.base_url)(lambda c: c.download(url, target))
    assert target.read_bytes() == CONTENT
    seen("only its name was missing")


async def test_g50_a_killed_export_is_not_asked_for_again(
    open_client: OpenClient, serve: Serve, tmp_path: Path, seen: Seen, flavour: str
) -> None:
    files, finished, polled = SlowServer(), False, asyncio.Event()
    files.pause = 0.03

    async def vendor(wire: Wire, request: Received) -> bool:
        if "/berkas/" in request.target:
            return await files(wire, request)
        if request.method == "POST":
            await wire.answer(body={"results": export_record(), "status": 200})
            return False
        polled.set()
        url = f"{server.base_url}/berkas/dd2c46a8?signature={random.random()}"
        done = export_record(status="finished", percentage=100, size=len(CONTENT), download_url=url)
        record = done if finished else export_record()
        await wire.answer(body={"results": {"backup_history": record}, "status": 200})
        return False

    server = await serve(vendor)
    target = tmp_path / "cadangan.json"

    async def run_until(ready: Callable[[], bool]) -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", KILLED_EXPORT, flavour, server.base_url, str(target)),
            env={"PYTHONPATH": f"{ROOT / 'common'}:{ROOT}", "PATH": "/usr/bin:/bin"},
        )
        async with asyncio.timeout(30):
            while not ready():
                assert process.returncode is None
                await asyncio.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        await process.wait()

    def have() -> int:
        return sum(part.stat().st_size for part in parts(target))

    def reached(goal: int) -> bool:
        return have() >= goal

    await run_until(polled.is_set)
    finished = True
    for _ in range(2):
        goal = have() + PIECE
        await run_until(partial(reached, goal))
    left, files.pause = have(), 0
    assert 0 < left < len(CONTENT)
    client = open_client(server.base_url, "qiscus")
    done = await client(lambda q: q.exports.run("comments", date(2021, 1, 1), date(2021, 1, 31), target))
    assert (target.read_bytes(), done.verified) == (CONTENT, True)
    assert target.stat().st_mode & 0o777 == 0o600
    assert files.ranges[-1] == f"bytes={left}-"
    assert [request.method for request in server.requests].count("POST") == 1
    assert left_beside(target) == []
    seen("asked for once, gone on with", f"3 kills, then from byte {left}")


@pytest.mark.parametrize(
    ("url", "target", "parameter"),
    [
        *((url, "f", "url") for url in (None, b"x", "", "f.jpg", "ftp://h/f", "https://", "https://u:p@h/f", "//h/f")),
        *((url, "f", "url") for url in ("http://[::1", "https://h:99999/f", "javascript:1", 5)),
        *(("https://h.example/f", target, "target") for target in (None, "", b"f", 5, "no/such/folder/f", ".", "a\0b")),
    ],
)
async def test_bad_values_are_refused_by_name(
    open_client: OpenClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: Any, target: Any, parameter: str
) -> None:
    monkeypatch.chdir(tmp_path)
    client = open_client("http://127.0.0.1:1")
    with pytest.raises(InvalidParameter) as caught:
        await client(lambda c: c.download(url, target))
    assert caught.value.parameter == parameter
    assert os.listdir() == []


@pytest.mark.parametrize("option", ["overwrite", "resume"])
async def test_flags_are_flags(open_client: OpenClient, tmp_path: Path, option: str) -> None:
    client = open_client("http://127.0.0.1:1")
    with pytest.raises(InvalidParameter, match=option):
        await client(lambda c: c.download("http://127.0.0.1:1/f", tmp_path / "f", **{option: "yes"}))


async def test_nothing_of_the_client_is_in_the_request(
    open_client: OpenClient, serve: Serve, tmp_path: Path, seen: Seen
) -> None:
    server = await serve(FileServer())
    for vendor in ("bukalapak", "kaskus", "qiscus"):
        client = open_client(server.base_url, vendor, headers={"X-Mine": "1"})
        await client(lambda c: c.download(f"{server.base_url}/a", tmp_path / "a", overwrite=True))
        request = server.requests[-1]
        assert set(request.headers) <= {"host", "accept", "accept-encoding", "user-agent"}, request.headers
    seen("nothing but the address")


async def test_a_closed_client_fetches_nothing(
    open_client: OpenClient, serve: Serve, tmp_path: Path, flavour: str
) -> None:
    server = await serve(FileServer())
    url, target = f"{server.base_url}/a", tmp_path / "a"
    for vendor in ("bukalapak", "kaskus", "qiscus"):
        client = open_client(server.base_url, vendor)
        await client.close()
        with pytest.raises(ClosedClient):
            await client(lambda c: c.download(url, target))
    with pytest.raises(ClosedClient):
        await client(lambda c: c.exports.download(export_at(url), target))
    assert server.requests == []


async def test_an_app_that_was_ended_fetches_nothing(open_client: OpenClient, serve: Serve, tmp_path: Path) -> None:
    server = await serve(FileServer())
    client = open_client(server.base_url, "qiscus")
    other: Flavour[Any] = Flavour(client.name, client.client.with_app("lain", "rahasia"))
    await other.close()
    with pytest.raises(ClosedClient):
        await other(lambda q: q.download(f"{server.base_url}/a", tmp_path / "a"))
    await client(lambda q: q.download(f"{server.base_url}/a", tmp_path / "a"))
