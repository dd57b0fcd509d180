"""Results as plain data: models as dicts of Python values, documents read back, what is shown of either."""

from __future__ import annotations

import copy
import enum
import html.parser
import json
import re
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.trees import all_models, near

from nusantara.codec import structure
from nusantara.codec.models import fields_there
from nusantara.errors import DecodeError
from nusantara.model import Model, SecretStr, UnixTime, field, model
from nusantara.record import Record
from nusantara.secret import Secret


class Kind(enum.StrEnum):
    TEXT = "text"


@model
class Author(Model):
    id: int = field(key="user_id")
    email: str | None = field(default=None, repr=False)


@model
class Message(Model):
    id: int
    kind: Kind | str = field(key="type")
    sent_at: UnixTime
    author: Author
    day: date | None = None
    seen: bool | None = None
    likes: int = 0
    readers: tuple[Author, ...] = ()
    by_name: dict[str, Author] = field(factory=dict)
    payload: Any = None
    token: SecretStr | None = None
    replies: list[Message] = field(factory=list)


def message(**more: Any) -> dict[str, Any]:
    return {"id": 1, "type": "text", "sent_at": "1498097429", "author": {"user_id": 7, "level": 3}} | more


AT = datetime(2017, 6, 22, 2, 10, 29, tzinfo=UTC)
SHOWN = {"id": 1, "kind": Kind.TEXT, "sent_at": AT, "author": {"id": 7}}


class TestToDict:
    def test_values_are_of_python_under_the_names_of_the_fields(self) -> None:
        document = message(day="2020-01-02", seen="1", by_name={"a": {"user_id": 8}}, readers=[{"user_id": 9}])
        found = Message.parse(document).to_dict()
        assert found == SHOWN | {
            "day": date(2020, 1, 2),
            "seen": True,
            "by_name": {"a": {"id": 8}},
            "readers": [{"id": 9}],
        }
        assert (type(found["kind"]), type(found["seen"])) == (Kind, bool)

    def test_what_was_absent_is_left_out_and_null_is_none(self) -> None:
        assert Message.parse(message()).to_dict() == SHOWN
        assert Message.parse(message(day=None, likes=0)).to_dict() == SHOWN | {"day": None, "likes": 0}

    def test_a_value_that_was_changed_is_there(self) -> None:
        assert attrs.evolve(Message.parse(message()), likes=2).to_dict() == SHOWN | {"likes": 2}

    def test_made_by_hand(self) -> None:
        assert Author(id=7).to_dict() == {"id": 7}
        assert Author(id=7, email="a@b.example").to_dict() == {"id": 7, "email": "a@b.example"}

    def test_nothing_is_shared_with_the_model(self) -> None:
        read = Message.parse(message(payload={"a": [1]}, replies=[message()]))
        found = read.to_dict()
        found["payload"]["a"].append(2)
        found["replies"].clear()
        assert (read.payload, len(read.replies)) == ({"a": [1]}, 1)

    def test_json_takes_it_with_a_word_for_times_and_secrets(self) -> None:
        found = Message.parse(message(token="hush")).to_dict()
        assert found["token"] == Secret("hush")
        text = json.dumps(found, default=str)
        assert "hush" not in text
        assert json.loads(text)["kind"] == "text"

    def test_a_model_that_contains_itself_is_refused(self) -> None:
        one = Message.parse(message())
        one.replies.append(one)
        with pytest.raises(ValueError, match="nested too deep"):
            one.to_dict()
        assert repr(one).endswith("replies=[...])")


class TestParse:
    def test_the_document_is_copied(self) -> None:
        document = message(token="hush", payload={"a": [1]})
        before = copy.deepcopy(document)
        read = Message.parse(document)
        document["payload"]["a"].append(2)
        assert (read.payload, read.token, type(before["token"]), type(document["token"])) == (
            {"a": [1]},
            Secret("hush"),
            str,
            str,
        )
        assert "hush" not in repr(read.raw)

    def test_errors_are_those_of_an_answer(self) -> None:
        for document, where in (
            (message(id="x"), "^id: expected an integer, found a string 'x'$"),
            (message(replies=[{}]), r"^replies\[0\]\.id: expected an integer, found no such key$"),
            ([], "^the document: expected an object, found a list$"),
            (None, "^the document: expected an object, found null$"),
            ("{}", "^the document: expected an object, found a string '{}'$"),
            (message(payload=1, token=5), "^token: expected a string, found an integer$"),
        ):
            with pytest.raises(DecodeError, match=where):
                Message.parse(document)  # type: ignore[arg-type]

    def test_nesting_is_bounded(self) -> None:
        deep: Any = []
        for _ in range(100_000):
            deep = [deep]
        with pytest.raises(DecodeError, match="found many more"):
            Message.parse(message(payload=deep))

    def test_a_record_can_be_read_once_its_shape_is_known(self) -> None:
        assert Message.parse(Record(message())).author == Author(id=7)


EVERY = all_models("bukalapak_async", "kaskus_async", "qiscus_async")


