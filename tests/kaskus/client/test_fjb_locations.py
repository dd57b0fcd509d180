"""The location operations of the marketplace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, documented, prove, refused, unnamed, unread

from kaskus_async.fjb.locations import Locations
from nusantara.codec import unstructure
from nusantara.record import Record

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /v1/fjb/location/provinces": (lambda k: k.fjb.locations.provinces(), "GET /v1/fjb/location/provinces"),
    "GET /v1/fjb/location/provinces/{province_id}": (
        lambda k: k.fjb.locations.province(15),
        "GET /v1/fjb/location/provinces/15",
    ),
    "GET /v1/fjb/location/cities": (lambda k: k.fjb.locations.cities(), "GET /v1/fjb/location/cities"),
    "GET /v1/fjb/location/provinces/{province_id}/cities": (
        lambda k: k.fjb.locations.cities_of_province("15"),
        "GET /v1/fjb/location/provinces/15/cities",
    ),
    "GET /v1/fjb/location/cities/{city_id}": (
        lambda k: k.fjb.locations.city(35),
        "GET /v1/fjb/location/cities/35",
    ),
    "GET /v1/fjb/location/areas": (lambda k: k.fjb.locations.areas(), "GET /v1/fjb/location/areas"),
    "GET /v1/fjb/location/cities/{city_id}/areas": (
        lambda k: k.fjb.locations.areas_of_city(35),
        "GET /v1/fjb/location/cities/35/areas",
    ),
    "GET /v1/fjb/location/areas/{area_id}": (
        lambda k: k.fjb.locations.area(595),
        "GET /v1/fjb/location/areas/595",
    ),
}

LISTS: dict[str, Any] = {
    "provinces": lambda k: k.fjb.locations.provinces(),
    "cities": lambda k: k.fjb.locations.cities_of_province(15),
    "areas": lambda k: k.fjb.locations.areas_of_city(35),
}
ONES: dict[str, Any] = {
    "province": lambda k: k.fjb.locations.province(15),
    "city": lambda k: k.fjb.locations.city(35),
    "area": lambda k: k.fjb.locations.area(595),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(Locations)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(Locations)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / "fjb_provinces.json")
    answer = await answered(LISTS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []
    assert [location.id for location in answer.data] == ["15", "16"]


@pytest.mark.parametrize("name", ONES)
async def test_a_location_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / "fjb_province.json")
    answer = await answered(ONES[name], document)
    assert unstructure(answer) == document
    assert (unread(answer), answer.name) == ([], "Provinsi Contoh")


async def test_a_list_of_unknown_shape_is_given_as_it_comes() -> None:
    document = [{"id": "35"}, None]
    assert await answered(lambda k: k.fjb.locations.cities(), document) == Record(document)
    assert await answered(lambda k: k.fjb.locations.areas(), document) == Record(document)


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.fjb.locations.province(""), "province_id"),
        (lambda k: k.fjb.locations.cities_of_province(".."), "province_id"),
        (lambda k: k.fjb.locations.city(""), "city_id"),
        (lambda k: k.fjb.locations.areas_of_city(None), "city_id"),
        (lambda k: k.fjb.locations.area(True), "area_id"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
