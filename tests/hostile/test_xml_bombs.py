"""XML that is made to fill the memory, take the time, or fetch what it must not."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.faults import Seen
from support.raw import RawServer, Received, Wire, always

from nusantara.errors import BadResponse, TooLarge
from nusantara.record import Record
from nusantara.response import Response
from qiscus_async import Comment

SECRET_TEXT = "isi-berkas-rahasia"


def quickest(run: Callable[[], object]) -> float:
    """Seconds of processor time. On a machine with other things to do, the quickest run says most."""
    taken = []
    for _ in range(5):
        start = time.thread_time()
        run()
        taken.append(time.thread_time() - start)
    return min(taken)


def refused(body: bytes) -> BadResponse:
    with pytest.raises(BadResponse) as caught:
        Response(200, {}, body).xml(Comment)
    return caught.value


def wrapped(doctype: str, text: str = "&x;") -> str:
    return f"<!DOCTYPE return [{doctype}]><return><data>{text}</data></return>"


BOMBS: dict[str, str] = {
    "billion laughs": wrapped(
        '<!ENTITY x0 "ha">' + "".join(f'<!ENTITY x{n + 1} "{f"&x{n};" * 10}">' for n in range(9)), "&x9;"
    ),
    "quadratic blow-up": wrapped(f'<!ENTITY x "{"x" * 100_000}">', "&x;" * 1000),
    "entity of itself": wrapped('<!ENTITY x "&y;"><!ENTITY y "&x;">'),
    "file": wrapped('<!ENTITY x SYSTEM "FILE">'),
    "address": wrapped('<!ENTITY x SYSTEM "ADDRESS">'),
    "public identifier": wrapped('<!ENTITY x PUBLIC "-//x" "ADDRESS">'),
    "parameter entity": wrapped('<!ENTITY % p SYSTEM "ADDRESS"> %p;'),
    "parameter entity of a file": wrapped('<!ENTITY % p SYSTEM "FILE"> <!ENTITY x "%p;">'),
    "external subset": '<!DOCTYPE return SYSTEM "ADDRESS"><return/>',
    "behind a comment and a byte order mark": "\ufeff<!-- <return> -->\n<?pi?>" + wrapped('<!ENTITY x SYSTEM "FILE">'),
}
"""FILE and ADDRESS stand for a file of ours and an address that counts who comes."""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("kind", BOMBS)
async def test_g25_document_types(
    open_client: Any, serve: Any, seen: Seen, tmp_path: Path, kind: str, encoding: str
) -> None:
    ours = tmp_path / "rahasia.txt"
    ours.write_text(SECRET_TEXT)
    decoy = await serve(always(SECRET_TEXT.encode()))
    text = BOMBS[kind].replace("FILE", ours.as_uri()).replace("ADDRESS", f"{decoy.base_url}/x.dtd")
    body = text.removeprefix("\ufeff" if encoding == "utf-16" else "").encode(encoding)
    server = await serve(always(body, Content_Type="text/xml"))
    call = open_client(server.base_url, "kaskus")
    for operation in (lambda c: c.threads.hot(), lambda c: c.threads.hot_archive()):
        with pytest.raises(BadResponse, match="DOCTYPE") as caught:
            await call(operation)
        assert SECRET_TEXT not in f"{caught.value} {caught.value.excerpt}"
    assert (len(server.requests), decoy.connections) == (2, 0)
    taken = quickest(lambda: refused(body))
    assert taken < 0.05
    seen(caught.value, f"{decoy.connections} connections, under {max(taken * 1000, 1):.0f} ms")


async def test_g25_xinclude_and_other_pointers(open_client: Any, serve: Any, seen: Seen, tmp_path: Path) -> None:
    """They are no document type: what they are is data, and nobody follows them."""
    ours = tmp_path / "rahasia.txt"
    ours.write_text(SECRET_TEXT)
    decoy = await serve(always(SECRET_TEXT.encode()))
    bodies = [
        text.replace("TARGET", target).encode()
        for target in (ours.as_uri(), f"{decoy.base_url}/x")
        for text in (
            '<return xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="TARGET" parse="text"/></return>',
            '<?xml-stylesheet href="TARGET"?><return><data>1</data></return>',
            '<return xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:schemaLocation="x TARGET"><data/></return>',
            '<return xml:base="TARGET" xmlns="TARGET"><data/></return>',
        )
    ]
    waiting = list(bodies)

    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer(body=waiting.pop(0), Content_Type="text/xml")

    server: RawServer = await serve(answer)
    call = open_client(server.base_url, "kaskus")
    results = [await call(lambda c: c.threads.hot_archive()) for _ in bodies]
    assert all(isinstance(result, Record) for result in results)
    assert SECRET_TEXT not in json.dumps([result.to_document() for result in results])
    assert decoy.connections == 0
    seen(f"{len(results)} documents read as data", f"{decoy.connections} connections")


HUGE: dict[str, bytes] = {
    "100,000 deep": b"<return>" * 100_000 + b"</return>" * 100_000,
    "100,000 opened": b"<a>" * 100_000,
    "200,000 attributes": b"<return " + b" ".join(b'a%d="v"' % n for n in range(200_000)) + b"/>",
    "200,000 attributes of many": b"<return>" + b"<a b='1' c='2'/>" * 100_000 + b"</return>",
    "49,000 attributes": b"<return " + b" ".join(b'a%d="v"' % n for n in range(49_000)) + b"/>",
    "12 MB of text": b"<return><data>" + b"x" * 12_000_000 + b"</data></return>",
    "1,000,000 elements": b"<return>" + b"<a/>" * 1_000_000 + b"</return>",
}
ROOM = 64
"""MiB that reading any of them may take."""


@pytest.mark.parametrize("kind", HUGE)
async def test_g26_huge_xml(open_client: Any, serve: Any, seen: Seen, kind: str) -> None:
    body = HUGE[kind]
    server = await serve(always(body, Content_Type="text/xml"))
    call = open_client(server.base_url, "kaskus")
    with pytest.raises(BadResponse) as caught:
        await call(lambda c: c.threads.hot_archive())
    assert len(server.requests) == 1
    if "elements" in kind or "00,000 attributes" in kind:
        assert isinstance(caught.value, TooLarge)
    taken = quickest(lambda: refused(body))
    assert taken < 0.1
    seen(caught.value, f"{kind}: {taken * 1000:.0f} ms")


READER = """
import asyncio, gc, sys
from nusantara.errors import BadResponse
from kaskus_async import AsyncKaskus, Kaskus

