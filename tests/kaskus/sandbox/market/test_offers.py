"""Haggling: one offer is accepted and paid, another is not, and both sides see them."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def make(buyer: Any, lapak_id: Any, delivery: Any) -> Any:
    """Makes an offer and gives its identifier."""

    def offer(**changes: Any) -> str:
        fields = {"offer_price": 140_000, "quantity": 2, "message": "Boleh kurang?"} | delivery | changes
        made: str = buyer.post(f"/v1/fjb/lapak/{lapak_id('Kopi Toraja')}/offers", **fields)["id"]
        return made

    return offer


def test_an_accepted_offer_becomes_a_purchase_once(buyer: Any, seller: Any, make: Any, newest_invoice: Any) -> None:
    offer_id = make()
    assert len(offer_id) == 24
    for trader, path in ((buyer, "buyer"), (seller, "seller")):
        newest = trader.get(f"/v1/fjb/offers/{path}")["data"][0]
        assert (newest["id"], newest["price"]) == (offer_id, 140_000)
        assert set(newest) == {"id", "status", "price", "item"}
    waiting = buyer.get(f"/v1/fjb/offers/{offer_id}")
    assert waiting["reply"] == []
    buyer.refused(400, "POST", f"/v1/fjb/checkouts/{offer_id}")

    seller.post(f"/v1/fjb/offers/{offer_id}/approval", shipping_cost=12_345, message="Boleh")
    accepted = buyer.get(f"/v1/fjb/offers/{offer_id}")
    assert accepted["reply"] == {"message": "Boleh", "status": 1}
    assert accepted["shipping"]["cost"] == 12_345
    assert accepted["status"] != waiting["status"]
    assert (accepted["quantity"], accepted["price"]) == (2, 140_000)
    assert accepted["shipping"]["location"]["owner_name"] == "Arya Wirawan"

    paid = buyer.post(f"/v1/fjb/checkouts/{offer_id}", buyer_name="Arya", buyer_phone="0800", tips=2_000)
    assert set(paid) == {"checkout_url"}
    invoice = newest_invoice()
    assert paid["checkout_url"].endswith(invoice["id"])
    assert (invoice["offer_id"], invoice["price"], invoice["total"]) == (offer_id, 140_000, 154_345)
    assert (invoice["buyer_name"], invoice["buyer_phone"]) == ("Arya", "0800")
    assert "already" in buyer.refused(400, "POST", f"/v1/fjb/checkouts/{offer_id}")
    assert newest_invoice() == invoice
    buyer.post(f"/v1/fjb/invoices/{invoice['id']}/transfer_confirmation")
    assert newest_invoice()["status_id"] == 3


def test_a_rejected_offer_leads_nowhere(buyer: Any, seller: Any, make: Any) -> None:
    offer_id = make(offer_price=1)
    seller.post(f"/v1/fjb/offers/{offer_id}/rejection", message="Terlalu murah")
    rejected = buyer.get(f"/v1/fjb/offers/{offer_id}")
    assert rejected["reply"] == {"message": "Terlalu murah", "status": 2}
    buyer.refused(400, "POST", f"/v1/fjb/checkouts/{offer_id}")
    for answer in ("approval", "rejection"):
        seller.refused(400, "POST", f"/v1/fjb/offers/{offer_id}/{answer}")
    assert buyer.get(f"/v1/fjb/offers/{offer_id}") == rejected


def test_only_the_seller_answers_and_only_the_buyer_pays(buyer: Any, seller: Any, other_seller: Any, make: Any) -> None:
    offer_id = make()
    buyer.refused(403, "POST", f"/v1/fjb/offers/{offer_id}/approval")
    other_seller.refused(403, "GET", f"/v1/fjb/offers/{offer_id}")
    seller.post(f"/v1/fjb/offers/{offer_id}/approval")
    seller.refused(403, "POST", f"/v1/fjb/checkouts/{offer_id}")
    buyer.refused(400, "POST", f"/v1/fjb/checkouts/{offer_id}", payment_method="99")
    buyer.refused(404, "GET", f"/v1/fjb/offers/{'0' * 24}")


@pytest.mark.parametrize(
    "changes", [{"offer_price": 0}, {"offer_price": ""}, {"quantity": 0}, {"address_id": 7}, {"shipping_agent": 77}]
)
def test_an_offer_that_makes_no_sense_is_refused(
    buyer: Any, lapak_id: Any, delivery: Any, state: Any, changes: dict[str, Any]
) -> None:
    before = len(state.market.offers)
    fields = {"offer_price": 1_000, "quantity": 1} | delivery | changes
    buyer.refused(400, "POST", f"/v1/fjb/lapak/{lapak_id('Kopi Toraja')}/offers", **fields)
    assert len(state.market.offers) == before


def test_a_lapak_of_fixed_prices_does_not_negotiate(buyer: Any, other_seller: Any, lapak_id: Any) -> None:
    lapak = lapak_id("Voucher listrik 50", other_seller)
    assert buyer.get(f"/v1/lapak/{lapak}")["thread"]["can_nego"] == 0
    buyer.refused(400, "POST", f"/v1/fjb/lapak/{lapak}/offers", offer_price=1, quantity=1)


def test_the_sellers_own_way_of_sending_costs_what_he_says(
    buyer: Any, other_seller: Any, lapak_id: Any, delivery: Any, newest_invoice: Any
) -> None:
    path = f"/v1/fjb/lapak/{lapak_id('Sepeda lipat', other_seller)}"
    agents = buyer.get(f"{path}/shipping_costs?dest_id=1291")["data"]
    [own] = next(agent for agent in agents if agent["type"] == "others")["methods"]
    fields = delivery | {"shipping_agent": own["id"]}
    buyer.refused(400, "POST", f"{path}/buy_now", quantity=1, **fields)
    made = buyer.post(f"{path}/offers", quantity=1, offer_price=3_000_000, **fields)
    assert made["shipping"]["cost"] == 0
    other_seller.post(f"/v1/fjb/offers/{made['id']}/approval", shipping_cost=90_000)
    buyer.post(f"/v1/fjb/checkouts/{made['id']}")
    assert newest_invoice()["total"] == 3_090_000


def test_offers_are_listed_by_cursor(buyer: Any, make: Any) -> None:
    made = [make(offer_price=100_000 + number) for number in range(4)]
    found = buyer.all_by_cursor("/v1/fjb/offers/buyer", 2)
    assert [offer["id"] for offer in found][:4] == made[::-1]
    assert len({offer["id"] for offer in found}) == len(found) == 7
