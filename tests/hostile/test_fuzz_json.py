"""Any bytes through the readers of JSON: bodies of answers, webhook events, rows of exports, token files."""

from __future__ import annotations

import contextlib
import copy
import importlib.util
import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.documents import read_document
from support.fuzz import FUZZ, PATIENCE, junk, unwatched, within
from support.trees import JSON, TEXTS, near

from nusantara.codec import count_repeated_keys, dumps, jsontext, loads, structure
from nusantara.codec import json_arrays as jsonrows
from nusantara.codec.json_arrays import read_rows
from nusantara.errors import BadResponse, ConfigurationError, InvalidParameter
from nusantara.oauth2 import read_token
from nusantara.response import Response
from nusantara.secret import credential_problem
from nusantara.token_store import FileStore
from qiscus_async.webhooks import CommentPosted, Event, InvalidEvent, parse_event, sign, verify

pytestmark = PATIENCE

ENGINES = ["json", "orjson"] if importlib.util.find_spec("orjson") else ["json"]
PIECES = (
    *(
        b"[",
        b"]",
        b"{",
        b"}",
        b",",
        b":",
        b" ",
        b"\n",
        b'"',
        b"\\",
        b"\xc3",
        b"\xa9",
        b"\x00",
        b"\x7f",
        b"\xff",
        b"\xe9",
    ),
    *(
        b'"a"',
        b'"a":',
        b'"a":1,',
        b"\\u00e9",
        b"\\ud83d",
        b"\\ude00",
        b"\\n",
        b"\\x",
        b"null",
        b"true",
        b"NaN",
        b"-Infinity",
    ),
    *(b"0", b"-", b"-0", b"1", b"12345678901234567890", b"9" * 401, b"9" * 5000, b".5", b"e", b"E+3", b"1e400"),
    *(
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xed\xa0\x80",
        b"[" * 101,
        b"]" * 101,
        b'{"a":' * 2000,
        b"[" * 100_000,
    ),
)
BYTES = (
    junk(*PIECES)
    | JSON.map(lambda tree: json.dumps(tree).encode())
    | JSON.map(lambda tree: json.dumps(tree, ensure_ascii=False).encode("utf-16", "surrogatepass"))
)


@pytest.fixture(autouse=True)
def _fuzzing() -> Iterator[None]:
    with unwatched():
        yield


@contextlib.contextmanager
def engine(name: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsontext, "_parse", jsontext._parse_with_json if name == "json" else None)
        yield


@FUZZ
@given(BYTES)
def test_json(body: bytes) -> None:
    outcomes = []
    for name in ENGINES:
        with engine(name), within(1):
            try:
                value = loads(body)
            except BadResponse as error:
                outcomes.append(str(error))
                continue
        outcomes.append(repr(value))
        assert loads(dumps(value)) == value, "what is read can be written"
        assert count_repeated_keys(body) >= 0
    assert len(set(outcomes)) == 1, "with and without orjson it is the same"


@FUZZ
@given(BYTES, st.sampled_from(["", "; charset=utf-8", "; charset=latin1", "; charset=utf-16", "; charset="]) | TEXTS)
def test_an_answer_in_json(body: bytes, rest: str) -> None:
    answer = Response(200, {"Content-Type": f"application/json{rest}"}, body)
    with within(1):
        with contextlib.suppress(BadResponse):
            dumps(answer.json())
        with contextlib.suppress(BadResponse):
            answer.refuse_ambiguity()
        _ = answer.repeated_keys, answer.format, answer.content_type_mismatch, answer.charset_guessed, answer.repaired
        assert isinstance(answer.text(), str)
        assert repr(answer).isprintable()


EVENT = read_document(Path(__file__).parent.parent / "qiscus" / "documents" / "webhook.post_comment.a.json")
EVENTS = st.one_of(
    BYTES,
    JSON.map(lambda tree: json.dumps({"type": tree, "payload": tree}).encode()),
    near(CommentPosted).map(dumps),
    st.tuples(st.sampled_from(["from", "room", "message"]), JSON).map(
        lambda change: json.dumps(EVENT | {"payload": EVENT["payload"] | {change[0]: change[1]}}).encode()
    ),
    st.tuples(st.sampled_from(sorted(EVENT["payload"]["message"])), JSON).map(
        lambda change: json.dumps(
            EVENT | {"payload": EVENT["payload"] | {"message": EVENT["payload"]["message"] | {change[0]: change[1]}}}
        ).encode()
    ),
)


