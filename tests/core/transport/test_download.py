"""Files from foreign hosts: whole or not at all, with nothing of the client in the request."""

from __future__ import annotations

import asyncio
import errno
import io
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from support.files import CONTENT, FileServer
from support.raw import RawServer, Received, Wire

from nusantara import download as module
from nusantara.download import Source, download, is_local
from nusantara.errors import (
    ApiError,
    BadResponse,
    ConnectionLost,
    InvalidParameter,
    NoAnswer,
    NotFound,
    Timeout,
    UnsafeRedirect,
    WriteFailed,
)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.001)
    monkeypatch.setattr(module, "IDLE_TIMEOUT", 0.5)


async def fetch(script: Callable[[Wire, Received], Awaitable[Any]], target: Path, **options: Any) -> Any:
    async with RawServer(script) as server:
        source = Source(url=f"{server.base_url}/f.json", local=True, size=options.pop("size", None))
        try:
            return await download(source, target, **options)
        finally:
            assert [path.name for path in target.parent.iterdir() if path.name.endswith(".part")] == []


async def test_a_file_appears_whole(tmp_path: Path) -> None:
    done = await fetch(FileServer(), tmp_path / "f.json")
    assert (done.size, done.verified) == (len(CONTENT), True)
    assert done.path.read_bytes() == CONTENT


async def test_without_a_validator_a_cut_starts_anew(tmp_path: Path) -> None:
    server = FileServer(cut=200_000, etag=None)

    async def second_is_whole(wire: Wire, request: Received) -> bool:
        assert "range" not in request.headers
        done = await server(wire, request)
        server.cut = None
        return done

    done = await fetch(second_is_whole, tmp_path / "f.json")
    assert done.path.read_bytes() == CONTENT


async def test_a_file_that_changes_on_the_way_is_never_mixed(tmp_path: Path) -> None:
    server = FileServer(cut=200_000)
    other = bytes(reversed(CONTENT))

    async def changing(wire: Wire, request: Received) -> bool:
        done = await server(wire, request)
        server.content, server.etag, server.cut = other, '"v2"', None
        return done

    done = await fetch(changing, tmp_path / "f.json")
    assert done.path.read_bytes() == other


@pytest.mark.parametrize("content_range", ["bytes 0-9/10", "bytes 0-9/300000", "bytes 100-9/400000", "nonsense", ""])
async def test_a_wrong_range_is_refused(tmp_path: Path, content_range: str) -> None:
    server = FileServer(cut=1000)

    async def lying(wire: Wire, request: Received) -> bool:
        if "range" not in request.headers:
            return await server(wire, request)
        await wire.answer(206, b"x" * 10, Content_Range=content_range, ETag='"v1"')
        return False

    with pytest.raises(BadResponse, match="asked for the file from byte 1000"):
        await fetch(lying, tmp_path / "f.json")
    assert not (tmp_path / "f.json").exists()


async def test_a_length_other_than_announced_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadResponse, match=r"300000 bytes where 300001|longer than"):
        await fetch(FileServer(), tmp_path / "f.json", size=300_001)
    with pytest.raises(BadResponse, match="longer than the 299999"):
        await fetch(FileServer(), tmp_path / "f.json", size=299_999)


async def test_a_server_that_never_gives_anything_is_given_up(tmp_path: Path) -> None:
    async def drop(wire: Wire, request: Received) -> bool:
        return True

    with pytest.raises(ConnectionLost):
        await fetch(drop, tmp_path / "f.json")


async def test_a_server_that_stalls_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IDLE_TIMEOUT", 0.02)
    monkeypatch.setattr(module, "ATTEMPTS_WITHOUT_PROGRESS", 2)

    async def stall(wire: Wire, request: Received) -> bool:
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
        await wire.reader.read()
        return True

    with pytest.raises(Timeout):
        await fetch(stall, tmp_path / "f.json")


async def test_a_transfer_that_drips_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FLOOR_SECONDS", 0.05)
    monkeypatch.setattr(module, "ATTEMPTS_WITHOUT_PROGRESS", 1)

    async def drip(wire: Wire, request: Received) -> None:
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(1000):
            await wire.send(b"x")
            await asyncio.sleep(0.01)

    with pytest.raises(NoAnswer, match="slower than"):
        await fetch(drip, tmp_path / "f.json")


