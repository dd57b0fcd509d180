"""Answers that are whole and yet not what they should be: wrong labels, broken text, charsets, odd JSON."""

from __future__ import annotations

import codecs
import gzip
import importlib.util
import json
import logging
import re
import zlib
from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.faults import Seen
from support.flavours import Flavour
from support.raw import Received, Wire, always
from support.spellings import DIGITS

from nusantara.codec import dumps, jsontext
from nusantara.errors import ApiError, BadResponse, Sent
from nusantara.response import Response
from qiscus_async.webhooks import CommentPosted, parse_event

DOCUMENTS = Path(__file__).parent.parent
INBOX = read_document(DOCUMENTS / "bukalapak" / "documents" / "inbox.b.json")
USERS = read_document(DOCUMENTS / "qiscus" / "documents" / "get_user_list.b.json")
HOT = read_document(DOCUMENTS / "kaskus" / "documents" / "hot_threads.json")
OPERATIONS: dict[str, Any] = {
    "bukalapak": lambda c: c.messages.inbox(),
    "kaskus": lambda c: c.threads.hot(),
    "qiscus": lambda c: c.users.list_all(),
}
ENGINES = ["json", "orjson"] if importlib.util.find_spec("orjson") else ["json"]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What reads JSON."""
    name: str = request.param
    monkeypatch.setattr(jsontext, "_parse", jsontext._parse_with_json if name == "json" else None)
    return name


# --- Labels


async def result(call: Flavour[Any], vendor: str) -> Any:
    """What an operation makes of the server's answer."""
    found = await call(lambda c: one_page(OPERATIONS[vendor](c), call.name))
    return getattr(found, "items", found)


def one_page(found: Any, flavour: str) -> Any:
    return found.first() if flavour == "sync" and hasattr(found, "first") else found


@pytest.mark.parametrize(
    ("vendor", "body", "right", "wrong"),
    [
        ("bukalapak", json.dumps(INBOX).encode(), "application/json", "text/html; charset=UTF-8"),
        ("qiscus", json.dumps(USERS).encode(), "application/json; charset=utf-8", "text/html"),
        ("qiscus", json.dumps(USERS).encode(), "application/vnd.qiscus+json", "image/png"),
        ("kaskus", json.dumps(HOT).encode(), "text/json", "text/xml"),
        ("kaskus", DIGITS.write(HOT), "text/xml", "application/json"),
        ("kaskus", DIGITS.write(HOT), "application/atom+xml", "text/html; charset=UTF-8"),
        ("kaskus", b"\n" * 200 + DIGITS.write(HOT).split(b"\n", 1)[1], "text/xml", "text/plain"),
    ],
)
async def test_g23_a_wrong_label(
    open_client: Any, serve: Any, seen: Seen, vendor: str, body: bytes, right: str, wrong: str
) -> None:
    models, flags = [], []
    for label in (right, wrong):
        server = await serve(always(body, Content_Type=label))
        call = open_client(server.base_url, vendor)
        models.append(await result(call, vendor))
        answer = await call(lambda c: c.request("GET", "/apa-saja"))
        flags.append(answer.content_type_mismatch)
        assert len(server.requests) == 2
    assert models[0] == models[1]
    assert flags == [False, True]
    seen(f"same model, content_type_mismatch {flags[1]}")


@pytest.mark.parametrize("output", ["json", "xml"])
async def test_g23_the_other_format_than_asked_for(open_client: Any, serve: Any, seen: Seen, output: str) -> None:
    models = []
    for body in (json.dumps(HOT).encode(), DIGITS.write(HOT)):
        server = await serve(always(body, Content_Type=f"text/{output}"))
        call = open_client(server.base_url, "kaskus", output=output)
        models.append(await call(lambda c: c.threads.hot()))
        assert server.requests[0].headers["return-type"] == f"text/{output}"
    assert models[0] == models[1]
    seen(f"{len(models)} formats, same model")


