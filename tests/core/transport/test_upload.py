"""Multipart bodies: every attempt sends the whole file, or says that it cannot."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from email.message import Message
from email.parser import BytesParser, Parser
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.php import read_form
from support.raw import RawServer, Received, Wire, listening, port_of

from nusantara.client import AsyncClient, Settings
from nusantara.errors import ApiError, InvalidParameter, NusantaraError, OutcomeUnknown, Sent
from nusantara.request import CallClass, post
from nusantara.signing import NoAuth
from nusantara.transport.early_answer import EarlyAnswerGuard
from nusantara.transport.multipart import Form
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


# --- Names

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), min_size=1, max_size=12).filter(
    str.strip
)


def written(files: dict[str, File], form: dict[str, Any] | None = None) -> tuple[str, bytes]:
    """Content type and body of a form."""

    async def write() -> tuple[str, bytes]:
        made = await Form.of(post("/", form=form, files=files, call_class=CallClass.SAFE))
        body = b"".join([bytes(piece) async for piece in made.pieces()])
        assert len(body) == made.length
        return made.content_type, body

    return asyncio.run(write())


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("bukti transfer.jpg", "bukti transfer.jpg"),
        ("struk-\u00e9\u20ac\U0001f98a.png", "struk-\u00e9\u20ac\U0001f98a.png"),
        ('ku"tip.txt', "ku%22tip.txt"),
        ("100%.txt", "100%.txt"),
        ("a;b=c,d'e.txt", "a;b=c,d'e.txt"),
        ("C:\\foto\\a.jpg", "C:\\foto\\a.jpg"),
        ("../a/b.jpg", "../a/b.jpg"),
        ("a\\", "a\\\\"),
    ],
)
def test_names_are_written_as_browsers_do(name: str, sent: str) -> None:
    _, body = written({"bu kti": File(b"isi", name)}, {name.rstrip("\\"): "x"})
    assert f'\r\nContent-Disposition: form-data; name="bu kti"; filename="{sent}"\r\n'.encode() in body
    assert f'\r\nContent-Disposition: form-data; name="{sent.rstrip(chr(92))}"\r\n\r\nx\r\n'.encode() in b"\r\n" + body


@given(NAMES, NAMES, NAMES)
@example("bukti", "a\\", "a\\\\b")
@example('a"; filename="b', 'a"; name="b', "\u2028;\t")
def test_every_name_is_read_as_it_is(field: str, filename: str, plain: str) -> None:
    if field.endswith("\\"):
        with pytest.raises(InvalidParameter, match="backslash"):
            written({field: File(b"isi")})
        return
    kind, body = written({field: File(b"isi", filename)}, {plain: "nilai"})
    as_sent = [name.replace('"', "%22") for name in (plain, field, filename)]

    value, file = read_form(body, kind.partition("boundary=")[2])
    assert (value.name, value.filename, value.data) == (as_sent[0], None, b"nilai")
    assert (file.name, file.data) == (as_sent[1], b"isi")
    assert file.filename == re.split(r"[/\\]", as_sent[2])[-1]

    parts: Any = Parser().parsestr(f"Content-Type: {kind}\r\n\r\n{body.decode()}").get_payload()
    found = [
        part.get_param(word, header="content-disposition")
        for part, word in zip([*parts, parts[1]], ["name", "name", "filename"], strict=True)
    ]
    assert found == as_sent
    assert parts[1].get_payload() == "isi"


@pytest.mark.parametrize("name", ["", " ", "\t"])
def test_a_file_has_a_name(name: str) -> None:
    with pytest.raises(InvalidParameter, match="name: must be text, not empty"):
        File(b"isi", name)
    with pytest.raises(InvalidParameter, match="content_type"):
        File(b"isi", "a", name)


@pytest.mark.parametrize("name", ["", "/", b"/tmp/struk.png", 7, None])
def test_a_stream_gets_a_name(name: Any) -> None:
    stream = io.BytesIO(b"isi")
    stream.name = name
    assert File.of(stream).name == ("struk.png" if isinstance(name, bytes) else "file")


# --- What fails while a body is made


class Failing(io.RawIOBase):
    """A file that cannot be read, from some place on."""

    def __init__(self, error: Exception, at: int) -> None:
        self._error = error
        self._at = at

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._at <= 0:
            raise self._error
        size = min(len(buffer), self._at)
        self._at -= size
        buffer[:size] = b"x" * size
        return size


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[tuple[RawServer, AsyncClient]]:
    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer()

    async with RawServer(answer) as server, AsyncClient(server.base_url, NoAuth(), Settings()) as client:
        yield server, client


@pytest.mark.parametrize(
    "error", [RuntimeError("milik sendiri"), LookupError("milik sendiri"), AssertionError("milik sendiri")]
)
@pytest.mark.parametrize("at", [0, 70_000, 3_000_000])
async def test_what_the_callers_file_raises_is_raised(error: Exception, at: int) -> None:
    async with serving() as (server, client):
        with pytest.raises(type(error), match="milik sendiri"):
            await client.request("POST", "/", files={"image": File.of(one(Failing(error, at)))})
        assert server.requests == []
        assert at or server.connections == 0


@pytest.mark.parametrize("error", [OSError(5, "rusak"), ValueError("rusak"), io.UnsupportedOperation("rusak")])
@pytest.mark.parametrize(("at", "sent"), [(0, Sent.NO), (3_000_000, Sent.MAYBE)])
async def test_a_file_that_cannot_be_read_is_named(error: Exception, at: int, sent: Sent) -> None:
    async with serving() as (server, client):
        with pytest.raises(InvalidParameter, match="image: cannot be read: rusak") as caught:
            await client.request("POST", "/", files={"image": File.of(one(Failing(error, at)))})
        assert (caught.value.sent, server.requests) == (sent, [])
        assert at or server.connections == 0


def one(stream: Any) -> Any:
    return stream


@pytest.mark.parametrize("name", ["gambar \u00e9\u20ac", 'gam"bar', "gam;bar", "gam\\bar"])
async def test_any_field_name_can_stand_beside_a_file(name: str) -> None:
    async with serving() as (server, client):
        await client.request("POST", "/", form={name: "a"}, files={f"{name} 2": File(b"isi")})
    [request] = server.requests
    found = read_form(request.body, request.headers["content-type"].partition("boundary=")[2])
    assert [part.name.replace("%22", '"') for part in found] == [name, f"{name} 2"]


@pytest.mark.parametrize("where", ["field", "value", "name of a file's field"])
async def test_what_has_no_form_in_a_body_is_refused_by_name(where: str) -> None:
    form = {"a\ud800" if where == "field" else "a": "b\ud800" if where == "value" else "b"}
    files = {"c\ud800" if "file" in where else "c": File(b"isi")}
    async with serving() as (server, client):
        with pytest.raises(InvalidParameter, match="lone surrogate") as caught:
            await client.request("POST", "/", form=form, files=files)
    assert (caught.value.sent, server.connections) == (Sent.NO, 0)


# --- Files that are not what they seem


async def test_a_closed_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"isi")
    stream = path.open("rb")
    file = File.of(stream)
    stream.close()
    with pytest.raises(InvalidParameter, match="image: is a file that was closed"):
        File.of(stream, parameter="image")
    async with serving() as (server, client):
        with pytest.raises(InvalidParameter, match="image: is a file that was closed"):
            await client.request("POST", "/", files={"image": file})
    assert server.connections == 0


@pytest.mark.parametrize("source", [b"", "empty file", "opened"])
async def test_an_empty_file_may_be_sent(tmp_path: Path, source: Any) -> None:
    path = tmp_path / "kosong"
    path.write_bytes(b"")
    with path.open("rb") as opened:
        server = await upload(File.of(path if source == "empty file" else opened if source == "opened" else b""))
    assert parts(server.requests[0])[1].get_payload(decode=True) == b""


@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize("path", ["/proc/self/cmdline", "/proc/cpuinfo", "/sys/kernel/mm/transparent_hugepage/enabled"])
async def test_a_file_whose_size_the_system_does_not_know_is_sent_whole(path: str, opened: bool) -> None:
    if not os.path.exists(path):
        pytest.skip(f"no {path}")
    with open(path, "rb") as stream:
        server = await upload(File.of(stream if opened else path), drops=1)
    for request in server.requests:
        content = parts(request)[1].get_payload(decode=True)
        assert isinstance(content, bytes)
        assert content.split(b":")[0] == Path(path).read_bytes().split(b":")[0] != b""
        assert "content-length" in request.headers


@contextlib.contextmanager
def fifo(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "pipa"
    os.mkfifo(path)
    yield path


def write_slowly(path: Path, size: int) -> subprocess.Popen[bytes]:
    lines = [
        "import time",
        f"with open({str(path)!r}, 'wb', 0) as pipe:",
        "    for _ in range(4):",
        f"        pipe.write(b'x' * {size // 4})",
        "        time.sleep(0.05)",
    ]
    return subprocess.Popen([sys.executable, "-c", "\n".join(lines)])


@pytest.mark.parametrize("size", [400, 400_000])
@pytest.mark.parametrize("how", ["path", "opened", "unbuffered"])
async def test_a_pipe_is_read_to_its_end(tmp_path: Path, how: str, size: int) -> None:
    with fifo(tmp_path) as path, write_slowly(path, size) as writer:
        if how == "path":
            server = await upload(File.of(path))
        else:
            with await asyncio.to_thread(open, path, "rb", -1 if how == "opened" else 0) as stream:
                server = await upload(File.of(stream))
        assert writer.wait(10) == 0
    [request] = server.requests
    assert parts(request)[1].get_payload(decode=True) == b"x" * size
    assert parts(request)[1].get_filename() == "pipa"
    assert ("content-length" in request.headers) == (size == 400), "what is small is known before it is sent"


PROGRAM = """
import asyncio, os, socket, sys, time
from nusantara.client import AsyncClient, Settings
from nusantara.errors import NusantaraError
from nusantara.signing import NoAuth
from nusantara.upload import File

