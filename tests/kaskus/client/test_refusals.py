"""Refusals that come with status 200: none is taken for a success, however it is spelled."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.ledger import Call, client
from support.raw import RawServer, always

from kaskus_async.refusals import refusal_in
from nusantara.errors import ApiError

SAID = "Lapak tidak ditemukan"
NO = {"error": "1", "errorcode": "108", "errormessage": SAID, "errordetails": ""}
CALLS: dict[str, Call] = {
    "typed": lambda k: k.threads.hot(),
    "untyped": lambda k: k.private_messages.send(["sari"], "Halo", "Apa kabar?"),
    "paged": lambda k: k.threads.of_user(70).first(),
    "raw": lambda k: k.request("GET", "/api/oauth/v1/hot_threads"),
}

IN_JSON: dict[str, Any] = {
    "plain": NO,
    "camel": {"Error": 1, "ErrorCode": 108, "errorMessage": SAID},
    "upper": {"ERRORCODE": "108", "ERRORMESSAGE": SAID},
    "snake": {"error_code": "108", "error_message": SAID},
    "below return": {"return": NO},
    "below error": {"error": {"errorcode": "108", "errormessage": SAID}},
    "below data": {"data": NO},
    "below data and error": {"data": {"error": NO}},
    "beside an empty list": {"thread": [], **NO},
    "as a list": [NO],
    "below data as a list": {"data": [NO, NO]},
    "text in a list": {"errorcode": "108", "errormessage": [SAID]},
    "late": {"data": [], "meta": {"cache_key": "x" * 10_000}, **NO},
    "oauth 2": {"error": "108", "error_description": SAID},
}
IN_XML = {
    "attribute": f'<return><errorcode>108</errorcode><errormessage lang="id">{SAID}</errormessage></return>',
    "two languages": f'<return><errorcode>108</errorcode><errormessage lang="id">{SAID}</errormessage>'
    '<errormessage lang="en">Lapak not found</errormessage></return>',
    "cdata": f"<return><errorcode>108</errorcode><errormessage><![CDATA[{SAID}]]></errormessage></return>",
    "white space": f"<return>\n <errorcode>\n108 </errorcode>\n <errormessage >\n  {SAID}\n </errormessage>\n</return>",
    "entities": f"<return><errorcode>&#49;08</errorcode><errormessage>&#76;{SAID[1:]}</errormessage></return>",
    "comment": "<return><!-- x --><errorcode>1<!-- y -->08</errorcode>"
    f"<errormessage><!-- z -->{SAID}</errormessage></return>",
    "upper": f"<RETURN><ERRORCODE>108</ERRORCODE><ERRORMESSAGE>{SAID}</ERRORMESSAGE></RETURN>",
    "mixed": f"<return><errorCode>108</errorCode><ErRoRmEsSaGe>{SAID}</ErRoRmEsSaGe></return>",
    "prefix": f'<return xmlns:k="urn:k"><k:errorcode>108</k:errorcode><k:errormessage>{SAID}</k:errormessage></return>',
    "attributes alone": f'<return errorcode="108" errormessage="{SAID}"/>',
    "below error": f"<return><error><errorcode>108</errorcode><errormessage>{SAID}</errormessage></error></return>",
    "below data": f"<return><data><errorcode>108</errorcode><errormessage>{SAID}</errormessage></data></return>",
    "in items": f"<return><item><errorcode>108</errorcode><errormessage>{SAID}</errormessage></item></return>",
    "root": f'<errormessage errorcode="108">{SAID}</errormessage>',
    "late": f"<return><data/><!--{'x' * 10_000}--><errorcode>108</errorcode>"
    f"<errormessage>{SAID}</errormessage></return>",
}
BODIES: dict[str, bytes] = {
    **{f"json {name}": json.dumps(document).encode() for name, document in IN_JSON.items()},
    "json escaped": json.dumps(NO).replace('"errormessage"', '"error\\u006dessage"').encode(),
    "json utf-16": json.dumps(NO).encode("utf-16"),
    "json utf-32": json.dumps(NO).encode("utf-32"),
    "json blanks": b"\xef\xbb\xbf \r\n" + json.dumps(NO, indent=4).encode(),
    **{f"xml {name}": text.encode() for name, text in IN_XML.items()},
    "xml utf-16": f'<?xml version="1.0" encoding="UTF-16"?>{IN_XML["attribute"]}'.encode("utf-16"),
    "xml latin-1": f'<?xml version="1.0" encoding="ISO-8859-1"?>{IN_XML["attribute"]}'.encode("latin-1"),
}


@pytest.mark.parametrize("output", ["json", "xml"])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_a_refusal_is_told_however_it_is_spelled(body: bytes, output: str) -> None:
    async with RawServer(always(body)) as server, client(server, output=output) as kaskus:
        for name, call in CALLS.items():
            with pytest.raises(ApiError) as caught:
                await call(kaskus)
            assert (name, caught.value.message, str(caught.value.code), caught.value.status) == (name, SAID, "108", 200)


NAMELESS = {
    "number": {"errorcode": 108},
    "true": {"error": True, "errormessage": ""},
    "nothing but its key": {"errormessage": ""},
    "null": {"errorcode": "108", "errormessage": None},
    "unknown form": {"errormessage": {"id": {"text": SAID}}},
    "several": {"errormessage": [SAID, "lagi"]},
}


@pytest.mark.parametrize("document", NAMELESS.values(), ids=NAMELESS)
async def test_a_refusal_without_a_message_is_one(document: Any) -> None:
    async with RawServer(always(document)) as server, client(server) as kaskus:
        for call in CALLS.values():
            with pytest.raises(ApiError) as caught:
                await call(kaskus)
            assert caught.value.details == document


FAILED: dict[str, Any] = {
    "bare": {"status": "error", "message": SAID},
    "upper": {"status": "ERROR", "message": SAID, "data": None},
    "fail": {"status": "fail", "code": 503, "data": [], "message": SAID},
    "object": {"status": "failed", "data": {}, "meta": [], "message": SAID},
}
FAILED_IN_XML = [
    "<return><status>error</status><message>{}</message><data/></return>",
    '<return><status id="1"> Error </status><data></data><message lang="id">{}</message></return>',
    "<return><data/><status><![CDATA[fail]]></status><message>{}</message></return>",
]


@pytest.mark.parametrize(
    "body",
    [*(json.dumps(one).encode() for one in FAILED.values()), *(one.format(SAID).encode() for one in FAILED_IN_XML)],
)
async def test_a_status_of_error_with_nothing_of_an_answer_is_a_refusal(body: bytes) -> None:
    async with RawServer(always(body)) as server, client(server) as kaskus:
        for call in CALLS.values():
            with pytest.raises(ApiError) as caught:
                await call(kaskus)
            assert caught.value.message == SAID


@pytest.mark.parametrize(
    "document",
    [
        {"status": "failed", "invoice_id": "7", "message": "Stok habis"},
        {"status": "error", "data": [{"thread_id": "5f01"}]},
        {"status": "1", "message": "", "data": []},
        {"status": ["error"], "data": []},
        {"status": "200", "message": "no error", "data": []},
    ],
)
async def test_a_status_of_something_else_is_none(document: Any) -> None:
    assert refusal_in(document) is None


@pytest.mark.parametrize("body", [b"<return><errormessage/></return>", b'<return><errormessage lang="id"/></return>'])
async def test_an_empty_message_is_a_refusal_where_nothing_else_is_said(body: bytes) -> None:
    async with RawServer(always(body)) as server, client(server) as kaskus:
        for call in CALLS.values():
            with pytest.raises(ApiError):
                await call(kaskus)


NO_ERROR: list[Any] = [
    {"data": [], "errormessage": ""},
    {"data": [], "errorcode": 0, "error": False, "errormessage": None, "errordetails": []},
    {"data": [], "errorcode": "0", "error": "0"},
    {"data": [{"thread_id": "5f01", "title": '"errormessage": "gagal"'}]},
    {"data": [{"thread_id": "5f01", "title": "<errormessage>gagal</errormessage>"}]},
    {"data": [{"thread_id": "5f01", "error": "of something else"}]},
]


@pytest.mark.parametrize("document", NO_ERROR)
async def test_what_says_no_error_is_an_answer(document: Any) -> None:
    async with RawServer(always(document)) as server, client(server) as kaskus:
        assert (await kaskus.threads.hot()).to_document() == document
        assert (await kaskus.threads.hot_archive()).to_document() == document


async def test_text_of_users_is_no_refusal_in_xml() -> None:
    body = b"<return><data><thread_id>5f01</thread_id><title>&lt;errormessage&gt; terror</title></data></return>"
    async with RawServer(always(body)) as server, client(server) as kaskus:
        assert (await kaskus.threads.hot()).data[0].title == "<errormessage> terror"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_no_document_without_a_key_of_an_error_is_a_refusal(document: Any) -> None:
    assert refusal_in(document) is None


@given(
    st.dictionaries(st.text(max_size=4), JSON),
    st.sampled_from(["errormessage", "ErrorMessage", "@errormessage"]),
)
def test_every_document_with_a_message_of_an_error_is_one(document: dict[str, Any], key: str) -> None:
    found = refusal_in({**document, key: SAID})
    assert found is not None
    assert found.message == SAID
