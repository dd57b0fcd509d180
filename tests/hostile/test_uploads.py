"""Uploads: they end in time, an early refusal is heard, and no attempt sends anything but the file."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest
import trustme
from hostile.conftest import OpenClient, Serve, best_time
from support.faults import Seen
from support.flavours import Flavour
from support.raw import Received, Wire, listening, port_of

from nusantara.errors import ApiError, InvalidParameter, OutcomeUnknown, Phase, Sent, Timeout
from nusantara.options import Timeouts
from nusantara.request import CallClass
from nusantara.upload import File
from qiscus_async.errors import ImportStopped
from qiscus_async.imports import RoomRow

CONTENT = bytes(range(256)) * 12_000
"""About 3 MB, which no socket swallows whole."""
IMPORT = b'[{"Email": "' + b"x" * 3_000_000 + b'"}]'

UPLOADS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "image": ("kaskus", lambda client: client.images.upload(CONTENT)),
    "import": ("qiscus", lambda client: client.imports.create("users", IMPORT)),
    "JSON": ("bukalapak", lambda client: client.request("POST", "/", json="x" * len(CONTENT))),
}


# --- Nobody reads


@asynccontextmanager
async def deaf_server() -> AsyncIterator[str]:
    """A server that accepts and never reads."""

    async def ignore(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.Event().wait()

    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    async with listening(ignore, sock=listener) as server:
        yield f"http://127.0.0.1:{port_of(server)}"


@pytest.fixture
def small_send_buffers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel in a generous mood takes 4 MB for a server that reads nothing."""
    connect = aiohttp.TCPConnector._create_connection

    async def narrow(self: Any, *rest: Any) -> Any:
        protocol: Any = await connect(self, *rest)
        protocol.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        return protocol

    monkeypatch.setattr(aiohttp.TCPConnector, "_create_connection", narrow)


@pytest.mark.parametrize("upload", UPLOADS)
async def test_g47_a_server_that_never_reads_is_given_up(
    open_client: OpenClient, small_send_buffers: None, seen: Seen, upload: str
) -> None:
    assert Timeouts().idle_write == 15
    vendor, call = UPLOADS[upload]
    errors: list[OutcomeUnknown] = []
    async with deaf_server() as base_url:
        client = open_client(base_url, vendor, timeout=Timeouts(idle_write=0.4))

        async def give_up() -> None:
            with pytest.raises(OutcomeUnknown) as caught:
                await client(call)
            errors.append(caught.value)

        elapsed = await best_time(give_up, 0.4, within=0.2)
        port, process = int(base_url.rpartition(":")[2]), psutil.Process()
        connections = getattr(process, "net_connections", None) or process.connections  # Since psutil 6, before it.
        async with asyncio.timeout(5):
            while any(used.raddr and used.raddr.port == port for used in connections("tcp")):
                await asyncio.sleep(0.02)  # Closed, although much of the body has not left.
    cause = errors[-1].__cause__
    assert isinstance(cause, Timeout)
    assert cause.phase is Phase.IDLE_WRITE
    assert (errors[-1].sent, len(errors[-1].attempts)) == (Sent.MAYBE, 1)
    assert 0.4 <= elapsed < 5, "some pieces leave before the first that does not"
    seen(errors[-1], f"{elapsed:.2f} s of 0.40 for the {upload}")


# --- Refused early