@pytest.mark.parametrize(("status", "kind"), [(404, NotFound), (403, ApiError)])
async def test_a_refusal_is_told(tmp_path: Path, status: int, kind: type[ApiError]) -> None:
    async def refuse(wire: Wire, request: Received) -> None:
        await wire.answer(status, b"no")

    with pytest.raises(kind, match=f"answered {status}"):
        await fetch(refuse, tmp_path / "f.json")


# --- The file on this side


async def test_a_file_that_is_there_is_kept_unless_told(tmp_path: Path) -> None:
    target = tmp_path / "f.json"
    target.write_text("lama")
    with pytest.raises(InvalidParameter, match="target"):
        await fetch(FileServer(), target)
    assert target.read_text() == "lama"
    with pytest.raises(ConnectionLost):
        await fetch(lambda wire, request: _true(), target, overwrite=True)
    assert target.read_text() == "lama"
    await fetch(FileServer(), target, overwrite=True)
    assert target.read_bytes() == CONTENT


async def _true() -> bool:
    return True


async def test_a_file_that_comes_meanwhile_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "f.json"
    server = FileServer()

    async def meanwhile(wire: Wire, request: Received) -> bool:
        target.write_text("orang lain")
        return await server(wire, request)

    with pytest.raises(InvalidParameter, match="has come"):
        await fetch(meanwhile, target)
    assert target.read_text() == "orang lain"


async def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidParameter, match="folder"):
        await download(Source(url="https://h.test/f"), tmp_path / "none" / "f.json")


async def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BufferedWriter):
        def write(self, data: Any) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("nusantara.transport.part_file.open_new", lambda path, mode: Full(io.FileIO(path, "xb")))
    with pytest.raises(WriteFailed, match="No space left"):
        await fetch(FileServer(), tmp_path / "f.json")
    assert list(tmp_path.iterdir()) == []


async def test_progress_never_shrinks_and_ends_at_the_total(tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    await fetch(FileServer(cut=40_000), tmp_path / "f.json", progress=lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (len(CONTENT), len(CONTENT))


async def test_an_exception_in_progress_ends_the_transfer_cleanly(tmp_path: Path) -> None:
    def stop(done: int, total: int | None) -> None:
        raise LookupError("cukup")

    with pytest.raises(LookupError, match="cukup"):
        await fetch(FileServer(), tmp_path / "f.json", progress=stop)
    assert list(tmp_path.iterdir()) == []


# --- Where it leads


async def test_redirects_are_followed_within_reason(tmp_path: Path) -> None:
    server = FileServer()

    async def redirect(wire: Wire, request: Received) -> bool:
        if request.target == "/f.json":
            await wire.answer(302, b"", Location="/elsewhere")
            return False
        return await server(wire, request)

    assert (await fetch(redirect, tmp_path / "f.json")).size == len(CONTENT)

    async def round_and_round(wire: Wire, request: Received) -> None:
        await wire.answer(302, b"", Location="/f.json")

    with pytest.raises(UnsafeRedirect, match="more than 5 redirects"):
        await fetch(round_and_round, tmp_path / "g.json")


@pytest.mark.parametrize(
    "url",
    [
        "http://h.test/f",
        "https://127.0.0.1/f",
        "https://10.1.2.3/f",
        "https://169.254.169.254/latest",
        "https://[::1]/f",
        "https://localhost/f",
        "https://u:p@h.test/f",
        "file:///etc/passwd",
    ],
)
async def test_addresses_that_must_not_be_asked(tmp_path: Path, url: str) -> None:
    with pytest.raises(UnsafeRedirect):
        await download(Source(url=url), tmp_path / "f")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://[", "http://u:p@127.0.0.1/x", "https:"]
)
async def test_redirects_that_must_not_be_followed(tmp_path: Path, location: str) -> None:
    async def redirect(wire: Wire, request: Received) -> None:
        await wire.answer(302, b"", Location=location)

    with pytest.raises(UnsafeRedirect):
        await fetch(redirect, tmp_path / "f.json")


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost:1", True),
        ("http://[::1]", True),
        ("https://10.0.0.1", True),
        ("https://toko.qiscus.com", False),
        ("https://8.8.8.8", False),
    ],
)
def test_what_counts_as_local(url: str, local: bool) -> None:
    assert is_local(url) is local


