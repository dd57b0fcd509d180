"""XML to the values that JSON would give, and what is refused."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from support.raw import listening, port_of

from nusantara import codec
from nusantara.codec.charset import Charset, find_charset
from nusantara.codec.xml import loads_xml, structure_xml
from nusantara.codec.xml.elements import SMALL
from nusantara.errors import BadResponse, DecodeError, TooLarge
from nusantara.model import LooseBool, LooseInt, LooseStr, Model, SecretStr, UnixTime, Via, field, model


class Colour(StrEnum):
    RED = "merah"
    BLUE = "biru"


class Grade(IntEnum):
    NEW = 1
    USED = 2


def split(value: Any) -> list[str]:
    return value.split(",") if isinstance(value, str) else value


Words = Annotated[list[str], Via(split, ",".join)]


@model
class User(Model):
    userid: LooseInt
    username: str
    is_donatur: bool = False


ONE = "<userid>1</userid><username>u</username>"


@model
class Post(Model):
    post_id: str
    dateline: UnixTime
    text: str
    images: list[str] = field(factory=list)
    quoted: Post | None = None


@model
class Thread(Model):
    thread_id: str = field(keys=("id", "thread_id"))
    title: str
    views: int
    score: float
    open: bool
    seen: bool | None
    made_at: datetime
    colour: Colour
    grade: Grade
    kind: Colour | str
    size: int | None
    note: str | None
    flag: LooseBool
    label: LooseStr
    words: Words
    users: list[User]
    posts: list[Post]
    counts: dict[str, int]
    tags: tuple[int, ...]
    starter: User | None
    mode: Literal["a", 2, True, None]
    either: list[User] | User
    number: int | float
    link: bool | str
    anything: Any = None


def to_xml(value: Any, name: str = "return", *, repeat: bool = False) -> str:
    """A JSON value in XML. A list is an element with ``item`` elements, or, to ``repeat``, several of its name."""
    if isinstance(value, dict):
        parts = []
        for key, item in value.items():
            if repeat and isinstance(item, list) and item:
                parts += [to_xml(each, key, repeat=repeat) for each in item]
            else:
                parts.append(to_xml(item, key, repeat=repeat))
        return f"<{name}>{''.join(parts)}</{name}>"
    if isinstance(value, list):
        return f"<{name}>{''.join(to_xml(each, 'item', repeat=repeat) for each in value)}</{name}>"
    if value is None:
        return f"<{name}/>"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{escape(text)}</{name}>".replace("\r", "&#13;")


# --- Without types


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        ("<return/>", ""),
        ("<return>5</return>", "5"),
        ("<return>\n  <a>1</a>\n  <b> x </b>\n</return>", {"a": "1", "b": " x "}),
        ("<return><a/><b></b></return>", {"a": "", "b": ""}),
        ("<return><item>1</item><item>2</item></return>", ["1", "2"]),
        ("<return><l><item>1</item></l></return>", {"l": ["1"]}),
        ("<return><l>1</l><x>0</x><l>2</l></return>", {"l": ["1", "2"], "x": "0"}),
        ("<return><item>1</item><n>2</n></return>", {"item": "1", "n": "2"}),
        ("<return><l><item><a>1</a></item><item><a>2</a></item></l></return>", {"l": [{"a": "1"}, {"a": "2"}]}),
        ("<return><a>x<![CDATA[<b>&]]>y</a></return>", {"a": "x<b>&y"}),
        ("<return><a>x<!-- c -->y<?php echo ?>z</a></return>", {"a": "xyz"}),
        ("<return><!-- c --><a>&lt;&#233;&#x2605;&gt;</a></return>", {"a": "<é★>"}),
        ('<r xmlns="urn:x" xmlns:y="urn:y"><y:a>1</y:a><b>2</b></r>', {"a": "1", "b": "2"}),
        ('<r xmlns:y="urn:y"><y:a>1</y:a><a>2</a></r>', {"a": ["1", "2"]}),
        ('<r><a id="7">x</a><b id="8"/></r>', {"a": {"@id": "7", "#text": "x"}, "b": {"@id": "8", "#text": ""}}),
        ('<r n="1"><a>x</a></r>', {"@n": "1", "a": "x"}),
        ('<r><l n="1"><item>x</item></l></r>', {"l": {"@n": "1", "item": "x"}}),
        ("<r><a>one <b>two</b> three</a></r>", {"a": {"b": "two", "#text": "one  three"}}),
        ("<error>no</error>", "no"),
        ("<r><a>a\u0085b</a></r>", {"a": "a\u0085b"}),
    ],
)
def test_a_document_without_types(xml: str, value: Any) -> None:
    assert loads_xml(xml.encode()) == value
    assert structure_xml(xml.encode(), Any) == value


words = st.text("abcdefg", min_size=1, max_size=5)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=8)
trees = st.recursive(
    texts,
    lambda inner: st.lists(inner, min_size=2, max_size=4) | st.dictionaries(words, inner, min_size=1, max_size=4),
    max_leaves=20,
)


@given(trees)
def test_a_tree_of_texts_is_read_back(tree: Any) -> None:
    assert loads_xml(to_xml(tree).encode()) == tree


# --- With types

DOCUMENT: dict[str, Any] = {
    "id": "566e5f71c721e6b6418b4567",
    "title": "Jual sepeda <b>gunung</b> & ban",
    "views": -12,
    "score": 4.5,
    "open": True,
    "seen": False,
    "made_at": "2020-01-02T03:04:05+07:00",
    "colour": "merah",
    "grade": 2,
    "kind": "ungu",
    "size": None,
    "note": "",
    "flag": 1,
    "label": 7,
    "words": "satu,dua",
    "users": [{"userid": "5", "username": "contoh", "is_donatur": True}],
    "posts": [
        {
            "post_id": "1",
            "dateline": 1577934245,
            "text": "",
            "images": ["http://x.example/1.png"],
            "quoted": {"post_id": "0", "dateline": "1577934245", "text": "x", "images": [], "quoted": None},
        },
        {"post_id": "2", "dateline": 1577934246, "text": "★"},
    ],
    "counts": {"a": 1, "b": 2},
    "tags": [1],
    "starter": None,
    "mode": 2,
    "either": {"userid": 1, "username": "u"},
    "number": 3,
    "link": False,
    "unknown": {"deep": ["1", "2"]},
}


@pytest.mark.parametrize("repeat", [False, True])
def test_xml_and_json_give_equal_models(repeat: bool) -> None:
    thread = structure_xml(to_xml(DOCUMENT, repeat=repeat).encode(), Thread)
    assert thread == codec.structure(DOCUMENT, Thread)
    assert thread.extra == {"unknown": {"deep": ["1", "2"]}}
    assert thread.posts[0].dateline == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert thread.either == User(userid=1, username="u")
    assert codec.structure(thread.to_document(), Thread) == thread


def test_the_raw_document_is_typed_as_json_is() -> None:
    document = {
        key: value for key, value in DOCUMENT.items() if key not in ("flag", "label", "users", "posts", "either")
    }
    document |= {"flag": True, "label": "7", "users": [], "posts": [], "either": []}
    assert structure_xml(to_xml(document).encode(), Thread).raw == document


users = st.fixed_dictionaries(
    {"userid": st.integers(), "username": texts}, optional={"is_donatur": st.booleans(), "x": texts.filter(bool)}
)
posts = st.fixed_dictionaries(
    {"post_id": texts, "dateline": st.integers(0, 10**9), "text": texts},
    optional={"images": st.lists(texts.filter(str.strip), max_size=3)},
)
threads = st.fixed_dictionaries(
    {
        "id": texts,
        "title": texts,
        "views": st.integers(),
        "score": st.floats(allow_nan=False, allow_infinity=False),
        "open": st.booleans(),
        "seen": st.none() | st.booleans(),
        "made_at": st.datetimes(min_value=datetime(2, 1, 1)).map(lambda moment: moment.isoformat(timespec="seconds")),
        "colour": st.sampled_from(["merah", "biru"]),
        "grade": st.sampled_from([1, 2]),
        "kind": texts | st.just("merah"),
        "size": st.none() | st.integers(),
        "note": texts,
        "flag": st.sampled_from([0, 1, True, False]),
        "label": texts,
        "words": st.text("ab,", max_size=5),
        "users": st.lists(users, max_size=3),
        "posts": st.lists(posts, max_size=3),
        "counts": st.dictionaries(words, st.integers(), max_size=3),
        "tags": st.lists(st.integers(), max_size=3),
        "starter": st.none() | users,
        "mode": st.sampled_from(["a", 2, True, None]),
        "either": users | st.lists(users, max_size=3),
        "number": st.integers() | st.floats(allow_nan=False, allow_infinity=False).filter(lambda n: n != int(n)),
        "link": st.booleans() | texts.filter(lambda text: text not in ("true", "false")),
    }
)


@given(threads, st.booleans())
def test_any_document_of_a_model_is_the_same_in_xml(document: dict[str, Any], repeat: bool) -> None:
    if document["words"] == "":
        document["words"] = "a"  # A list of nothing, and the text that is nothing, are the same.
    if repeat and isinstance(document["either"], list) and len(document["either"]) == 1:
        document["either"] *= 2  # So are an object, and a list of it that is spelled without a wrapper.
    assert structure_xml(to_xml(document, repeat=repeat).encode(), Thread) == codec.structure(document, Thread)


@pytest.mark.parametrize(
    ("into", "xml", "value"),
    [
        (str, "", ""),
        (str, "  ", "  "),
        (str, "5", "5"),
        (str | None, "", ""),
        (int, " 12 ", 12),
        (int, "-0", 0),
        (int, "9" * 400, int("9" * 400)),
        (int | None, "", None),
        (float, "1e3", 1000.0),
        (float | None, "", None),
        (bool, "", False),
        (bool, "true", True),
        (bool | None, "", None),
        (bool | int, "1", 1),
        (bool | str, "1", "1"),
        (int | str, "12", "12"),
        (Grade | None, "", None),
        (Grade | int, "7", 7),
        (None, "", None),
        (UnixTime | None, "", None),
        (datetime | None, "", None),
        (list[str], "", []),
        (list[str] | None, "", []),
        (list[str], "satu", ["satu"]),
        (list[int], "<a>1</a><b>2</b>", [1, 2]),
        (list[int], "<item>1</item>", [1]),
        (list[int | None], "<item>1</item><item/>", [1, None]),
        (list[list[int]], "<a><b>1</b></a><a/>", [[1], []]),
        (list[User | None], f"<item/><item>{ONE}</item>", [None, User(userid=1, username="u")]),
        (list[Any], "<item>1</item>", ["1"]),
        (list[Any], "<a><b>1</b><c>2</c></a>", [{"b": "1", "c": "2"}]),
        (list[dict[str, int]], "<item><b>1</b></item>", [{"b": 1}]),
        (dict[str, int], "", {}),
        (dict[str, list[int]], "<a>1</a><a>2</a><b>3</b><c/>", {"a": [1, 2], "b": [3], "c": []}),
        (dict[str, list[str]], "<a><x>1</x></a>", {"a": ["1"]}),
        (User | None, "", None),
        (User, "<userid>1</userid><username/>", User(userid=1, username="")),
        (User, '<u:userid xmlns:u="urn:u">1</u:userid><username a="b">x</username>', User(userid=1, username="x")),
        (Words, "a,b", ["a", "b"]),
        (Words, "<w>a</w><w>b</w>", ["a", "b"]),
        (dict[str, User] | list[User], f"<item>{ONE}</item>", [User(userid=1, username="u")]),
    ],
)  # fmt: skip
def test_what_the_type_asks_for(into: Any, xml: str, value: Any) -> None:
    found = structure_xml(f"<return>{xml}</return>".encode(), into)
    assert found == value
    assert type(found) is type(value)


def test_a_wrapper_may_call_its_items_anything() -> None:
    one = "<userid>1</userid><username>a</username>"
    for xml in (
        f"<users><user>{one}</user></users>",
        f"<users><item>{one}</item></users>",
        f"<users>{one}</users>",
        f"\n<users>\n<user>\n{one}\n</user>\n</users>\n",
    ):
        read = structure_xml(f"<return>{xml}</return>".encode(), dict[str, list[User]])
        assert read == {"users": [User(userid=1, username="a")]}


def test_an_object_with_a_key_called_item_is_told_from_a_list() -> None:
    @model
    class Found(Model):
        item: list[LooseInt]
        total: int = 0

    one = "<total>2</total><item>1</item><item>2</item>"
    expected = Found(item=[1, 2], total=2)
    assert structure_xml(f"<return>{one}</return>".encode(), Found) == expected
    for xml in (f"<a><item>{one}</item></a>", f"<a>{one}</a>"):
        assert structure_xml(f"<return>{xml}</return>".encode(), dict[str, list[Found]]) == {"a": [expected]}


def test_attributes_of_objects_are_kept_beside_the_fields() -> None:
    user = structure_xml(b'<return id="9"><userid>1</userid><username>u</username><x y="z"/></return>', User)
    assert user.extra == {"@id": "9", "x": {"@y": "z", "#text": ""}}


def test_a_secret_is_read_and_hidden() -> None:
    @model
    class Login(Model):
        oauth_token: SecretStr

    xml = b"<return><oauth_token>rahasia</oauth_token></return>"
    login = structure_xml(xml, Login)
    assert login.oauth_token.reveal() == "rahasia"
    assert "rahasia" not in repr(login)


@pytest.mark.parametrize(
    ("into", "xml", "path"),
    [
        (int, "1_000", ""),
        (int, "+5", ""),
        (int, "٣", ""),
        (int, "²", ""),
        (int, "1.0", ""),
        (int, "", ""),
        (int, "9" * 401, ""),
        (float, "nan", ""),
        (float, "Infinity", ""),
        (bool, "yes", ""),
        (bool, "2", ""),
        (str, "a<b/>", ""),
        (str, "<b/>", ""),
        (list[int], "<a>1</a><a>x</a>", "[1]"),
        (User, "DENIED", ""),
        (User, "", "userid"),
        (User, "<userid>1</userid><username>a</username><username>b</username>", "username"),
        (Colour, "hijau", ""),
        (dict[str, User], "<a><userid>x</userid></a>", "a.userid"),
    ],
)
def test_what_is_not_of_the_type_is_named(into: Any, xml: str, path: str) -> None:
    with pytest.raises(DecodeError) as caught:
        structure_xml(f"<return>{xml}</return>".encode(), into)
    assert caught.value.path == path


def test_types_that_cannot_be_read_are_refused_as_by_the_codec() -> None:
    with pytest.raises(TypeError):
        structure_xml(b"<r/>", set[int])


def test_many_threads_read_their_first_document_at_once() -> None:
    @model
    class Fresh(Model):
        users: list[User]
        next: Fresh | None = None

    Fresh.__annotations__["next"] = Fresh | None
    Fresh.__annotations__["users"] = list[User]
    xml = to_xml({"users": [{"userid": 1, "username": "u"}] * 3, "next": {"users": [], "next": None}}).encode()
    barrier = threading.Barrier(8)

    def read(_: int) -> Fresh:
        barrier.wait()
        return structure_xml(xml, Fresh)

    with ThreadPoolExecutor(8) as pool:
        assert len({repr(fresh) for fresh in pool.map(read, range(8))}) == 1


# --- What is refused


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"<return><a>1</a>", "line 1, column 17"),
        (b"<return>\n  <a>x & y</a></return>", "line 2, column 9"),
        (b"<return>\n<a>\x01</a></return>", "line 2, column 4"),
        (b"<return><a></b></return>", "line 1, column 16"),
        (b"<return/><return/>", "line 1, column 10"),
        (b"<return>&nbsp;</return>", "line 1, column 15"),
        (b"<return a='1' a='2'/>", "line 1, column"),
        (b"<return>&#xD800;</return>", "line 1, column"),
        (b"<return>\0</return>", "line 1, column"),
        (b'{"a": 1}', "line 1, column 1"),
        (b"oauth_token=rahasia", "line 1, column 1"),
    ],
)
def test_a_broken_document_is_refused_with_line_and_column(body: bytes, where: str) -> None:
    with pytest.raises(BadResponse, match=where) as caught:
        loads_xml(body, strict=True)
    assert "rahasia" not in str(caught.value)
    assert caught.value.__context__ is None, "the parser's own error may quote the body"


@pytest.mark.parametrize("body", [b"", b"  \n", b"\xef\xbb\xbf"])
def test_an_empty_body_is_refused(body: bytes) -> None:
    with pytest.raises(BadResponse, match="empty"):
        loads_xml(body)


def test_an_html_page_is_refused() -> None:
    with pytest.raises(BadResponse, match="HTML"):
        loads_xml(b'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>502</title></head></html>')


def test_the_body_is_not_in_the_traceback_of_its_error() -> None:
    body = b"<return><oauth_token>rahasia" + b"-satu &dua;</oauth_token></return>"
    try:
        loads_xml(body)
    except BadResponse:
        assert "rahasia-satu" not in traceback.format_exc()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"<r>&#xD800;</r>", "\ufffd"),
        (b"<r>a&#xd83d;&#xDE00;&#57343;b</r>", "a\N{GRINNING FACE}\ufffdb"),
        (b"<r>&#55296;&#57344;&#x0dfff;&#65;</r>", "\ufffd\ue000\ufffdA"),
        (b"<?xml version='1.0' encoding='utf-8'?><r>\xe9</r>", "\ufffd"),
        (b"<?xml version='1.0' encoding='iso-8859-1'?><r>\xe9&#xD800;</r>", "\u00e9\ufffd"),
        (b"<r>\xc3\xa9\xed\xa0\xbd\xed\xb8\x80\xf0\x9f</r>", "\u00e9\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd"),
    ],
)
def test_text_that_is_no_unicode_becomes_a_sign_that_says_so(
    body: bytes, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert loads_xml(body) == structure_xml(body, str) == text
    assert {record.name for record in caplog.records} == {"nusantara.codec"}
    for refused in (loads_xml, lambda body, strict: structure_xml(body, str, strict=strict)):
        with pytest.raises(BadResponse):
            refused(body, strict=True)


def test_a_document_of_nothing_but_halves_of_pairs_is_refused_quickly() -> None:
    body = b"<r>" + b"&#xD83D;" * 1_000_000 + b"</r>"
    start = time.thread_time()
    with pytest.raises(BadResponse, match="not usable XML"):
        loads_xml(body)
    assert time.thread_time() - start < 0.5
    assert loads_xml(b"<r>" + b"&#xD83D;" * 1000 + b"</r>") == "\ufffd" * 1000


LAUGHS = (
    b'<!DOCTYPE r [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n + 1, b"&a%s;" % (b"%d" % n if n else b"") * 10) for n in range(9))
    + b"]><r>&a9;</r>"
)
QUADRATIC = b'<!DOCTYPE r [<!ENTITY a "' + b"x" * 100_000 + b'">]><r>' + b"&a;" * 1000 + b"</r>"


@pytest.mark.parametrize(
    "body",
    [
        LAUGHS,
        QUADRATIC,
        b"<!DOCTYPE r><r/>",
        b"<?xml version='1.0'?>\n<!-- <r> --><?pi ?>\n<!DOCTYPE r SYSTEM 'r.dtd'><r/>",
        b"\xef\xbb\xbf<!DOCTYPE r><r/>",
        b"\xef\xbb\xbf\xef\xbb\xbf<!DOCTYPE r [<!ENTITY a 'b'>]><r>&a;</r>",
        "<!DOCTYPE r [<!ENTITY a 'b'>]><r>&a;</r>".encode("utf-16"),
        b"<!DOCTYPE html><html></html>",
    ],
)
def test_a_document_type_is_refused_at_once(body: bytes) -> None:
    started = time.thread_time()
    with pytest.raises(BadResponse, match="DOCTYPE"):
        loads_xml(body)
    assert time.thread_time() - started < 0.05


def test_the_word_is_harmless_where_it_is_text() -> None:
    assert loads_xml(b"<r><![CDATA[<!DOCTYPE html>]]></r>") == "<!DOCTYPE html>"
    assert loads_xml(b"<!-- <!DOCTYPE x> --><r>1</r>") == "1"


async def test_nothing_outside_the_document_is_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "rahasia.txt"
    secret.write_text("isi-rahasia")
    connections = 0

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1

    async with listening(count) as server:
        url = f"http://127.0.0.1:{port_of(server)}/x"
        xinclude = 'xmlns:xi="http://www.w3.org/2001/XInclude"'
        bodies = [
            prefix + text
            for target in (secret.as_uri(), url)
            for prefix in ("", "\ufeff\ufeff", "<?xml version='1.0' standalone='no'?>")
            for text in (
                f'<!DOCTYPE r [<!ENTITY x SYSTEM "{target}">]><r>&x;</r>',
                f'<!DOCTYPE r SYSTEM "{target}"><r/>',
                f'<!DOCTYPE r [<!ENTITY % p SYSTEM "{target}"> %p;]><r/>',
                f'<!DOCTYPE r PUBLIC "-//x" "{target}"><r/>',
                f'<r {xinclude}><xi:include href="{target}" parse="text"/></r>',
                f'<?xml-stylesheet href="{target}"?><r xmlns:s="http://www.w3.org/2001/XMLSchema-instance" '
                f's:schemaLocation="x {target}"/>',
            )
        ]
        hostile: Any = {"resolve_entities": True, "load_dtd": True, "no_network": False, "attribute_defaults": True}
        etree.set_default_parser(etree.XMLParser(**hostile))
        try:
            for body in bodies:
                try:
                    read = await asyncio.to_thread(loads_xml, body.encode())
                except BadResponse:
                    continue
                assert "isi-rahasia" not in str(read)
        finally:
            etree.set_default_parser(None)
    assert connections == 0


HOSTILE = {
    "deep": b"<a>" * 100_000 + b"</a>" * 100_000,
    "attributes": b"<a " + b" ".join(b'a%d="v"' % n for n in range(200_000)) + b"/>",
    "attributes below the limit": b"<a " + b" ".join(b'a%d="v"' % n for n in range(49_000)) + b"/>",
    "spread attributes": b"<r>" + b"<a b='1'  c = \"2\"/>" * 60_000 + b"</r>",
    "text": b"<a>" + b"x" * 12_000_000 + b"</a>",
    "elements": b"<r>" + b"<a/>" * 1_000_000 + b"</r>",
    "comments": b"<!---->" * 500_000 + b"<a/>",
    "openings": b"<" * 4_000_000,
    "open comment": b"<!-- " + b"- " * 1_000_000,
    "open instruction": b"<?a " + b"? " * 1_000_000,
    "long name": b"<" + b"a" * 5_000_000,
    "white space": b" " * 4_000_000 + b"<a",
    "wide text in UTF-16": ("<a>" + "x" * 1_000_000).encode("utf-16"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_document_is_refused_quickly(kind: str) -> None:
    taken = []
    for _ in range(3):
        started = time.thread_time()
        with pytest.raises(BadResponse):
            loads_xml(HOSTILE[kind])
        taken.append(time.thread_time() - started)
    assert min(taken) < 0.1, "on a machine with other things to do, the quickest time says most"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the highest mark of memory is not told")
def test_a_hostile_document_does_not_fill_the_memory() -> None:
    program = """
