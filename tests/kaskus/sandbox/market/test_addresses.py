"""Where goods can go, the address book, and what sending costs."""

from __future__ import annotations

from typing import Any

import pytest

PATH = "/v1/fjb/location"
NEW = {
    "province_id": 15,
    "city_id": 185,
    "area_id": 2235,
    "title": "Rumah Mertua",
    "address": "Jl. Contoh no. 35",
    "owner_name": "Tokoh Contoh",
    "owner_phone": "0800000000",
}


def test_places_lead_from_provinces_to_areas(app: Any) -> None:
    provinces = app.get(f"{PATH}/provinces")["data"]
    assert {"id": 15, "name": "Kalimantan Timur"} in provinces
    cities = [city for one in provinces for city in app.get(f"{PATH}/provinces/{one['id']}/cities")["data"]]
    assert cities == app.get(f"{PATH}/cities")["data"]
    areas = [area for city in cities for area in app.get(f"{PATH}/cities/{city['id']}/areas")["data"]]
    assert areas == app.get(f"{PATH}/areas")["data"]
    for kind, places in (("provinces", provinces), ("cities", cities), ("areas", areas)):
        assert len({place["id"] for place in places}) == len(places)
        assert app.get(f"{PATH}/{kind}/{places[-1]['id']}") == places[-1]
        app.refused(404, "GET", f"{PATH}/{kind}/9999")
        app.refused(404, "GET", f"{PATH}/{kind}/x")


def test_an_address_is_saved_changed_and_deleted(buyer: Any) -> None:
    before = buyer.get(f"{PATH}/addresses")["data"]
    number = buyer.post(f"{PATH}/addresses", **NEW)["id"]
    saved = buyer.get(f"{PATH}/addresses")["data"]
    assert saved[:-1] == before
    fields = {name: value for name, value in NEW.items() if name != "title"}
    assert saved[-1] == {"id": number, "name": "Rumah Mertua", "default": False} | fields

    buyer.post(f"{PATH}/addresses/{number}", title="Kos", default="true")
    changed = {address["id"]: address for address in buyer.get(f"{PATH}/addresses")["data"]}
    assert changed[number] == saved[-1] | {"name": "Kos", "default": True}
    assert [one["default"] for one in changed.values()].count(True) == 1

    buyer.delete(f"{PATH}/addresses/{number}")
    after = buyer.get(f"{PATH}/addresses")["data"]
    assert [one["id"] for one in after] == [one["id"] for one in before]
    assert [one["default"] for one in after].count(True) == 1


@pytest.mark.parametrize(
    "changes",
    [
        *({name: ""} for name in NEW),
        {"city_id": 35},
        {"area_id": 595},
        {"city_id": 35, "area_id": 595},
        {"province_id": 99},
        {"default": "mungkin"},
    ],
)
def test_an_address_that_does_not_fit_together_is_refused(buyer: Any, changes: dict[str, Any]) -> None:
    before = buyer.get(f"{PATH}/addresses")
    buyer.refused(400, "POST", f"{PATH}/addresses", **(NEW | changes))
    assert buyer.get(f"{PATH}/addresses") == before


def test_an_address_cannot_move_to_a_city_of_elsewhere(buyer: Any) -> None:
    number = buyer.post(f"{PATH}/addresses", **NEW)["id"]
    buyer.refused(400, "POST", f"{PATH}/addresses/{number}", city_id=35)
    buyer.post(f"{PATH}/addresses/{number}", province_id=5, city_id=35, area_id=595)


def test_nobody_touches_the_addresses_of_others(buyer: Any, seller: Any, lapak_id: Any) -> None:
    number = seller.get(f"{PATH}/addresses")["data"][0]["id"]
    buyer.refused(404, "POST", f"{PATH}/addresses/{number}", title="Curian")
    buyer.refused(404, "DELETE", f"{PATH}/addresses/{number}")
    path = f"/v1/fjb/lapak/{lapak_id('Kopi Toraja')}/buy_now"
    buyer.refused(400, "POST", path, quantity=1, address_id=number, shipping_agent=1)


