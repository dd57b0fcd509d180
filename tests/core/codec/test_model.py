"""Models: declaring them, what they keep of their document, and writing it back."""

from __future__ import annotations

import copy
import enum
import os
import pickle
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nusantara.codec import dumps, loads, structure, unstructure
from nusantara.errors import DecodeError
from nusantara.model import LooseBool, LooseInt, LooseStr, Mismatch, Model, SecretStr, UnixTime, Via, field, model
from nusantara.secret import Secret

patient = settings(deadline=None)
"""The first example of a type pays for making its reader."""


@model
class Person(Model):
    id: int
    name: str
    joined: datetime | None = None


@model
class Conversation(Model):
    id: str = field(keys=("id", "_id"))
    partner: Person = field(key="partner_user")
    updated_at: datetime
    last_message: str | None = None
    labels: list[str] = field(factory=list)
    members: list[Person] = field(factory=list)
    unread: int = 0


@model
class Archived(Conversation):
    archived_at: date
    note: str | None = field(default=None, repr=False)


@model
class Tree(Model):
    name: str
    children: list[Tree] = field(factory=list)
    parent: Tree | None = None


@model
class Shadowing(Model):
    class Kind(enum.Enum):
        GOOD = "good"

    date: date
    str: str
    kind: Kind


@model
class Resources(Model):
    images: list[str] = field(factory=list)
    size: Resources | None = None
    parts: list[Resources] = field(factory=list)
    by_name: dict[str, list[Resources]] = field(factory=dict)


class Greets:
    def greet(self) -> str:
        return "hello"


@model
class Greeter(Model, Greets):
    name: str
    at: datetime | None = None


@model
class Loose(Model):
    count: LooseInt | None = None
    text: LooseStr | None = None
    flag: LooseBool | None = None
    at: UnixTime | None = None
    times: list[UnixTime] | None = None
    by_name: dict[str, UnixTime] | None = None
    either: list[UnixTime] | str | None = None


def conversation() -> dict[str, Any]:
    return {
        "_id": "518d0d42318b276640000009",
        "partner_user": {"id": 6, "name": "Administrator", "joined": "0001-01-01T00:00:00Z", "level": 3},
        "updated_at": "2013-07-04T11:47:35.123456789+07:00",
        "members": [{"id": 7, "name": "Me Ow", "joined": "2013-07-04T11:47:35Z", "x": {"y": [1]}}],
        "colour": ["red", {"shade": 2}],
    }


class TestReading:
    def test_first_key_that_is_present_is_read(self) -> None:
        both = conversation() | {"id": "first"}
        assert structure(conversation(), Conversation).id == "518d0d42318b276640000009"
        assert structure(both, Conversation).id == "first"

    def test_absent_optional_fields_have_their_defaults(self) -> None:
        one, other = structure(conversation(), Conversation), structure(conversation(), Conversation)
        assert (one.last_message, one.labels, one.unread) == (None, [], 0)
        assert one.labels is not other.labels

    def test_document_is_kept_by_reference(self) -> None:
        document = conversation()
        read = structure(document, Conversation)
        assert read.raw is document
        assert read.partner.raw is document["partner_user"]
        assert read.members[0].raw is document["members"][0]

    def test_unread_keys_are_extra(self) -> None:
        read = structure(conversation() | {"id": "first"}, Conversation)
        assert read.extra == {"colour": ["red", {"shade": 2}], "_id": "518d0d42318b276640000009"}
        assert read.partner.extra == {"level": 3}

    def test_extra_cannot_be_changed(self) -> None:
        with pytest.raises(TypeError):
            structure(conversation(), Conversation).extra["new"] = 1  # type: ignore[index]

    def test_inherited_fields_are_read(self) -> None:
        read = structure(conversation() | {"archived_at": "2014-01-02", "note": "n"}, Archived)
        assert type(read) is Archived
        assert (read.archived_at, read.note, read.partner.name) == (date(2014, 1, 2), "n", "Administrator")

    def test_recursive_models_are_read(self) -> None:
        read = structure({"name": "a", "children": [{"name": "b", "parent": {"name": "c"}}]}, Tree)
        assert read == Tree(name="a", children=[Tree(name="b", parent=Tree(name="c"))])

    def test_field_names_may_shadow_types_and_types_be_defined_inside(self) -> None:
        read = structure({"date": "2014-01-02", "str": "x", "kind": "good"}, Shadowing)
        assert (read.date, read.str, read.kind) == (date(2014, 1, 2), "x", Shadowing.Kind.GOOD)

    def test_model_with_a_plain_class_among_its_bases_is_read(self) -> None:
        document = {"name": "a", "at": "2020-01-01T00:00:00Z", "more": 1}
        read = structure(document, Greeter)
        assert (read.greet(), read.name, read.raw, read.to_document()) == ("hello", "a", document, document)
        with pytest.raises(DecodeError, match=r"^name: expected a string, found an integer 1$"):
            structure({"name": 1}, Greeter)

    def test_base_itself_keeps_everything_as_extra(self) -> None:
        assert structure({"a": 1}, Model).extra == {"a": 1}


