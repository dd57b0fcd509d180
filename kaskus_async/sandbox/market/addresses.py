"""Provinces, cities and areas, and the addresses that users save."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.market.documents import address_document
from kaskus_async.sandbox.market.fields import flag_field, wrong
from kaskus_async.sandbox.market.places import AREAS, CITIES, PROVINCES, Place, areas_of, cities_of, place
from kaskus_async.sandbox.operation import PUBLIC, Operation
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import NotThere
from kaskus_async.sandbox.stores.goods import Address

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState
    from kaskus_async.sandbox.stores.market import UserThings

__all__ = ["ROUTES"]

Document = dict[str, Any]


def _provinces(state: KaskusState, params: Params) -> Document:
    return _listed(PROVINCES.values())


def _province(state: KaskusState, params: Params) -> Document:
    return _document(place(PROVINCES, params.number_in_path("province_id"), "province"))


def _cities(state: KaskusState, params: Params) -> Document:
    return _listed(CITIES.values())


def _cities_of(state: KaskusState, params: Params) -> Document:
    return _listed(cities_of(place(PROVINCES, params.number_in_path("province_id"), "province")))


def _city(state: KaskusState, params: Params) -> Document:
    return _document(place(CITIES, params.number_in_path("city_id"), "city"))


def _areas(state: KaskusState, params: Params) -> Document:
    return _listed(AREAS.values())


def _areas_of(state: KaskusState, params: Params) -> Document:
    return _listed(areas_of(place(CITIES, params.number_in_path("city_id"), "city")))


def _area(state: KaskusState, params: Params) -> Document:
    return _document(place(AREAS, params.number_in_path("area_id"), "area"))


def _saved(state: KaskusState, params: Params) -> Document:
    things = _things(state, params)
    return {"data": [_saved_document(things, address) for address in things.addresses.values()]}


def _save(state: KaskusState, params: Params) -> Document:
    things = _things(state, params)
    return _keep(params, things, _read(params, state.market.new_address_id, None))


def _change(state: KaskusState, params: Params) -> Document:
    """What is not given stays; the vendor does not say what happens to it."""
    things, old = _things(state, params), _own(state, params)
    return _keep(params, things, _read(params, lambda: old.address_id, old))


def _delete(state: KaskusState, params: Params) -> Document:
    """Not in the reference; a public client calls it."""
    things, address = _things(state, params), _own(state, params)
    del things.addresses[address.address_id]
    if things.default_address == address.address_id:
        things.default_address = next(iter(things.addresses), None)
    return {"result": True}


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/v1/fjb/location/provinces", _provinces, PUBLIC),
    Operation("GET", "/v1/fjb/location/provinces/{province_id}", _province, PUBLIC),
    Operation("GET", "/v1/fjb/location/provinces/{province_id}/cities", _cities_of, PUBLIC),
    Operation("GET", "/v1/fjb/location/cities", _cities, PUBLIC, documented=False),
    Operation("GET", "/v1/fjb/location/cities/{city_id}", _city, PUBLIC),
    Operation("GET", "/v1/fjb/location/cities/{city_id}/areas", _areas_of, PUBLIC),
    Operation("GET", "/v1/fjb/location/areas", _areas, PUBLIC, documented=False),
    Operation("GET", "/v1/fjb/location/areas/{area_id}", _area, PUBLIC),
    Operation("GET", "/v1/fjb/location/addresses", _saved),
    Operation("POST", "/v1/fjb/location/addresses", _save, documented=False),
    Operation("POST", "/v1/fjb/location/addresses/{address_id}", _change, documented=False),
    Operation("DELETE", "/v1/fjb/location/addresses/{address_id}", _delete, documented=False),
)


def _listed(places: Iterable[Place]) -> Document:
    return {"data": [{"id": one.number, "name": one.name} for one in places]}


def _document(one: Place) -> Document:
    return {"id": one.number, "name": one.name}


def _things(state: KaskusState, params: Params) -> UserThings:
    return state.market.things(params.me.userid)


def _own(state: KaskusState, params: Params) -> Address:
    addresses = _things(state, params).addresses
    number = params.number_in_path("address_id")
    if number not in addresses:
        raise NotThere("address not found")
    return addresses[number]


def _read(params: Params, number: Callable[[], int], old: Address | None) -> Address:
    def text(name: str, before: str) -> str:
        return params.require(name) if old is None or params.text(name) is not None else before

    def part(name: str, before: int) -> int:
        return params.require_number(name) if old is None or params.text(name) is not None else before

    province_id = part("province_id", old.province_id if old else 0)
    city_id = part("city_id", old.city_id if old else 0)
    area_id = part("area_id", old.area_id if old else 0)
    if province_id not in PROVINCES:
        raise wrong("province_id", "be a province")
    if city_id not in CITIES or CITIES[city_id].parent != province_id:
        raise wrong("city_id", "be a city of that province")
    if area_id not in AREAS or AREAS[area_id].parent != city_id:
        raise wrong("area_id", "be an area of that city")
    return Address(
        title=text("title", old.title if old else ""),
        address=text("address", old.address if old else ""),
        owner_name=text("owner_name", old.owner_name if old else ""),
        owner_phone=text("owner_phone", old.owner_phone if old else ""),
        province_id=province_id,
        city_id=city_id,
        area_id=area_id,
        address_id=number(),
    )


def _keep(params: Params, things: UserThings, address: Address) -> Document:
    default = flag_field(params, "default")
    things.addresses[address.address_id] = address
    # Somebody who has addresses has one that is the default.
    if default or things.default_address is None:
        things.default_address = address.address_id
    return _saved_document(things, address)


def _saved_document(things: UserThings, address: Address) -> Document:
    return {**address_document(address), "default": things.default_address == address.address_id}
