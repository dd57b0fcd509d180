"""A server that does anything at random, and what its callers are told: never twice, never a wrong "no" or "done".

300 calls by default. ``NUSANTARA_RANDOM_CALLS=20000`` makes a long run of it, ``NUSANTARA_RANDOM_SEED`` another one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator

import pytest
from support.raw import Wire, listening, port_of

from bukalapak_async import AsyncBukalapak
from nusantara.call.steps import REFUSALS
from nusantara.errors import ApiError, NusantaraError, Sent
from nusantara.options import Timeouts
from nusantara.request import CallClass
from nusantara.response import Response

log = logging.getLogger(__name__)

CALLS = int(os.environ.get("NUSANTARA_RANDOM_CALLS", "300"))
SEED = int(os.environ.get("NUSANTARA_RANDOM_SEED", "1945"))
TASKS = 8
PATIENCE = Timeouts(first_byte=0.1, idle_read=0.1, idle_write=0.5, total=3.0)
SIZES = (0, 10, 10, 500, 500, 70_000, 300_000)
"""Of bodies, both ways: some leave at once, some in pieces."""


class Fault:
    """One request at the server: what has come of it so far, and what is done with it."""

    def __init__(self, wire: Wire, head: bytes, chance: random.Random, executions: Counter[str]) -> None:
        self.wire = wire
        self.chance = chance
        lines = head.decode("latin-1").split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        self.key = fields["x-key"]
        self.length = int(fields.get("content-length", "0"))
        self._chunked = "transfer-encoding" in fields
        self._executions = executions
        self.size = chance.choice(SIZES)

    async def read(self) -> None:
        assert not self._chunked
        self._body = await self.wire.reader.readexactly(self.length)

    async def execute(self) -> None:
        await self.read()
        if self.length:
            assert json.loads(self._body)["end"] == self.key, "a body of another call"
        self._executions[self.key] += 1

    def document(self) -> bytes:
        return json.dumps({"key": self.key, "pad": "x" * self.size, "end": self.key}).encode()

    async def answer(self, status: int = 200) -> bool:
        """A whole answer, framed in one of the ways there are; whether the connection ends with it."""
        body = self.document()
        head = f"HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nRetry-After: 0\r\n"
        framing = self.chance.choice(["length", "length", "chunks", "close"])
        if framing == "length":
            await self.wire.send(f"{head}Content-Length: {len(body)}\r\n\r\n".encode())
            await self.in_pieces(body)
        elif framing == "chunks":
            await self.wire.send(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
            middle = len(body) // 2
            for piece in (body[:middle], body[middle:]):
                await self.wire.send(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            await self.wire.send(b"0\r\n\r\n")
        else:
            await self.wire.send(f"{head}Connection: close\r\n\r\n".encode() + body)
        return framing == "close"

    async def in_pieces(self, body: bytes) -> None:
        # Something is left after the pause: what follows a whole answer by milliseconds is for no client to tell from
        # the answer to the next request.
        cut = self.chance.randrange(len(body))
        await self.wire.send(body[:cut])
        if self.chance.random() < 0.3:
            await asyncio.sleep(0.002)
        await self.wire.send(body[cut:])


# What is done with a request. Each returns whether the connection is closed then.


async def answers(fault: Fault) -> bool:
    await fault.execute()
    return await fault.answer()


async def answers_and_leaves(fault: Fault) -> bool:
    await answers(fault)
    return True


async def answers_after_interim_ones(fault: Fault) -> bool:
    await fault.execute()
    for _ in range(fault.chance.randrange(1, 4)):
        interim = fault.chance.choice(["100 Continue", "102 Processing", "103 Early Hints\r\nLink: </a>"])
        await fault.wire.send(f"HTTP/1.1 {interim}\r\n\r\n".encode())
    return await fault.answer()


async def answers_twice(fault: Fault) -> bool:
    """The second one must not become the answer to the next call."""
    await fault.execute()
    await fault.answer()
    await fault.answer()
    return False


async def answers_early(fault: Fault) -> bool:
    """Before it has read the body, which it goes on to do; one that was in its buffers already is there whole."""
    if fault.length > SIZES[3] + 100:
        return await answers(fault)
    leaves = await fault.answer()
    await fault.execute()
    return leaves


async def promises_more(fault: Fault) -> bool:
    await fault.execute()
    body = fault.document()
    await fault.wire.send(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body) + 1}\r\n\r\n".encode() + body)
    return True


async def cuts_chunks(fault: Fault) -> bool:
    await fault.execute()
    body = fault.document()
    await fault.wire.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    await fault.wire.send(f"{len(body):x}\r\n".encode() + body + b"\r\n")
    return True


async def closes_at_once(fault: Fault) -> bool:
    return True


async def resets_at_once(fault: Fault) -> bool:
    fault.wire.reset()
    return True


async def closes_unread(fault: Fault) -> bool:
    await fault.wire.reader.read(20)
    return True


async def closes(fault: Fault) -> bool:
    await fault.read()
    return True


async def closes_when_done(fault: Fault) -> bool:
    await fault.execute()
    return True


async def resets_when_done(fault: Fault) -> bool:
    await fault.execute()
    fault.wire.reset()
    return True


async def stalls(fault: Fault) -> bool:
    await fault.read()
    await asyncio.sleep(0.3)
    return True


async def stalls_when_done(fault: Fault) -> bool:
    await fault.execute()
    await asyncio.sleep(0.3)
    return True


async def stalls_in_the_answer(fault: Fault) -> bool:
    await fault.execute()
    await fault.wire.send(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"key"')
    await asyncio.sleep(0.3)
    return True


async def executes_late(fault: Fault) -> bool:
    await asyncio.sleep(fault.chance.uniform(0.0, 0.2))
    return await answers(fault)


async def refuses(fault: Fault) -> bool:
    await fault.read()
    return await fault.answer(fault.chance.choice([400, 401, 403, 404, 413, 422, 429, 429]))


async def refuses_unread(fault: Fault) -> bool:
    """As a proxy does that finds a body too large."""
    await fault.answer(413)
    return True


async def fails(fault: Fault) -> bool:
    await fault.read()
    return await fault.answer(fault.chance.choice([408, 409, 500, 502, 503, 504]))


async def fails_when_done(fault: Fault) -> bool:
    await fault.execute()
    return await fault.answer(fault.chance.choice([408, 409, 499, 500, 501, 502, 503, 504]))


async def talks_nonsense(fault: Fault) -> bool:
    await fault.read()
    await fault.wire.send(fault.chance.randbytes(fault.chance.randrange(1, 300)) + b"\r\n\r\n")
    return True


async def talks_nonsense_when_done(fault: Fault) -> bool:
    await fault.execute()
    return await talks_nonsense_after(fault)


async def talks_nonsense_after(fault: Fault) -> bool:
    await fault.wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: zwei\r\n\r\n{}")
    return True


async def redirects(fault: Fault) -> bool:
    await fault.execute()
    await fault.wire.send(b"HTTP/1.1 307 Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
    return False


FAULTS: dict[Callable[[Fault], Awaitable[bool]], int] = {
    answers: 20,
    answers_and_leaves: 4,
    answers_after_interim_ones: 3,
    answers_twice: 2,
    answers_early: 3,
    promises_more: 3,
    cuts_chunks: 3,
    closes_at_once: 3,
    resets_at_once: 3,
    closes_unread: 3,
    closes: 4,
    closes_when_done: 5,
    resets_when_done: 5,
    stalls: 2,
    stalls_when_done: 2,
    stalls_in_the_answer: 2,
    executes_late: 2,
    refuses: 5,
    refuses_unread: 2,
    fails: 4,
    fails_when_done: 5,
    talks_nonsense: 3,
    talks_nonsense_when_done: 3,
    redirects: 2,
}


class RandomServer:
    """Counts what it has carried out by the key of each request. Of one seed, each attempt meets the same fault."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.executions: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.problems: list[str] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(reader, writer, 0)
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            key = head.lower().split(b"x-key: ")[1].split(b"\r\n")[0].decode()
            self.requests[key] += 1
            chance = random.Random(f"{self.seed} {key} {self.requests[key]}")
            [act] = chance.choices([*FAULTS], [*FAULTS.values()])
            self.faults[act.__name__] += 1
            try:
                if await act(Fault(wire, head[:-4], chance, self.executions)):
                    return
            except AssertionError as problem:
                self.problems.append(f"{key}: {problem}")
                raise