# --- What is left of others


def is_part(path: Path) -> bool:
    return path.name.endswith(".part")


_KILLED = """
import asyncio, sys
from pathlib import Path
from nusantara.download import Source, download

def begun(here, total):
    print(here, flush=True)

asyncio.run(download(Source(url=sys.argv[1], local=True), Path(sys.argv[2]), progress=begun))
"""


async def test_parts_of_killed_downloads_are_swept_and_no_others(tmp_path: Path) -> None:
    """A download that goes on in another process loses nothing to one that is made beside it."""
    goes_on = asyncio.Event()

    async def in_two(wire: Wire, request: Received) -> bool:
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(CONTENT) + CONTENT[:1000])
        await goes_on.wait()
        await wire.send(CONTENT[1000:])
        return True

    foreign = tmp_path / ".catatan.0badcafe.part"
    foreign.write_text("of somebody else")
    async with RawServer(in_two) as server, RawServer(FileServer()) as whole:
        url = f"{server.base_url}/f.json"
        children = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-c", _KILLED, url, tmp_path / f"{number}.json", stdout=asyncio.subprocess.PIPE
            )
            for number in range(3)
        ]
        for child in children:
            assert child.stdout is not None
            await child.stdout.readline()
        killed, alive = children[:2], children[2]
        for child in killed:
            child.kill()
            await child.wait()
        assert len([path for path in tmp_path.iterdir() if is_part(path)]) == 4
        await download(Source(url=f"{whole.base_url}/f.json", local=True), tmp_path / "f.json")
        assert {path.name[:3] for path in tmp_path.iterdir() if is_part(path)} == {".2.", ".ca"}
        goes_on.set()
        await alive.communicate()
    assert (tmp_path / "2.json").read_bytes() == CONTENT
    assert [path for path in tmp_path.iterdir() if is_part(path)] == [foreign]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize(("given", "expected"), [({}, 0o600), ({"mode": 0o640}, 0o640)])
@pytest.mark.parametrize("overwrite", [False, True])
async def test_a_file_is_its_owners_unless_told_otherwise(
    tmp_path: Path, given: dict[str, int], expected: int, overwrite: bool
) -> None:
    target = tmp_path / "f.json"
    if overwrite:
        target.touch(0o644)
    before = os.umask(0o022)
    try:
        await fetch(FileServer(), target, overwrite=overwrite, **given)
    finally:
        os.umask(before)
    assert target.stat().st_mode & 0o777 == expected


@pytest.mark.parametrize(
    ("mode", "shown"),
    [
        ("600", "str"),
        (True, "True"),
        (-1, "-0o1"),
        (0o1777, "0o1777"),
        (0o400, "0o400"),
        (None, "NoneType"),
        (0.5, "0.5"),
    ],
)
async def test_a_senseless_mode_is_refused(tmp_path: Path, mode: Any, shown: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        await download(Source(url="https://h.test/f"), tmp_path / "f", mode=mode)
    assert caught.value.parameter == "mode"
    assert caught.value.message.endswith(f"not {shown}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("Content-Type: image/jpeg\r\n", "image/jpeg"),
        ("content-type: text/plain; charset=utf-8\r\n", "text/plain; charset=utf-8"),
        ("Content-Type: \r\n", None),
        ("", None),
        ("Content-Type: a\tb\r\n", r"a\tb"),
        (f"Content-Type: {'x' * 200}\r\n", "x" * 100),
    ],
)
async def test_what_the_server_calls_the_file_is_told(tmp_path: Path, header: str, told: str | None) -> None:
    failing = True

    async def script(wire: Wire, request: Received) -> None:
        nonlocal failing
        if failing:  # What an error is called is not told.
            failing = False
            await wire.answer(503, b"{}", Content_Type="application/json")
        else:
            await wire.send(f"HTTP/1.1 200 OK\r\n{header}Content-Length: 4\r\n\r\nabcd".encode())

    done = await fetch(script, tmp_path / "f.json")
    assert (done.content_type, done.size) == (told, 4)