class Never:
    def read(self, size): time.sleep(1000)
    def seekable(self): return False

async def main(path, how):
    client = AsyncClient("http://127.0.0.1:9", NoAuth(), Settings(timeout=0.4))
    async def one():
        try:
            if how == "path":
                await client.request("POST", "/", files={"a": File.of(path)})
            elif how == "object":
                await client.request("POST", "/", files={"a": File.of(Never())})
            else:
                with os.fdopen(os.open(path, os.O_RDWR), "rb", 0 if how == "unbuffered" else -1) as stream:
                    await client.request("POST", "/", files={"a": File.of(stream)})
        except NusantaraError as error:
            return f"{type(error).__name__} {error.sent}"
    outcomes = await asyncio.gather(*(one() for _ in range(12)))
    await asyncio.wait_for(asyncio.get_running_loop().getaddrinfo("localhost", 80), 5)
    await client.aclose()
    print({*outcomes}, flush=True)
    print(time.time(), flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize("how", ["path", "opened", "unbuffered", "object"])
async def test_a_pipe_that_never_ends_holds_up_nothing(tmp_path: Path, how: str) -> None:
    with fifo(tmp_path) as path:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROGRAM, str(path), how, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        out, err = await asyncio.wait_for(process.communicate(), 30)
        over = time.time()
    assert (process.returncode, err) == (0, b"")
    outcome, ended = out.decode().splitlines()
    assert outcome == "{'Timeout no'}"
    assert over - float(ended) < 2


# --- Answers that come early


class EarlyServer:
    """Answers when it has the headers, and goes on reading; notes every byte."""

    def __init__(self, status: int, *, closes: bool = False, slow: bool = False) -> None:
        self._status = status
        self._closes = closes
        self._slow = slow
        self.whole: list[bool] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = re.search("content-length: ([0-9]+)", head)
            end = "Connection: close\r\n" if self._closes else ""
            writer.write(f"HTTP/1.1 {self._status} X\r\n{end}Content-Length: 2\r\n\r\n{{}}".encode())
            await writer.drain()
            if self._closes:
                return
            number = len(self.whole)
            self.whole.append(False)
            if length is None:
                while await reader.readuntil(b"\r\n") != b"0\r\n":
                    pass
                await reader.readuntil(b"\r\n")
            else:
                left = int(length[1])
                while left:
                    chunk = await reader.read(min(left, 1 << 18))
                    if not chunk:
                        return
                    left -= len(chunk)
                    await asyncio.sleep(0.01 if self._slow else 0)
            self.whole[number] = True


BIG = b"x" * 5_000_000
UPLOADS: dict[str, Callable[[], dict[str, Any]]] = {
    "json": lambda: {"json": BIG.decode()},
    "bytes": lambda: {"files": {"image": File(BIG)}},
    "stream": lambda: {"files": {"image": File.of(one_way(BIG))}},
}


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("slow", [False, True])
@pytest.mark.parametrize("body", UPLOADS)
async def test_a_2xx_ends_an_upload_only_when_it_has_left(body: str, slow: bool, status: int) -> None:
    early = EarlyServer(status, slow=slow and body != "stream")
    async with listening(early) as server:
        async with AsyncClient(f"http://127.0.0.1:{port_of(server)}", NoAuth(), Settings()) as client:
            for _ in range(3):
                answer = await client.request("POST", "/", **UPLOADS[body]())
                assert (answer.status, answer.body) == (status, b"{}")
        async with asyncio.timeout(5):
            while early.whole.count(True) < 3:
                await asyncio.sleep(0.01)
    assert early.whole == [True] * 3


@pytest.mark.parametrize("body", ["json", "bytes"])
async def test_a_body_has_left_when_the_system_has_all_of_it(monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """A program may end when it has its answer, and what waits in it with it."""
    waiting: list[int] = []
    connect, left = aiohttp.TCPConnector._create_connection, EarlyAnswerGuard.body_has_left

    async def narrow(self: Any, *rest: Any) -> Any:
        protocol: Any = await connect(self, *rest)
        protocol.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
        return protocol

    def note(self: EarlyAnswerGuard) -> None:
        assert self.transport is not None
        waiting.append(self.transport.get_write_buffer_size())
        left(self)

    monkeypatch.setattr(aiohttp.TCPConnector, "_create_connection", narrow)
    monkeypatch.setattr(EarlyAnswerGuard, "body_has_left", note)
    async with listening(EarlyServer(200, slow=True)) as server:
        async with AsyncClient(f"http://127.0.0.1:{port_of(server)}", NoAuth(), Settings()) as client:
            await client.request("POST", "/", **UPLOADS[body]())
    assert waiting == [0]


@pytest.mark.parametrize("body", UPLOADS)
@pytest.mark.parametrize("status", [302, 400, 413, 503])
async def test_a_refusal_may_end_an_upload(body: str, status: int) -> None:
    early = EarlyServer(status, slow=True)
    async with listening(early) as server:
        async with AsyncClient(f"http://127.0.0.1:{port_of(server)}", NoAuth(), Settings()) as client:
            with pytest.raises(NusantaraError) as caught:
                await client.request("POST", "/", **UPLOADS[body]())
    assert isinstance(caught.value, ApiError) or status == 302
    assert caught.value.status == status
    assert body == "stream" or early.whole == [False]


@pytest.mark.parametrize("body", UPLOADS)
async def test_a_2xx_that_cut_the_body_of_a_foreign_session_is_no_success(body: str) -> None:
    early = EarlyServer(200, slow=body != "stream")
    async with listening(early) as server, aiohttp.ClientSession() as own:
        client = AsyncClient(f"http://127.0.0.1:{port_of(server)}", NoAuth(), Settings(session=own))
        with contextlib.suppress(OutcomeUnknown):  # A quick machine may have taken all before the answer was seen.
            await client.request("POST", "/", **UPLOADS[body]())
            async with asyncio.timeout(5):
                while early.whole != [True]:
                    await asyncio.sleep(0.01)


@pytest.mark.parametrize("body", UPLOADS)
async def test_a_2xx_of_a_server_that_stops_reading_is_no_success(body: str) -> None:
    early = EarlyServer(200, closes=True)
    async with listening(early) as server:
        async with AsyncClient(f"http://127.0.0.1:{port_of(server)}", NoAuth(), Settings()) as client:
            with pytest.raises(OutcomeUnknown) as caught:
                await client.request("POST", "/", **UPLOADS[body]())
    assert caught.value.sent is Sent.MAYBE
