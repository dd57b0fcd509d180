"""Any bytes as an answer, any tree as a model: only errors of this library, in time, within the cap."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.faults import Seen
from support.fuzz import FUZZ, PATIENCE, unwatched, within
from support.parrot import Parrot
from support.spellings import DIGITS, ITEMS
from support.trees import JSON, TEXTS, all_models, near

from bukalapak_async import AsyncBukalapak, Bukalapak
from kaskus_async import AsyncKaskus, Kaskus
from nusantara.codec import dumps, loads, structure
from nusantara.codec.xml import structure_xml
from nusantara.errors import BadResponse, DecodeError, NusantaraError, Sent
from nusantara.model import Model
from nusantara.response import Response
from qiscus_async import AsyncQiscus, Qiscus

pytestmark = PATIENCE

CAP = 64 * 1024
"""Bytes that a body may have here."""


class Callers:
    """Clients of all vendors in one flavour, called from a program without a running loop."""

    def __init__(self, flavour: str, base_url: str) -> None:
        self.loop = asyncio.new_event_loop() if flavour == "async" else None
        makes: tuple[Callable[..., Any], ...] = (Bukalapak, Kaskus, Qiscus)
        if self.loop:
            makes = (AsyncBukalapak, AsyncKaskus, AsyncQiscus)
        self.clients = [make("toko", "rahasia", base_url=base_url, max_attempts=1) for make in makes]
        self.capped = [client.with_options(max_body=CAP) for client in self.clients]

    def __call__(self, number: int) -> Any:
        """One of the operations."""
        client = self.capped[number % 3]
        operations: tuple[Callable[[Any], Any], ...] = (
            lambda c: c.request("GET", "/apa-saja"),
            (lambda c: c.messages.get("5f01"), lambda c: c.threads.hot(), lambda c: c.users.profile("sari"))[
                number % 3
            ],
            (
                lambda c: c.account.authenticate("sari", "sandi"),
                lambda c: c.auth.log_in_with_password("sari", "sandi"),
                lambda c: c.rooms.info([1], "sari"),
            )[number % 3],
        )
        result = operations[number // 3](client)
        return self.loop.run_until_complete(result) if self.loop else result

    def close(self) -> None:
        for client in self.clients:
            if self.loop:
                self.loop.run_until_complete(client.aclose())
            else:
                client.close()
        if self.loop:
            self.loop.close()


@pytest.fixture(autouse=True)
def _fuzzing() -> Iterator[None]:
    with unwatched():
        yield


@pytest.fixture
def parrot() -> Iterator[Parrot]:
    found = Parrot()
    yield found
    found.close()


@pytest.fixture
def callers(flavour: str, parrot: Parrot) -> Iterator[Callers]:
    found = Callers(flavour, parrot.base_url)
    yield found
    found.close()


def outcome(callers: Callers, parrot: Parrot, answer: bytes, operation: int) -> str:
    """The class of what comes of an answer, after all that is promised of it is checked."""
    parrot.say(answer)
    elapsed = []
    for _ in range(3):  # A busy machine may make one late.
        start = time.perf_counter()
        with within(1):
            try:
                result = callers(operation)
            except NusantaraError as error:
                result = error
        elapsed.append(time.perf_counter() - start)
        if elapsed[-1] < 1:
            break
    assert min(elapsed) < 1
    if isinstance(result, NusantaraError):
        assert str(result).isprintable()
        assert result.sent is not Sent.NO, "the server has the request"
    if isinstance(result, Response):
        assert len(result.body) <= CAP
        assert repr(result).isprintable()
        _ = result.text(), result.format, result.charset_guessed, result.content_type_mismatch, result.repeated_keys
    return type(result).__name__


def told(outcomes: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in outcomes.most_common())


LINES = st.sampled_from(
    [
        *(
            b"HTTP/1.1 200 OK\r\n",
            b"HTTP/1.0 200\r\n",
            b"HTTP/1.1 204 No\r\n",
            b"HTTP/1.1 304 No\r\n",
            b"HTTP/2 200\r\n",
        ),
        *(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 401 No\r\n", b"HTTP/1.1 429 No\r\n", b"HTTP/1.1 999 X\r\n"),
        *(b"HTTP/1.1 302 Go\r\n", b"HTTP/1.1 503 No\r\n", b"Location: \xff//[\r\n", b"Location: http://[\r\n"),
        *(
            b"Content-Length: 5\r\n",
            b"Content-Length: 0\r\n",
            b"Content-Length: -1\r\n",
            b"Content-Length: 99999999999\r\n",
        ),
        *(b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n", b"Content-Encoding: gzip\r\n"),
        *(b"Content-Encoding: \xff\r\n", b"Content-Encoding: deflate\r\n", b"Content-Encoding: br\r\n"),
        *(b"Content-Type: text/html; charset=\xe9\r\n", b"Content-Type: text/xml; charset=undefined\r\n"),
        *(b"Content-Type: application/json; charset=idna\r\n", b"Retry-After: \xb2\r\n", b"Date: 0\r\n"),
        *(b"Retry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n", b"X-Request-Id: \x80\xff\r\n", b"Set-Cookie: \xff\r\n"),
        *(b"Connection: close\r\n", b"Connection: upgrade\r\nUpgrade: \x80\r\n", b": x\r\n", b"x\r\n", b" folded\r\n"),
        *(
            b"\r\n",
            b"\r\n\r\n",
            b"\n",
            b"\r",
            b"\0",
            b"5\r\nhello\r\n0\r\n\r\n",
            b"ffffffffffffffff\r\n",
            b"-1\r\n",
            b"0\r\n\r\n",
        ),
        *(b"hello", b"{}", b"[", b"<a/>", b"\x1f\x8b\x08\x00", b"\x16\x03\x01\x02"),
    ]
)
ANSWERS = st.tuples(
    st.sampled_from([b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 503 No\r\n", b"HTTP/1.0 200 OK\r\n", b"HTTP/1.1 302 Go\r\n"]),
    st.lists(LINES.filter(lambda line: b": " in line), max_size=3).map(b"".join),
    st.just(b"\r\n"),
    st.binary(max_size=20) | LINES,
).map(b"".join)
"""Those of which the head at least may be good."""
LARGEST = b"{}" + b" " * (CAP - 2)
BODIES = st.one_of(
    st.binary(max_size=60),
    JSON.map(lambda tree: json.dumps(tree).encode()),
    JSON.map(DIGITS.write),
    TEXTS.map(lambda text: text.encode("utf-16", "replace")),
    st.sampled_from(
        [
            LARGEST,
            b"[" * 60_000,
            b'{"a":' * 10_000,
            b"9" * 60_000,
            b"<a>" * 20_000,
            b"<a " + b" ".join(b'a%d="v"' % n for n in range(5_000)) + b"/>",
            b'{"status":"ERROR","message":"\\u001b[2J"}',
            b"<return><errormessage>\xe9</errormessage></return>",
            b'"errormessage"',
            b"access=DENIED&message=%00",
            b"oauth_token=%ff&x",
        ]
    ),
)
LABELS = st.sampled_from(
    [b"application/json", b"text/xml", b"text/html; charset=\xff", b"x; charset=undefined", b"x; charset=punycode", b""]
) | st.binary(max_size=12).map(lambda label: label.translate(None, bytes({*range(32), 127})))
BOMB = gzip.compress(b"\0" * 20_000_000)
"""As one more member of a compressed body."""
SQUEEZES: dict[bytes, Callable[[bytes], bytes]] = {
    b"identity": bytes,
    b"gzip": gzip.compress,
    b"deflate": zlib.compress,
    b"gzip ": lambda body: gzip.compress(body)[:-5],
    b"x-gzip": lambda body: gzip.compress(body + b" ") + BOMB,
}
OPERATIONS = st.integers(0, 8)


def test_g77_any_bytes_as_an_answer(callers: Callers, parrot: Parrot, seen: Seen) -> None:
    outcomes: Counter[str] = Counter()

    @FUZZ
    @given(st.binary(max_size=120) | st.lists(LINES, max_size=9).map(b"".join) | ANSWERS, OPERATIONS)
    def check(answer: bytes, operation: int) -> None:
        outcomes[outcome(callers, parrot, answer, operation)] += 1

    check()
    seen("only errors of this library", told(outcomes))


def test_g77_any_bytes_as_a_body(callers: Callers, parrot: Parrot, seen: Seen) -> None:
    outcomes: Counter[str] = Counter()

    @FUZZ
    @example(LARGEST, b"application/json", b"identity", 200, 0)
    @example(LARGEST + b" ", b"application/json", b"identity", 200, 0)
    @example(LARGEST + b" ", b"application/json", b"gzip", 200, 0)
    @given(BODIES, LABELS, st.sampled_from([*SQUEEZES]), st.sampled_from([200, 201, 400, 401, 404, 503]), OPERATIONS)
    def check(body: bytes, label: bytes, squeeze: bytes, status: int, operation: int) -> None:
        body = SQUEEZES[squeeze](body)
        head = b"HTTP/1.1 %d X\r\nContent-Type: %b\r\nContent-Encoding: %b\r\nContent-Length: %d\r\n\r\n"
        outcomes[outcome(callers, parrot, head % (status, label, squeeze, len(body)) + body, operation)] += 1

    check()
    assert len(outcomes) > min(5, FUZZ.max_examples // 20)
    seen("only errors of this library", told(outcomes))


MODELS = all_models("bukalapak_async", "kaskus_async", "qiscus_async")
DOCUMENTS = st.sampled_from(MODELS).flatmap(lambda cls: st.tuples(st.just(cls), near(cls) | JSON))


def spelled(tree: Any) -> str:
    return json.dumps(tree, sort_keys=True)


def test_g77_any_tree_as_a_model(seen: Seen) -> None:
    outcomes: Counter[str] = Counter()

    @FUZZ
    @given(DOCUMENTS)
    def check(case: tuple[type[Model], Any]) -> None:
        cls, tree = case
        body = dumps(tree)
        with within(1):
            try:
                made = structure(loads(body), cls)
            except DecodeError:
                outcomes["DecodeError"] += 1
                return
        outcomes["model"] += 1
        assert repr(made)
        with within(1):
            assert spelled(made.to_document()) == spelled(tree), "nothing that was sent is lost"
            again = structure(loads(dumps(made)), cls)
        assert again == made
        assert again.extra == made.extra

    check()
    assert outcomes["model"] > FUZZ.max_examples // 10
    seen(f"{len(MODELS)} models", told(outcomes))


def test_g77_any_tree_in_xml_as_a_model(seen: Seen) -> None:
    outcomes: Counter[str] = Counter()

    @FUZZ
    @given(DOCUMENTS, st.sampled_from([DIGITS, ITEMS]))
    def check(case: tuple[type[Model], Any], spelling: Any) -> None:
        cls, tree = case
        body = spelling.write(tree)
        with within(1):
            try:
                made = structure_xml(body, cls)
            except BadResponse as error:
                outcomes[type(error).__name__] += 1
                return
        outcomes["model"] += 1
        with within(1):
            again = structure(loads(dumps(made)), cls)
        assert again == made
        assert again.extra == made.extra

    check()
    assert outcomes["model"] > FUZZ.max_examples // 10
    seen(f"{len(MODELS)} models", told(outcomes))