class TestValue:
    def test_is_frozen(self) -> None:
        for made in (Person(id=1, name="a"), structure({"id": 1, "name": "a"}, Person)):
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                made.name = "b"  # type: ignore[misc]
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                del made.name

    def test_document_plays_no_part_in_equality_hash_and_repr(self) -> None:
        read, made = structure({"id": 1, "name": "a", "token": "hush"}, Person), Person(id=1, name="a")
        assert read == made
        assert hash(read) == hash(made)
        assert repr(read) == repr(made) == "Person(id=1, name='a')"

    def test_hidden_field_is_not_in_the_repr(self) -> None:
        read = structure(conversation() | {"archived_at": "2014-01-02", "note": "hush"}, Archived)
        assert "hush" not in repr(read)

    def test_matches_by_keyword(self) -> None:
        match structure(conversation(), Conversation):
            case Conversation(partner=Person(id=number), unread=0):
                assert number == 6
            case _:
                pytest.fail("did not match")

    def test_made_by_hand_has_no_document(self) -> None:
        assert Person(id=1, name="a").raw is None
        assert Person(id=1, name="a").extra == {}

    @pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
    def test_pickles_with_its_document(self, protocol: int) -> None:
        read = structure(conversation(), Conversation)
        again = pickle.loads(pickle.dumps(read, protocol))
        assert again == read
        assert again.raw == conversation()
        assert again.partner.extra == {"level": 3}

    def test_copies(self) -> None:
        read = structure(conversation(), Conversation)
        shallow, deep = copy.copy(read), copy.deepcopy(read)
        assert shallow == deep == read
        assert shallow.raw is read.raw
        assert deep.raw == read.raw
        assert deep.raw is not read.raw

    def test_evolve_keeps_the_document(self) -> None:
        read = structure(conversation(), Conversation)
        changed = attrs.evolve(read, unread=3)
        assert changed != read
        assert changed.to_document() == conversation() | {"unread": 3}