class Caller:
    """Makes calls of all kinds and holds what it is told against what the server has done."""

    def __init__(self, client: AsyncBukalapak, server: RandomServer) -> None:
        self._client = client
        self._server = server
        self.outcomes: Counter[str] = Counter()
        self._ended: list[tuple[str, CallClass, Response | BaseException | None]] = []

    async def call(self, number: int) -> None:
        key = str(number)
        chance = random.Random(f"{self._server.seed} {key}")
        call_class = chance.choice([CallClass.SAFE, CallClass.REPEATABLE, CallClass.UNREPEATABLE])
        method = "GET" if call_class is CallClass.SAFE else chance.choice(["POST", "PUT", "DELETE"])
        body = None if method == "GET" else {"pad": "x" * chance.choice(SIZES), "end": key}
        self._client._shared.budget.pay(100)  # So that it is the rule that ends a call, and not the budget.
        call = asyncio.ensure_future(
            self._client.request(method, "/a", json=body, headers={"X-Key": key}, call_class=call_class)
        )
        if chance.random() < 0.05:
            asyncio.get_running_loop().call_later(chance.uniform(0, 0.02), call.cancel)
        await asyncio.wait([call])
        result = None if call.cancelled() else call.exception() or call.result()
        self.outcomes["cancelled" if result is None else type(result).__name__] += 1
        self._ended.append((key, call_class, result))

    def wrong(self) -> list[str]:
        """What was told and is not so. Asked at the end: a request may be carried out after its caller has gone."""
        return [
            f"{problem}: call {key} of seed {self._server.seed}: {result!r}"
            for key, call_class, result in self._ended
            for problem in _problems(key, self._server.executions[key], call_class is CallClass.UNREPEATABLE, result)
        ]


