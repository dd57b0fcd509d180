"""Multipart bodies: every attempt sends the whole file, or says that it cannot."""

from __future__ import annotations

import io
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from support.raw import RawServer, Received, Wire

from nusantara.client import AsyncClient, Settings
from nusantara.errors import InvalidParameter, OutcomeUnknown
from nusantara.request import CallClass
from nusantara.signing import NoAuth
from nusantara.upload import File

CONTENT = bytes(range(256)) * 8192


class OneWay(io.RawIOBase):
    """A stream that can be read only once, such as a pipe."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._content.readinto(buffer)


def one_way(content: bytes) -> Any:
    return OneWay(content)


def parts(request: Received) -> list[Message]:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    return BytesParser().parsebytes(head + request.body).get_payload()  # type: ignore[return-value]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.01)


async def upload(file: File, *, drops: int = 0) -> RawServer:
    async def answer(wire: Wire, request: Received) -> bool:
        if len(server.requests) <= drops:
            return True
        await wire.answer()
        return False

    async with RawServer(answer) as server, AsyncClient(server.base_url, NoAuth(), Settings()) as client:
        await client.request("POST", "/", form={"judul": "a b"}, files={"image": file}, call_class=CallClass.REPEATABLE)
    return server


@pytest.fixture(params=["path", "bytes", "file"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    path = tmp_path / "sepeda.png"
    path.write_bytes(CONTENT)
    if request.param == "file":
        return path.open("rb")
    return path if request.param == "path" else CONTENT


@pytest.mark.parametrize("drops", [0, 2])
async def test_every_attempt_sends_the_whole_file(source: Any, drops: int) -> None:
    server = await upload(File.of(source), drops=drops)
    assert len(server.requests) == drops + 1
    for request in server.requests:
        assert "transfer-encoding" not in request.headers, "the length is known"
        field, file = parts(request)
        assert field.get_payload(decode=True) == b"a b"
        assert file.get_payload(decode=True) == CONTENT
        expected = "file" if isinstance(source, bytes) else "sepeda.png"
        assert file.get_filename() == expected
    if hasattr(source, "close"):
        assert not source.closed, "the caller's file is the caller's to close"
        source.close()


async def test_a_one_way_stream_is_sent_once() -> None:
    server = await upload(File.of(one_way(CONTENT)))
    assert parts(server.requests[0])[1].get_payload(decode=True) == CONTENT


async def test_a_one_way_stream_is_never_sent_empty() -> None:
    file = File.of(one_way(CONTENT))
    with pytest.raises(OutcomeUnknown, match="cannot be read a second time"):
        await upload(file, drops=1)
    with pytest.raises(InvalidParameter, match="cannot be read a second time"):
        await upload(file)


@pytest.mark.parametrize("source", ["/nowhere/a.png", 7, None])
def test_what_is_no_file_is_refused_by_name(source: Any) -> None:
    with pytest.raises(InvalidParameter, match="image"):
        File.of(source, parameter="image")


def test_a_file_shows_none_of_its_content() -> None:
    assert repr(File.of(b"rahasia", parameter="x")) == (
        "File(source=bytes, name='file', content_type='application/octet-stream')"
    )


async def test_progress_ends_at_the_size_of_the_file(source: Any) -> None:
    seen: list[tuple[int, int | None]] = []
    await upload(File.of(source, progress=lambda *now: seen.append(now)))
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    if hasattr(source, "close"):
        source.close()