class TestWriting:
    def test_unchanged_model_writes_an_equal_document(self) -> None:
        document = conversation()
        written = structure(document, Conversation).to_document()
        assert written == document
        assert dumps(written) == dumps(document)

    def test_written_document_shares_nothing_with_the_model(self) -> None:
        document = conversation()
        written = structure(document, Conversation).to_document()
        written["colour"][1]["shade"] = 0
        written["members"][0]["x"]["y"].append(2)
        assert document == conversation()
        document = {"times": ["1"]}
        structure(document, Loose).to_document()["times"].append("2")
        assert document == {"times": ["1"]}

    def test_changed_values_are_written_under_the_key_they_were_read_from(self) -> None:
        read = structure(conversation(), Conversation)
        person = attrs.evolve(read.partner, name="B", joined=datetime(2020, 1, 2, tzinfo=UTC))
        written = attrs.evolve(read, id="new", partner=person, updated_at=datetime(2020, 1, 2, 3, 4, 5)).to_document()
        assert written == conversation() | {
            "_id": "new",
            "partner_user": {"id": 6, "name": "B", "joined": "2020-01-02T00:00:00+00:00", "level": 3},
            "updated_at": "2020-01-02T03:04:05",
        }

    def test_made_by_hand_writes_first_keys_and_leaves_out_none(self) -> None:
        made = Conversation(id="1", partner=Person(id=1, name="a"), updated_at=datetime(2020, 1, 1, tzinfo=UTC))
        assert made.to_document() == {
            "id": "1",
            "partner_user": {"id": 1, "name": "a"},
            "updated_at": "2020-01-01T00:00:00+00:00",
            "labels": [],
            "members": [],
            "unread": 0,
        }

    def test_null_that_was_sent_stays(self) -> None:
        document = conversation() | {"last_message": None}
        assert structure(document, Conversation).to_document() == document

    def test_value_of_a_wrong_type_is_named_but_not_shown(self) -> None:
        wrong = Loose(at="hush")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match=r"^at: this value of type str cannot be written$"):
            wrong.to_document()
        deep = Tree(name="a", children=[Tree(name=b"hush")])  # type: ignore[arg-type]
        with pytest.raises(ValueError, match=r"^children\[0\]\.name: a value of type bytes cannot be written as JSON$"):
            dumps(deep)

    def test_model_that_contains_itself_is_refused(self) -> None:
        tree = Tree(name="a")
        tree.children.append(tree)
        with pytest.raises(ValueError, match="nested too deep"):
            dumps(tree)


class TestEmptyAndNothing:
    """PHP writes an object without keys as a list, and nothing as ``""`` or false."""

    def test_an_empty_list_is_an_empty_object(self) -> None:
        empties: dict[str, Any] = {"parts": [[], {}], "by_name": {"a": {}, "b": [[]]}}
        document: dict[str, Any] = {"images": {}, "size": [], **empties, "more": []}
        read = structure(document, Resources)
        nothing = Resources()
        assert read == Resources(size=nothing, parts=[nothing, nothing], by_name={"a": [], "b": [nothing]})
        assert read.size is not None
        assert (read.size.raw, read.size.extra, read.size.to_document()) == ({}, {}, {})
        assert read.to_document() == document
        assert loads(dumps([read, {"a": read}])) == [document, {"a": document}]
        assert pickle.loads(pickle.dumps(read)).to_document() == copy.deepcopy(read).to_document() == document
        changed = attrs.evolve(read, images=["a"], size=attrs.evolve(read.size, images=["b"]))
        assert changed.to_document() == {"images": ["a"], "size": {"images": ["b"]}, **empties, "more": []}

    def test_one_with_fields_that_must_be_there_is_refused_as_an_empty_object_is(self) -> None:
        empties: list[Any] = [[], {}]
        for nothing in empties:
            with pytest.raises(DecodeError, match=r"^partner_user\.id: expected an integer, found no such key$"):
                structure(conversation() | {"partner_user": nothing}, Conversation)

    @pytest.mark.parametrize("nothing", ["", False, " ", "false", None])
    def test_nothing_is_none_where_that_is_allowed_and_written_as_it_came(self, nothing: Any) -> None:
        document = {"name": "a", "children": [{"name": "b", "parent": nothing}], "parent": nothing}
        read = structure(document, Tree)
        assert read == Tree(name="a", children=[Tree(name="b")])
        assert spelled(read.to_document()) == spelled(document)
        assert attrs.evolve(read, parent=Tree(name="c")).to_document()["parent"] == {"name": "c", "children": []}
        with pytest.raises(DecodeError, match=r"^children: expected a list"):
            structure(document | {"children": nothing}, Tree)

    def test_a_secret_that_is_nothing_is_left_in_the_document(self) -> None:
        document = {"user": "a", "omnikey": "hush", "renewal": False}
        read = structure(document, Login)
        assert read.renewal is None
        assert spelled(read.to_document()) == spelled({"user": "a", "omnikey": "hush", "renewal": False})