@pytest.mark.parametrize(
    ("body", "label", "found", "mismatch"),
    [
        (b"[1]", "", "json", False),
        (b" 5", "application/json", "json", False),
        (b"5", "text/html", "json", True),
        (b"oauth_token=x", "text/html", None, False),
        (b"\x89PNG\r\n", "application/json", None, False),
        (b"", "application/json", None, False),
        (b"<!-- x --><!DOCTYPE html><title>x</title>", "text/html", "html", False),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD"><html/>', "application/json", "html", True),
        (b"<html xmlns='x'/>", "application/xhtml+xml", "html", False),
        ("<r/>".encode("utf-16"), "text/xml", "xml", False),
        ("<r/>".encode("utf-16-be"), "text/xml", "xml", False),
        (b"\xef\xbb\xbf\n<r/>", "application/json", "xml", True),
    ],
)
def test_what_a_body_is(body: bytes, label: str, found: str | None, mismatch: bool) -> None:
    answer = Response(200, {"Content-Type": label} if label else {}, body)
    assert (answer.format, answer.content_type_mismatch) == (found, mismatch)


# --- Broken XML


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"<return>\n <data><title>a</title>", "line 2"),
        (b"<return>\n <data><title>Suka & duka</title></data></return>", "line 2"),
        (b"<return><data><title>a&b;</title></data></return>", "line 1"),
        (b"<return>\n<data>\n<title>\x0b</title></data></return>", "line 3"),
        (b"<return><data>&#0;</data></return>", "line 1"),
        (b"<return><data></return>", "line 1"),
        (b"<return/>\n<return/>", "line 2"),
    ],
)
@pytest.mark.parametrize("status", [200, 201])
async def test_g24_broken_xml(open_client: Any, serve: Any, seen: Seen, body: bytes, where: str, status: int) -> None:
    server = await serve(always(body, status, Content_Type="text/xml"))
    call = open_client(server.base_url, "kaskus")
    with pytest.raises(BadResponse) as caught:
        await call(lambda c: c.threads.hot())
    error = caught.value
    found = re.search(r"(line \d), column \d+", str(error))
    assert found
    assert found[1] == where
    assert (error.status, error.sent, len(server.requests)) == (status, Sent.YES, 1)
    assert error.excerpt.isprintable()
    seen(error, found[0])


# --- Charsets

TEXT = "Café “Mawar”"
JSON_TEXT = json.dumps({"data": [], "meta": {"cache_key": TEXT}}, ensure_ascii=False)
XML_TEXT = f"<return><data/><meta><cache_key>{TEXT}</cache_key></meta></return>"


def declared(charset: str, text: str = XML_TEXT) -> str:
    return f'<?xml version="1.0" encoding="{charset}"?>{text}'


READABLE: list[tuple[bytes, str, bool]] = [
    (JSON_TEXT.encode(), "text/json; charset=bogus", False),
    (JSON_TEXT.encode(), "text/json; charset=iso-8859-1", False),
    (JSON_TEXT.encode("utf-16"), "text/json", False),
    (b"\xfe\xff" + JSON_TEXT.encode("utf-16-be"), "text/json; charset=utf-8", False),
    (JSON_TEXT.encode("utf-16-le"), "text/json; charset=UTF-16LE", False),
    (JSON_TEXT.encode("utf-8-sig"), "text/json", False),
    (JSON_TEXT.encode("windows-1252"), 'text/json; charset="windows-1252"', False),
    (JSON_TEXT.encode("windows-1252"), "text/json", True),
    (XML_TEXT.encode("utf-16"), "text/xml", False),
    (declared("UTF-16").encode("utf-16"), "text/xml", False),
    (b"\xfe\xff" + XML_TEXT.encode("utf-16-be"), "text/xml; charset=utf-8", False),
    (XML_TEXT.encode("utf-16-be"), "text/xml; charset=utf-16be", False),
    (XML_TEXT.encode("windows-1252"), "text/xml; charset=windows-1252", False),
    (declared("windows-1252").encode("windows-1252"), "text/xml", False),
    (XML_TEXT.encode("windows-1252"), "text/xml", True),
]
UNREADABLE: list[tuple[bytes, str, str]] = [
    (JSON_TEXT.encode("windows-1252"), "text/json; charset=bogus", "charset 'bogus' is not supported"),
    (JSON_TEXT.encode("windows-1252"), "text/json; charset=rot13", "charset 'rot13' is not supported"),
    (b"\xff\xfe" + JSON_TEXT.encode("utf-16-le")[:-1], "text/json", "invalid UTF-16"),
    (XML_TEXT.encode(), "text/xml; charset=bogus", "charset 'bogus' is not supported"),
    (declared("bogus").encode(), "text/xml", "charset 'bogus' is not supported"),
    (XML_TEXT.encode() + b"\xff", "text/xml", "invalid UTF-8"),
    (XML_TEXT.encode("utf-16")[:-1], "text/xml", "invalid UTF-16"),
]


