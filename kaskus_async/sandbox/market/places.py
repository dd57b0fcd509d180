"""Where goods can be sent: a few provinces, some of their cities, and some areas (kecamatan) of those.

The names are real, the numbers are made up. Provinces are numbered otherwise than in ``item_location``.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from kaskus_async.sandbox.refusals import NotThere

__all__ = ["AREAS", "CITIES", "PROVINCES", "Place", "areas_of", "cities_of", "place"]


@attrs.frozen
class Place:
    """A province, a city or an area."""

    number: int
    name: str
    parent: int = 0
    """The province of a city, the city of an area."""


PROVINCES = {
    number: Place(number, name)
    for number, name in (
        (2, "Bali"),
        (5, "DI Yogyakarta"),
        (6, "DKI Jakarta"),
        (9, "Jawa Barat"),
        (11, "Jawa Timur"),
        (15, "Kalimantan Timur"),
        (28, "Sulawesi Selatan"),
    )
}
CITIES = {
    number: Place(number, name, province)
    for number, province, name in (
        (14, 2, "Kota Denpasar"),
        (35, 5, "Kabupaten Sleman"),
        (36, 5, "Kota Yogyakarta"),
        (41, 6, "Jakarta Pusat"),
        (42, 6, "Jakarta Selatan"),
        (88, 9, "Kota Bandung"),
        (89, 9, "Kota Bogor"),
        (131, 11, "Kota Malang"),
        (132, 11, "Kota Surabaya"),
        (185, 15, "Kota Samarinda"),
        (321, 28, "Kota Makassar"),
    )
}
AREAS = {
    number: Place(number, name, city)
    for number, city, name in (
        (171, 14, "Denpasar Selatan"),
        (172, 14, "Denpasar Timur"),
        (595, 35, "Depok"),
        (596, 35, "Mlati"),
        (601, 36, "Gondokusuman"),
        (602, 36, "Kotagede"),
        (655, 41, "Gambir"),
        (656, 41, "Menteng"),
        (661, 42, "Kebayoran Baru"),
        (662, 42, "Tebet"),
        (1290, 88, "Cicendo"),
        (1291, 88, "Coblong"),
        (1301, 89, "Bogor Tengah"),
        (1842, 131, "Klojen"),
        (1843, 131, "Lowokwaru"),
        (1851, 132, "Gubeng"),
        (1852, 132, "Wonokromo"),
        (2235, 185, "Samarinda Ulu"),
        (2236, 185, "Sungai Kunjang"),
        (3862, 321, "Panakkukang"),
        (3863, 321, "Ujung Pandang"),
    )
}


def place(places: Mapping[int, Place], number: int, kind: str) -> Place:
    """One of them. Raises :exc:`NotThere`."""
    if number not in places:
        raise NotThere(f"{kind} not found")
    return places[number]


def cities_of(province: Place) -> list[Place]:
    """The cities of a province."""
    return [city for city in CITIES.values() if city.parent == province.number]


def areas_of(city: Place) -> list[Place]:
    """The areas of a city."""
    return [area for area in AREAS.values() if area.parent == city.number]
