"""Any value in any header that means something to the library."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from multidict import CIMultiDict
from support.fuzz import FUZZ, PATIENCE, unwatched, within
from support.parrot import Parrot
from support.trees import TEXTS
from yarl import URL

from nusantara import download, session
from nusantara.client import api_error
from nusantara.download import _checked
from nusantara.errors import BadResponse, ConnectFailed, NusantaraError, UnsafeRedirect
from nusantara.oauth1 import OAuth1
from nusantara.response import Response
from nusantara.retry import parse_retry_after

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


@FUZZ
@given(VALUES)
def test_the_address_of_a_redirect(location: str) -> None:
    with within(1):
        assert str(session._redirect(302, location)).isprintable()
        with contextlib.suppress(ValueError, UnsafeRedirect):
            _checked(URL("https://toko.example/x").join(URL(location)), local=False)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@FUZZ
@given(
    st.sampled_from(["gzip", "x-gzip", "deflate"]),
    st.lists(
        st.binary(min_size=1, max_size=30)
        | st.sampled_from([b"\x1f\x8b\x08\x00", b"\x1f\x8b\x08\x00\0\0\0\0\0\x03", b"x\x9c", b"K\x04\0", b"\x03\0"]),
        max_size=5,
    ),
)
def test_a_compressed_body(loop: asyncio.AbstractEventLoop, encoding: str, chunks: list[bytes]) -> None:
    async def arriving() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    async def read() -> int:
        return sum([len(piece) async for piece in session._inflate(arriving(), encoding)])

    with within(1), contextlib.suppress(NusantaraError):
        loop.run_until_complete(read())


RANGES = st.builds(
    "bytes {}-{}/{}".format,
    st.sampled_from([0, 3, 5, 6, "", "x", "9" * 5000]),
    st.sampled_from([2, 9, 10, "", "9" * 5000]),
    st.sampled_from([10, 11, "*", "", "9" * 5000]),
)
LINE_END = bytes({*range(9), *range(10, 32), 127})


def line(name: str, value: str) -> bytes:
    return name.encode() + b": " + value.encode("utf-8", "surrogateescape").translate(None, LINE_END) + b"\r\n"


FILE_HEADERS = st.tuples(
    st.sampled_from(["Content-Range", "ETag", "Last-Modified", "Date", "Content-Encoding", "Location"]),
    (VALUES | RANGES).filter(lambda value: not any("\ud800" <= char < "\udc80" or char > "\udcff" for char in value)),
).map(lambda header: line(*header))


@pytest.fixture(scope="module")
def parrot() -> Iterator[Parrot]:
    found = Parrot()
    yield found
    found.close()


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
    assert not isinstance(failure, ConnectFailed), "there is somebody"
