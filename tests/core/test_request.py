"""Building requests: whatever a caller gives stays where it belongs, or is refused by name."""

from __future__ import annotations

import datetime
import enum
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from nusantara.errors import InvalidParameter
from nusantara.request import CallClass, encode_pairs, get, percent_encode, post

text = st.text(st.characters(exclude_categories=["Cs"]))


@given(text)
@example("..")
@example("%2e%2e")
@example(".%252E")
@example("a/../../admin")
@example("a?b#c")
def test_a_path_part_is_one_segment_or_refused(part: str) -> None:
    if unquote(unquote(part)) in ("", ".", "..") or any(char in part for char in "\r\n\0"):
        with pytest.raises(InvalidParameter, match="thing_id"):
            get("/v1/things/{thing_id}/detail.json", part)
        return
    request = get("/v1/things/{thing_id}/detail.json", part)
    segments = request.target.split("/")
    assert segments[:3] == ["", "v1", "things"]
    assert segments[4:] == ["detail.json"]
    assert unquote(segments[3]) == part
    sent = URL("http://127.0.0.1" + request.target, encoded=True)
    assert sent.raw_path_qs == request.target


@pytest.mark.parametrize("part", ["", ".", "..", "%2e%2E", "a\r\nb", "a\nb", "a\0b", "\ud800", None, True, 1.5j, b"x"])
def test_a_bad_path_part_names_its_parameter(part: object) -> None:
    with pytest.raises(InvalidParameter, match="thing_id"):
        get("/things/{thing_id}", part)  # type: ignore[arg-type]


@given(st.dictionaries(text, st.none() | text | st.integers() | st.lists(text | st.integers())))
def test_a_query_comes_back_as_it_was_given(params: dict[str, object]) -> None:
    request = get("/x", params=params)  # type: ignore[arg-type]
    _, _, query = request.target.partition("?")
    expected = []
    for name, value in params.items():
        values = value if isinstance(value, list) else [] if value is None else [value]
        expected += [(name, str(one)) for one in values]
    assert parse_qsl(query, keep_blank_values=True) == expected
    assert list(request.params) == expected
    assert URL("http://127.0.0.1" + request.target, encoded=True).raw_path_qs == request.target


@given(text)
def test_percent_encoding_leaves_only_unreserved_characters(value: str) -> None:
    encoded = percent_encode(value)
    assert unquote(encoded) == value
    assert set(encoded) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%")


def test_enum_values_are_sent_and_none_is_left_out() -> None:
    class Color(enum.Enum):
        RED = "merah"

    assert get("/x", params={"color": Color.RED, "size": None}).target == "/x?color=merah"


NO_VALUES = [
    True,
    datetime.date(2020, 1, 2),
    {"a": 1},
    b"x",
    object(),
    float("nan"),
    float("inf"),
    10**5000,
    -(10**5000),
]


@pytest.mark.parametrize(
    "value",
    [*NO_VALUES, [None], ["a", None], *([value] for value in NO_VALUES)],
    ids=lambda value: type(value).__name__,
)
def test_a_value_without_a_wire_form_is_refused_by_name(value: Any) -> None:
    with pytest.raises(InvalidParameter, match="when"):
        get("/x", params={"when": value})
    with pytest.raises(InvalidParameter, match="when"):
        post("/x", form={"when": value}, call_class=CallClass.SAFE)


@pytest.mark.parametrize("value", [b"a=1", "a=1", [("a", 1)], 7, {1: "a"}, {b"a": "b"}, {None: "a"}])
@pytest.mark.parametrize("where", ["params", "form", "files"])
def test_what_is_no_mapping_of_names_is_refused(value: Any, where: str) -> None:
    with pytest.raises(InvalidParameter, match=where):
        post("/x", **{where: value}, call_class=CallClass.SAFE)


@pytest.mark.parametrize("value", [b"x", "a.png", 7])
def test_what_is_no_file_is_refused_by_name(value: Any) -> None:
    with pytest.raises(InvalidParameter, match="image"):
        post("/x", files={"image": value}, call_class=CallClass.SAFE)


def test_form_fields_are_the_body_and_known_to_signers() -> None:
    request = post("/x", form={"a": "1 2", "b": ["x", "y"]}, call_class=CallClass.UNREPEATABLE)
    assert request.body == b"a=1%202&b=x&b=y"
    assert request.form == (("a", "1 2"), ("b", "x"), ("b", "y"))
    assert request.content_type == "application/x-www-form-urlencoded"


def test_a_json_body_is_compact_utf8() -> None:
    request = post("/x", json={"teks": "halo é"}, call_class=CallClass.SAFE)
    assert request.body == '{"teks":"halo é"}'.encode()
    assert request.content_type == "application/json"


@pytest.mark.parametrize("value", [{"a": float("nan")}, {"a": object()}, {"a": {1, 2}}])
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(InvalidParameter, match="json"):
        post("/x", json=value, call_class=CallClass.SAFE)


def test_two_kinds_of_body_are_refused() -> None:
    with pytest.raises(TypeError, match="either"):
        post("/x", json={}, form={}, call_class=CallClass.SAFE)


def test_pairs_with_odd_characters_are_quoted() -> None:
    assert encode_pairs([("user[email]", "a&b=c")]) == "user%5Bemail%5D=a%26b%3Dc"


def test_the_repr_of_a_request_shows_no_body() -> None:
    assert "rahasia" not in repr(post("/x", form={"password": "rahasia"}, call_class=CallClass.SAFE))