def spelled(document: Any) -> str:
    """0 and false, and 1 and true, are equal in Python."""
    return dumps(document).decode()


class TestLooseTypes:
    @pytest.mark.parametrize(
        ("document", "made"),
        [
            ({"count": "12"}, Loose(count=12)),
            ({"count": "-7"}, Loose(count=-7)),
            ({"count": 3}, Loose(count=3)),
            ({"text": 5}, Loose(text="5")),
            ({"flag": "0"}, Loose(flag=False)),
            ({"flag": 1}, Loose(flag=True)),
            ({"at": "1498097429"}, Loose(at=datetime(2017, 6, 22, 2, 10, 29, tzinfo=UTC))),
            ({"at": 0}, Loose(at=datetime(1970, 1, 1, tzinfo=UTC))),
            ({"times": [1, "2"]}, Loose(times=[datetime.fromtimestamp(1, UTC), datetime.fromtimestamp(2, UTC)])),
            ({"by_name": {"a": "1"}}, Loose(by_name={"a": datetime.fromtimestamp(1, UTC)})),
            ({"either": ["1"]}, Loose(either=[datetime.fromtimestamp(1, UTC)])),
            ({"either": "1"}, Loose(either="1")),
            ({"count": " 1\n"}, Loose(count=1)),
            ({"flag": "true"}, Loose(flag=True)),
            ({"flag": " 0"}, Loose(flag=False)),
            ({"count": "", "flag": "", "at": "", "times": ""}, Loose()),
            ({"count": False, "text": False, "at": False, "by_name": False}, Loose()),
            ({"times": {}, "by_name": []}, Loose(times=[], by_name={})),
            ({"either": {}}, Loose(either=[])),
            ({"count": None, "at": None}, Loose()),
        ],
    )
    def test_both_spellings_are_read_and_kept(self, document: dict[str, Any], made: Loose) -> None:
        read = structure(document, Loose)
        assert read == made
        assert spelled(read.to_document()) == spelled(document)
        assert structure(made.to_document(), Loose) == made

    @pytest.mark.parametrize(
        "document",
        [
            {"count": True},
            {"count": 1.0},
            {"count": []},
            {"count": "1 0"},
            {"count": "1_0"},
            {"count": "\u0661"},
            {"count": "1" * 401},
            {"text": True},
            {"text": 1.5},
            {"flag": 2},
            {"flag": "yes"},
            {"flag": 1.0},
            {"at": 1.5},
            {"at": "x"},
            {"at": 10**30},
            {"times": [None]},
        ],
    )
    def test_nothing_else_is(self, document: dict[str, Any]) -> None:
        with pytest.raises(DecodeError):
            structure(document, Loose)

    def test_plain_spelling_is_written_for_values_made_by_hand(self) -> None:
        at = datetime(2017, 6, 22, 9, 10, 29, tzinfo=UTC)
        made = Loose(count=12, text="5", flag=True, at=at, times=[at], by_name={"a": at}, either=[at])
        seconds = int(at.timestamp())
        assert made.to_document() == {
            "count": 12,
            "text": "5",
            "flag": True,
            "at": seconds,
            "times": [seconds],
            "by_name": {"a": seconds},
            "either": [seconds],
        }

    def test_time_without_a_zone_is_not_written(self) -> None:
        with pytest.raises(ValueError, match=r"^at: "):
            Loose(at=datetime(2020, 1, 1)).to_document()

    @patient
    @given(st.datetimes(timezones=st.just(UTC)))
    def test_seconds_survive(self, at: datetime) -> None:
        at = at.replace(microsecond=0)
        assert structure(unstructure(Loose(at=at)), Loose).at == at


@model
class Login(Model):
    user: str
    omnikey: SecretStr
    renewal: SecretStr | None = None


def load_even(value: Any) -> int:
    if not isinstance(value, int):
        raise Mismatch("an even number")
    return value // (1 - value % 2)