class RefusingServer:
    """Answers 413 before the body is read, and closes; in threads, so that no event loop is between it and us.

    Args:
        manner: ``close`` at once, ``reset``, or ``later``, when part of the body is read.
    """

    ANSWER = (
        b"HTTP/1.1 413 Content Too Large\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        b"Connection: close\r\n\r\n{}"
    )

    def __init__(self, manner: str, context: ssl.SSLContext | None = None) -> None:
        self._manner = manner
        self._context = context
        self.answered = 0

    def __enter__(self) -> RefusingServer:
        self._listener = socket.create_server(("127.0.0.1", 0))
        scheme = "http" if self._context is None else "https"
        self.base_url = f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.settimeout(10)
            # Otherwise a small answer behind the tickets of TLS waits here until the close throws it away.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                if self._context is not None:
                    connection = self._context.wrap_socket(connection, server_side=True)
                self._refuse(connection)
            finally:
                connection.close()

    def _refuse(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(4096)
        if self._manner == "later":
            read = 0
            while read < 1_000_000:
                read += len(connection.recv(64 * 1024))
        connection.sendall(self.ANSWER)
        self.answered += 1
        if self._manner == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize(("wire", "upload"), [("plain", "image"), ("plain", "import"), ("TLS", "image")])
@pytest.mark.parametrize("manner", ["close", "reset", "later"])
async def test_g47_an_early_refusal_is_heard(
    open_client: OpenClient, seen: Seen, manner: str, wire: str, upload: str
) -> None:
    vendor, call = UPLOADS[upload]
    server_context = settings = None
    if wire == "TLS":
        authority = trustme.CA()
        server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(server_context)
        settings = ssl.create_default_context()
        authority.configure_trust(settings)
    runs = 20 if (wire, manner) == ("plain", "close") else 5
    outcomes: Counter[str] = Counter()
    with RefusingServer(manner, server_context) as server:
        client = open_client(server.base_url, vendor, ca_bundle=settings)
        for _ in range(runs):
            with pytest.raises(Exception) as caught:  # noqa: PT011
                await client(call)
            error = caught.value
            outcomes[f"ApiError({error.status})" if isinstance(error, ApiError) else repr(error)] += 1
    assert outcomes == {"ApiError(413)": runs}
    assert server.answered == runs
    [(outcome, times)] = outcomes.items()
    seen(outcome, f"{times} of {runs} for the {upload} over {wire} ({manner})")


# --- Cut half-way


class CuttingServer:
    """Breaks its first connections when half of the body is read, and takes all others."""

    def __init__(self, cuts: int, then: Callable[[], None] = lambda: None) -> None:
        self._cuts = cuts
        self._then = then
        self.connections = 0
        self.requests: list[Received] = []
        self._running = contextlib.AsyncExitStack()

    async def __aenter__(self) -> CuttingServer:
        server = await self._running.enter_async_context(listening(self._serve))
        self.base_url = f"http://127.0.0.1:{port_of(server)}"
        return self

    async def __aexit__(self, *details: object) -> None:
        await self._running.aclose()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        wire = Wire(reader, writer, self.connections)
        if self.connections <= self._cuts:
            await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(len(CONTENT) // 2)
            self._then()
            wire.reset()
            return
        while True:
            self.requests.append(await wire.receive())
            await wire.answer()


def sent_file(request: Received) -> bytes:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    parts = BytesParser().parsebytes(head + request.body).get_payload()
    assert isinstance(parts, list)
    [part] = parts
    assert isinstance(part, Message)
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


class OneWay(io.RawIOBase):
    """A stream that can be read only once, such as a pipe."""

    def __init__(self) -> None:
        self._content = io.BytesIO(CONTENT)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._content.readinto(buffer)


def image(form: str, folder: Path) -> Any:
    if form == "bytes":
        return CONTENT
    if form == "stream":
        return OneWay()
    path = folder / "sepeda.png"
    path.write_bytes(CONTENT)
    return path if form == "path" else io.BytesIO(path.read_bytes())


def send_again_if_need_be(source: Any) -> Callable[[Any], Any]:
    def call(client: Any) -> Any:
        return client.request("POST", "/gambar", files={"image": File.of(source)}, call_class=CallClass.REPEATABLE)

    return call


@pytest.mark.parametrize("form", ["path", "bytes", "file", "stream"])
async def test_g48_an_unrepeatable_upload_that_is_cut_is_not_sent_again(
    open_client: OpenClient, short_pauses: None, tmp_path: Path, seen: Seen, form: str
) -> None:
    async with CuttingServer(cuts=1) as server:
        client = open_client(server.base_url, "kaskus")
        with pytest.raises(OutcomeUnknown) as caught:
            await client(lambda c: c.images.upload(image(form, tmp_path)))
        assert caught.value.sent is Sent.MAYBE
        assert (server.connections, server.requests) == (1, [])
    seen(caught.value, f"{server.connections} connection from a {form}")


@pytest.mark.parametrize("form", ["path", "bytes", "file"])
async def test_g48_a_repeatable_upload_that_is_cut_is_sent_again_whole(
    open_client: OpenClient, short_pauses: None, tmp_path: Path, seen: Seen, form: str
) -> None:
    async with CuttingServer(cuts=2) as server:
        client = open_client(server.base_url, "kaskus")
        answer = await client(send_again_if_need_be(image(form, tmp_path)))
        assert answer.status == 200
        [request] = server.requests
        assert sent_file(request) == CONTENT
        assert server.connections == 3
    seen(f"repeatable: {answer.status}, what came equals the source", f"{server.connections} connections from a {form}")


async def test_g48_a_stream_that_is_cut_is_never_sent_empty(
    open_client: OpenClient, short_pauses: None, tmp_path: Path, seen: Seen
) -> None:
    stream = image("stream", tmp_path)
    async with CuttingServer(cuts=1) as server:
        client = open_client(server.base_url, "kaskus")
        with pytest.raises(OutcomeUnknown) as caught:
            await client(send_again_if_need_be(stream))
        assert caught.value.hint == (
            "not tried again: image: was a stream that cannot be read a second time; give a path instead"
        )
        assert (server.connections, server.requests) == (1, [])
        with pytest.raises(InvalidParameter, match="cannot be read a second time") as later:
            await client(send_again_if_need_be(stream))
        assert (later.value.parameter, later.value.sent, server.connections) == ("image", Sent.NO, 1)
    seen(caught.value, f"{server.connections} connection, {len(server.requests)} whole request from a stream")


async def test_g48_a_file_that_changed_is_not_sent_in_a_later_attempt(
    open_client: OpenClient, short_pauses: None, tmp_path: Path, seen: Seen
) -> None:
    path = image("path", tmp_path)
    async with CuttingServer(cuts=1, then=lambda: os.utime(path, ns=(1, 1))) as server:
        client = open_client(server.base_url, "kaskus")
        # In another thread, the change may be noticed before the cut.
        with pytest.raises((OutcomeUnknown, InvalidParameter), match="image: the file has changed") as caught:
            await client(send_again_if_need_be(path))
        assert caught.value.sent is Sent.MAYBE
        assert (server.connections, server.requests) == (1, [])
        assert (await client(send_again_if_need_be(path))).status == 200, "another call may send it as it is now"
    seen(caught.value, "the file changes between two attempts")


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"lagi")


def shrink(path: Path) -> None:
    os.truncate(path, 1_000_000)


def rewrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(7_000_000)
        file.write(b"lain")
    os.utime(path, ns=(1, 1))


@pytest.mark.parametrize("change", [grow, shrink, rewrite])
async def test_g48_a_file_that_changes_while_it_is_sent_is_cut_off(
    open_client: OpenClient, tmp_path: Path, seen: Seen, change: Callable[[Path], None]
) -> None:
    path = tmp_path / "sepeda.png"
    path.write_bytes(CONTENT * 4)
    came: asyncio.Future[tuple[int, int]] = asyncio.get_running_loop().create_future()

    async def read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(100_000)
        change(path)
        got = 100_000
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(1 << 20):
                got += len(chunk)
        announced = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        came.set_result((got, announced))

    async with listening(read) as server:
        client = open_client(f"http://127.0.0.1:{port_of(server)}", "kaskus")
        with pytest.raises(InvalidParameter) as caught:
            await client(lambda c: c.images.upload(path))
        got, announced = await came
    assert (caught.value.parameter, caught.value.sent) == ("image", Sent.MAYBE)
    assert got < announced
    seen(caught.value, f"{change.__name__}: {got} of {announced} bytes reached the server")


async def test_g48_what_a_callback_raises_ends_the_upload_as_it_is(open_client: OpenClient, serve: Serve) -> None:
    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer()

    def stop(done: int, total: int | None) -> None:
        raise BrokenPipeError("layar ditutup")

    server = await serve(answer)
    client: Flavour[Any] = open_client(server.base_url, "kaskus")
    with pytest.raises(BrokenPipeError, match="layar ditutup"):
        await client(lambda c: c.images.upload(File(CONTENT, progress=stop)))
    assert server.requests == []


# --- Imports that cannot be taken


def doubled(key: str) -> bytes:
    rows: list[dict[str, Any]] = [{key: f"satu-{number}"} for number in range(500)]
    return json.dumps([*rows, {key: "satu-0"}]).encode()


def room_rows(*ids: str) -> list[RoomRow]:
    return [
        RoomRow(
            name="Toko",
            type="group",
            unique_id=one,
            creator_email="sari@toko.example",
            participant_emails=["sari@toko.example"],
            created_at=datetime(2021, 5, 6, tzinfo=UTC),
        )
        for one in ids
    ]


MANY = [f"ruang-{number}" for number in range(50)]


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        pytest.param(lambda q: q.imports.create("users", b"[" + b" " * (4 << 20) + b"]"), "file", id="over 4 MiB"),
        pytest.param(lambda q: q.imports.create("users", b'[{"Email": "a"},'), "file", id="cut JSON"),
        pytest.param(lambda q: q.imports.create("users", b"Email,Name\na,b\n"), "file", id="no JSON"),
        pytest.param(lambda q: q.imports.create("users", b'{"Email": "a"}'), "file", id="no array"),
        pytest.param(lambda q: q.imports.create("users", b'[{"Email": "a"}, 7]'), "file[1]", id="a row that is none"),
        pytest.param(lambda q: q.imports.create("users", doubled("Email")), "file[500].Email", id="an e-mail again"),
        pytest.param(
            lambda q: q.imports.create("users", doubled("AuthenticationToken")),
            "file[500].AuthenticationToken",
            id="a token again",
        ),
        pytest.param(lambda q: q.imports.create("rooms", doubled("UniqueId")), "file[500].UniqueId", id="a room again"),
        pytest.param(
            lambda q: q.imports.create("comments", doubled("UniqueId")), "file[500].UniqueId", id="a comment again"
        ),
        pytest.param(
            lambda q: q.imports.run("rooms", room_rows(*MANY, MANY[0])),
            "rows[50].unique_id",
            id="a row of a list",
        ),
        pytest.param(
            lambda q: q.imports.run("rooms", room_rows("a" * 3_000)), "rows[0]", id="a row that fits in no file"
        ),
    ],
)
async def test_g49_an_import_that_cannot_be_taken_is_refused_here(
    open_client: OpenClient, serve: Serve, monkeypatch: pytest.MonkeyPatch, seen: Seen, call: Any, parameter: str
) -> None:
    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer()

    server = await serve(answer)
    if parameter.startswith("rows"):
        monkeypatch.setattr("qiscus_async.imports.group.LARGEST_FILE", 2_000)
    with pytest.raises(InvalidParameter) as caught:
        await open_client(server.base_url, "qiscus")(call)
    assert (caught.value.parameter, caught.value.sent) == (parameter, Sent.NO)
    assert server.connections == 0
    seen(caught.value, f"{server.connections} connections")


