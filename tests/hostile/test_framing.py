"""Answers whose borders are wrong: cut, too long, contradictory, without end, or no HTTP at all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from hostile.conftest import SECRET, best_time
from support.faults import Seen
from support.measured import MIB, costs_of_calls, finished_export
from support.raw import RawServer, Received, Wire, all_closed

from nusantara.errors import ApiError, BadResponse, NusantaraError, OutcomeUnknown, Phase, Sent, Timeout
from nusantara.options import Timeouts
from nusantara.request import CallClass

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def sends(raw: bytes, *, close: bool = True) -> Callable[[Wire, Received], Any]:
    """A script that answers with these bytes, and then closes or waits for the client to do so."""

    async def script(wire: Wire, request: Received) -> bool:
        await wire.send(raw)
        if not close:
            await wire.reader.read()
        return True

    return script


# --- Cut

WHOLE = b'{"status": "OK", "message": "", "inbox": []}'
CUTS = {
    "length, half a document": OK + b"Content-Length: 44\r\n\r\n" + WHOLE[:20],
    "length, a whole document": OK + b"Content-Length: 45\r\n\r\n" + WHOLE,
    "length, no byte": OK + b"Content-Length: 44\r\n\r\n",
    "chunks, half a document": OK + b"Transfer-Encoding: chunked\r\n\r\n2c\r\n" + WHOLE[:20],
    "chunks, a whole document": OK + b"Transfer-Encoding: chunked\r\n\r\n2c\r\n" + WHOLE + b"\r\n",
    "chunks, within the last": OK + b"Transfer-Encoding: chunked\r\n\r\n2c\r\n" + WHOLE + b"\r\n0\r\n",
}


@pytest.mark.parametrize("cut", CUTS)
async def test_g13_a_cut_body_is_never_a_result(
    open_client: Any, serve: Any, seen: Seen, short_pauses: None, cut: str
) -> None:
    server = await serve(sends(CUTS[cut]))
    client = open_client(server.base_url)
    with pytest.raises(BadResponse, match="cut short") as caught:
        await client(lambda c: c.messages.get("6"))
    assert (caught.value.incomplete, caught.value.status, caught.value.sent) == (True, 200, Sent.YES)
    assert len(server.requests) == len(caught.value.attempts) == 3
    seen(caught.value, f"read: {len(server.requests)} requests")

    server.requests.clear()
    with pytest.raises(OutcomeUnknown) as unknown:
        await client(lambda c: c.messages.create("6", "Halo"))
    assert len(server.requests) == 1
    assert unknown.value.status == 200
    seen(unknown.value, f"message: {len(server.requests)} request")


@pytest.mark.parametrize("status", [401, 404, 429, 503])
async def test_g13_a_refusal_stands_even_if_its_body_is_cut(
    open_client: Any, serve: Any, seen: Seen, short_pauses: None, status: int
) -> None:
    server = await serve(sends(b'HTTP/1.1 %d No\r\nContent-Length: 99\r\n\r\n{"mess' % status))
    client = open_client(server.base_url)
    with pytest.raises(ApiError) as caught:
        await client(lambda c: c.request("POST", "/"))
    assert caught.value.status == status
    assert len(server.requests) == (3 if status == 429 else 1)
    seen(caught.value, f"status {caught.value.status}, {len(server.requests)} requests")


@pytest.mark.parametrize("end", ["close", "reset"])
async def test_g14_json_that_ends_with_the_connection_and_is_cut(
    open_client: Any, serve: Any, seen: Seen, short_pauses: None, end: str
) -> None:
    async def script(wire: Wire, request: Received) -> bool:
        await wire.send(OK + b"\r\n" + WHOLE[:20])
        if end == "reset":
            await asyncio.sleep(0.05)  # Else the system throws away what was not read yet.
            wire.reset()
        return True

    server = await serve(script)
    client = open_client(server.base_url)
    with pytest.raises(BadResponse) as caught:
        await client(lambda c: c.messages.get("6"))
    assert caught.value.incomplete
    assert len(server.requests) == 3
    seen(caught.value, f"read: {len(server.requests)} requests, {caught.value.hint or caught.value.message}")

    server.requests.clear()
    with pytest.raises(OutcomeUnknown) as unknown:
        await client(lambda c: c.messages.create("6", "Halo"))
    assert isinstance(unknown.value.__cause__, BadResponse)
    assert len(server.requests) == 1
    seen(unknown.value, f"message: {len(server.requests)} request")


MARKS = {
    "close": (OK + b"\r\n12", False),
    "HTTP/1.0": (b"HTTP/1.0 200 OK\r\n\r\n12", False),
    "length": (OK + b"Content-Length: 2\r\n\r\n12", True),
    "chunks": (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n12\r\n0\r\n\r\n", True),
    "none": (b"HTTP/1.1 204 No Content\r\n\r\n", True),
}


@pytest.mark.parametrize("framing", MARKS)
async def test_g14_a_cut_that_cannot_be_told_is_marked(open_client: Any, serve: Any, seen: Seen, framing: str) -> None:
    raw, known = MARKS[framing]
    server = await serve(sends(raw))
    client = open_client(server.base_url)
    response = await client(lambda c: c.request("GET", "/"))
    assert response.length_known is known
    seen(f"{framing}: {response.body!r}, length_known {response.length_known}")


async def test_g14_a_reset_is_no_end_of_a_body(open_client: Any, serve: Any, seen: Seen) -> None:
    async def script(wire: Wire, request: Received) -> bool:
        await wire.send(OK + b"\r\n12")
        await asyncio.sleep(0.05)
        wire.reset()
        return True

    server = await serve(script)
    client = open_client(server.base_url, max_attempts=1)
    with pytest.raises(BadResponse, match="cut short") as caught:
        await client(lambda c: c.request("GET", "/"))
    seen(caught.value, "a body that parses, ended by a reset")


async def test_g14_a_reset_is_no_end_of_a_file(open_client: Any, serve: Any, seen: Seen, tmp_path: Path) -> None:
    async def script(wire: Wire, request: Received) -> bool:
        await wire.send(OK + b"\r\n[1, 2]" + (b"" if len(server.requests) == 1 else b"\n"))
        if len(server.requests) == 1:
            await asyncio.sleep(0.05)
            wire.reset()
        return True

    server: RawServer = await serve(script)
    client = open_client(server.base_url, "qiscus")
    export = finished_export(f"{server.base_url}/f.json")
    done = await client(lambda c: c.exports.download(export, tmp_path / "f.json"))
    assert (tmp_path / "f.json").read_bytes() == b"[1, 2]\n"
    assert not done.verified
    seen(f"{done.size} of 7 bytes, verified {done.verified}", f"{len(server.requests)} requests")


# --- Too long

FIRST = OK + b'Content-Length: 13\r\n\r\n{"answer": 1}'
SMUGGLED = OK + b'Content-Length: 20\r\n\r\n{"answer": "not so"}'
INTRUSIONS = {
    "second answer at once": [FIRST + SMUGGLED],
    "second answer with the body": [FIRST[:-9], FIRST[-9:] + SMUGGLED],
    "second answer later": [FIRST, SMUGGLED],
    "second answer in halves": [FIRST, SMUGGLED[:30], SMUGGLED[30:]],
    "half of a second answer with the body": [FIRST[:-9], FIRST[-9:] + SMUGGLED[:30], SMUGGLED[30:]],
    "second answer behind chunks": [
        OK + b"Transfer-Encoding: chunked\r\n\r\n",
        b'd\r\n{"answer": 1}\r\n0\r\n\r\n' + SMUGGLED,
    ],
    "interim answer and a second one": [FIRST, b"HTTP/1.1 100 Continue\r\n\r\n" + SMUGGLED],
    "length too short": [OK + b'Content-Length: 12\r\n\r\n{"answer": 1}'],
    "length too short, with the body": [OK + b'Content-Length: 12\r\n\r\n{"ans', b'wer": 1}'],
    "length too short, later": [OK + b"Content-Length: 12\r\n\r\n" + b'{"answer": 1', b"}"],
    "body of an answer without one": [b"HTTP/1.1 204 No Content\r\n\r\n", SMUGGLED],
    "line breaks": [FIRST, b"\r\n\r\n"],
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("intrusion", INTRUSIONS)
async def test_g15_the_next_call_never_gets_what_came_too_much(
    open_client: Any, serve: Any, seen: Seen, intrusion: str, method: str
) -> None:
    async def script(wire: Wire, request: Received) -> None:
        if request.target == "/first":
            for piece in INTRUSIONS[intrusion]:
                await wire.send(piece)
                await asyncio.sleep(0.03)
            all_sent.set()
            await wire.reader.read()
        else:
            await wire.answer(body={"answer": request.target})

    all_sent = asyncio.Event()
    server = await serve(script)
    client = open_client(server.base_url, "kaskus", max_attempts=1, timeout=3)
    try:
        first = await client(lambda c: c.request(method, "/first"))
        outcome = f"{first.status} {first.body.decode()}"
        assert outcome in ('200 {"answer": 1}', '200 {"answer": 1', "204 ")
    except (BadResponse, OutcomeUnknown) as error:
        outcome = type(error).__name__
    await all_sent.wait()
    for target in ("/second", "/third"):
        answer = await client(lambda c, target=target: c.request(method, target))
        assert answer.json() == {"answer": target}
    assert server.connections == 2
    assert [request.target for request in server.requests] == ["/first", "/second", "/third"]
    seen(f"{intrusion}: {outcome}", f"{server.connections} connections, 2 right answers after it")


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_g15_the_next_call_at_once(open_client: Any, serve: Any, seen: Seen, method: str) -> None:
    """The second call begins in the very moment in which the first has its answer."""

    async def script(wire: Wire, request: Received) -> None:
        if request.target == "/first":
            await wire.send(FIRST[:-9])
            await asyncio.sleep(0.01)
            await wire.send(FIRST[-9:] + SMUGGLED)
            await wire.reader.read()
        else:
            await wire.answer(body={"answer": request.target})

    server = await serve(script)
    client = open_client(server.base_url, max_attempts=1)
    for _ in range(20):
        first = await client(lambda c: c.request(method, "/first"))
        second = await client(lambda c: c.request(method, "/second"))
        assert (first.json(), second.json()) == ({"answer": 1}, {"answer": "/second"})
    seen(f"{len(server.requests)} right answers, {server.connections} connections")


# --- Contradictory

CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
CONTRADICTIONS = {
    "length and chunks": OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "chunks and length": OK + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "two lengths": OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
    "the same length twice": OK + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "a list of lengths": OK + b"Content-Length: 2, 2\r\n\r\n{}",
    "a negative length": OK + b"Content-Length: -2\r\n\r\n{}",
    "a length with a plus": OK + b"Content-Length: +2\r\n\r\n{}",
    "a hexadecimal length": OK + b"Content-Length: 0x2\r\n\r\n{}",
    "a length beyond 64 bits": OK + b"Content-Length: 99999999999999999999999\r\n\r\n{}",
    "the largest length of 64 bits": OK + b"Content-Length: 18446744073709551615\r\n\r\n{}",
    "a bad chunk size": CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n",
    "a negative chunk size": CHUNKED + b"-2\r\n{}\r\n0\r\n\r\n",
    "a chunk size beyond 64 bits": CHUNKED + b"ffffffffffffffffff\r\n{}",
    "a chunk longer than its size": CHUNKED + b"2\r\n{}{}\r\n0\r\n\r\n",
    "a space in a header name": OK + b"Content Length: 2\r\n\r\n{}",
    "a header without a colon": OK + b"Content-Length\r\n\r\n{}",
    "switched protocols": b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
}


@pytest.mark.parametrize("contradiction", CONTRADICTIONS)
async def test_g16_wrong_framing_is_no_answer(open_client: Any, serve: Any, seen: Seen, contradiction: str) -> None:
    raw = CONTRADICTIONS[contradiction]
    head, _, body = raw.partition(b"\r\n\r\n")
    for pieces in ([raw], [head + b"\r\n\r\n", body]):

        async def script(wire: Wire, request: Received, pieces: list[bytes] = pieces) -> bool:
            for piece in pieces:
                await wire.send(piece)
                await asyncio.sleep(0.02)
            await wire.reader.read()  # The client must close: the server does not.
            return True

        server = await serve(script)
        client = open_client(server.base_url, max_attempts=1, timeout=3)
        for method, kind in (("GET", BadResponse), ("POST", OutcomeUnknown)):
            with pytest.raises(NusantaraError) as caught:
                await client(lambda c, method=method: c.request(method, "/"))
            assert type(caught.value) is kind
            reason = caught.value if method == "GET" else caught.value.__cause__
            assert isinstance(reason, BadResponse)
            assert reason.incomplete
            assert "not a valid HTTP answer" in str(reason) or "broken on its way" in str(reason)
            assert caught.value.status != 400
        await all_closed(server)
        seen(reason, f"{contradiction}: {server.connections} of 2 connections dropped")


# --- Without end


async def endless_headers() -> AsyncIterator[bytes]:
    yield OK
    for number in range(1_000_000):
        yield b"".join(b"X-%d-%d: %s\r\n" % (number, each, b"a" * 100) for each in range(100))


async def header_line() -> AsyncIterator[bytes]:
    yield OK + b"X-Panjang: " + b"a" * 200_000 + b"\r\nContent-Length: 2\r\n\r\n{}"


async def large_headers() -> AsyncIterator[bytes]:
    """Few and none of them too long, but 2 MB together."""
    yield OK
    for number in range(40):
        yield b"X-%d: %s\r\n" % (number, b"a" * 50_000)
    yield b"Content-Length: 2\r\n\r\n{}"


async def status_line() -> AsyncIterator[bytes]:
    yield b"HTTP/1.1 200 " + b"a" * 200_000 + b"\r\nContent-Length: 2\r\n\r\n{}"


async def interim_answers() -> AsyncIterator[bytes]:
    yield b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000 + FIRST


async def early_hints() -> AsyncIterator[bytes]:
    for _ in range(20_000):
        yield b"HTTP/1.1 103 Early Hints\r\nLink: <%s>\r\n\r\n" % (b"a" * 1000)
    yield FIRST


async def chunk_extension() -> AsyncIterator[bytes]:
    yield CHUNKED + b"2;"
    for _ in range(3000):
        yield b"a" * 1000


async def trailers() -> AsyncIterator[bytes]:
    yield CHUNKED + b"2\r\n{}\r\n0\r\n"
    for number in range(1_000_000):
        yield b"X-%d: %s\r\n" % (number, b"a" * 1000)


FLOODS: dict[str, Callable[[], AsyncIterator[bytes]]] = {
    "/header-line": header_line,
    "/endless-headers": endless_headers,
    "/large-headers": large_headers,
    "/status-line": status_line,
    "/interim-answers": interim_answers,
    "/early-hints": early_hints,
}
BODY_FLOODS = {"/chunk-extension": chunk_extension, "/trailers": trailers}


async def flood(wire: Wire, request: Received) -> bool:
    if request.target == "/warm":
        await wire.answer()
        return False
    async for piece in {**FLOODS, **BODY_FLOODS}[request.target]():
        await wire.send(piece)
    await wire.reader.read()  # The client must close: the server does not.
    return True


async def test_g17_what_is_no_body_is_bounded(flavour: str, serve: Any, seen: Seen) -> None:
    server: RawServer = await serve(flood)
    costs = await costs_of_calls(flavour, server.base_url, [*FLOODS, *BODY_FLOODS], of="heap")
    await all_closed(server)
    for target, cost in costs.items():
        assert cost.outcome == "BadResponse", target
        reason = "not a valid HTTP answer" if target in FLOODS else "broken on its way"
        assert reason in cost.message, target
        assert cost.growth < MIB, target
        seen(cost.outcome, f"{target[1:]}: +{cost.growth / 1024:.0f} KiB in {cost.elapsed:.2f} s")


@pytest.mark.parametrize("target", FLOODS)
async def test_g17_headers_of_a_files_server_are_bounded(
    open_client: Any, serve: Any, seen: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    monkeypatch.setattr("nusantara.download.ATTEMPTS_WITHOUT_PROGRESS", 1)
    server: RawServer = await serve(flood)
    client = open_client(server.base_url, "qiscus")
    export = finished_export(server.base_url + target)
    with pytest.raises(BadResponse, match="not a valid HTTP answer") as caught:
        await client(lambda c: c.exports.download(export, tmp_path / "f.json"))
    await all_closed(server)
    assert list(tmp_path.iterdir()) == []
    seen(caught.value, f"file, {target[1:]}: {len(server.requests)} request")


@pytest.mark.parametrize("count", [1, 100, 101])
async def test_g17_a_hundred_interim_answers_are_taken(open_client: Any, serve: Any, seen: Seen, count: int) -> None:
    server = await serve(sends(b"HTTP/1.1 100 Continue\r\n\r\n" * count + FIRST))
    client = open_client(server.base_url, max_attempts=1)
    if count <= 100:
        answer = await client(lambda c: c.request("GET", "/"))
        assert answer.json() == {"answer": 1}
        seen(f"{answer.status}", f"{count} interim answers")
    else:
        with pytest.raises(BadResponse, match="more than 100 interim answers") as caught:
            await client(lambda c: c.request("GET", "/"))
        seen(caught.value, f"{count} interim answers")


@pytest.mark.parametrize("piece", [b"X-Lagi: ya\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"], ids=["headers", "interim"])
async def test_g17_the_total_holds_while_headers_come(open_client: Any, serve: Any, seen: Seen, piece: bytes) -> None:
    async def script(wire: Wire, request: Received) -> None:
        await wire.send(OK if piece.startswith(b"X") else piece)
        while True:
            await asyncio.sleep(0.05)
            await wire.send(piece)

    server = await serve(script)
    client = open_client(server.base_url, timeout=Timeouts(first_byte=None, total=0.3))
    errors: list[Timeout] = []

    async def read() -> None:
        with pytest.raises(Timeout) as caught:
            await client(lambda c: c.request("GET", "/"))
        assert caught.value.phase is Phase.TOTAL
        errors.append(caught.value)

    elapsed = await best_time(read, 0.3)
    assert abs(elapsed - 0.3) <= 0.1
    seen(errors[-1], f"{elapsed - 0.3:+.3f} s from the deadline")


# --- Not HTTP

GARBAGE = {
    "another protocol": b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n" * 3,
    "random bytes": bytes(range(256)) * 4,
    "terminal controls": b"\x1b[2J\x1b[31m" * 40 + "\u202etrap".encode(),
    "zeros": b"\0" * 5000,
    "TLS handshake": b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + b"\x8f" * 100,
    "TLS alert": b"\x15\x03\x03\x00\x02\x02\x46",
    "HTTP/0.9": b"<html><body>Selamat datang di toko kami, silakan masuk untuk melanjutkan</body></html>",
    "HTTP/2": b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80\0\x04\0\x01\0\0\0\x05\0\xff\xff\xff",
    "no status": b"HTTP/1.1 OK\r\n\r\n",
    "a status of two digits": b"HTTP/1.1 20 OK\r\n\r\n",
    "a status below 100": b"HTTP/1.1 099 OK\r\nContent-Length: 2\r\n\r\n{}",
    "a version that does not exist": b"HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "the request itself": b"",
}


@pytest.mark.parametrize("garbage", GARBAGE)
async def test_g18_what_is_not_http(open_client: Any, serve: Any, seen: Seen, short_pauses: None, garbage: str) -> None:
    async def script(wire: Wire, request: Received) -> bool:
        await wire.send(GARBAGE[garbage] or request.head + b"\r\n\r\n")
        return True

    server = await serve(script)
    client = open_client(server.base_url)
    with pytest.raises(BadResponse) as caught:
        await client(lambda c: c.request("GET", "/"))
    text = caught.value.message
    assert "TLS" in garbage or "not a valid HTTP answer" in text
    assert text.isprintable()
    quoted = text[text.index("b'") + 2 :] if "b'" in text else ""
    assert len(quoted) <= 64
    assert len(text) < 200
    assert SECRET not in text
    seen(caught.value, f"{garbage}: {len(quoted)} bytes shown, {len(server.requests)} requests")

    server.requests.clear()
    with pytest.raises((OutcomeUnknown, BadResponse)) as unknown:
        await client(lambda c: c.request("POST", "/"))
    assert "TLS" in garbage or type(unknown.value) is OutcomeUnknown
    assert len(server.requests) == 1
    seen(unknown.value)


@pytest.mark.parametrize("text", [json.dumps({"a": 1}), "\n\n"], ids=["JSON", "line breaks"])
@pytest.mark.parametrize("call_class", [CallClass.SAFE, CallClass.REPEATABLE, CallClass.KEYED])
async def test_g18_garbage_follows_the_class_rule(
    open_client: Any, serve: Any, seen: Seen, short_pauses: None, text: str, call_class: CallClass
) -> None:
    async def script(wire: Wire, request: Received) -> bool:
        if len(server.requests) == 1:
            await wire.send(text.encode() + b"\0")
        else:
            await wire.answer()
        return len(server.requests) == 1

    server = await serve(script)
    client = open_client(server.base_url)
    answer = await client(lambda c: c.request("PUT", "/", call_class=call_class))
    assert answer.status == 200
    assert len(server.requests) == 2
    seen(f"{call_class}: {answer.status} by {len(server.requests)} requests")