from nusantara.errors import BadResponse
from nusantara.codec.xml import loads_xml
loads_xml(b"<a/>")

def highest():  # Not ru_maxrss, in which a program inherits the mark of the one that started it.
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))

bodies = [
    b"<a>" * 100_000,
    b"<a " + b" ".join(b'a%d="v"' % n for n in range(200_000)) + b"/>",
    b"<a>" + b"x" * 12_000_000 + b"</a>",
]
before = highest()
for body in bodies:
    try:
        loads_xml(body)
    except BadResponse:
        pass
print((highest() - before) // 1024)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 64


def test_too_much_is_too_large() -> None:
    with pytest.raises(TooLarge):
        loads_xml(HOSTILE["elements"])
    with pytest.raises(TooLarge):
        loads_xml(HOSTILE["attributes"])


def test_nesting_ends_at_the_limit_of_json() -> None:
    assert isinstance(loads_xml(b"<a>" * 101 + b"</a>" * 101), dict)
    for depth in (102, 300):
        with pytest.raises(BadResponse):
            loads_xml(b"<a>" * depth + b"</a>" * depth)


def test_nesting_of_models_and_lists_ends_there_too() -> None:
    post = "<post_id>1</post_id><dateline>1</dateline><text/>"
    chain = post
    for _ in range(110):
        chain = f"{post}<quoted>{chain}</quoted>"
    with pytest.raises(BadResponse, match="nested"):
        structure_xml(f"<return>{chain}</return>".encode(), Post)
    nested: Any = list[int]
    for _ in range(110):
        nested = list[nested]
    with pytest.raises(BadResponse, match="nested"):
        structure_xml(("<a>" * 111 + "</a>" * 111).replace("<a></a>", "<a>1</a>").encode(), nested)


# --- Charsets


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        ("<r>é★</r>".encode(), None),
        ("<?xml version='1.0' encoding='UTF-8'?><r>é★</r>".encode(), None),
        ("<r>é★</r>".encode("utf-8-sig"), None),
        ("<r>é★</r>".encode("utf-16"), None),
        ("<?xml version='1.0' encoding='utf-8'?><r>é★</r>".encode("utf-16"), None),
        ("\ufeff<?xml version='1.0' encoding='UTF-16'?><r>é★</r>".encode("utf-16-be"), None),
        ("<r>é★</r>".encode("utf-16-le"), "UTF-16LE"),
        ("<r>é★</r>".encode("utf-32"), None),
        ("<r>é★</r>".encode("utf-8-sig"), "iso-8859-1"),
        ("<?xml version='1.0' encoding='iso-8859-1'?><r>é★</r>".encode(), "utf-8"),
    ],
)
def test_text_is_read_in_its_charset(body: bytes, declared: str | None) -> None:
    assert loads_xml(body, charset=declared) == "é★"
    assert structure_xml(body, str, charset=declared) == "é★"