@pytest.mark.parametrize(("body", "content_type", "guess"), READABLE)
async def test_g27_a_charset_that_can_be_told(
    open_client: Any,
    serve: Any,
    seen: Seen,
    caplog: pytest.LogCaptureFixture,
    body: bytes,
    content_type: str,
    guess: bool,
) -> None:
    server = await serve(always(body, Content_Type=content_type))
    call = open_client(server.base_url, "kaskus")
    model = await call(lambda c: c.threads.hot())
    assert model.meta.cache_key == TEXT
    warned = [record for record in caplog.records if record.name == "nusantara.response"]
    answer = await call(lambda c: c.request("GET", "/apa-saja"))
    assert answer.charset_guessed is guess is bool(warned)
    seen(f"read right, charset_guessed {answer.charset_guessed}")


@pytest.mark.parametrize(("body", "content_type", "problem"), UNREADABLE)
async def test_g27_a_charset_that_cannot_be_told(
    open_client: Any, serve: Any, seen: Seen, body: bytes, content_type: str, problem: str
) -> None:
    server = await serve(always(body, Content_Type=content_type))
    call = open_client(server.base_url, "kaskus")
    with pytest.raises(BadResponse) as caught:
        await call(lambda c: c.threads.hot())
    assert problem.lower() in str(caught.value).lower()
    assert (caught.value.sent, len(server.requests)) == (Sent.YES, 1)
    seen(caught.value)


@pytest.mark.parametrize("body", [JSON_TEXT.encode("windows-1252"), XML_TEXT.encode("windows-1252")])
async def test_g27_a_strict_client_takes_no_guess(open_client: Any, serve: Any, seen: Seen, body: bytes) -> None:
    server = await serve(always(body))
    call = open_client(server.base_url, "kaskus", strict=True)
    for operation in (lambda c: c.threads.hot(), lambda c: c.request("GET", "/apa-saja")):
        with pytest.raises(BadResponse, match="nothing says what charset") as caught:
            await call(operation)
        assert (caught.value.method, caught.value.status) == ("GET", 200)
    seen(caught.value)


# --- Odd JSON

OLD_ID = "5f0000000000000000000046"
ODD: dict[str, tuple[str, str]] = {
    "NaN": ("NaN", "it has NaN"),
    "Infinity": ("Infinity", "it has Infinity"),
    "-Infinity": ("-Infinity", "it has -Infinity"),
    "a float beyond all": ("1e999", "a number is too large"),
    "401 digits": ("9" * 401, "more than 400 digits"),
    "5,000 digits": ("9" * 5000, "more than 400 digits"),
    "5,000 digits and a minus": ("-" + "9" * 5000, "more than 400 digits"),
    "101 deep": ("[" * 100 + "]" * 100, "nested deeper than 100"),
    "200,000 deep": ("[" * 200_000 + "]" * 200_000, "nested deeper than 100"),
    "200,000 deep, objects": ('{"a":' * 200_000 + "1" + "}" * 200_000, "nested deeper than 100"),
    "200,000 opened": ("[" * 200_000, "nested deeper than 100"),
}


