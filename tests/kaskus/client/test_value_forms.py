"""A form in which a field was seen anywhere is taken in every model that has the field, from JSON and from XML.

The forms are those of the sample documents, which hold every form that was recorded, and the few that only a client's
model or code shows.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import NOTHING, fields_dict
from hypothesis import given
from hypothesis import strategies as st
from support.documents import read_document
from support.spellings import DIGITS

from kaskus_async import models
from kaskus_async.models.forums import CalendarEvent
from kaskus_async.models.users import UserProfile
from nusantara.codec import structure
from nusantara.codec.xml import structure_xml
from nusantara.errors import BadResponse, DecodeError
from nusantara.model import Model, wire_keys

DOCUMENTS = Path(__file__).parents[1] / "documents"

SEEN_BY_CLIENTS: dict[str, list[Any]] = {
    "number_of_post": [12, "12", ""],
    "reputation": [12, "12", ""],
    "ktpnumber": ["", "3171"],
    "discount": [10, 12.5, False],
    "resources": [None],
    "payment_method": [None, "", "1,2", {"COD": "1", "ESCROW": "2"}],
    "userid": [70, "70"],
    "forum_id": [21, "21"],
    "sticky": [0, 1, "0", "1"],
    "rating": [4, 4.5],
    "messageread": ["0", "1"],
    "visible": [1, "1"],
}
"""Forms by the key, of what the documents may not have in every form."""

OF_ANOTHER_MEANING = {
    ("CalendarEvent", "date", "text"),  # a moment; of a live event it is text
    ("KaskusLive", "date", "int"),
    ("OfferShipping", "location", "text"),  # a place with an address; of an event it is text
    ("Shipping", "location", "text"),
    ("Facets", "forum_id", "digits"),  # what was found, counted by it
    ("Facets", "forum_id", "int"),
    ("Facets", "item_condition", "digits"),
    ("Facets", "item_condition", "int"),
    ("Facets", "item_location", "digits"),
    ("Facets", "item_location", "int"),
    ("Facets", "prefix_id", "nothing"),
    ("Facets", "prefix_id", "text"),
    ("Highlight", "type", "text"),  # a number; of a piece of a post it is text
    ("NavigationItem", "order", "text"),  # a place in a list; of a forum it is a direction
    ("OfferReply", "status", "text"),  # a number; of an offer it is text to show
    ("PrivacySetting", "value", "text"),  # a switch; elsewhere what is counted, or named
    ("PrivacySetting", "value", "digits"),
    ("ShippingType", "value", "int"),
}
"""Forms of fields that have no more than the name in common with the model's."""


def kind(value: Any) -> str:
    """Values of one kind are written alike."""
    if isinstance(value, str):
        return "nothing" if not value else "digits" if value.removeprefix("-").isdecimal() else "text"
    return type(value).__name__


def fields(document: Any) -> Iterator[tuple[str, Any]]:
    for value in document if isinstance(document, list) else document.values() if isinstance(document, dict) else ():
        yield from fields(value)
    if isinstance(document, dict):
        yield from document.items()


def forms() -> dict[str, dict[str, Any]]:
    """One value of each kind that was seen, by the key."""
    found: dict[str, dict[str, Any]] = {}
    for path in DOCUMENTS.glob("*.json"):
        for key, value in fields(read_document(path)):
            if isinstance(value, (list, dict)):
                continue  # What is in it has a model of its own, and an empty one is the reader's to understand.
            found.setdefault(key, {}).setdefault(kind(value), value)
    for key, values in SEEN_BY_CLIENTS.items():
        for value in values:
            found.setdefault(key, {}).setdefault(kind(value), value)
    return found


def all_models() -> list[type[Model]]:
    names = [info.name for info in pkgutil.walk_packages(models.__path__, f"{models.__name__}.")]
    found = {
        value
        for name in names
        for value in vars(importlib.import_module(name)).values()
        if isinstance(value, type) and issubclass(value, Model) and value.__module__.startswith(models.__name__)
    }
    return sorted(found, key=lambda cls: cls.__name__)


FORMS = forms()
MODELS = [cls for cls in all_models() if wire_keys(cls)]


def with_value(cls: type[Model], key: str, value: Any) -> dict[str, Any]:
    """A document of a model that has this value, and else only what it must have."""
    own = next(name for name, keys in wire_keys(cls).items() if key in keys)
    required = {
        keys[0]: "1"
        for name, keys in wire_keys(cls).items()
        if name != own and fields_dict(cls)[name].default is NOTHING
    }
    return required | {key: value}


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_a_form_of_a_field_is_taken_wherever_the_field_stands(cls: type[Model]) -> None:
    refused = []
    for key in (key for keys in wire_keys(cls).values() for key in keys):
        for form, value in FORMS.get(key, {}).items():
            if (cls.__name__, key, form) in OF_ANOTHER_MEANING:
                continue
            document = with_value(cls, key, value)
            try:
                assert structure(document, cls).to_document() == document
                structure_xml(DIGITS.write(document), cls)
            except BadResponse as error:
                refused.append(str(error))
    assert refused == []


MIDNIGHT = 536_864_400
"""With which 6 January 1987 began in Jakarta; in UTC it was the fifth."""


@pytest.mark.parametrize("value", [MIDNIGHT, str(MIDNIGHT), MIDNIGHT + 86_399 - 9 * 3600, -467_969_400])
def test_a_day_is_the_day_in_jakarta(value: Any) -> None:
    born = date(1955, 3, 5) if value == -467_969_400 else date(1987, 1, 6)
    document = {"userid": 70, "dateofbirth": value}
    for profile in (structure(document, UserProfile), structure_xml(DIGITS.write(document), UserProfile)):
        assert profile.dateofbirth == born
    assert structure(document, UserProfile).to_document() == document


@given(st.dates(date(1900, 1, 1)))
def test_a_day_comes_back_from_what_is_written(day: date) -> None:
    written = UserProfile(userid=70, dateofbirth=day).to_document()
    assert structure(written, UserProfile).dateofbirth == day


def test_what_may_be_a_day_has_the_offset_of_jakarta() -> None:
    document = {"userid": 70, "donatur_expiry_date": MIDNIGHT, "donatur_registration_date": str(MIDNIGHT)}
    profile = structure(document, UserProfile)
    event = structure({"date": MIDNIGHT}, CalendarEvent)
    for moment in (profile.donatur_expiry_date, profile.donatur_registration_date, event.date):
        assert moment is not None
        assert (moment.isoformat(), moment.date()) == ("1987-01-06T00:00:00+07:00", date(1987, 1, 6))
    assert profile.to_document() == document


@pytest.mark.parametrize("value", [10**20, -(10**20), "1987-01-06", True, None, 1.5])
def test_what_is_no_time_is_told(value: Any) -> None:
    for cls, key in ((UserProfile, "dateofbirth"), (UserProfile, "joindate"), (CalendarEvent, "date")):
        document = with_value(cls, key, value)
        if value is None:
            assert structure(document, cls).to_document() == document
            continue
        with pytest.raises(DecodeError, match=f"{key}: expected .*since 1970"):
            structure(document, cls)


def test_an_author_without_a_profile_spoils_no_page() -> None:
    for cls in all_models():
        if "reputation" in wire_keys(cls):
            document = with_value(cls, "reputation", "") | {"number_of_post": ""}
            assert structure(document, cls).reputation is None  # type: ignore[attr-defined]