flavour, base_url, count = sys.argv[1], sys.argv[2], int(sys.argv[3])

def memory(name):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name))

def begin():
    global before
    gc.collect()
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # The highest mark of memory starts anew.
    before = memory("VmRSS")

async def run_async():
    async with AsyncKaskus("toko", "rahasia", base_url=base_url) as kaskus:
        await kaskus.threads.hot_archive()
        begin()
        for _ in range(count):
            try:
                await kaskus.threads.hot_archive()
            except BadResponse:
                pass
            else:
                raise SystemExit("it was read")

def run_sync():
    with Kaskus("toko", "rahasia", base_url=base_url) as kaskus:
        kaskus.threads.hot_archive()
        begin()
        for _ in range(count):
            try:
                kaskus.threads.hot_archive()
            except BadResponse:
                pass
            else:
                raise SystemExit("it was read")

asyncio.run(run_async()) if flavour == "async" else run_sync()
print((memory("VmHWM") - before) / 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the kernel does not tell the highest mark")
async def test_g26_memory(flavour: str, serve: Any, seen: Seen) -> None:
    kinds = ["100,000 deep", "200,000 attributes", "12 MB of text"]
    bodies = [b"<return><data/></return>", *[HUGE[kind] for kind in kinds]]

    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer(body=bodies.pop(0), Content_Type="text/xml")

    server = await serve(answer)
    command = [sys.executable, "-c", READER, flavour, server.base_url, str(len(kinds))]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    grown = float(done.stdout)
    assert grown < ROOM
    seen(f"{len(kinds)} documents refused", f"+{grown:.0f} MiB at most")
