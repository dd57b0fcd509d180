"""Any bytes through the reader of XML, under any charset."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fuzz import FUZZ, PATIENCE, junk, unwatched, within
from support.spellings import DIGITS, ITEMS
from support.trees import JSON, TEXTS

from kaskus_async.models.threads import HotThreads
from nusantara.codec import dumps
from nusantara.codec.charset import find_charset
from nusantara.codec.xml import loads_xml, structure_xml
from nusantara.errors import BadResponse
from nusantara.response import Response

pytestmark = PATIENCE

PIECES = (
    *(
        b"<return>",
        b"</return>",
        b"<a>",
        b"</a>",
        b"<a/>",
        b"<a",
        b">",
        b"/>",
        b"<item>",
        b"</item>",
        b"<data>",
        b"</data>",
    ),
    *(
        b"<thread_id>1</thread_id>",
        b"<meta>",
        b"</meta>",
        b"<cached>",
        b"1",
        b"x",
        b" a='1'",
        b" a='2'",
        b"&amp;",
        b"&#65;",
    ),
    *(
        b"&x;",
        b"&#xD800;",
        b"&",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"--",
        b"<?xml version='1.0'",
        b"?>",
        b"<?php",
        b"\n",
    ),
    *(
        b" encoding='utf-16'",
        b" encoding='latin1'",
        b" encoding='x'",
        b"<!DOCTYPE a",
        b"[<!ENTITY x 'y'>]",
        b"\0",
        b"\xe9",
    ),
    *(
        b"\xc3\xa9",
        b"\xff",
        b"xmlns='u'",
        b"xmlns:x='u'",
        b"x:",
        b":",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\x0b",
        b"<a>" * 300,
    ),
)
TREES = st.tuples(st.sampled_from([DIGITS, ITEMS]), JSON).map(lambda case: case[0].write(case[1]))
BYTES = (
    junk(*PIECES, longest=16)
    | junk(*PIECES).map(lambda body: b"<return>" + body + b"</return>")
    | TREES
    | TREES.map(lambda body: body.split(b"\n", 1)[1].decode().encode("utf-16"))
    | TREES.map(lambda body: body.split(b"\n", 1)[1].decode().encode("windows-1252", "replace"))
)
CHARSETS = (
    st.none()
    | TEXTS
    | st.sampled_from(
        [
            "utf-8",
            "UTF8",
            "latin1",
            "windows-1252",
            "utf-16",
            "utf-16le",
            "utf-7",
            "idna",
            "punycode",
            "undefined",
            "zlib",
            "\0",
        ]
    )
)


@pytest.fixture(autouse=True)
def _fuzzing() -> Iterator[None]:
    with unwatched():
        yield


@FUZZ
@given(BYTES, CHARSETS)
def test_xml(body: bytes, charset: str | None) -> None:
    for into in (Any, HotThreads, list[HotThreads], dict[str, int], HotThreads | None, list[Any] | dict[str, str]):
        with within(1), contextlib.suppress(BadResponse):
            dumps(structure_xml(body, into, charset=charset))
    with within(1), contextlib.suppress(BadResponse):
        dumps(loads_xml(body, charset=charset))
    with within(1), contextlib.suppress(BadResponse):
        assert body.decode(find_charset(body, charset).name, "replace") is not None


@FUZZ
@given(BYTES, CHARSETS)
def test_an_answer_in_xml(body: bytes, charset: str | None) -> None:
    answer = Response(200, {"Content-Type": "text/xml" + (f"; charset={charset}" if charset is not None else "")}, body)
    for read in (answer.xml, lambda: answer.xml(HotThreads), answer.json, answer.refuse_ambiguity):
        with within(1):
            try:
                read()
            except BadResponse as error:
                shown = f"{error} {error.excerpt}"
                assert shown.isprintable()
    assert isinstance(answer.text(), str)
    _ = answer.format, answer.content_type_mismatch, answer.charset_guessed, answer.repeated_keys
