"""Any bytes in any place: never 500, never a hang, and the next sender is served."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.hook import PATH_SECRET, SIGNATURE_KEY, connected, event_body, head, whole

from qiscus_async.webhooks import Event, Receiver, sign

BODY = event_body(1)
PATH = f"/qiscus/{PATH_SECRET}"

NOTHING_BUT_FIELD_VALUE = bytes(set(range(256)) - {0, 10, 13})
field_values = st.binary(max_size=200).map(lambda value: value.translate(None, b"\r\n\0"))
header_names = st.sampled_from(
    [
        *[b"QISCUS-SDK-SIGNATURE", b"QISCUS_SDK_SIGNATURE", b"Content-Type", b"Content-Encoding", b"Expect", b"Host"],
        *[b"Transfer-Encoding", b"Content-Length", b"Connection", b"Cookie", b"Range", b"Upgrade", b"X-Any"],
    ]
)


class Target:
    """A receiver in a loop that hypothesis's examples share."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.handled: list[Event] = []
        self.receiver = Receiver(
            self._handle, path_secret=PATH_SECRET, signature_key=SIGNATURE_KEY, read_timeout=0.3, queue_size=100
        )
        self._serving = self.receiver.serving()
        self.url = str(self.loop.run_until_complete(self._serving.__aenter__()))

    async def _handle(self, event: Event) -> None:
        self.handled.append(event)

    def statuses(self, data: bytes) -> list[int]:
        """Of all answers until the connection ends or nothing comes."""
        return self.loop.run_until_complete(self._statuses(data))

    async def _statuses(self, data: bytes) -> list[int]:
        found: list[int] = []
        async with connected(self.url) as sender:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, TimeoutError):
                await sender.write(data)
                async with asyncio.timeout(1.5):
                    while True:
                        found.append(await sender.status())
        return found

    def still_works(self) -> None:
        before = len(self.handled)
        signature = b"QISCUS-SDK-SIGNATURE: " + sign(BODY, SIGNATURE_KEY).encode()
        assert self.statuses(whole(PATH, BODY, signature, b"Connection: close")) == [200]
        self.loop.run_until_complete(self.receiver.idle())
        assert len(self.handled) == before + 1

    def close(self) -> None:
        self.loop.run_until_complete(self._serving.__aexit__(None, None, None))
        self.loop.close()


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL + 1)
    found = Target()
    yield found
    found.close()
    logging.getLogger("aiohttp.server").setLevel(logging.NOTSET)


def calm(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@calm(150)
@given(value=field_values)
def test_any_signature_is_refused(target: Target, value: bytes) -> None:
    found = target.statuses(whole(PATH, BODY, b"QISCUS-SDK-SIGNATURE: " + value, b"Connection: close"))
    assert found in ([401], [400])


@calm(150)
@given(name=header_names, value=field_values)
def test_no_bytes_in_any_header_are_accepted_or_break_it(target: Target, name: bytes, value: bytes) -> None:
    before = len(target.handled)
    found = target.statuses(whole(PATH, BODY, name + b": " + value, b"Connection: close"))
    assert all(status in (100, 400, 401, 408, 413, 415, 417) for status in found)
    assert len(target.handled) == before


@calm(150)
@given(path=st.binary(max_size=60))
def test_any_path_but_the_right_one_is_refused(target: Target, path: bytes) -> None:
    target_path = b"/qiscus/" + path.translate(None, b"\r\n\0 ")
    found = target.statuses(b"POST %b HTTP/1.1\r\nHost: hook\r\nContent-Length: 0\r\n\r\n" % target_path)
    assert found in ([401], [400])


@calm(60)
@given(data=st.binary(max_size=300))
def test_what_is_no_http_is_refused_or_cut_off(target: Target, data: bytes) -> None:
    assert all(status in (400, 401) for status in target.statuses(data))


@calm(60)
@given(body=st.binary(max_size=300))
def test_any_signed_body_is_an_event_or_refused(target: Target, body: bytes) -> None:
    signature = b"QISCUS-SDK-SIGNATURE: " + sign(body, SIGNATURE_KEY).encode()
    assert target.statuses(whole(PATH, body, signature, b"Connection: close")) in ([200], [400])


@pytest.mark.parametrize(
    "headers",
    [
        [b"QISCUS-SDK-SIGNATURE: " + b"\xc3\xa9" * 32],
        [b"QISCUS-SDK-SIGNATURE: " + b"\xff" * 64],
        [b"QISCUS-SDK-SIGNATURE: " + b"a" * 8_000],
        [b"QISCUS-SDK-SIGNATURE: " + b"a" * 10_240],
        [b"QISCUS-SDK-SIGNATURE: a", b"QISCUS-SDK-SIGNATURE: b"],
        [b"QISCUS-SDK-SIGNATURE: " + sign(BODY, SIGNATURE_KEY).encode()] * 2,
        [b"X-%d: x" % number for number in range(1000)],
    ],
)
def test_forgeries_that_broke_other_verifiers(target: Target, headers: list[bytes]) -> None:
    assert target.statuses(whole(PATH, BODY, *headers, b"Connection: close")) in ([401], [400])
    target.still_works()


@pytest.mark.parametrize(
    "request_bytes",
    [
        head(PATH, b"Content-Length: 5", b"Content-Length: 6") + b"hello",
        head(PATH, b"Content-Length: -1"),
        head(PATH, b"Content-Length: 9" + b"9" * 400),
        head(PATH, b"Content-Length: 5", b"Transfer-Encoding: chunked") + b"0\r\n\r\n",
        head(PATH, b"Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n",
        head(PATH, b"Transfer-Encoding: chunked") + b"ffffffffffffffff\r\n",
        head("*", method=b"OPTIONS"),
        head("http://[::/qiscus", length=0),
        head("//", length=0),
        head("/../" + PATH, length=0),
        b"POST " + PATH.encode() + b" HTTP/9.9\r\n\r\n",
        b"POST " + PATH.encode() + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_requests_that_are_none(target: Target, request_bytes: bytes) -> None:
    found = target.statuses(request_bytes)
    assert all(status in (400, 401, 405, 408, 413) for status in found)
    target.still_works()


def test_the_url_is_that_of_the_secret(target: Target) -> None:
    assert urlsplit(target.url).path == PATH
    target.still_works()
