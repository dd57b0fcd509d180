"""Any value in any header that means something to the library."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from multidict import CIMultiDict
from support.fuzz import FUZZ, PATIENCE, unwatched, within
from support.parrot import Parrot
from support.trees import TEXTS

from bukalapak_async import AsyncBukalapak
from nusantara import download
from nusantara.call.refusals import api_error
from nusantara.call.retry_after import parse_retry_after
from nusantara.errors import BadResponse, ConnectFailed, NusantaraError, Sent
from nusantara.response import Response
from nusantara.signing import OAuth1

pytestmark = PATIENCE

DATES = st.datetimes(timezones=st.just(UTC)).map(lambda moment: format_datetime(moment, usegmt=True)) | st.builds(
    lambda *parts: " ".join(parts),
    st.sampled_from(["Mon,", "Xyz,", ""]),
    st.sampled_from(["0", "1", "31", "32", "-1", "99999999999"]),
    st.sampled_from(["Jan", "Feb", "Foo", ""]),
    st.sampled_from(["0", "1", "1994", "9999", "10000", "99999999999999999999"]),
    st.sampled_from(["00:00:00", "25:61:61", "1:2", ":", "99999999999:0:0"]),
    st.sampled_from(["GMT", "-0000", "+2400", "-9999", "+99999999999", "EST", ""]),
)
VALUES = st.one_of(
    # As aiohttp gives them: what is not UTF-8 is there as lone surrogates.
    st.binary(max_size=40).map(lambda value: value.decode("utf-8", "surrogateescape")),
    st.text(st.characters(), max_size=20),
    TEXTS,
    DATES,
    st.sampled_from(
        [
            *(
                "0",
                "-1",
                "1.5",
                "1e9",
                "9" * 400,
                "nan",
                "inf",
                "\u0663",
                "\u00b2",
                "5;",
                "5, 6",
                "bytes 5-9/10",
                "bytes */10",
            ),
            *(
                "bytes 5-9/*",
                "bytes=5-",
                "text/html; charset=idna",
                "x; charset=punycode",
                "x; charset=undefined",
                "x; charset=\0",
            ),
            *(
                'x; charset="',
                "x; charset=utf-8; charset=latin1",
                ";;;",
                "=",
                "gzip",
                "gzip, gzip",
                "br",
                "http://[",
                "//",
                "///",
            ),
            *(
                "https://\udcff/",
                "https://xn--\u00e9/",
                "https://user:pw@x/",
                "javascript:x",
                "https://127.1/",
                "http://x:99999/",
            ),
            *('W/"x"', '"', "x" * 5000),
        ]
    ),
)


@pytest.fixture(autouse=True)
def _fuzzing() -> Iterator[None]:
    with unwatched():
        yield


@FUZZ
@given(VALUES, DATES | VALUES | st.none())
def test_retry_after(value: str, date: str | None) -> None:
    with within(1):
        seconds = parse_retry_after(value, date=date)
    assert seconds is None or (seconds >= 0 and math.isfinite(seconds))


NAMES = ["Retry-After", "Date", "X-Request-Id", "Content-Type", "Content-Length", "Location", "ETag", "Set-Cookie"]


@FUZZ
@given(st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=4), st.integers(0, 999), st.binary(max_size=20))
def test_headers_of_a_refusal(headers: list[tuple[str, str]], status: int, body: bytes) -> None:
    answer = Response(status, CIMultiDict(headers), body)
    with within(1):
        error = api_error(answer, None)
        assert str(error).isprintable()
        assert error.request_id is None or error.request_id.isprintable()
        assert repr(answer).isprintable()
        assert isinstance(answer.text(), str)
        _ = answer.charset, answer.charset_guessed, answer.format, answer.content_type_mismatch
        with contextlib.suppress(BadResponse):
            answer.json()
        with contextlib.suppress(BadResponse):
            answer.xml()


@FUZZ
@given(DATES | VALUES)
def test_the_date_of_a_refused_signature(date: str) -> None:
    signer = OAuth1("kunci", "rahasia")
    signed = {"Authorization": f'OAuth oauth_timestamp="{int(datetime.now(UTC).timestamp())}"'}
    with within(1):
        assert signer.learn_skew(date, signed) in (True, False)


# --- Over a socket


LINE_END = bytes({*range(9), *range(10, 32), 127})


def line(name: str, value: str) -> bytes:
    return name.encode() + b": " + value.encode("utf-8", "surrogateescape").translate(None, LINE_END) + b"\r\n"


SENDABLE = VALUES.filter(
    lambda value: not any("\ud800" <= char < "\udc80" or "\udcff" < char < "\ue000" for char in value)
)
"""What can be written as bytes."""


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture(scope="module")
def parrot() -> Iterator[Parrot]:
    found = Parrot()
    yield found
    found.close()


@pytest.fixture(scope="module")
def client(loop: asyncio.AbstractEventLoop, parrot: Parrot) -> Iterator[AsyncBukalapak]:
    made = AsyncBukalapak("toko", "rahasia", base_url=parrot.base_url, max_attempts=1)
    yield made
    loop.run_until_complete(made.aclose())


def outcome(loop: asyncio.AbstractEventLoop, client: AsyncBukalapak) -> Response | NusantaraError:
    with within(1):
        try:
            return loop.run_until_complete(client.request("GET", "/"))
        except NusantaraError as error:
            return error


@FUZZ
@given(SENDABLE, st.sampled_from([301, 302, 303, 307, 308]))
def test_the_address_of_a_redirect(
    loop: asyncio.AbstractEventLoop, parrot: Parrot, client: AsyncBukalapak, location: str, status: int
) -> None:
    head = b"HTTP/1.1 %d Go\r\nConnection: close\r\nContent-Length: 0\r\n%b\r\n"
    parrot.say(head % (status, line("Location", location)))
    error = outcome(loop, client)
    assert isinstance(error, BadResponse)
    assert str(error).isprintable()
    assert error.sent is not Sent.NO


@FUZZ
@given(
    st.sampled_from(["gzip", "x-gzip", "deflate", "gzip, deflate", "identity"]) | SENDABLE,
    st.lists(
        st.binary(min_size=1, max_size=30)
        | st.sampled_from([b"\x1f\x8b\x08\x00", b"\x1f\x8b\x08\x00\0\0\0\0\0\x03", b"x\x9c", b"K\x04\0", b"\x03\0"]),
        max_size=5,
    ).map(b"".join),
)
def test_an_encoded_body(
    loop: asyncio.AbstractEventLoop, parrot: Parrot, client: AsyncBukalapak, encoding: str, body: bytes
) -> None:
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n%b\r\n"
    parrot.say(head % (len(body), line("Content-Encoding", encoding)) + body)
    result = outcome(loop, client)
    assert str(result).isprintable()
    if isinstance(result, NusantaraError):
        assert result.sent is not Sent.NO


RANGES = st.builds(
    "bytes {}-{}/{}".format,
    st.sampled_from([0, 3, 5, 6, "", "x", "9" * 5000]),
    st.sampled_from([2, 9, 10, "", "9" * 5000]),
    st.sampled_from([10, 11, "*", "", "9" * 5000]),
)
FILE_HEADERS = st.tuples(
    st.sampled_from(["Content-Range", "ETag", "Last-Modified", "Date", "Content-Encoding", "Location"]),
    SENDABLE | RANGES,
).map(lambda header: line(*header))


@FUZZ
@example([b'ETag: "\xff"\r\n'], 206, [], "bytes 5-9/10")
@example(
    [b"Last-Modified: Mon, 1 Jan 2024 00:00:00 GMT \xff\r\n", b"Date: Tue, 2 Jan 2024 00:00:00 GMT\r\n"], 206, [], ""
)
@given(
    st.lists(FILE_HEADERS, max_size=3),
    st.sampled_from([200, 206, 302, 416]),
    st.lists(FILE_HEADERS, max_size=3),
    RANGES,
)
def test_headers_of_a_file(
    loop: asyncio.AbstractEventLoop,
    parrot: Parrot,
    tmp_path_factory: pytest.TempPathFactory,
    first: list[bytes],
    status: int,
    second: list[bytes],
    span: str,
) -> None:
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n" + b"".join(first) + b"\r\nhello"
    rest = line("Content-Range", span) + b"".join(second) + b"Content-Length: 5\r\n\r\nworld"
    parrot.say(cut, b"HTTP/1.1 %d X\r\n" % status + rest)
    target = tmp_path_factory.getbasetemp() / "berkas"
    target.unlink(missing_ok=True)
    failure: NusantaraError | None = None
    with pytest.MonkeyPatch.context() as patch, within(1):
        patch.setattr(download, "PAUSE", 0.0)
        try:
            found = loop.run_until_complete(
                download.download(download.Source(url=f"{parrot.base_url}/x", local=True), target)
            )
        except NusantaraError as error:
            failure, shown = error, str(error)
        else:
            shown = repr(found)
            assert found.size == target.stat().st_size
    assert shown.isprintable()
    assert target.exists() is (failure is None)
    if not 300 <= status < 400:  # A redirect may lead to where nobody is.
        assert not isinstance(failure, ConnectFailed), "there is somebody"
