"""The cart."""

from __future__ import annotations

from typing import Any

PATH = "/v1/fjb/checkout_items"


def test_things_go_into_the_cart_change_and_go(buyer: Any, lapak_id: Any) -> None:
    before = buyer.get(f"{PATH}/count")["count"]
    lapak = lapak_id("Kopi Toraja")
    item_id = buyer.post(PATH, thread_id=lapak, quantity=2)["id"]
    newest = buyer.get(PATH)["data"][0]
    assert newest["id"] == item_id
    assert newest["item"]["id"] == lapak
    assert newest["item"]["discounted_price"] == 78_000
    assert buyer.get(f"{PATH}/count")["count"] == before + 1
    assert buyer.post(f"{PATH}/{item_id}", quantity=5)["quantity"] == 5
    assert buyer.get(f"{PATH}?thread_id={lapak}")["data"][0]["quantity"] == 5
    buyer.delete(f"{PATH}/{item_id}")
    buyer.refused(404, "DELETE", f"{PATH}/{item_id}")
    assert buyer.get(f"{PATH}/count")["count"] == before
    buyer.delete(f"{PATH}/all")
    assert buyer.get(PATH) == {"data": [], "meta": {"cursor": {"current": "0", "next": "0"}}}


def test_everybody_has_a_cart_of_his_own(buyer: Any, seller: Any) -> None:
    item_id = buyer.get(f"{PATH}/")["data"][0]["id"]
    assert seller.get(PATH)["data"] == []
    seller.refused(404, "POST", f"{PATH}/{item_id}", quantity=1)
    seller.delete(f"{PATH}/all")
    assert buyer.get(f"{PATH}/count")["count"] == 2


def test_what_cannot_be_bought_stays_out(buyer: Any, seller: Any, lapak_id: Any) -> None:
    lapak = lapak_id("Kopi Toraja")
    for fields in ({"quantity": 1}, {"thread_id": lapak}, {"thread_id": lapak, "quantity": 100}):
        buyer.refused(400, "POST", PATH, **fields)
    buyer.refused(404, "POST", PATH, thread_id="0" * 24, quantity=1)
    seller.refused(400, "POST", PATH, thread_id=lapak, quantity=1)
    item_id = buyer.get(PATH)["data"][0]["id"]
    buyer.refused(400, "POST", f"{PATH}/{item_id}", quantity=0)
    buyer.refused(400, "GET", f"{PATH}?offer_type=2")
    assert buyer.get(f"{PATH}?offer_type=0")["data"] == []
    assert buyer.get(f"{PATH}/count")["count"] == 2


def test_what_is_bought_leaves_the_cart(buyer: Any, lapak_id: Any, delivery: Any) -> None:
    lapak = lapak_id("Teh melati")
    buyer.post(f"/v1/fjb/lapak/{lapak}/buy_now", quantity=1, **delivery)
    assert [item["item"]["title"] for item in buyer.get(PATH)["data"]] == ["Sadel kulit rekondisi"]


def test_the_cart_is_listed_by_cursor_newest_first(buyer: Any, lapak_id: Any) -> None:
    lapak = lapak_id("Kopi Toraja")
    added = [buyer.post(PATH, thread_id=lapak, quantity=1)["id"] for _ in range(5)]
    found = [item["id"] for item in buyer.all_by_cursor(PATH, 3)]
    assert found[:5] == added[::-1]
    assert len(found) == 7