@model
class Custom(Model):
    even: Annotated[int, Via(load_even, str, expected="an even number")]
    delta: Annotated[timedelta, Via(lambda value: timedelta(days=value), lambda value: value.days)] | None = None
    mood: Annotated[str | None, Via(lambda value: "unmoved" if value is None else value, str)] = None


class TestVia:
    def test_secret_is_wrapped_and_written_in_clear(self) -> None:
        read = structure({"user": "a", "omnikey": "hush"}, Login)
        assert read.omnikey == Secret("hush")
        assert "hush" not in repr(read)
        assert read.to_document() == {"user": "a", "omnikey": "hush"}

    def test_an_absent_secret_is_not_in_the_document_afterwards(self) -> None:
        assert dict(structure({"user": "a", "omnikey": "hush"}, Login).raw or {}).keys() == {"user", "omnikey"}

    def test_load_is_not_asked_about_what_is_absent(self) -> None:
        assert structure({"even": 2}, Custom).mood is None
        assert structure({"even": 2, "mood": None}, Custom).mood == "unmoved"

    def test_secret_of_a_wrong_type_is_not_shown(self) -> None:
        with pytest.raises(DecodeError, match=r"^omnikey: expected a string, found an integer$"):
            structure({"user": "a", "omnikey": 12345}, Login)

    @pytest.mark.parametrize(("value", "found"), [("x", "a string 'x'"), (3, "an integer 3"), (None, "null")])
    def test_what_load_raises_becomes_a_decode_error(self, value: Any, found: str) -> None:
        with pytest.raises(DecodeError) as caught:
            structure({"even": value}, Custom)
        assert (caught.value.path, caught.value.expected, caught.value.found) == ("even", "an even number", found)

    def test_annotations_may_hold_functions(self) -> None:
        assert structure({"even": 2, "delta": 3}, Custom).delta == timedelta(days=3)

    @pytest.mark.parametrize("value", ["x", 10**20, []])
    def test_any_complaint_of_load_counts(self, value: Any) -> None:
        with pytest.raises(DecodeError, match=r"^delta: expected a value of the documented form"):
            structure({"even": 2, "delta": value}, Custom)

    def test_dump_is_used_for_changed_values(self) -> None:
        read = structure({"even": 2}, Custom)
        assert read.to_document() == {"even": 2}
        assert attrs.evolve(read, even=4).to_document() == {"even": "4"}


class TestDeclaring:
    def test_foreign_class_is_refused(self) -> None:
        with pytest.raises(TypeError, match="does not derive from Model"):
            model(Greets)  # type: ignore[type-var]

    @pytest.mark.parametrize("name", ["raw", "extra", "parse", "to_dict", "to_document", "_private"])
    def test_unusable_field_names_are_refused(self, name: str) -> None:
        with pytest.raises(TypeError, match=rf"Bad\.{name}: .*field\(key="):
            model(type("Bad", (Model,), {"__annotations__": {name: "int"}}))

    def test_one_key_for_two_fields_is_refused(self) -> None:
        body = {"__annotations__": {"one": "int", "two": "int"}, "two": field(keys=("two", "one"))}
        with pytest.raises(TypeError, match="both one and two read the key 'one'"):
            model(type("Bad", (Model,), body))

    @pytest.mark.parametrize("arguments", [{"key": "a", "keys": ("a",)}, {"keys": ()}, {"default": 1, "factory": list}])
    def test_contradictions_in_field_are_refused(self, arguments: dict[str, Any]) -> None:
        with pytest.raises(TypeError):
            field(**arguments)

    def test_undecorated_subclass_is_refused(self) -> None:
        with pytest.raises(TypeError, match="lacks the decorator"):
            structure({}, type("Bare", (Person,), {}))

    def test_constructor_takes_keywords_only(self) -> None:
        with pytest.raises(TypeError):
            Person(1, "a")  # type: ignore[call-arg]

    def test_import_is_light(self) -> None:
        code = (
            "import sys, nusantara.model, nusantara.codec\n"
            "print(*{'cattrs', 'orjson', 'aiohttp', 'lxml', 'oauthlib', 'tenacity'} & set(sys.modules))"
        )
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == ""