def _problems(key: str, done: int, only_once: bool, result: Response | BaseException | None) -> Iterator[str]:
    if only_once and done > 1:
        yield f"done {done} times"
    if isinstance(result, Response):
        document = result.json()
        if not done:
            yield "told as done"
        if document["key"] != key or document["end"] != key:
            yield "the answer to another call"
    elif isinstance(result, NusantaraError):
        if result.sent is Sent.NO and done:
            yield "told as not sent"
        if only_once and done and isinstance(result, ApiError) and result.status in REFUSALS:
            yield "told as refused"
    elif result is not None:
        yield "an error that is not ours"


async def run(seed: int, calls: int) -> tuple[RandomServer, Caller]:
    server = RandomServer(seed)
    async with listening(server) as listener:
        base_url = f"http://127.0.0.1:{port_of(listener)}"
        async with AsyncBukalapak("toko", "rahasia", base_url=base_url, timeout=PATIENCE) as client:
            caller = Caller(client, server)
            numbers = iter(range(calls))

            async def work() -> None:
                for number in numbers:
                    await caller.call(number)

            async with asyncio.TaskGroup() as group:
                for _ in range(TASKS):
                    group.create_task(work())
        await asyncio.sleep(0.3)  # Until the last that is late is done.
    return server, caller


@pytest.mark.timeout(60 + CALLS / 20)
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("way", ["direct", "aiohttp"])
def test_nobody_is_told_what_is_not_so(
    monkeypatch: pytest.MonkeyPatch, short_pauses: None, way: str, loop: str
) -> None:
    monkeypatch.setenv("NUSANTARA_TRANSPORT", way)
    factory = None
    if loop == "uvloop":
        factory = pytest.importorskip("uvloop", reason="uvloop is not installed").new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        server, caller = runner.run(run(SEED, CALLS))
    log.info("%s, %s: %d requests, %s", way, loop, server.requests.total(), caller.outcomes)
    assert (server.problems, caller.wrong()) == ([], [])
    assert server.faults.keys() == {fault.__name__ for fault in FAULTS}
