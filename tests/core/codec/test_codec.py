"""Reading and writing JSON, and turning it into typed values."""

from __future__ import annotations

import enum
import importlib.util
import json
import math
import os
import pickle
import subprocess
import sys
import threading
import traceback
import types
import typing
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated, Any, Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nusantara.codec import MAX_CONTAINERS, count_repeated_keys, dumps, jsontext, loads, structure, unstructure
from nusantara.codec.mismatches import path_text
from nusantara.errors import BadResponse, DecodeError, TooLarge
from nusantara.model import LooseInt, Model, UnixTime, Via, field, model

ENGINES = ["json", "orjson"] if importlib.util.find_spec("orjson") else ["json"]


patient = settings(deadline=None)
"""The first example of a type pays for making its reader."""


def use_engine(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(jsontext, "_parse", jsontext._parse_with_json if name == "json" else None)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    name: str = request.param
    use_engine(monkeypatch, name)
    return name


def abbreviated(value: Any) -> str:
    return ascii(value)[:40] if isinstance(value, bytes | str) else type(value).__name__


@pytest.mark.usefixtures("engine")
class TestLoads:
    @pytest.mark.parametrize(
        ("body", "value"),
        [
            (b"{}", {}),
            (b' [1, 2.5, true, null, "a"] \n', [1, 2.5, True, None, "a"]),
            ('"\u00e9\U0001f600"'.encode(), "\u00e9\U0001f600"),
            (b'"\\ud83d\\ude00 \\\\ud83d \\u0000"', "\U0001f600 \\ud83d \0"),
            (b"\xef\xbb\xbf[1]", [1]),
            (b"\n\xef\xbb\xbf\r\n\xef\xbb\xbf [1]", [1]),
            (b"\xff\xfe" + '{"\u00e9":1}'.encode("utf-16-le"), {"\u00e9": 1}),
            (b"\xfe\xff" + '{"\u00e9":1}'.encode("utf-16-be"), {"\u00e9": 1}),
            (b"\xff\xfe\0\0" + '"\u00e9"'.encode("utf-32-le"), "\u00e9"),
            (b"\0\0\xfe\xff" + '"\u00e9"'.encode("utf-32-be"), "\u00e9"),
            (b'{"a":1,"b":2,"a":3}', {"a": 3, "b": 2}),
            (b"1e-400", 0.0),
        ],
        ids=abbreviated,
    )
    def test_reads(self, body: bytes, value: Any) -> None:
        assert loads(body) == value

    @pytest.mark.parametrize(
        ("body", "value", "problem"),
        [
            (b'{"a": "\\ud800"}', {"a": "\ufffd"}, "it has a lone surrogate"),
            (b'{"\\ud800": 1}', {"\ufffd": 1}, "it has a lone surrogate"),
            (b'"\\ude00\\ud83d"', "\ufffd\ufffd", "it has a lone surrogate"),
            (b'"\\ud83d\\\\\\ude00"', "\ufffd\\\ufffd", "it has a lone surrogate"),
            (b'"\\\\ud83d\\ude00 \\\\ud83d"', "\\ud83d\ufffd \\ud83d", "it has a lone surrogate"),
            (b'"\\ud83d\\ud83d\\ude00\\ude00"', "\ufffd\U0001f600\ufffd", "it has a lone surrogate"),
            (b'["a\xff"]', ["a\ufffd"], "invalid UTF-8 at byte 3"),
            (b'["\xc3\xa9 \xf0\x9f", "\\ud83d"]', ["\u00e9 \ufffd", "\ufffd"], "invalid UTF-8 at byte 5"),
            (b'"\xed\xa0\x80"', "\ufffd", "invalid UTF-8 at byte 1"),
            (b'"\xed\xa0\xbd\xed\xb8\x80"', "\U0001f600", "invalid UTF-8 at byte 1"),
            (b'"\xed\xa0\xbd\\ude00"', "\ufffd\ufffd", "invalid UTF-8 at byte 1"),
        ],
        ids=abbreviated,
    )
    def test_what_is_no_text_becomes_a_sign_that_says_so_unless_strict(
        self, body: bytes, value: Any, problem: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert loads(body) == value
        assert [record.name for record in caplog.records] == ["nusantara.codec"]
        with pytest.raises(BadResponse, match=problem):
            loads(body, strict=True)
        assert loads(body.replace(b"\\ud800", b"\\ufffd")) == value
        assert count_repeated_keys(body) == 0

    @pytest.mark.parametrize("body", [b'["\\ud83d"', b'{"a":"\xff"', b'"\0\\ud800"', b"\\ud83d", b"[NaN, '\xff']"])
    def test_what_is_no_document_beside_that_is_refused(self, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
        with pytest.raises(BadResponse, match="not usable JSON"):
            loads(body)
        assert not caplog.records

    @pytest.mark.parametrize("body", [b"[]," * 499_999 + b"[]", b'{"a":"[{"},' * 500_000])
    def test_too_many_lists_and_objects_are_refused_unread(self, body: bytes) -> None:
        inside = body.rstrip(b",")
        harmless = b'["' + b'[{\\"\\\\' * MAX_CONTAINERS + b'"' + b",1" * MAX_CONTAINERS + b"]"
        assert len(loads(harmless)) == MAX_CONTAINERS + 1
        for mark in (b"", b"\xef\xbb\xbf"):
            with pytest.raises(TooLarge, match="more than 500000 lists and objects"):
                loads(mark + b"[" + inside + b"]")
        with pytest.raises(TooLarge):
            loads(("[" + inside.decode() + "]").encode("utf-16"))

    def test_a_large_answer_of_ordinary_rows_is_read(self) -> None:
        row = {"id": "5f0000000000000000000046", "name": "Siti", "tags": ["[b]a[/b]"], "at": 1385958384, "n": {"a": 1}}
        body = json.dumps([row] * (16 * 1024 * 1024 // len(json.dumps(row) + ", "))).encode()
        assert loads(body)[-1] == row

    @pytest.mark.parametrize(
        ("body", "problem"),
        [
            (b"", "it is empty"),
            (b" \n", "it is empty"),
            (b"\xef\xbb\xbf", "it is empty"),
            (b"NaN", "it has NaN"),
            (b"[-Infinity]", "it has -Infinity"),
            (b"1e999", "a number is too large"),
            (b"-" + b"9" * 400 + b".5", "a number is too large"),
            (b"\xef\xbb\xbf\xff", "invalid UTF-8 at byte 3"),
            (b"\xff\xfe\0\xd8", "invalid UTF-16-LE at byte 2"),
            ('{"a":1}'.encode("utf-16-le"), "line 1, byte 1"),
            ('{"\u00e9":\n 1;}'.encode(), "line 2, byte 9"),
            (b"[1] 2", "line 1, byte 4"),
            (b"[01]", "line 1, byte 2"),
            (b'"\t"', "line 1, byte 1"),
            (b"9" * 401, "an integer has more than 400 digits"),
            (b'{"a":[-' + b"1" * 401 + b"]}", "an integer has more than 400 digits"),
            (b"9" * 5000, "an integer has more than 400 digits"),
            (b"[" * 101 + b"]" * 101, "nested deeper than 100"),
            (b'{"a":[' * 51 + b"]}" * 51, "nested deeper than 100"),
            (b"[" * 200_000, "nested deeper than 100"),
            (b"[" * 200_000 + b"]" * 200_000, "nested deeper than 100"),
            (b'{"a":' * 200_000, "nested deeper than 100"),
        ],
        ids=abbreviated,
    )
    def test_refuses(self, body: bytes, problem: str) -> None:
        with pytest.raises(BadResponse) as caught:
            loads(body)
        assert problem in str(caught.value)

    @pytest.mark.parametrize("sign", ["", "-"])
    @pytest.mark.parametrize("size", [2**53, 2**63 - 1, 2**63, 2**63 + 1, 2**64 - 1, 2**64, 10**20, 10**399])
    def test_integers_are_exact(self, size: int, sign: str) -> None:
        text = f"{sign}{size}"
        # Every offset, because the guard looks at some of the bytes only.
        for offset in range(60):
            value = loads(f'{{"a":{" " * offset}{text}}}'.encode())["a"]
            assert type(value) is int
            assert str(value) == text

    def test_long_digits_in_strings_and_fractions_do_no_harm(self) -> None:
        assert loads(b'["' + b"1" * 500 + b'", 0.' + b"3" * 500 + b"]") == ["1" * 500, 1 / 3]

    def test_depth_of_100_is_read(self) -> None:
        value = loads(b"[" * 100 + b"]" * 100)
        assert repr(value) == "[" * 100 + "]" * 100
        mixed = b'{"a":[' * 50 + b"1" + b"]}" * 50
        assert loads(mixed)["a"][0]["a"][0]["a"] is not None

    def test_many_shallow_objects_are_read(self) -> None:
        value: Any = [{"a": {"b": [1, [2]]}}] * 500
        assert loads(json.dumps(value).encode()) == value

    def test_one_deep_object_among_many_is_found(self) -> None:
        deep = b"[" * 99 + b"]" * 99
        assert len(loads(b"[" + b"[[1],{}]," * 300 + deep + b"]")) == 301
        with pytest.raises(BadResponse):
            loads(b"[" + b"[[1],{}]," * 300 + b"[" + deep + b"]]")

    def test_brackets_in_strings_do_not_count(self) -> None:
        text = "[{" * 500
        assert loads(json.dumps({text: text}).encode()) == {text: text}

    def test_error_leads_to_nothing_of_the_body(self) -> None:
        for body in (b'{"token":"hush', b"token=hush", b'"hush\xff"', b'{"hush":NaN}', b'"hush\\ud800"'):
            with pytest.raises(BadResponse) as caught:
                loads(body, strict=True)
            assert caught.value.__cause__ is caught.value.__context__ is None
            assert "hush" not in str(caught.value)


def outcome(body: bytes, strict: bool) -> str:
    try:
        return repr(loads(body, strict=strict))
    except BadResponse as error:
        return str(error)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
TOKENS = [
    *(b"[", b"]", b"{", b"}", b",", b":", b" ", b"\n", b"\x0c", b'"', b"\\", b"\xc3", b"\xa9", b"\x00", b"\x7f"),
    *(b'"a"', b'"a":', b"\\u00e9", b"\\ud83d", b"\\ude00", b"\\n", b"\\/", b"\\x", b"null", b"true", b"nul", b"NaN"),
    *(b"0", b"-", b"-0", b"1", b"12345678901234567890", b"9223372036854775808", b".", b".5", b"e", b"E+3", b"e400"),
    *(b"9" * 401, b"\xef\xbb\xbf", b"\xed\xa0\x80", b"[" * 99, b"]" * 99),
]


@pytest.mark.skipif("orjson" not in ENGINES, reason="orjson is not installed")
class TestEnginesAgree:
    def check(self, body: bytes) -> None:
        for strict in (True, False):
            with pytest.MonkeyPatch.context() as patch:
                use_engine(patch, "json")
                plain = outcome(body, strict)
                use_engine(patch, "orjson")
                assert outcome(body, strict) == plain

    @patient
    @given(st.lists(st.sampled_from(TOKENS), max_size=8).map(b"".join))
    def test_on_soup(self, body: bytes) -> None:
        self.check(body)

    @patient
    @given(st.lists(st.sampled_from([token for token in TOKENS if token not in (b'"', b"\\")]), max_size=6))
    def test_on_soup_in_brackets(self, parts: list[bytes]) -> None:
        self.check(b"[" + b",".join(parts) + b"]")
        self.check(b'"' + b"".join(parts) + b'"')
        self.check(b"".join(parts[:2]) + b"." + b"".join(parts[2:]))

    @patient
    @given(st.lists(st.sampled_from([r"\u", "d8", "DC", "00", "3d", r"\\", "\\", "n", "dB", "Fe"]), max_size=12))
    def test_on_surrogates(self, parts: list[str]) -> None:
        self.check(f'"{"".join(parts)}"'.encode())

    @patient
    @given(JSON, st.booleans(), st.data())
    def test_on_damaged_documents(self, value: Any, escaped: bool, data: st.DataObject) -> None:
        body = bytearray(json.dumps(value, ensure_ascii=escaped).encode())
        self.check(bytes(body))
        at = data.draw(st.integers(0, len(body) - 1))
        end = data.draw(st.integers(at, min(at + 3, len(body))))
        body[at:end] = data.draw(st.sampled_from(TOKENS) | st.binary(max_size=2))
        self.check(bytes(body))

    @patient
    @given(st.floats(allow_nan=False, allow_infinity=False), st.text("0123456789", max_size=30))
    def test_on_numbers(self, number: float, digits: str) -> None:
        self.check(f"[{number!r}, {number:.30g}, -{digits}, {digits}.{digits}, 1{digits}e-{len(digits)}]".encode())


def test_absence_of_orjson_is_fine() -> None:
    code = (
        "import sys; sys.modules['orjson'] = None\n"
        "from nusantara.codec import jsontext, loads\n"
        "print(loads(b'[1]'), jsontext._parse is jsontext._parse_with_json)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == "[1] True"


class Colour(enum.StrEnum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Mixed(enum.Enum):
    NAME = "name"
    NUMBER = 7


@model
class Item(Model):
    id: int = field(keys=("id", "item_id"))
    label: str | None = None


@model
class Tagged(Model):
    tags: list[str] = field(factory=list)
    maker: Item | None = None
    by_name: dict[str, list[int]] = field(factory=dict)
    inner: Tagged | None = None


@model
class Everything(Model):
    text: str
    count: int
    ratio: float
    flag: bool
    at: datetime
    day: date
    anything: Any
    item: Item
    maybe_at: datetime | None
    items: list[Item] = field(factory=list)
    named: dict[str, Item] = field(factory=dict)
    grid: list[list[int]] = field(factory=list)
    pair: tuple[str, ...] = ()
    colour: Colour = Colour.RED
    colours: list[Colour | str] = field(factory=list)
    level: Level | int | None = None
    mixed: Mixed | None = None
    kind: Literal["a", "b", 1, True, None] = None
    one_or_many: Item | list[Item] | str | None = None
    number: int | float | None = None
    prices: dict[str, float | None] = field(factory=dict)
    loose: LooseInt | None = None
    children: list[Everything] | None = None


ITEMS = st.builds(Item, id=st.integers(), label=st.none() | st.text())
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
ZONES: st.SearchStrategy[Any] = st.none() | st.integers(-1439, 1439).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)
# In the year 1 a date may stand for none at all.
TIMES = st.datetimes(min_value=datetime(2, 1, 1), timezones=ZONES)


def everything(children: st.SearchStrategy[list[Everything] | None]) -> st.SearchStrategy[Everything]:
    return st.builds(
        Everything,
        text=st.text(),
        count=st.integers(),
        ratio=FLOATS,
        flag=st.booleans(),
        at=st.datetimes(timezones=ZONES),
        day=st.dates(),
        anything=JSON,
        item=ITEMS,
        maybe_at=st.none() | TIMES,
        items=st.lists(ITEMS, max_size=2),
        named=st.dictionaries(st.text(), ITEMS, max_size=2),
        grid=st.lists(st.lists(st.integers(), max_size=2), max_size=2),
        pair=st.lists(st.text(), max_size=2).map(tuple),
        colour=st.sampled_from(Colour),
        colours=st.lists(st.sampled_from(Colour) | st.text(), max_size=3),
        level=st.none() | st.integers() | st.sampled_from(Level),
        mixed=st.none() | st.sampled_from(Mixed),
        kind=st.sampled_from(["a", "b", 1, True, None]),
        one_or_many=st.none() | ITEMS | st.lists(ITEMS, max_size=2) | st.text(),
        number=st.none() | st.integers() | FLOATS,
        prices=st.dictionaries(st.text(), st.none() | FLOATS, max_size=2),
        loose=st.none() | st.integers(),
        children=children,
    )


EVERYTHING = everything(st.none() | st.lists(everything(st.none()), max_size=2))


class TestRoundTrip:
    @patient
    @given(EVERYTHING)
    def test_values_survive_writing_and_reading(self, value: Everything) -> None:
        assert structure(unstructure(value), Everything) == value
        assert structure(value.to_document(), Everything) == value
        assert structure(loads(dumps(value)), Everything) == value

    @patient
    @given(EVERYTHING, st.dictionaries(st.text(), JSON))
    def test_documents_survive_reading_and_writing(self, value: Everything, more: dict[str, Any]) -> None:
        document = more | value.to_document()
        document["item"] |= more | document["item"]
        again = structure(document, Everything).to_document()
        assert again == document
        assert list(again) == list(document)

    @patient
    @given(JSON)
    def test_plain_values_survive_writing_and_reading(self, value: Any) -> None:
        assert loads(dumps(value)) == value

    @patient
    @given(st.lists(EVERYTHING, max_size=2), st.dictionaries(st.text(), ITEMS), JSON)
    def test_containers_survive(self, values: list[Everything], named: dict[str, Item], rest: Any) -> None:
        assert structure(unstructure(values), list[Everything]) == values
        assert structure(unstructure(named), dict[str, Item]) == named
        assert structure(unstructure(tuple(values)), tuple[Everything, ...]) == tuple(values)
        assert unstructure({"a": [rest]}) == {"a": [rest]}


NOW = datetime(2017, 3, 22, 10, 5, 9, 123456, tzinfo=UTC)


class TestStrictness:
    @pytest.mark.parametrize(
        ("into", "document", "value"),
        [
            (str, "12", "12"),
            (int, 10**30, 10**30),
            (float, 3, 3.0),
            (float, 3.5, 3.5),
            (bool, False, False),
            (bool, 1, True),
            (bool, "0", False),
            (bool, " true\n", True),
            (bool | None, "", None),
            (bool | None, "false", False),
            (str | None, "", ""),
            (str | None, False, None),
            (int | None, "", None),
            (int | None, False, None),
            (int | None, " ", None),
            (int | None, "false", None),
            (LooseInt | None, "", None),
            (LooseInt, " 7\n", 7),
            (Level | None, "", None),
            (Colour | str | None, "", ""),
            (Literal["a", None], "", None),
            (Item | None, "", None),
            (Item | None, False, None),
            (list[int] | None, "", None),
            (datetime | None, "", None),
            (date | None, " ", None),
            (datetime, "\n2017-03-22T10:05:09Z ", NOW.replace(microsecond=0)),
            (datetime | None, " 0001-01-01T00:00:00Z", None),
            (date, " 2017-03-22 ", date(2017, 3, 22)),
            (dict[str, dict[str, int]], {"a": []}, {"a": {}}),
            (list[list[int]], [{}], [[]]),
            (list[tuple[int, ...]], [{}], [()]),
            (dict[str, list[int]], {"a": {}}, {"a": []}),
            (list[Tagged], [[], {"tags": {}}], [Tagged(), Tagged()]),
            (Tagged | list[int], [], []),
            (Tagged | list[int], {}, Tagged()),
            (list[Tagged | str], [[]], [Tagged()]),
            (None, None, None),
            (Any, {"a": None}, {"a": None}),
            (str | None, None, None),
            (int | float, 3, 3),
            (datetime, "2017-03-22T10:05:09Z", NOW.replace(microsecond=0)),
            (datetime, "2017-03-22T17:05:09+07:00", NOW.replace(microsecond=0)),
            (datetime, "2017-03-22T10:05:09", datetime(2017, 3, 22, 10, 5, 9)),
            (datetime, "2017-03-22 10:05:09.1234567890123Z", NOW),
            (datetime, "2017-03-22T10:05:09.12345Z", NOW.replace(microsecond=123450)),
            (datetime, "0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
            (datetime | None, "0001-01-01T00:00:00Z", None),
            (list[datetime | None], ["0001-12-31T00:00:00+07:00"], [None]),
            (date, "2017-03-22", date(2017, 3, 22)),
            (date | None, "0001-01-01", None),
            (Colour, "red", Colour.RED),
            (Colour | str, "green", "green"),
            (Colour | str, "red", Colour.RED),
            (Level | int, 2, Level.HIGH),
            (Level | int, 3, 3),
            (Mixed, 7, Mixed.NUMBER),
            (Mixed | int, "name", Mixed.NAME),
            (Mixed | int, 8, 8),
            (Literal["a", 1], 1, 1),
            (list[int], [1, 2], [1, 2]),
            (tuple[int, ...], [1, 2], (1, 2)),
            (dict[str, int], {"a": 1}, {"a": 1}),
            (Item | Literal[False], False, False),
            (Annotated[int | None, "a remark"], None, None),
            (Annotated[str, "a remark"] | list[UnixTime], ["0"], [datetime(1970, 1, 1, tzinfo=UTC)]),
        ],
    )
    def test_takes(self, into: Any, document: Any, value: Any) -> None:
        read = structure(document, into)
        assert read == value
        assert type(read) is type(value)

    @pytest.mark.parametrize(
        ("into", "document"),
        [
            (str, None),
            (str, 12),
            (str, b"a"),
            (int, True),
            (int, 1.0),
            (int, "1"),
            (int, None),
            (float, True),
            (float, "1.5"),
            (float, 10**400),
            (bool, 2),
            (bool, 1.0),
            (bool, ""),
            (bool, "yes"),
            (int | bool, "1"),
            (list[int], ""),
            (Item | None, [1]),
            (Item | None, "x"),
            (int | None, []),
            (int | None, "  0"),
            (None, 0),
            (int | None, "null"),
            (int | float, True),
            (datetime, "2017-03-22"),
            (datetime, "yesterday at ten"),
            (datetime, ""),
            (datetime | None, "0000-00-00T00:00:00"),
            (datetime, 1498097429),
            (date, "2017-03-22T10:05:09Z"),
            (date, "22/03/2017"),
            (Colour, "green"),
            (Colour, 1),
            (Colour | str, None),
            (Level, 1.0),
            (Level, True),
            (Level | int, True),
            (Level | int, 1.0),
            (Mixed | int, "other"),
            (Literal[1], True),
            (Literal[True], 1),
            (Literal["a"], ["a"]),
            (list[int], {"a": 1}),
            (list[str], "abc"),
            (list[int], [1, None]),
            (tuple[int, ...], "12"),
            (dict[str, int], [["a", 1]]),
            (dict[str, int], []),
            (list[int], {}),
            (Tagged | str, []),
            (Tagged, []),
            (Item, []),
            (Item, None),
            (Item | list[Item] | None, 0),
        ],
    )
    def test_refuses(self, into: Any, document: Any) -> None:
        with pytest.raises(DecodeError):
            structure(document, into)

    def test_null_for_a_field_with_a_default_is_refused_unless_allowed(self) -> None:
        document = unstructure(Everything(**MINIMAL))
        assert structure(document | {"level": None}, Everything).level is None
        with pytest.raises(DecodeError, match=r"^colour: expected one of \"red\", \"blue\", found null$"):
            structure(document | {"colour": None}, Everything)

    def test_read_containers_are_not_those_of_the_document(self) -> None:
        document: Any = {"a": [1]}
        read = structure(document, dict[str, list[int]])
        read["a"].append(2)
        assert document == {"a": [1]}

    @pytest.mark.parametrize(
        "into",
        [
            set[str],
            bytes,
            complex,
            list,
            typing.List,  # noqa: UP006
            typing.Dict,  # noqa: UP006
            dict[int, str],
            tuple[int, str],
            list[set[str]],
            datetime | str,
            Item | Everything,
            Item | dict[str, int],
            list[int] | list[str],
            Colour | Literal["a"],
            LooseInt | str,
            Literal[b"a"],
            enum.Enum("Empty", {}),
            enum.Flag("Bits", "A B"),
            enum.Enum("Floats", {"A": 1.5}),
        ],
    )
    def test_types_that_json_cannot_hold_are_refused_before_any_document(self, into: Any) -> None:
        with pytest.raises(TypeError):
            structure(None, into)

    def test_unusable_field_is_named(self) -> None:
        bad = model(type("Bad", (Model,), {"__annotations__": {"tags": set[str]}}))
        with pytest.raises(TypeError, match=r"^Bad\.tags: set\[str\] cannot be read from JSON"):
            structure({}, bad)

    def test_unknown_type_name_is_named(self) -> None:
        bad = model(type("Bad", (Model,), {"__annotations__": {"tag": "Nowhere"}, "__module__": __name__}))
        with pytest.raises(TypeError, match="Bad: name 'Nowhere' is not defined"):
            structure({}, list[bad])  # type: ignore[valid-type]


MINIMAL: dict[str, Any] = {
    "text": "",
    "count": 1,
    "ratio": 0.5,
    "flag": True,
    "at": NOW,
    "day": NOW.date(),
    "anything": None,
    "item": Item(id=1),
    "maybe_at": None,
}


def json_type(kind: Any) -> Any:
    """The container in JSON that a kind of value is."""
    if kind is Everything or kind is Item:
        return dict
    return {"list": list, "dict": dict}.get(kind[0]) if isinstance(kind, list) else None


def fault(value: Any, into: Any, *, exact: bool = False) -> list[str | int] | None:
    """Where a value first departs from a type, by a plain walk over the types used in :class:`Everything`."""
    text, whole = type(value) is str, type(value) is int
    if value in ([], {}) and not exact:
        # PHP does not tell an empty list from an empty object.
        several = isinstance(into, list) and into[0] == "any of"
        containers = {json_type(kind) for kind in (into[1:] if several else [into])} - {None}
        if containers and type(value) not in containers:
            value = containers.pop()()
    if into is Everything or into is Item:
        if type(value) is not dict:
            return []
        for _, kind, keys, required in FIELDS[into]:
            key = next((key for key in keys if key in value), None)
            if key is None:
                if required:
                    return [keys[0]]
            elif (inner := fault(value[key], kind)) is not None:
                return [key, *inner]
        return None
    match into:
        case ["list", item]:
            if type(value) is not list:
                return []
            faults = ([i, *inner] for i, each in enumerate(value) if (inner := fault(each, item)) is not None)
            return next(faults, None)
        case ["dict", item]:
            if type(value) is not dict:
                return []
            pairs = ([k, *inner] for k, each in value.items() if (inner := fault(each, item)) is not None)
            return next(pairs, None)
        case ["any of", *kinds]:
            for kind in kinds:
                inner = fault(value, kind, exact=True)
                if inner is None or inner:
                    return inner
                if type(value) is json_type(kind):
                    return inner
            nothing = value is False or (text and value.strip() in ("", "false"))
            return None if nothing and "null" in kinds else []
        case "str":
            good = text
        case "int":
            good = whole
        case "float":
            good = type(value) is float or (whole and abs(value) < 2**1024 - 2**969)
        case "bool":
            good = type(value) is bool or (whole and value in (0, 1))
            good = good or (text and value.strip() in ("0", "1", "true", "false"))
        case "null":
            good = value is None
        case "any":
            good = True
        case "time" | "day":
            try:
                parse = datetime.fromisoformat if into == "time" else date.fromisoformat
                good = text and bool(parse(value.strip())) and (into == "day" or len(value.strip()) > 10)
            except ValueError:
                good = False
        case {"values": values}:
            good = any(type(value) is type(known) and value == known for known in values)
            good = good or (None in values and fault(value, optional()) is None)
        case "loose":
            digits = value.strip(" \t\r\n").removeprefix("-") if text else ""
            good = whole or (digits.isascii() and digits.isdigit() and len(digits) < 400)
    return None if good else []


ODD = st.one_of(
    JSON,
    st.builds(list),
    st.builds(dict),
    st.sampled_from(["", False, 0, 1, "0", " 1", "true", " ", "false", " 2020-01-01T00:00:00Z\n"]),
)
"""Any value, and more often one that is read in the place of another."""


def optional(*kinds: Any) -> list[Any]:
    return ["any of", "null", *kinds]


FIELDS: dict[Any, list[tuple[str, Any, tuple[str, ...], bool]]] = {
    Item: [("id", "int", ("id", "item_id"), True), ("label", optional("str"), ("label",), False)],
    Everything: [
        (name, kind, (name,), name in MINIMAL)
        for name, kind in {
            "text": "str",
            "count": "int",
            "ratio": "float",
            "flag": "bool",
            "at": "time",
            "day": "day",
            "anything": "any",
            "item": Item,
            "maybe_at": optional("time"),
            "items": ["list", Item],
            "named": ["dict", Item],
            "grid": ["list", ["list", "int"]],
            "pair": ["list", "str"],
            "colour": {"values": ["red", "blue"]},
            "colours": ["list", "str"],
            "level": optional("int"),
            "mixed": optional({"values": ["name", 7]}),
            "kind": {"values": ["a", "b", 1, True, None]},
            "one_or_many": optional(Item, ["list", Item], "str"),
            "number": optional("int", "float"),
            "prices": ["dict", optional("float")],
            "loose": optional("loose"),
            "children": optional(["list", Everything]),
        }.items()
    ],
}


def attempt(document: Any, into: Any) -> Any:
    """What reading gives, or the error that it raises."""
    try:
        return structure(document, into)
    except DecodeError as error:
        return error


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in a document with every key in it."""
    if not isinstance(value, dict | list):
        return []
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    return [(value, key) for key in keys] + [place for key in keys for place in places(value[key])]


class TestErrors:
    def check(self, document: Any) -> None:
        before = json.dumps(document)
        expected, got = fault(document, Everything, exact=True), attempt(document, Everything)
        if expected is None:
            assert type(got) is Everything
            assert json.dumps(got.to_document()) == before, "an unchanged model writes what was read"
        else:
            assert type(got) is DecodeError
            assert got.path == path_text(expected)

    @patient
    @given(JSON)
    @example({})
    def test_any_document_gives_a_model_or_an_error_that_says_where(self, document: Any) -> None:
        self.check(document)

    @patient
    @given(st.fixed_dictionaries({}, optional={name: ODD for name, *_ in FIELDS[Everything]}))
    def test_documents_with_known_keys(self, document: Any) -> None:
        self.check(document)
        self.check(Everything(**MINIMAL).to_document() | document)

    @patient
    @given(EVERYTHING, ODD | st.sampled_from(["red", "2020-01-01", "2020-01-01T00:00:00Z", 2**1024]), st.data())
    def test_documents_with_one_thing_replaced_or_removed(
        self, value: Everything, replacement: Any, data: st.DataObject
    ) -> None:
        document = value.to_document()
        container, key = data.draw(st.sampled_from(places(document)), "place")
        if data.draw(st.booleans(), "remove"):
            del container[key]
        else:
            container[key] = replacement
        self.check(document)

    @patient
    @given(JSON, st.sampled_from([list[Item], dict[str, Item], Item | list[Item] | None, int, list[list[str]]]))
    def test_other_types_give_a_value_or_an_error(self, document: Any, into: Any) -> None:
        got = attempt(document, into)
        assert not isinstance(got, DecodeError) or len(str(got)) < 1000

    @patient
    @given(st.text())
    def test_any_text_is_a_date_or_an_error(self, text: str) -> None:
        for into in (datetime, datetime | None, date, date | None):
            got = attempt(text, into)
            assert isinstance(got, date | None) or got.found.startswith("a string '")

    @pytest.mark.parametrize(
        ("document", "into", "message"),
        [
            ([{"id": 1}, {"id": "x"}], list[Item], "[1].id: expected an integer, found a string 'x'"),
            ([{}], list[Item], "[0].id: expected an integer, found no such key"),
            ([{"item_id": None}], list[Item], "[0].item_id: expected an integer, found null"),
            ({"a": {"id": 1.5}}, dict[str, Item], "a.id: expected an integer, found a number 1.5"),
            ({"a b\n": 1}, dict[str, Item], "['a b\\n']: expected an object, found an integer 1"),
            ({"a": [[1, "x"]]}, dict[str, list[list[int]]], "a[0][1]: expected an integer, found a string 'x'"),
            ("x" * 99, int, f"the document: expected an integer, found a string '{'x' * 37}...'"),
            ("\u202e\n'", int, "the document: expected an integer, found a string '\\u202e\\n''"),
            (10**50, str, "the document: expected a string, found an integer"),
            (True, Item | list[Item], "the document: expected an object or a list, found true"),
            ([], Colour | None, 'the document: expected one of "red", "blue" or null, found a list'),
            ({1, 2}, int, "the document: expected an integer, found a Python object of type set"),
        ],
        ids=abbreviated,
    )
    def test_message(self, document: Any, into: Any, message: str) -> None:
        with pytest.raises(DecodeError) as caught:
            structure(document, into)
        assert str(caught.value) == message

    @pytest.mark.parametrize(
        "key", ["token", "access_token", "oauth_token_secret", "password", "passwd", "SECRET", "apiKey", "api_key"]
    )
    def test_values_under_secret_keys_are_not_shown(self, key: str) -> None:
        for document in ({key: "hush"}, {key: {"a": "hush"}}, {key: ["hush"]}):
            for into in (dict[str, int], dict[str, dict[str, int]], dict[str, list[int]]):
                with pytest.raises(DecodeError) as caught:
                    structure(document, into)
                shown = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
                assert "hush" not in shown
                assert caught.value.__context__ is None

    def test_values_of_hidden_fields_are_not_shown(self) -> None:
        hidden = model(type("Hidden", (Model,), {"__annotations__": {"x": dict[str, int]}, "x": field(repr=False)}))
        with pytest.raises(DecodeError, match=r"^x\.a: expected an integer, found a string$"):
            structure({"x": {"a": "hush"}}, hidden)

    def test_error_pickles(self) -> None:
        with pytest.raises(DecodeError) as caught:
            structure([{}], list[Item])
        again = pickle.loads(pickle.dumps(caught.value))
        assert (str(again), again.path) == (str(caught.value), "[0].id")

    def test_endless_document_is_an_error(self) -> None:
        document: dict[str, Any] = unstructure(Everything(**MINIMAL))
        document["children"] = [document]
        with pytest.raises(DecodeError):
            structure(document, Everything)

    def test_hostile_keys_give_a_short_path(self) -> None:
        document: Any = "x"
        for _ in range(50):
            document = {"\u202e" * 1000: document}
        into: Any = int
        for _ in range(50):
            into = dict[str, into]
        with pytest.raises(DecodeError) as caught:
            structure(document, into)
        assert len(caught.value.path) < 400


FRESH = """
from __future__ import annotations
from nusantara.model import Model, field, model

@model
class Left(Model):
    n: int
    right: Right | None = None
    rights: list[Right] = field(factory=list)

@model
class Right(Model):
    n: int
    left: Left | None = None
    broken: {broken} = None
"""


def fresh(monkeypatch: pytest.MonkeyPatch, name: str, broken: str = "None") -> Any:
    module = types.ModuleType(name)
    monkeypatch.setitem(sys.modules, name, module)
    exec(FRESH.format(broken=broken), vars(module))
    return module


class TestMakingReaders:
    def test_types_nested_deeper_than_python_nests_blocks(self) -> None:
        into, document = Annotated[int, "a remark"], 1
        for _ in range(40):
            into, document = dict[str, list[into]], {"a": [document]}  # type: ignore[assignment,valid-type]
        assert structure(document, into) == document
        assert unstructure(structure(document, into)) == document

    def test_models_that_refer_to_each_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
        module = fresh(monkeypatch, "fresh_pair")
        document = {"n": 1, "right": {"n": 2, "left": {"n": 3, "rights": [{"n": 4, "left": {"n": "x"}}]}}}
        for cls in (module.Left, module.Right):
            assert structure({"n": 1}, cls).n == 1
        with pytest.raises(DecodeError, match=r"^right\.left\.rights\[0\]\.left\.n: "):
            structure(document, module.Left)

    def test_one_unusable_model_makes_all_that_need_it_unusable(self, monkeypatch: pytest.MonkeyPatch) -> None:
        module = fresh(monkeypatch, "fresh_broken", broken="set[str]")
        for _ in range(2):
            for cls in (module.Left, module.Right):
                with pytest.raises(TypeError, match=r"Right\.broken: set\[str\]"):
                    structure({"n": 1, "right": {"n": 1}}, cls)

    def test_first_use_by_many_threads_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        document = {"n": 1, "right": {"n": 2, "left": {"n": 3, "rights": [{"n": 4}]}}}
        before = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            for turn in range(10):
                module = fresh(monkeypatch, f"fresh_threads_{turn}")
                start = threading.Barrier(8)
                wrong: list[Any] = []

                def use(cls: Any, start: threading.Barrier = start, wrong: list[Any] = wrong) -> None:
                    start.wait()
                    try:
                        read = structure(document, cls)
                        if read.to_document() != document:
                            wrong.append(read)
                        structure({"n": 1, "left": {"n": "x"}, "right": {"n": "x"}}, cls)
                    except DecodeError as error:
                        if error.path not in ("left.n", "right.n"):
                            wrong.append(error)
                    except BaseException as error:
                        wrong.append(error)

                threads = [
                    threading.Thread(target=use, args=(module.Left if number % 2 else module.Right,))
                    for number in range(8)
                ]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                assert wrong == []
        finally:
            sys.setswitchinterval(before)

    def test_generated_lines_show_in_tracebacks(self) -> None:
        def load(value: Any) -> Any:
            raise KeyboardInterrupt

        via = Annotated[int, Via(load, int)]
        with pytest.raises(KeyboardInterrupt) as caught:
            structure(1, via)
        assert "value = load_" in "".join(traceback.format_exception(caught.value))


class Text(str):
    __slots__ = ()


class TestDumps:
    def test_is_compact_utf8(self) -> None:
        assert dumps({"a": [1, 2.5, None, True, "\u00e9\n"]}) == '{"a":[1,2.5,null,true,"\u00e9\\n"]}'.encode()

    def test_takes_typed_values(self) -> None:
        mapping = types.MappingProxyType({Text("k"): (Colour.RED, Level.LOW, Mixed.NUMBER, Text("t"))})
        assert loads(dumps([mapping, NOW, NOW.date(), Item(id=1)])) == [
            {"k": ["red", 1, 7, "t"]},
            "2017-03-22T10:05:09.123456+00:00",
            "2017-03-22",
            {"id": 1},
        ]

    def test_unstructured_values_are_plain(self) -> None:
        value = unstructure({"a": [Colour.RED, Level.LOW, Text("t"), True]})["a"]
        assert [type(item) for item in value] == [str, int, str, bool]
        document = Everything(**MINIMAL, level=Level.LOW, colours=[Colour.RED]).to_document()
        assert [type(item) for item in (document["colour"], document["level"], document["colours"][0])] == [
            str,
            int,
            str,
        ]

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            (math.nan, "NaN and infinities are not JSON"),
            ({"a": [0, -math.inf]}, "a[1]: NaN and infinities are not JSON"),
            ({"a": {"b c": {1}}}, "a['b c']: a value of type set cannot be written as JSON"),
            ([b"hush"], "[0]: a value of type bytes cannot be written as JSON"),
            ({"a": {1: "hush"}}, "a: a key of type int cannot be written as JSON"),
            (["hush\ud800"], "[0]: a lone surrogate cannot be written"),
            ({"hush\ud800": 1}, "a lone surrogate cannot be written"),
            ([10**400], "[0]: an integer of more than 400 digits cannot be written"),
        ],
    )
    @pytest.mark.parametrize("write", [dumps, unstructure])
    def test_refuses_what_json_does_not_have(self, write: Callable[[Any], Any], value: Any, message: str) -> None:
        with pytest.raises(ValueError) as caught:  # noqa: PT011
            write(value)
        assert str(caught.value) == message

    def test_refuses_endless_values(self) -> None:
        endless: list[Any] = []
        endless.append(endless)
        with pytest.raises(ValueError, match=r"^\[0\]\[0\].*: nested deeper than 100$"):
            dumps(endless)
