"""Any bytes as a form: urlencoded answers and callbacks, and what the sandbox's own readers get.

No vendor answers in multipart, so that the library has no reader of it. The sandbox reads what clients upload.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fuzz import FUZZ, PATIENCE, junk, unwatched, within
from support.trees import TEXTS

from kaskus_async.models.auth import UserToken
from kaskus_async.oauth.token_answers import read_any, read_token
from nusantara.errors import AuthFailed, BadResponse
from nusantara.request import CallClass, get
from nusantara.response import Response
from nusantara.sandbox.incoming import Incoming
from nusantara.signing import browser as loopback
from nusantara.signing import parse_token_answer

pytestmark = PATIENCE

FORMS = junk(
    *(
        b"oauth_token",
        b"oauth_token_secret",
        b"access",
        b"message",
        b"=",
        b"&",
        b";",
        b"%",
        b"%41",
        b"%00",
        b"%0a",
        b"%ff",
    ),
    *(
        b"%zz",
        b"%C3%A9",
        b"+",
        b" ",
        b"\xc3\xa9",
        b"\xff",
        b"\0",
        b"\n",
        b"x",
        b"DENIED",
        b"GRANTED",
        b"%ED%A0%80",
        b"x" * 9000,
    ),
    *(
        b"oauth_token=t&oauth_token_secret=s",
        b"&oauth_token=u",
        b"access=DENIED",
        b"{",
        b"}",
        b"<a/>",
        b'{"access": 1}',
    ),
) | st.lists(
    st.tuples(
        st.sampled_from([b"oauth_token", b"oauth_token_secret", b"access", b"message", b"x", b"%00", b"%C3%A9", b""]),
        st.sampled_from([b"t", b"DENIED", b"", b"%0a", b"%E2%80%AE", b"%ff", b"+", b"%41"]),
    ).map(b"=".join),
    max_size=4,
).map(b"&".join)
REQUEST = get("/accesstoken", call_class=CallClass.UNREPEATABLE)


@pytest.fixture(autouse=True)
def _fuzzing() -> Iterator[None]:
    with unwatched():
        yield


@FUZZ
@given(FORMS, TEXTS)
def test_an_answer_with_a_token(body: bytes, label: str) -> None:
    response = Response(200, {"Content-Type": label}, body)
    shown = ""
    with within(1):
        try:
            fields = parse_token_answer(body)
            shown = repr(fields)
            assert all(name.isprintable() for name in fields)
        except BadResponse as error:
            shown = str(error)
        for read in (
            lambda: read_token(REQUEST, response, UserToken),
            lambda: read_any(REQUEST, response, lambda answer: answer.json()),
            lambda: read_any(REQUEST, response, lambda answer: answer.xml()),
        ):
            try:
                read()
            except (BadResponse, AuthFailed) as error:
                shown += f"{error}, sent {error.sent}"
    assert shown.isprintable()
    assert "sent no" not in shown


@FUZZ
@given(FORMS.map(lambda body: body.decode("latin-1")) | st.text(max_size=60))
def test_a_callback(text: str) -> None:
    with within(1):
        params = loopback._query(text)
        if params is not None:
            refusal = loopback._refusal(params)
            assert refusal is None or str(refusal).isprintable()
        expected = {"oauth_token": "t"}
        found = loopback._of_line(text, expected, "oauth_verifier")
        assert found is None or found["oauth_token"] == "t"


def call(body: bytes, content_type: bytes, target: str = "/") -> Incoming:
    return Incoming(
        method="POST", target=target, headers=((b"Content-Type", content_type),), body=body, origin="http://x"
    )


@FUZZ
@given(FORMS, st.binary(max_size=30))
def test_a_form_at_the_sandbox(body: bytes, header: bytes) -> None:
    asked = call(body, header, "/x?" + body.decode("utf-8", "surrogateescape"))
    with within(1):
        assert json.dumps([asked.form(), asked.query]).encode()
        _ = asked.content_type, asked.basic(), asked.header("Authorization")
        with contextlib.suppress(ValueError):
            asked.json()


LINES = st.sampled_from(
    [
        *(
            b'Content-Disposition: form-data; name="a"',
            b'Content-Disposition: form-data; filename="f',
            b"Content-Disposition: \xff",
        ),
        *(
            b"Content-Disposition: form-data; name*=x''%ff",
            b"Content-Type: text/plain",
            b"Content-Type: multipart/mixed",
        ),
        *(
            b"Content-Type: multipart/mixed; boundary=c",
            b"Content-Transfer-Encoding: base64",
            b"Content-Transfer-Encoding: x",
        ),
        *(
            b"Content-Encoding: gzip",
            b"Content-Length: 5",
            b"Content-Length: x",
            b"x: " + b"y" * 9000,
            b"\xff: x",
            b": x",
            b"\0: x",
        ),
        *(b"no colon", b" folded", b""),
    ]
)
DATA = st.binary(max_size=8) | st.sampled_from(
    [b"hello", b"%%%%", b"--b", b"\r\n--b", b"\x1f\x8b\x08\x00", b"--c\r\n\r\nx\r\n--c--"]
)
PARTS = st.builds(
    lambda lines, data: b"--b\r\n" + b"\r\n".join([*lines, b"", data]) + b"\r\n", st.lists(LINES, max_size=3), DATA
)
MULTIPART = st.binary(max_size=40) | st.builds(
    lambda before, parts, end: before + b"".join(parts) + end,
    st.sampled_from([b"", b"", b"junk\r\n", b"\r\n"]),
    st.lists(PARTS, max_size=3),
    st.sampled_from([b"--b--\r\n", b"--b--\r\n", b"--b", b"", b"--b--junk", b"x" * 70_000]),
)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@FUZZ
@given(
    MULTIPART,
    st.sampled_from([b"; boundary=b", b"; boundary=b", b'; boundary="b"', b"", b"; boundary=\xff", b"; boundary="]),
)
def test_a_multipart_form_at_the_sandbox(loop: asyncio.AbstractEventLoop, body: bytes, boundary: bytes) -> None:
    asked = call(body, b"multipart/form-data" + boundary)

    async def read() -> Any:
        try:
            return await asked.parts()
        except ValueError:
            return ()

    with within(1):
        for part in loop.run_until_complete(asyncio.wait_for(read(), 5)):
            assert isinstance(part.data, bytes)