def models_in(value: Any) -> list[Model]:
    if isinstance(value, Model):
        parts = [getattr(value, one.name) for one in attrs.fields(type(value)) if one.name != "raw"]
        return [value, *(found for part in parts for found in models_in(part))]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [found for part in inside for found in models_in(part)]


@given(st.data())
def test_every_model_survives_the_round_trip(data: st.DataObject) -> None:
    cls = data.draw(st.sampled_from(EVERY))
    document = data.draw(near(cls))
    try:
        read = cls.parse(document)
    except DecodeError:
        return
    assert cls.parse(read.to_document()) == read
    found = read.to_dict()
    assert found.keys() == fields_there(read).keys() <= {one.name for one in attrs.fields(cls)} - {"raw"}
    assert not models_in(found)
    for each in models_in(read):
        names = {one.name for one in attrs.fields(type(each))}
        assert each.to_dict().keys() <= names - {"raw"}
    assert TagsOnly.in_(read._repr_html_() or "")


class TagsOnly(html.parser.HTMLParser):
    """Notes the tags of a text, and that it is bounded."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        self.tags.add(tag)
        assert attributes in ([], [("style", "text-align: left")])

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @classmethod
    def in_(cls, text: str) -> str:
        """The visible text."""
        found = cls()
        found.feed(text)
        found.close()
        assert found.tags <= {"table", "caption", "tr", "th", "td", "p"}
        return " ".join(found.texts)


HOSTILE = "<script>alert('&')</script>"


class TestShown:
    def test_a_repr_leaves_out_what_was_absent(self) -> None:
        assert repr(Author.parse({"user_id": 7})) == repr(Author(id=7)) == "Author(id=7)"
        assert repr(Message.parse(message(likes=0))) == (
            f"Message(id=1, kind=<Kind.TEXT: 'text'>, sent_at={AT!r}, author=Author(id=7), likes=0)"
        )

    def test_a_table_has_the_same_fields_escaped(self) -> None:
        shown = Message.parse(message(type=HOSTILE, payload={HOSTILE: HOSTILE}, token="hush"))._repr_html_()
        assert shown is not None
        assert "<script" not in shown
        assert "hush" not in shown
        text = TagsOnly.in_(shown)
        assert re.findall(r"\b(?:id|kind|sent_at|author|payload|token|likes)\b", text)[:4] == [
            "id",
            "kind",
            "sent_at",
            "author",
        ]
        assert f"kind {HOSTILE}" in text

    def test_fields_that_hide_are_not_in_it(self) -> None:
        assert "rahasia" not in (Author(id=7, email="rahasia")._repr_html_() or "rahasia")

    def test_a_table_is_bounded(self) -> None:
        large = message(type="<" * 10**6, payload=["&" * 10**5] * 10**3, replies=[message()] * 1000)
        assert len(Message.parse(large)._repr_html_() or "") < 20_000
        record = Record({"<" * 10**5: 1} | {f"<{number}>": "x" for number in range(10**5)})
        assert len(record._repr_html_() or "") < 100_000
        assert "99901 more fields" in (record._repr_html_() or "")

    def test_what_was_not_made_to_its_end_is_told(self) -> None:
        for half in (Message.__new__(Message), Record.__new__(Record)):
            assert (repr(half), half._repr_html_()) == (f"<{type(half).__name__}, not made>", None)


class TestRecord:
    def test_values_come_as_they_are_and_as_copies(self) -> None:
        document = {"id": "7", "seller": {"ids": [1]}}
        record = Record(document)
        assert record.to_dict() == record.to_document() == document
        record.to_dict()["seller"]["ids"].append(2)
        record.to_document()["seller"]["ids"].append(2)
        assert document["seller"] == {"ids": [1]}
        assert type(record.to_dict()["seller"]) is dict

    @pytest.mark.parametrize("document", [[{"a": 1}], "teks", None, 5, []])
    def test_an_answer_that_is_no_object_has_one_key(self, document: Any) -> None:
        assert Record(document).to_dict() == {"document": document}
        assert Record(document).to_document() == document

    def test_a_table_tells_what_there_is_and_shows_no_value(self) -> None:
        record = Record({"token": "rahasia", "seller": {"id": "rahasia"}, "tags": ["rahasia"], HOSTILE: None})
        shown = record._repr_html_() or ""
        assert "rahasia" not in shown
        text = TagsOnly.in_(shown)
        for line in ("token Record(<str>)", "seller Record(id)", "tags Record(<1 elements>)", HOSTILE):
            assert line in text
        assert "Record(<1 elements>)" in TagsOnly.in_(Record(["rahasia"])._repr_html_() or "")

    def test_a_repr_names_a_bounded_number_of_keys_on_one_line(self) -> None:
        assert repr(Record({"a\nb": 1})) == "Record(a\\nb)"
        assert repr(Record(dict.fromkeys(map(str, range(1000))))).endswith("38, 39, ... 960 more)")


def test_structure_keeps_the_document_and_parse_does_not() -> None:
    document = message()
    assert structure(document, Message).raw is document
    assert Message.parse(document).raw == document
    assert Message.parse(document).raw is not document