def test_a_purchase_keeps_the_address_that_it_was_made_with(buyer: Any, lapak_id: Any, newest_invoice: Any) -> None:
    number = buyer.post(f"{PATH}/addresses", **NEW)["id"]
    path = f"/v1/fjb/lapak/{lapak_id('Kopi Toraja')}/buy_now"
    buyer.post(path, quantity=1, address_id=number, shipping_agent=1)
    buyer.delete(f"{PATH}/addresses/{number}")
    assert newest_invoice()["shipping"]["location"]["address"] == NEW["address"]
    assert newest_invoice()["buyer_name"] == NEW["owner_name"]


def test_farther_heavier_and_faster_costs_more(app: Any, lapak_id: Any) -> None:
    path = f"/v1/fjb/lapak/{lapak_id('Grinder')}/shipping_costs"

    def costs(query: str) -> dict[int, int]:
        agents = app.get(f"{path}?{query}")["data"]
        return {method["id"]: method["cost"] for agent in agents for method in agent["methods"]}

    near, middle, far = costs("dest_id=601"), costs("dest_id=595"), costs("dest_id=3862")
    assert near[2] < middle[2] < far[2] < far[3]
    assert costs("dest_id=601&quantity=10")[2] > near[2]
    app.refused(400, "GET", path)
    app.refused(404, "GET", f"{path}?dest_id=1")


def test_the_cost_of_sending_and_insurance_is_that_of_the_purchase(
    buyer: Any, seller: Any, lapak_id: Any, delivery: Any, newest_invoice: Any
) -> None:
    path = f"/v1/fjb/lapak/{lapak_id('Kopi Toraja')}"
    agents = buyer.get(f"{path}/shipping_costs?dest_id=1291&quantity=3")["data"]
    [cost] = [method["cost"] for agent in agents for method in agent["methods"] if method["id"] == 2]
    insurance = buyer.get(f"/v1/fjb/insurance_cost/{3 * 78_000}/2")["insurance_cost"]
    buyer.post(f"{path}/buy_now", quantity=3, insurance=1, **delivery)
    invoice = newest_invoice()
    assert invoice["shipping"]["cost"] == cost
    assert invoice["total"] == 3 * 78_000 + cost + insurance
    post_id = seller.get(path.replace("/fjb", ""))["posts"][0]["post_id"]
    seller.post(f"/v1/lapak_post/{post_id}/edit", insurance="true", free_shipping="true")
    buyer.post(f"{path}/buy_now", quantity=3, **delivery)
    assert newest_invoice()["total"] == 3 * 78_000 + insurance
    buyer.refused(404, "GET", "/v1/fjb/insurance_cost/1000/99")
    buyer.refused(400, "GET", "/v1/fjb/insurance_cost/seribu/2")


def test_the_methods_of_a_user_are_those_of_his_lapak(buyer: Any) -> None:
    path = "/v1/user/shipping_agent_methods"
    assert buyer.get(path)["data"] == []
    buyer.post(path, shipping_ids="[4,1]")
    buyer.post(path, shipping_ids="[5]")
    assert [method["id"] for method in buyer.get(path)["data"]] == [1, 4, 5]
    buyer.refused(400, "POST", path, shipping_ids="[99]")
    buyer.refused(400, "POST", path, shipping_ids="[")
    made = buyer.post("/v1/lapak", forum_id=221, title="Toples", message="Kaca", price=10_000)
    assert buyer.get(f"/v1/lapak/{made['thread_id']}")["thread"]["shipping"]["methods"] == ["1", "4", "5"]
    buyer.delete(f"{path}/1,5")
    assert [method["id"] for method in buyer.get(path)["data"]] == [4]
    buyer.refused(404, "DELETE", f"{path}/99")


def test_methods_and_agents_are_listed(app: Any) -> None:
    methods = app.get("/v1/fjb/shipping_methods")["data"]
    assert app.get("/v1/fjb/shipping_methods?method_id=2")["data"] == [methods[1]]
    agents = app.get("/v1/fjb/shipping_agents/2")["data"]
    assert {method["type"] for method in agents} == {"jne"}
    app.refused(404, "GET", "/v1/fjb/shipping_agents/99")