@pytest.mark.parametrize("name", ["iso-8859-1", "ISO-8859-15", "windows-1252", "latin1", "cp1252"])
def test_latin_text_is_read_where_it_is_declared(name: str) -> None:
    body = f"<?xml version='1.0' encoding='{name}'?><r>é</r>".encode("latin-1")
    assert loads_xml(body) == "é"
    assert loads_xml("<r>é</r>".encode("latin-1"), charset=name) == "é"
    assert not find_charset(body).guessed


def test_latin_text_that_declares_nothing_is_read_only_by_who_accepts_a_guess() -> None:
    body = "<r>é “x”</r>".encode("windows-1252")
    with pytest.raises(BadResponse, match="declares no other charset"):
        loads_xml(body)
    charset = find_charset(body)
    assert charset == Charset("windows-1252", guessed=True)
    assert loads_xml(body, charset=charset.name) == "é “x”"
    assert find_charset(b"<r>x</r>") == Charset("utf-8", guessed=False)


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        (b"<?xml version='1.0' encoding='bogus'?><r/>", None),
        (b"<?xml version='1.0' encoding='rot13'?><r/>", None),
        (b"<?xml version='1.0' encoding='utf-7'?><r/>", None),
        (b"<r/>", "zlib"),
        (b"<r/>", "\0\ud800"),
        (b"<?xml version='1.0' encoding='us-ascii'?><r>\xe9</r>", None),
        (b"<?xml version='1.0' encoding='utf-8'?><r>\xe9</r>", None),
        (b"<r>\xed\xa0\x80</r>", None),
        (b"<r>\x81</r>", "windows-1252"),
        (b"\xff\xfe<\x00r\x00", None),
        (b"\xff\xfe\x00\xd8", None),
        ("<r>é</r>".encode("utf-16-le"), None),
        (b"<?xml version='1.0' encoding='utf-16'?><r>ab</r>", None),
    ],
)
def test_text_that_cannot_be_read_is_refused(body: bytes, declared: str | None) -> None:
    with pytest.raises(BadResponse):
        loads_xml(body, charset=declared, strict=True)