@FUZZ
@given(EVENTS)
def test_a_webhook_body(body: bytes) -> None:
    with within(1):
        try:
            event = parse_event(body)
        except InvalidEvent as error:
            shown = str(error)
        else:
            assert isinstance(event, Event)
            if isinstance(event, CommentPosted):
                _ = event.message.payload, event.message.posted_at
            shown = repr(event)
            assert structure(loads(dumps(event)), type(event)) == event
    assert shown.isprintable()


@FUZZ
@given(st.binary(max_size=40), TEXTS | st.text(max_size=80) | st.none(), st.text(max_size=8))
def test_a_webhook_signature(body: bytes, signature: str | None, key: str) -> None:
    if credential_problem(key) is not None:
        with pytest.raises(InvalidParameter):
            verify(body, signature, key)
        return
    assert not verify(body, signature, key)
    assert verify(body, sign(body, key), key)


ROWS = st.one_of(
    BYTES,
    st.lists(BYTES, max_size=4).map(lambda rows: b"[" + b",".join(rows) + b"]"),
    st.lists(st.sampled_from([b"{}", b'{"a":', *PIECES]), max_size=4).map(
        lambda odd: b'[{"a":' + b"".join(odd) + b"}]"
    ),
    st.lists(st.sampled_from([b"{}", b'{"a": 1}', b",", b" ", b"]", b"[", b"1"]), max_size=6).map(
        lambda odd: b"[" + b"".join(odd) + b"]"
    ),
    st.lists(JSON, max_size=4).map(lambda rows: json.dumps(rows).encode()),
    st.lists(st.dictionaries(TEXTS, JSON, max_size=3), max_size=6).map(
        lambda rows: json.dumps(rows, indent=1).encode()
    ),
)


UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks. Rows are read in UTF-8 only."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("baris") / "rows.json"


def are_rows(body: bytes) -> bool:
    try:
        value = loads(body)
    except BadResponse:
        return False
    return type(value) is list and all(type(row) is dict for row in value) and not body.startswith(UTF_16)


@FUZZ
@example(b"[{}1{}]", 2, 64)
@example(b"[{}{}]", 2, 64)
@example(b"[{},]", 1, 64)
@given(ROWS, st.integers(1, 3), st.sampled_from([1, 7, 64, 256 * 1024]))
def test_rows_of_an_export(file: Path, body: bytes, count: int, chunk: int) -> None:
    file.write_bytes(body)
    rows: list[Any] = []
    place: int | None = 0
    with pytest.MonkeyPatch.context() as patch, within(1):
        patch.setattr(jsonrows, "CHUNK", chunk)
        try:
            while place is not None:
                found, place = read_rows(file, place, count)
                rows += found
        except BadResponse:
            assert not are_rows(body), "nothing else is refused"
            return
    assert all(type(row) is dict for row in rows)
    assert loads(body) == rows, "read in pieces it is what it is as a whole"
    dumps(rows)


@FUZZ
@given(ROWS | JSON.map(lambda tree: json.dumps({"format": 1, "token": tree}).encode()))
def test_a_token_file(file: Path, body: bytes) -> None:
    token = file.with_name("token.json")
    token.write_bytes(body)
    token.chmod(0o600)
    with within(1), contextlib.suppress(ConfigurationError):
        assert isinstance(FileStore(token)._load(), dict)


@FUZZ
@example({"access_token": '{"a": 1}', "expires_in": '{"a": 1}'})
@given(
    JSON
    | st.fixed_dictionaries(
        {"access_token": TEXTS | st.just(secrets.token_hex(8))},
        optional={"token_type": TEXTS | st.just("bearer"), "expires_in": JSON | st.integers(), "refresh_token": JSON},
    )
)
def test_an_answer_with_a_token(document: Any) -> None:
    def shown(document: Any) -> str:
        try:
            return repr(read_token(document))
        except BadResponse as error:
            return str(error)

    with within(1):
        text = shown(copy.deepcopy(document))
    assert text.isprintable()
    token = document.get("access_token") if isinstance(document, dict) else None
    if isinstance(token, str) and len(token) >= 8:
        # By chance it is the text of another field too.
        by_itself = token not in shown(document | {"access_token": "token-lain"})
        assert token not in text or not by_itself
