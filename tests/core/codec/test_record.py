from __future__ import annotations

import copy
import pickle

import pytest

from nusantara.record import Record


def test_a_record_is_a_mapping_with_attributes() -> None:
    record = Record({"name": "Sepeda", "seller": {"id": "7"}, "tags": [{"a": 1}, None]})
    assert (record.name, record["name"], record.seller.id) == ("Sepeda", "Sepeda", "7")
    assert record.tags[0].a == 1
    assert list(record) == ["name", "seller", "tags"]
    assert record.get("nothing") is None
    assert {**record}["name"] == "Sepeda"
    assert record == {"name": "Sepeda", "seller": {"id": "7"}, "tags": [{"a": 1}, None]}


def test_a_record_is_read_only() -> None:
    record = Record({"a": 1})
    with pytest.raises(AttributeError, match="read-only"):
        record.a = 2
    with pytest.raises(TypeError):
        record["a"] = 2


def test_a_missing_attribute_names_what_there_is() -> None:
    with pytest.raises(AttributeError, match="'prise'; it has 'price'"):
        _ = Record({"price": 1}).prise
    assert not hasattr(Record([1]), "a")


def test_an_answer_that_is_no_object_is_kept_whole() -> None:
    record = Record([{"a": 1}, 2])
    assert (record.document, len(record), bool(record)) == ([{"a": 1}, 2], 0, True)
    assert record.elements == [Record({"a": 1}), 2]
    with pytest.raises(KeyError):
        record["a"]
    assert Record("teks").document == "teks"
    assert not Record([])


def test_a_record_survives_pickling_and_copying() -> None:
    record = Record({"a": {"b": [1]}})
    assert pickle.loads(pickle.dumps(record)) == record
    assert copy.deepcopy(record) == record


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        ({"id": 7, "token": "rahasia"}, "Record(id, token)"),
        ([{"token": "rahasia"}], "Record(<1 elements>)"),
        ("rahasia", "Record(<str>)"),
    ],
)
def test_a_record_shows_its_keys_but_no_value(document: object, shown: str) -> None:
    assert repr(Record(document)) == shown
