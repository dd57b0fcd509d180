"""Bodies straight from the socket: whole, on every kind of connection, and honest about a cut."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from support.raw import listening, port_of

from nusantara.download import Source, download
from nusantara.errors import BadResponse, Timeout

BODY = bytes(range(256)) * 20_000
HEAD = b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\nETag: "satu"\r\n\r\n'

Write = Callable[[asyncio.StreamWriter], Any]


@asynccontextmanager
async def serving(write: Write, context: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await write(writer)
        await writer.drain()

    async with listening(answer, ssl=context) as server:
        yield f"{'https' if context else 'http'}://127.0.0.1:{port_of(server)}/berkas"


async def in_pieces(writer: asyncio.StreamWriter, *pieces: bytes, pause: float = 0.0) -> None:
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(pause)


def cut_at(*places: int) -> list[bytes]:
    ends = [*places, len(BODY)]
    return [BODY[start:end] for start, end in zip([0, *places], ends, strict=True)]


@pytest.mark.parametrize("wire", ["plain", "TLS"])
@pytest.mark.parametrize(
    "pieces",
    [
        [HEAD % len(BODY) + BODY],
        [HEAD % len(BODY), BODY],
        [HEAD % len(BODY), *cut_at(1)],
        [HEAD % len(BODY) + BODY[:77], *cut_at(77, 1 << 20, (1 << 20) + 1, (2 << 20) + 5)[1:]],
    ],
    ids=["at once", "head apart", "one byte first", "odd places"],
)
async def test_a_body_comes_whole(tmp_path: Path, wire: str, pieces: list[bytes]) -> None:
    theirs = ours = None
    if wire == "TLS":
        authority = trustme.CA()
        theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(theirs)
        ours = ssl.create_default_context()
        authority.configure_trust(ours)
    shown: list[int] = []
    async with serving(lambda writer: in_pieces(writer, *pieces, pause=0.01), theirs) as url:
        got = await download(
            Source(url=url, local=True, ssl=ours),
            tmp_path / "berkas",
            progress=lambda here, total: shown.append(here),
        )
    assert (got.size, got.verified) == (len(BODY), True)
    assert (tmp_path / "berkas").read_bytes() == BODY
    assert shown == sorted(shown)
    assert shown[-1] == len(BODY)


async def test_a_slow_reader_loses_nothing(tmp_path: Path) -> None:
    """What comes while a piece is written waits in the socket."""
    blocked = asyncio.Event()

    async def write(writer: asyncio.StreamWriter) -> None:
        await in_pieces(writer, HEAD % len(BODY) + BODY[:10])
        await blocked.wait()
        await in_pieces(writer, BODY[10:])

    def slowly(here: int, total: int | None) -> None:
        loop.call_later(0.05, blocked.set)

    loop = asyncio.get_running_loop()
    async with serving(write) as url:
        await download(Source(url=url, local=True), tmp_path / "berkas", progress=slowly)
    assert (tmp_path / "berkas").read_bytes() == BODY


async def test_what_has_come_is_shown_though_the_piece_is_not_full(tmp_path: Path) -> None:
    shown: list[int] = []

    async def write(writer: asyncio.StreamWriter) -> None:
        await in_pieces(writer, HEAD % len(BODY) + BODY[:1000], *cut_at(1000, 2000, 3000)[1:], pause=0.3)

    async with serving(write) as url:
        await download(
            Source(url=url, local=True), tmp_path / "berkas", progress=lambda here, total: shown.append(here)
        )
    assert {1000, 2000, 3000} <= set(shown)


async def test_a_cut_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nusantara.download.PAUSE", 0.0)
    async with serving(lambda writer: in_pieces(writer, HEAD % len(BODY) + BODY[:-1])) as url:
        with pytest.raises(BadResponse):
            await download(Source(url=url, local=True), tmp_path / "berkas")
    assert list(tmp_path.iterdir()) == []


async def test_silence_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nusantara.download.IDLE_TIMEOUT", 0.1)
    monkeypatch.setattr("nusantara.download.PAUSE", 0.0)
    over = asyncio.Event()

    async def write(writer: asyncio.StreamWriter) -> None:
        await in_pieces(writer, HEAD % len(BODY) + BODY[:5000])
        await over.wait()

    async with serving(write) as url:
        with pytest.raises(Timeout, match=r"stalled for 0\.1 s"):
            await download(Source(url=url, local=True), tmp_path / "berkas")
        over.set()
    assert list(tmp_path.iterdir()) == []