@pytest.mark.parametrize(
    ("vendor", "kind"),
    [*[("kaskus", kind) for kind in ODD], ("bukalapak", "NaN"), ("qiscus", "5,000 digits"), ("qiscus", "200,000 deep")],
)
@pytest.mark.usefixtures("engine")
async def test_g28_odd_json(open_client: Any, serve: Any, seen: Seen, vendor: str, kind: str) -> None:
    value, problem = ODD[kind]
    server = await serve(always(f'{{"status": "OK", "data": {value}}}'.encode()))
    call = open_client(server.base_url, vendor)
    with pytest.raises(BadResponse) as caught:
        await result(call, vendor)
    assert problem in str(caught.value)
    assert (caught.value.sent, len(server.requests)) == (Sent.YES, 1)
    assert caught.value.__cause__ is None
    seen(caught.value)


REPEATED = b'{"data": [], "meta": {"cached": false, "cached": true, "cache_key": "a", "cache_key": "b"}, "data": []}'


@pytest.mark.usefixtures("engine")
async def test_g28_repeated_keys(open_client: Any, serve: Any, seen: Seen) -> None:
    server = await serve(always(REPEATED))
    call = open_client(server.base_url, "kaskus")
    model = await call(lambda c: c.threads.hot())
    assert (model.meta.cached, model.meta.cache_key) == (True, "b")
    answer = await call(lambda c: c.request("GET", "/apa-saja"))
    assert answer.repeated_keys == 3
    strict: Flavour[Any] = Flavour(call.name, call.client.with_options(strict=True))
    for operation in (lambda c: c.threads.hot(), lambda c: c.request("POST", "/apa-saja")):
        with pytest.raises(BadResponse, match="an object has a key twice") as caught:
            await strict(operation)
        assert caught.value.sent is Sent.YES
    assert len(server.requests) == 4
    seen(caught.value, f"last wins, repeated_keys {answer.repeated_keys}")


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("body", "count"),
    [
        (b"{}", 0),
        (b'[{"a":1},{"a":2}]', 0),
        (b'{"a":1,"a":1}', 1),
        (b'{"a":{"b":1,"b":2,"b":3},"\\u0061":2}', 3),
        ('{"é":1,"é":2}'.encode("utf-16"), 1),
        ('{"é":1,"é":2}'.encode("latin-1"), 1),
        (b"<a><b/><b/></a>", 0),
        (b"NaN", 0),
    ],
)
def test_repeated_keys_are_counted(body: bytes, count: int) -> None:
    assert Response(200, {}, body).repeated_keys == count


# --- Odd text