# --- Any bytes

PIECES = (
    "<return>|</return>|<a|>|/>|</a>|<item>|</item>|<userid>|</userid>|1|x| a='1'|&amp;|&#65;|&x;|<![CDATA[|]]>|<!--|"
    "-->|<?xml version='1.0'|?>| encoding='utf-16'|<!DOCTYPE a|[<!ENTITY x 'y'>]|\n|\0|\xe9|\xc3\xa9|\xff|xmlns='u'|:"
)
pieces = st.sampled_from(PIECES.encode("latin-1").split(b"|"))


@given(st.binary(max_size=80) | st.lists(pieces, max_size=25).map(b"".join))
def test_no_bytes_break_the_reading(body: bytes) -> None:
    for into in (Any, Thread, list[User], dict[str, int], Post | None, list[Any] | dict[str, str]):
        with contextlib.suppress(BadResponse):
            codec.dumps(structure_xml(body, into))
    with contextlib.suppress(BadResponse):
        find_charset(body)


elements = st.sampled_from(
    [
        part.replace("N", name)
        for name in ("users", "item", "userid", "username", "x")
        for part in ("<N>", "</N>", "<N>1</N>", "<N/>")
    ]
)


@given(st.lists(elements, max_size=14))
def test_no_nesting_of_known_names_breaks_the_reading(parts: list[str]) -> None:
    body = f"<return>{''.join(parts)}</return>".encode()
    for into in (dict[str, list[User]], list[User], User, list[list[User | None]], dict[str, User] | list[User]):
        with contextlib.suppress(BadResponse):
            structure_xml(body, into)


def test_lxml_is_loaded_when_it_is_needed() -> None:
    program = (
        "import sys, nusantara.codec.xml as x; print('lxml' in sys.modules);"
        "x.loads_xml(b'<a/>'); print('lxml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\nTrue\n"


def test_the_limits_leave_room_for_a_large_answer() -> None:
    row = {"userid": 1, "username": '<a href="x">' * 5}
    body = to_xml([row] * 5000).encode()
    assert len(body) > SMALL
    assert len(structure_xml(body, list[User])) == 5000
