"""Bodies that are too much, compressed to harm, empty, or a page for people."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from support.faults import Seen
from support.measured import MIB, costs_of_calls
from support.raw import RawServer, Received, Wire, all_closed

from nusantara.errors import ApiError, BadResponse, NusantaraError, OutcomeUnknown, Sent, ServerError, TooLarge

CAP = 16 * MIB
DOCUMENT = b'{"status": "OK", "message": "", "inbox": []}'


def answers(body: bytes, status: int = 200, **headers: str) -> Callable[[Wire, Received], Any]:
    """A script that answers every request with this."""

    async def script(wire: Wire, request: Received) -> None:
        await wire.answer(status, body, **headers)

    return script


# --- Without end

PIECE = b"[" + b"1, " * 21845
ENDLESS = {
    "/close": (b"", PIECE),
    "/chunks": (b"Transfer-Encoding: chunked\r\n", b"%x\r\n%b\r\n" % (len(PIECE), PIECE)),
    "/length": (b"Content-Length: 1000000000000\r\n", PIECE),
    "/gzip": (b"Content-Encoding: gzip\r\n", b""),
}


async def endless(wire: Wire, request: Received) -> bool:
    if request.target == "/warm":
        await wire.answer()
        return False
    head, piece = ENDLESS[request.target]
    await wire.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + head + b"\r\n")
    packer = zlib.compressobj(0, wbits=31)
    while True:
        await wire.send(piece or packer.compress(PIECE) + packer.flush(zlib.Z_SYNC_FLUSH))


async def test_g19_an_endless_body_is_left_at_the_cap(flavour: str, serve: Any, seen: Seen) -> None:
    server: RawServer = await serve(endless)
    costs = await costs_of_calls(flavour, server.base_url, ENDLESS, of="rss")
    for target, cost in costs.items():
        assert cost.outcome == "TooLarge", target
        assert str(CAP) in cost.message, target
        seen(cost.outcome, f"{target[1:]}: {cost.elapsed:.2f} s")
    growth = sum(cost.growth for cost in costs.values())
    assert growth < 48 * MIB
    await all_closed(server)
    assert len(server.requests) == 1 + len(ENDLESS)
    seen(f"{len(server.requests) - 1} requests for {len(ENDLESS)} calls", f"RSS +{growth / MIB:.0f} MiB")


async def test_g19_what_is_too_large_is_not_asked_for_again(open_client: Any, serve: Any, seen: Seen) -> None:
    server: RawServer = await serve(endless)
    client = open_client(server.base_url)
    for method in ("GET", "POST"):
        server.requests.clear()
        with pytest.raises(TooLarge, match="larger than the cap of 100000") as caught:
            await client(lambda c, method=method: c.with_options(max_body=100_000).request(method, "/chunks"))
        assert (caught.value.status, caught.value.sent) == (200, Sent.YES)
        assert len(server.requests) == 1
        await all_closed(server)
        seen(caught.value, f"{method}: {len(server.requests)} request, {server.open_connections} connections left")


@pytest.mark.parametrize("size", [999, 1000, 1001])
@pytest.mark.parametrize("framing", ["length", "chunks", "close", "gzip"])
async def test_g19_the_cap_is_exact(open_client: Any, serve: Any, seen: Seen, framing: str, size: int) -> None:
    body = b'"' + b"x" * (size - 2) + b'"'

    async def script(wire: Wire, request: Received) -> bool:
        if framing == "length":
            await wire.answer(body=body)
        elif framing == "gzip":
            await wire.answer(body=gzip.compress(body), Content_Encoding="gzip")
        elif framing == "chunks":
            await wire.send(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (size, body)
            )
        else:
            await wire.send(b"HTTP/1.1 200 OK\r\n\r\n" + body)
        return True

    server = await serve(script)
    client = open_client(server.base_url)
    if size <= 1000:
        answer = await client(lambda c: c.with_options(max_body=1000).request("GET", "/"))
        assert answer.body == body
        seen(f"{answer.status}", f"{len(answer.body)} bytes at a cap of 1000")
    else:
        with pytest.raises(TooLarge, match=r"announces 1001 bytes|larger than the cap") as caught:
            await client(lambda c: c.with_options(max_body=1000).request("GET", "/"))
        assert caught.value.status == 200
        seen(caught.value, f"{size} bytes at a cap of 1000")


# --- Compressed


def bomb(size: int) -> bytes:
    """A gzip body of so many zeros, but for its end."""
    packer = zlib.compressobj(9, wbits=31)
    first, more = (packer.compress(b"\0" * MIB) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + more * (size // MIB - 1)


BOMBS = {"/gzip": ("gzip", 300 * MIB), "/just-under-the-cap": ("gzip", 15 * MIB), "/members": ("gzip", 300 * MIB)}


async def send_bomb(wire: Wire, request: Received) -> None:
    if request.target == "/warm":
        await wire.answer()
        return
    encoding, size = BOMBS[request.target]
    body = gzip.compress(b"\0" * MIB) * (size // MIB) if request.target == "/members" else bomb(size)
    assert size / len(body) > 900
    await wire.answer(body=body, Content_Encoding=encoding)


async def test_g20_a_bomb_does_not_go_off(flavour: str, serve: Any, seen: Seen) -> None:
    server: RawServer = await serve(send_bomb)
    costs = await costs_of_calls(flavour, server.base_url, BOMBS, of="rss")
    for target, cost in costs.items():
        assert cost.outcome == "TooLarge", target
        assert cost.growth < 32 * MIB, target
        seen(cost.outcome, f"{target[1:]}: RSS +{cost.growth / MIB:.0f} MiB in {cost.elapsed:.2f} s")
    assert "inflates more than 200 times" in costs["/just-under-the-cap"].message


async def test_g20_what_packs_well_is_no_bomb(open_client: Any, serve: Any, seen: Seen) -> None:
    rows = json.dumps([{"id": number, "text": "Selamat pagi"} for number in range(50_000)]).encode()
    packed = gzip.compress(rows)
    server = await serve(answers(packed, Content_Encoding="gzip"))
    client = open_client(server.base_url)
    answer = await client(lambda c: c.request("GET", "/"))
    assert answer.body == rows
    seen(f"{answer.status}", f"1:{len(rows) / len(packed):.0f} over {len(rows) / MIB:.1f} MiB")


PACKED = gzip.compress(DOCUMENT)
MISPACKED: dict[str, tuple[str, bytes, str]] = {
    "gzip in gzip, declared": ("gzip, gzip", gzip.compress(PACKED), "encoded as 'gzip, gzip'"),
    "gzip in gzip, undeclared": ("gzip", gzip.compress(PACKED), "not usable JSON"),
    "zstd": ("zstd", b"\x28\xb5\x2f\xfd\x04\x00", "encoded as 'zstd'"),
    "br": ("br", b"\x8b\x02\x80{}\x03", "encoded as 'br'.*not asked for"),
    "an encoding with controls": ("gz\x1bip", PACKED, "encoded as|not a valid HTTP answer"),
    "plain called gzip": ("gzip", DOCUMENT, "not the gzip"),
    "plain called deflate": ("deflate", DOCUMENT, "not the deflate"),
    "gzip called deflate": ("deflate", PACKED, "not the deflate"),
    "something behind gzip": ("gzip", PACKED + b"{}", "something else follows the gzip"),
    "gzip with a wrong checksum": ("gzip", PACKED[:-8] + b"\0\0\0\0" + PACKED[-4:], "not the gzip"),
}


@pytest.mark.parametrize("case", MISPACKED)
async def test_g20_what_cannot_be_unpacked_is_told_at_once(open_client: Any, serve: Any, seen: Seen, case: str) -> None:
    encoding, body, reason = MISPACKED[case]
    server = await serve(answers(body, Content_Encoding=encoding))
    client = open_client(server.base_url, timeout=3, max_attempts=1)
    with pytest.raises(BadResponse, match=reason) as caught:
        await client(lambda c: c.messages.get("6"))
    assert caught.value.status == 200
    assert str(caught.value).isprintable()
    assert len(server.requests) == 1
    seen(caught.value, f"{case}: {caught.value.message}")


async def test_g20_two_encoding_headers(open_client: Any, serve: Any, seen: Seen) -> None:
    async def script(wire: Wire, request: Received) -> None:
        body = gzip.compress(PACKED)
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}"
        await wire.send(head.encode() + b"\r\n\r\n" + body)

    server = await serve(script)
    client = open_client(server.base_url, "kaskus")
    with pytest.raises(BadResponse) as caught:
        await client(lambda c: c.request("GET", "/"))
    seen(caught.value, caught.value.message)


HARMLESS = ["none", "None", " NONE ", "utf-8", "UTF8", "binary", "identity", "identity, identity", "", ",", " , none"]


@pytest.mark.parametrize("encoding", HARMLESS)
@pytest.mark.parametrize("framing", ["length", "close"])
async def test_g20_words_for_no_encoding(open_client: Any, serve: Any, seen: Seen, encoding: str, framing: str) -> None:
    async def script(wire: Wire, request: Received) -> bool:
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n"
        if framing == "length":
            head += f"Content-Length: {len(DOCUMENT)}\r\n"
        await wire.send(head.encode() + b"\r\n" + DOCUMENT)
        return True

    server = await serve(script)
    client = open_client(server.base_url)
    answer = await client(lambda c: c.request("GET", "/"))
    assert answer.body == DOCUMENT
    assert answer.length_known is (framing == "length"), "no word for nothing says where a body ends"
    seen(f"{answer.status}", f"Content-Encoding: {encoding!r}")


@pytest.mark.parametrize("encoding", ["gzip, identity", "identity,GZIP", "none, x-gzip,"])
async def test_g20_words_for_no_encoding_beside_one(open_client: Any, serve: Any, seen: Seen, encoding: str) -> None:
    server = await serve(answers(PACKED, Content_Encoding=encoding))
    client = open_client(server.base_url)
    answer = await client(lambda c: c.request("GET", "/"))
    assert (answer.body, answer.length_known) == (DOCUMENT, True)
    seen(f"{answer.status}", f"Content-Encoding: {encoding!r}")


@pytest.mark.parametrize("status", [400, 503])
@pytest.mark.parametrize("encoding", [*HARMLESS, "gzip", "br", "x-apa-saja", "gzip, gzip"])
async def test_g20_the_words_of_a_refusal_are_kept(
    open_client: Any, serve: Any, seen: Seen, short_pauses: None, status: int, encoding: str
) -> None:
    words = b'{"status": "ERROR", "message": "Pesan terlalu panjang"}'
    server = await serve(answers(words, status, Content_Encoding=encoding))
    client = open_client(server.base_url, max_attempts=1)
    with pytest.raises(ApiError, match="Pesan terlalu panjang") as caught:
        await client(lambda c: c.messages.get("6"))
    assert (caught.value.status, caught.value.body) == (status, words)
    seen(caught.value, f"{status}, Content-Encoding: {encoding!r}")


async def test_g20_a_packed_refusal_is_unpacked(open_client: Any, serve: Any) -> None:
    server = await serve(answers(gzip.compress(b'{"message": "Pesan terlalu panjang"}'), 400, Content_Encoding="gzip"))
    with pytest.raises(ApiError, match="Pesan terlalu panjang"):
        await open_client(server.base_url)(lambda c: c.messages.get("6"))


@pytest.mark.parametrize("transfer", ["gzip", "gzip, chunked"])
async def test_g20_packed_on_its_way(open_client: Any, serve: Any, seen: Seen, transfer: str) -> None:
    async def script(wire: Wire, request: Received) -> bool:
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(PACKED), PACKED) if "chunked" in transfer else PACKED
        await wire.send(f"HTTP/1.1 200 OK\r\nTransfer-Encoding: {transfer}\r\n\r\n".encode() + body)
        return True

    server = await serve(script)
    client = open_client(server.base_url, "kaskus", max_attempts=1)
    with pytest.raises(BadResponse) as caught:
        await client(lambda c: c.request("GET", "/"))
    seen(caught.value, caught.value.message)


@pytest.mark.parametrize("framing", ["length", "close"])
@pytest.mark.parametrize("left", [0, 1, 10, len(PACKED) // 2, len(PACKED) - 1])
async def test_g20_a_cut_gzip_is_never_a_result(
    open_client: Any, serve: Any, seen: Seen, short_pauses: None, left: int, framing: str
) -> None:
    async def script(wire: Wire, request: Received) -> bool:
        head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
        if framing == "length":
            head += b"Content-Length: %d\r\n" % left
        await wire.send(head + b"\r\n" + PACKED[:left])
        return True

    server = await serve(script)
    client = open_client(server.base_url)
    with pytest.raises(BadResponse, match="ends in the middle" if left else "is empty") as caught:
        await client(lambda c: c.messages.get("6"))
    assert caught.value.status == 200
    assert len(server.requests) == (3 if left else 1)  # An empty body is whole.
    seen(caught.value, f"{left} of {len(PACKED)} bytes: {len(server.requests)} requests")

    server.requests.clear()
    with pytest.raises(OutcomeUnknown if left else BadResponse):
        await client(lambda c: c.messages.create("6", "Halo"))
    assert len(server.requests) == 1


@pytest.mark.parametrize("pace", ["at once", "a byte at a time"])
async def test_g20_several_gzip_members_are_one_body(open_client: Any, serve: Any, seen: Seen, pace: str) -> None:
    members = b"".join(gzip.compress(DOCUMENT[start : start + 11]) for start in range(0, len(DOCUMENT), 11))

    async def script(wire: Wire, request: Received) -> bool:
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
        for piece in [members] if pace == "at once" else [members[at : at + 1] for at in range(len(members))]:
            await wire.send(piece)
            await asyncio.sleep(0)
        return True

    server = await serve(script)
    client = open_client(server.base_url)
    answer = await client(lambda c: c.request("GET", "/"))
    assert answer.body == DOCUMENT
    assert answer.length_known
    seen(f"{answer.status}, {len(answer.body)} of {len(DOCUMENT)} bytes")


@pytest.mark.parametrize("status", [404, 503])
@pytest.mark.parametrize("body", ["endless", "br", "cut"])
async def test_g20_a_refusal_stands_even_if_its_body_cannot_be_read(
    open_client: Any, serve: Any, seen: Seen, short_pauses: None, status: int, body: str
) -> None:
    async def script(wire: Wire, request: Received) -> bool:
        if body == "br":
            await wire.answer(status, b"\x8b\x02\x80{}\x03", Content_Encoding="br")
            return False
        await wire.send(b"HTTP/1.1 %d No\r\nContent-Encoding: gzip\r\n\r\n" % status)
        if body == "cut":
            await wire.send(PACKED[:15])
            return True
        packer = zlib.compressobj(0, wbits=31)
        while True:
            await wire.send(packer.compress(PIECE) + packer.flush(zlib.Z_SYNC_FLUSH))

    server = await serve(script)
    client = open_client(server.base_url, timeout=10)
    with pytest.raises(ApiError) as caught:
        await client(lambda c: c.request("GET", "/"))
    assert caught.value.status == status
    assert len(server.requests) == (3 if status == 503 else 1)
    seen(caught.value, f"status {status}, {len(server.requests)} requests")


# --- Empty

WITH_BODY = b'Content-Type: application/json\r\nContent-Length: 12\r\n\r\n{"not": "so"'
BODILESS = {
    "204 with a body": ("GET", b"HTTP/1.1 204 No Content\r\n" + WITH_BODY),
    "204 with chunks": ("GET", b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
    "204 and nothing": ("GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
    "DELETE: 204 with a body": ("DELETE", b"HTTP/1.1 204 No Content\r\n" + WITH_BODY),
    "HEAD with a body": ("HEAD", b"HTTP/1.1 200 OK\r\n" + WITH_BODY),
    "HEAD with chunks": ("HEAD", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
    "HEAD of a large body": ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"),
    "HEAD of a packed body": ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 50\r\n\r\n"),
}


@pytest.mark.parametrize("vendor", ["bukalapak", "kaskus", "qiscus"])
@pytest.mark.parametrize("case", BODILESS)
@pytest.mark.parametrize("pace", ["at once", "in pieces"])
async def test_g21_no_body_where_none_may_be(
    open_client: Any, serve: Any, seen: Seen, case: str, vendor: str, pace: str
) -> None:
    method, raw = BODILESS[case]

    async def script(wire: Wire, request: Received) -> None:
        if request.target == "/first":
            size = len(raw) if pace == "at once" else 40
            for start in range(0, len(raw), size):
                await wire.send(raw[start : start + size])
                await asyncio.sleep(0.005)
            all_sent.set()
        else:
            await wire.answer(body={"answer": "right"})

    all_sent = asyncio.Event()
    server = await serve(script)
    client = open_client(server.base_url, vendor, max_attempts=1, timeout=3)
    answer = await client(lambda c: c.request(method, "/first"))
    assert answer.body == b""
    assert answer.length_known
    await all_sent.wait()
    after = await client(lambda c: c.request("GET", "/second"))
    assert after.json() == {"answer": "right"}
    seen(f"{case}: {answer.status}, {len(answer.body)} bytes", f"{server.connections} connections")


DUE_A_DOCUMENT: list[tuple[str, Callable[[Any], Any]]] = [
    ("bukalapak", lambda c: c.messages.get("6")),
    ("bukalapak", lambda c: c.messages.create("6", "Halo")),
    ("kaskus", lambda c: c.threads.hot()),
    ("qiscus", lambda c: c.exports.get("1")),
]


@pytest.mark.parametrize("status", [200, 204])
@pytest.mark.parametrize("body", [b"", b" \r\n"], ids=["nothing", "white space"])
async def test_g21_no_body_where_one_is_due(open_client: Any, serve: Any, seen: Seen, body: bytes, status: int) -> None:
    server = await serve(answers(b"" if status == 204 else body, status))
    for vendor, operation in DUE_A_DOCUMENT:
        client = open_client(server.base_url, vendor)
        server.requests.clear()
        with pytest.raises(BadResponse, match="is empty") as caught:
            await client(operation)
        assert (caught.value.status, caught.value.sent) == (status, Sent.YES)
        assert len(server.requests) == 1
        seen(caught.value, f"{len(server.requests)} request: {caught.value.message}")


# --- Pages for people

PAGES = {
    "login": b"<!DOCTYPE html>\n<html><head><title>Masuk ke jaringan hotel</title></head><body>...</body></html>",
    "capital letters": b"\r\n<HTML><HEAD><TITLE>Masuk ke jaringan hotel</TITLE></HEAD></HTML>",
    "mark and comment": b"\xef\xbb\xbf<!-- portal --><html><title>\n Masuk ke jaringan hotel </title></html>",
}


@pytest.mark.parametrize("declared", ["text/html; charset=utf-8", "application/json"])
@pytest.mark.parametrize("page", PAGES)
async def test_g22_a_page_with_200_is_called_by_its_title(
    open_client: Any, serve: Any, seen: Seen, page: str, declared: str
) -> None:
    server = await serve(answers(PAGES[page], Content_Type=declared))
    for vendor, operation in DUE_A_DOCUMENT:
        client = open_client(server.base_url, vendor)
        server.requests.clear()
        with pytest.raises(BadResponse, match="Masuk ke jaringan hotel") as caught:
            await client(operation)
        assert type(caught.value) is BadResponse
        assert caught.value.status == 200
        assert "<" not in caught.value.message
        assert caught.value.excerpt
        assert len(server.requests) == 1
        seen(caught.value, f"{len(server.requests)} request: {caught.value.message}")


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_g22_a_gateways_page_follows_the_class_rule(
    open_client: Any, serve: Any, seen: Seen, short_pauses: None, status: int
) -> None:
    page = b"<html>\r\n<head><title>%d Bad\x1b Gateway</title></head></html>" % status
    server = await serve(answers(page, status, Content_Type="text/html"))
    for vendor, (method, requests) in itertools.product(("bukalapak", "kaskus", "qiscus"), (("GET", 3), ("POST", 1))):
        client = open_client(server.base_url, vendor)
        server.requests.clear()
        with pytest.raises(NusantaraError) as caught:
            await client(lambda c, method=method: c.request(method, "/"))
        assert type(caught.value) is ServerError
        assert caught.value.status == status
        assert f"{status} Bad\\\\x1b Gateway" in caught.value.message
        assert len(server.requests) == requests
        seen(caught.value, f"{method}: {len(server.requests)} requests, {caught.value.message}")