HALF = "\N{GRINNING FACE}".encode()[:2]
DAMAGED: list[tuple[bytes, str, str, str]] = [
    (rb"\ud83d", "text/json", "\ufffd", "it has a lone surrogate"),
    (rb"\ude00\ud83d", "text/json; charset=utf-8", "\ufffd\ufffd", "it has a lone surrogate"),
    (rb"a\uDBFFb", "text/json; charset=iso-8859-1", "a\ufffdb", "it has a lone surrogate"),
    ("\u00e9".encode() + rb"\ud83d", "text/json; charset=iso-8859-1", "\u00e9\ufffd", "it has a lone surrogate"),
    (b"\xe9" + rb"\ud83d", "text/json; charset=iso-8859-1", "\u00e9\ufffd", "it has a lone surrogate"),
    (b"Halo " + HALF, "text/json; charset=utf-8", "Halo \ufffd", "invalid UTF-8"),
    ("\u00e9 ".encode() + HALF, "text/json", "\u00e9 \ufffd", "invalid UTF-8"),
    (b"\xed\xa0\xbd", "text/json; charset=utf-8", "\ufffd", "invalid UTF-8"),
    ("\u00e9".encode() + b"\xed\xa0\xbd\xed\xb8\x80", "text/json", "\u00e9\N{GRINNING FACE}", "invalid UTF-8"),
    ("Café".encode("windows-1252"), "text/json; charset=utf-8", "Caf\ufffd", "invalid UTF-8"),
    (b"&#xD83D;&#55357;&#xDE00;", "text/xml", "\ufffd\N{GRINNING FACE}", "no Unicode"),
    ("\u00e9 ".encode() + HALF, "text/xml", "\u00e9 \ufffd", "no Unicode"),
    (b"Halo " + HALF, "text/xml; charset=utf-8", "Halo \ufffd", "no Unicode"),
]


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(("damaged", "content_type", "text", "problem"), DAMAGED)
async def test_g29_text_that_is_none(
    open_client: Any,
    serve: Any,
    seen: Seen,
    caplog: pytest.LogCaptureFixture,
    damaged: bytes,
    content_type: str,
    text: str,
    problem: str,
) -> None:
    """Half of an emoji, as where a text was cut to a length."""
    document = b"<return><data/><meta><cache_key>%s</cache_key></meta></return>"
    if "json" in content_type:
        document = b'{"data": [], "meta": {"cache_key": "%s"}}'
    server = await serve(always(document % damaged, Content_Type=content_type))
    call = open_client(server.base_url, "kaskus")
    model = await call(lambda c: c.threads.hot())
    assert model.meta.cache_key == text
    assert [record.name for record in caplog.records if record.levelname == "WARNING"] == ["nusantara.codec"]
    answer = await call(lambda c: c.request("GET", "/apa-saja"))
    assert answer.repaired
    strict: Flavour[Any] = Flavour(call.name, call.client.with_options(strict=True))
    for operation in (lambda c: c.threads.hot(), lambda c: c.request("GET", "/apa-saja")):
        with pytest.raises(BadResponse, match=problem) as caught:
            await strict(operation)
        assert (caught.value.status, caught.value.sent) == (200, Sent.YES)
    assert len(server.requests) == 4
    seen(caught.value, f"read as {text!a}, repaired {answer.repaired}")


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("half", [rb"\ud83d", HALF, b"\xed\xa0\xbd", "é".encode("latin-1")])
def test_a_webhook_event_with_half_an_emoji_is_an_event_like_any_other(half: bytes) -> None:
    document = read_document(DOCUMENTS / "qiscus" / "documents" / "webhook.post_comment.a.json")
    body = json.dumps(document).encode()
    assert b'"text": "' in body
    event = parse_event(body.replace(b'"text": "', b'"text": "Halo ' + half))
    assert isinstance(event, CommentPosted)
    assert event.message.text.startswith("Halo \ufffd")


@pytest.mark.parametrize(
    "body", [b"{}", JSON_TEXT.encode("windows-1252"), XML_TEXT.encode("utf-16"), b"", b"\xff", b"x"]
)
def test_what_is_read_as_it_is_was_not_repaired(body: bytes) -> None:
    assert not Response(200, {}, body).repaired


BEFORE = [b"\n", b"\r\n \t", codecs.BOM_UTF8, b"\n" + codecs.BOM_UTF8, codecs.BOM_UTF8 * 2 + b"\n"]


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
async def test_g23_blanks_and_marks_before_a_document(
    open_client: Any, serve: Any, seen: Seen, before: bytes, charset: str
) -> None:
    marked = codecs.BOM_UTF8 in before
    xml = before + declared(charset).encode("utf-8" if marked else charset)
    for body, content_type in ((xml, "text/xml"), (before + JSON_TEXT.encode(), "text/json")):
        server = await serve(always(body, Content_Type=content_type))
        call = open_client(server.base_url, "kaskus", strict=True)
        model = await call(lambda c: c.threads.hot())
        assert model.meta.cache_key == TEXT
    seen("read")


