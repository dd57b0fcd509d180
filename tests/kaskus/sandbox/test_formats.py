"""JSON where it is asked for, XML otherwise; errors in both."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from kaskus_async.sandbox.answers import xml_bytes

PATHS = (
    "/v1/hot_threads",
    "/forumlist",
    "/v1/forum/41/threads?limit=3",
    "/user?include=badges",
    "/pmfolder",
    "/friend",
)


def tree(element: ET.Element) -> Any:
    """The document of an element, with all scalars as text."""
    if not len(element):
        return element.text or ""
    if {child.tag for child in element} == {"item"}:
        return [tree(child) for child in element]
    return {child.tag: tree(child) for child in element}


def as_text(value: Any) -> Any:
    """A JSON document as XML would tell it."""
    match value:
        case dict() | list() if not value:
            return ""
        case dict():
            return {key: as_text(part) for key, part in value.items()}
        case list():
            return [as_text(part) for part in value]
        case bool():
            return str(int(value))
        case None:
            return ""
    return str(value)


@pytest.mark.parametrize("path", PATHS)
def test_both_formats_say_the_same(path: str, me: Any) -> None:
    by_header = me.raw("GET", path)
    by_query = me.raw("GET", f"{path}{'&' if '?' in path else '?'}output=json", json=False)
    default = me.raw("GET", path, json=False)
    assert by_header.headers["Content-Type"] == by_query.headers["Content-Type"] == "application/json; charset=utf-8"
    assert default.headers["Content-Type"] == "text/xml; charset=utf-8"
    first, second = by_header.json(), by_query.json()
    if path == "/v1/hot_threads":
        second["meta"] = first["meta"]
    assert first == second
    root = ET.fromstring(default.content)
    assert root.tag == "return"
    expected, found = as_text(first), tree(root)
    if path == "/v1/hot_threads":
        expected["meta"] = found["meta"]
    assert found == expected


def test_the_query_wins_over_the_header(me: Any) -> None:
    assert me.raw("GET", "/user?output=xml").content.startswith(b"<?xml")
    assert me.send("GET", me.signed("GET", "/user?output=json"), **{"Return-Type": "text/xml"}).json()
    lower = me.send("GET", me.signed("GET", "/user"), **{"return-type": "text/JSON"})
    assert lower.json()


def test_errors_come_in_both_formats(me: Any, session: requests.Session, sandbox: Any) -> None:
    for answer in (
        me.raw("GET", "/v1/thread/tiada", json=False),
        me.raw("GET", "/tidak/ada", json=False),
        session.get(f"{sandbox.base_url}/api/oauth/user"),
    ):
        assert answer.status_code in (401, 404)
        root = ET.fromstring(answer.content)
        assert [child.tag for child in root] == ["error", "errorcode", "errormessage", "errordetails"]
    assert me.refused(404, "GET", "/tidak/ada") == "there is no such operation"


def test_text_that_xml_cannot_hold_is_left_out(me: Any) -> None:
    created = me.post("/v1/forum_thread", forum_id=21, title="Judul <&> \x00\x0b", message="a\x1fb ]]> \ufffe é 😀")
    answer = me.raw("GET", f"/v1/thread/{created['thread_id']}", json=False)
    root = ET.fromstring(answer.content)
    assert root.findtext("thread/title") == "Judul <&> "
    assert root.findtext("posts/item/pagetext") == "ab ]]>  é 😀"
    assert me.get(f"/v1/thread/{created['thread_id']}")["posts"][0]["pagetext"] == "a\x1fb ]]> \ufffe é 😀"


def test_keys_that_are_no_names_are_kept_as_attributes() -> None:
    root = ET.fromstring(xml_bytes({"methods": {"13": {"name": "REG"}}}))
    (item,) = root.findall("methods/item")
    assert (item.get("key"), item.findtext("name")) == ("13", "REG")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    )
)
def test_any_document_becomes_well_formed_xml(document: Any) -> None:
    assert ET.fromstring(xml_bytes(document)).tag == "return"