async def test_g49_of_rows_that_are_made_on_the_way_no_file_with_a_bad_one_leaves(
    open_client: OpenClient, serve: Serve, monkeypatch: pytest.MonkeyPatch, seen: Seen
) -> None:
    monkeypatch.setattr("qiscus_async.imports.group.LARGEST_FILE", 2_000)

    async def answer(wire: Wire, request: Received) -> None:
        record = {"unique_id": "1", "resource_name": "rooms", "status": "started", "size": 1, "total_rows": 1}
        record |= {"original_filename": "x", "created_at": "2021-05-06T07:08:09Z"}
        await wire.answer(body={"results": {"backup_history": record}, "status": 200})

    def rows() -> Iterator[RoomRow]:
        yield from room_rows(*MANY, MANY[0])

    server = await serve(answer)
    with pytest.raises(ImportStopped) as caught:
        await open_client(server.base_url, "qiscus")(lambda q: q.imports.run("rooms", rows()))
    cause = caught.value.__cause__
    assert isinstance(cause, InvalidParameter)
    assert cause.parameter == "rows[50].unique_id"
    handed_in = sum(report.rows for report in caught.value.reports)
    assert len(server.requests) == len(caught.value.reports) == caught.value.file_number
    assert b"".join(request.body for request in server.requests).count(b"UniqueId") == handed_in < 50
    seen(caught.value, f"from an iterator: the {len(server.requests)} files before the bad row's were sent")