CONTROLS = "\0 \x1b[2J\x1b[31m \u202egnp.exe \u2066a\u2069 a\r\nINFO root: b \x85\u2028\u2029 \x9b2J"
"""NUL, colours and erasing, writing backwards, line breaks of all kinds."""


@pytest.mark.usefixtures("engine")
async def test_g29_controls_in_a_result(open_client: Any, serve: Any, seen: Seen) -> None:
    server = await serve(always({"data": [], "meta": {"cache_key": CONTROLS}}))
    call = open_client(server.base_url, "kaskus")
    model = await call(lambda c: c.threads.hot())
    assert model.meta.cache_key == CONTROLS, "data is given as it came"
    assert json.loads(dumps(model.to_document()))["meta"]["cache_key"] == CONTROLS
    assert repr(model).isprintable()
    seen(f"kept, repr printable {repr(model).isprintable()}")


@pytest.mark.parametrize("vendor", OPERATIONS)
@pytest.mark.parametrize("status", [200, 422])
async def test_g29_controls_in_a_refusal(
    open_client: Any,
    serve: Any,
    seen: Seen,
    caplog: pytest.LogCaptureFixture,
    status: int,
    vendor: str,
) -> None:
    caplog.set_level(logging.DEBUG, logger=f"nusantara.{vendor}")
    said = f"Gagal {CONTROLS} " + "x" * 1000
    body = {
        "bukalapak": {"status": "ERROR", "message": said},
        "kaskus": {"error": 1, "errorcode": "1", "errormessage": said},
        "qiscus": {"error": {"message": said}},
    }[vendor]
    server = await serve(always(body, status, X_Request_Id="a\x80b"))
    call = open_client(server.base_url, vendor)
    with pytest.raises(ApiError) as caught:
        await result(call, vendor)
    error = caught.value
    assert error.message == said, "data is given as it came"
    assert str(error).isprintable()
    assert len(str(error)) < 300
    assert error.attempts[0].reason.isprintable()
    assert error.request_id is None or error.request_id.isprintable()
    lines = [record.getMessage() for record in caplog.records if record.name == f"nusantara.{vendor}"]
    assert lines
    assert all(line.isprintable() and len(line) < 400 for line in lines)
    seen(error, f"{len(lines)} log line")


# --- Behind a packed body


@pytest.mark.parametrize("behind", [1, 511, 64 * 1024], ids="{} zeros".format)
@pytest.mark.parametrize("pace", ["at once", "in pieces"])
async def test_g20_zeros_behind_a_gzip_body(open_client: Any, serve: Any, seen: Seen, behind: int, pace: str) -> None:
    """As of a server that fills its blocks up."""
    packed = (
        gzip.compress(JSON_TEXT.encode()[:20]) + b"\0" * 7 + gzip.compress(JSON_TEXT.encode()[20:]) + b"\0" * behind
    )

    async def script(wire: Wire, request: Received) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
        size = len(packed) if pace == "at once" else 50
        await wire.send(head.encode() + packed[:size])
        await wire.send(packed[size:])

    server = await serve(script)
    call = open_client(server.base_url, "kaskus")
    model = await call(lambda c: c.threads.hot())
    assert model.meta.cache_key == TEXT
    seen("read")


@pytest.mark.parametrize(
    ("encoding", "behind"), [("gzip", b"\0\0x"), ("gzip", b"x"), ("gzip", b"\0" * 200_000 + b"x"), ("deflate", b"\0")]
)
async def test_g20_what_else_stands_there_is_refused(
    open_client: Any, serve: Any, seen: Seen, encoding: str, behind: bytes
) -> None:
    pack = gzip.compress if encoding == "gzip" else zlib.compress
    server = await serve(always(pack(JSON_TEXT.encode()) + behind, Content_Encoding=encoding))
    call = open_client(server.base_url, "kaskus", max_attempts=1)
    with pytest.raises(BadResponse, match=f"something else follows the {encoding} body") as caught:
        await call(lambda c: c.threads.hot())
    seen(caught.value)
