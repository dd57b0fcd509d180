"""A purchase from the lapak to the feedback, and everything that does not go."""

from __future__ import annotations

from typing import Any

import pytest

INVOICE = "/v1/fjb/invoices/"


def status_of(trader: Any, invoice_id: str) -> int:
    return int(trader.get(INVOICE + invoice_id)["status_id"])


def test_a_purchase_goes_through_all_its_states(
    buyer: Any, seller: Any, lapak_id: Any, delivery: Any, state: Any
) -> None:
    lapak = lapak_id("Kopi Toraja")
    stock = state.market.lapak(lapak).stock
    bought = buyer.post(f"/v1/fjb/lapak/{lapak}/buy_now", quantity=2, tips=5000, insurance=1, **delivery)
    assert set(bought) == {"checkout_url"}
    invoice_id = bought["checkout_url"].rpartition("/")[2]
    assert len(invoice_id) == 15
    assert state.market.lapak(lapak).stock == stock - 2

    for trader, path in ((buyer, "buying"), (seller, "selling")):
        [listed] = trader.get(f"/v1/fjb/{path}_invoices?invoice_id={invoice_id}")["data"]
        assert listed == trader.get(INVOICE + invoice_id)
        assert trader.get(f"/v1/fjb/{path}_invoices")["data"][0]["id"] == invoice_id
    assert listed["price"] == 2 * 78_000
    assert listed["total"] == listed["price"] + listed["tips"] + sum(
        listed["shipping"][name] for name in ("cost", "insurance_cost")
    )
    assert listed["tips"] == 5_000
    assert listed["shipping"]["insurance_cost"] > 0
    assert listed["buyer"]["userid"] == buyer.userid
    assert listed["seller"]["userid"] == seller.userid
    assert status_of(buyer, invoice_id) == 1

    buyer.post(f"{INVOICE}{invoice_id}/transfer_confirmation", name="Arya", origin_bank="014", destination_bank="014")
    assert status_of(seller, invoice_id) == 2
    seller.post(f"/v1/fjb/buy_now/{invoice_id}/approval", message="Siap")
    assert status_of(buyer, invoice_id) == 3
    seller.post(f"{INVOICE}{invoice_id}/shipping_information", tracking_number="CGK1", shipping_date=1_453_964_285)
    seller.post(f"{INVOICE}{invoice_id}/shipping_information", tracking_number="CGK2")
    assert status_of(buyer, invoice_id) == 4
    assert buyer.get(INVOICE + invoice_id)["shipping"]["tracking_number"] == "CGK2"

    before = seller.get("/v1/user/wallet/summary")["balance"]
    buyer.post(f"{INVOICE}{invoice_id}/product_confirmation")
    assert status_of(seller, invoice_id) == 5
    assert seller.get("/v1/user/wallet/summary")["balance"] == before + listed["total"] - listed["tips"]

    buyer.post(f"{INVOICE}{invoice_id}/feedbacks", response="positive", message="mantap gan")
    assert status_of(seller, invoice_id) == 6
    seller.post(f"{INVOICE}{invoice_id}/feedbacks", response="neutral")
    said = buyer.get(f"{INVOICE}{invoice_id}/feedbacks")["data"]
    assert [(one["from"]["userid"], one["response"], one["message"]) for one in said] == [
        (buyer.userid, "positive", "mantap gan"),
        (seller.userid, "neutral", ""),
    ]
    assert buyer.get(f"/v1/user/{seller.userid}/feedbacks?response=positive")["data"][0]["message"] == "mantap gan"
    assert buyer.get(f"/v1/user/{seller.userid}/feedbacks?response=negative")["data"] == []


def test_an_approval_may_come_before_the_payment(buyer: Any, seller: Any, lapak_id: Any, delivery: Any) -> None:
    lapak = lapak_id("Kopi Toraja")
    url = buyer.post(f"/v1/fjb/lapak/{lapak}/buy_now", quantity=1, **delivery)["checkout_url"]
    invoice = buyer.get(INVOICE + url.rpartition("/")[2])
    # By the identifier that the reference describes for it.
    seller.post(f"/v1/fjb/buy_now/{invoice['offer_id']}/approval", mark_as_sold=1)
    assert status_of(buyer, invoice["id"]) == 1
    buyer.post(f"{INVOICE}{invoice['id']}/transfer_confirmation")
    assert status_of(buyer, invoice["id"]) == 3
    assert buyer.get(f"/v1/lapak/{lapak}")["thread"]["prefix_id"] == "SOLD"
    assert buyer.refused(400, "POST", f"/v1/fjb/lapak/{lapak}/buy_now", quantity=1, **delivery)


def test_a_rejection_gives_everything_back(
    buyer: Any, seller: Any, lapak_id: Any, delivery: Any, newest_invoice: Any, state: Any
) -> None:
    lapak = lapak_id("Kopi Toraja")
    stock, balance = state.market.lapak(lapak).stock, buyer.get("/v1/user/wallet/summary")["balance"]
    buyer.post(f"/v1/fjb/lapak/{lapak}/buy_now", quantity=3, **delivery)
    invoice = newest_invoice()
    assert buyer.get(f"/v1/lapak/{lapak}")["thread"]["sold_count"] == 3
    buyer.post(f"{INVOICE}{invoice['id']}/transfer_confirmation")
    seller.post(f"/v1/fjb/buy_now/{invoice['id']}/rejection", message="Habis, gan")
    assert buyer.get(f"/v1/lapak/{lapak}")["thread"]["sold_count"] == 0
    after = newest_invoice()
    assert (after["status_id"], after["reply"]) == (7, "Habis, gan")
    assert state.market.lapak(lapak).stock == stock
    assert buyer.get("/v1/user/wallet/summary")["balance"] == balance + invoice["total"]
    assert seller.refused(400, "POST", f"/v1/fjb/buy_now/{invoice['id']}/approval")
    assert seller.refused(400, "POST", f"/v1/fjb/buy_now/{invoice['id']}/rejection")
    assert buyer.get("/v1/user/wallet/summary")["balance"] == balance + invoice["total"]


def test_a_voucher_needs_no_address_and_is_there_once_paid(
    buyer: Any, other_seller: Any, lapak_id: Any, newest_invoice: Any
) -> None:
    lapak = lapak_id("Voucher listrik 50", other_seller)
    assert buyer.get(f"/v1/lapak/{lapak}")["thread"]["is_instant_purchase"] is True
    buyer.post(f"/v1/fjb/lapak/{lapak}/buy_now", quantity=1, tips=0)
    invoice = newest_invoice()
    assert (invoice["status_id"], invoice["total"]) == (1, 51_000)
    assert invoice["shipping"]["location"] == invoice["shipping"]["method"] == []
    buyer.post(f"{INVOICE}{invoice['id']}/transfer_confirmation")
    assert newest_invoice()["status_id"] == 4
    other_seller.refused(400, "POST", f"/v1/fjb/buy_now/{invoice['id']}/rejection")
    buyer.post(f"{INVOICE}{invoice['id']}/product_confirmation")


@pytest.mark.parametrize(
    ("title", "changes"),
    [
        ("Kopi Toraja", {"quantity": 0}),
        ("Kopi Toraja", {"quantity": 10_000}),
        ("Kopi Toraja", {"quantity": "dua"}),
        ("Kopi Toraja", {"quantity": ""}),
        ("Kopi Toraja", {"address_id": 1}),
        ("Kopi Toraja", {"address_id": ""}),
        ("Kopi Toraja", {"shipping_agent": 5}),
        ("Kopi Toraja", {"shipping_agent": ""}),
        ("Kopi Toraja", {"insurance": "mungkin"}),
        ("Kopi Toraja", {"tips": "-1"}),
        ("Gantungan kunci", {}),
        ("Moka pot", {}),
    ],
)
def test_what_cannot_be_bought_is_refused_and_nothing_changes(
    buyer: Any, lapak_id: Any, delivery: Any, state: Any, title: str, changes: dict[str, Any]
) -> None:
    lapak = lapak_id(title)
    stock, invoices = state.market.lapak(lapak).stock, len(state.market.invoices)
    buyer.refused(400, "POST", f"/v1/fjb/lapak/{lapak}/buy_now", **({"quantity": 1} | delivery | changes))
    assert (state.market.lapak(lapak).stock, len(state.market.invoices)) == (stock, invoices)


def test_nobody_buys_from_himself_or_what_is_not_there(buyer: Any, seller: Any, app: Any, lapak_id: Any) -> None:
    lapak = lapak_id("Kopi Toraja")
    assert "himself" in seller.refused(400, "POST", f"/v1/fjb/lapak/{lapak}/buy_now", quantity=1)
    buyer.refused(404, "POST", f"/v1/fjb/lapak/{'0' * 24}/buy_now", quantity=1)
    app.refused(401, "POST", f"/v1/fjb/lapak/{lapak}/buy_now", quantity=1)
    wanted = buyer.get(f"/mywtb/{buyer.userid}")["thread"][0]["thread_id"]
    seller.refused(400, "POST", f"/v1/fjb/lapak/{wanted}/buy_now", quantity=1)


def test_each_side_does_its_part_only_and_only_in_time(
    buyer: Any, seller: Any, other_seller: Any, lapak_id: Any, delivery: Any, newest_invoice: Any
) -> None:
    buyer.post(f"/v1/fjb/lapak/{lapak_id('Kopi Toraja')}/buy_now", quantity=1, **delivery)
    path = INVOICE + newest_invoice()["id"]
    other_seller.refused(403, "GET", path)
    buyer.refused(404, "GET", f"{INVOICE}TIADA")
    buyer.refused(403, "POST", path.replace("invoices", "buy_now") + "/approval")
    seller.refused(403, "POST", f"{path}/transfer_confirmation")
    buyer.refused(400, "POST", f"{path}/product_confirmation")
    seller.refused(400, "POST", f"{path}/shipping_information", tracking_number="X")
    buyer.refused(400, "POST", f"{path}/feedbacks", response="positive")
    for field in ("origin_bank", "destination_bank"):
        buyer.refused(400, "POST", f"{path}/transfer_confirmation", **{field: "999"})
    buyer.post(f"{path}/transfer_confirmation")
    buyer.refused(400, "POST", f"{path}/transfer_confirmation")
    seller.post(path.replace("invoices", "buy_now") + "/approval")
    seller.refused(400, "POST", f"{path}/shipping_information")
    buyer.refused(403, "POST", f"{path}/shipping_information", tracking_number="X")
    seller.post(f"{path}/shipping_information", tracking_number="X")
    seller.refused(403, "POST", f"{path}/product_confirmation")
    buyer.post(f"{path}/product_confirmation")
    buyer.refused(400, "POST", f"{path}/product_confirmation")
    buyer.refused(400, "POST", f"{path}/feedbacks", response="bagus")
    buyer.post(f"{path}/feedbacks", response="negative")
    buyer.refused(400, "POST", f"{path}/feedbacks", response="positive")
    assert newest_invoice()["status_id"] == 6


def test_the_price_is_that_of_the_moment(
    buyer: Any, seller: Any, lapak_id: Any, delivery: Any, newest_invoice: Any
) -> None:
    lapak = lapak_id("Kopi Kintamani")
    buyer.post(f"/v1/fjb/lapak/{lapak}/buy_now", quantity=1, **delivery)
    assert newest_invoice()["price"] == 92_000 * 90 // 100
    post_id = seller.get(f"/v1/lapak/{lapak}")["posts"][0]["post_id"]
    seller.post(f"/v1/lapak_post/{post_id}/edit", price=100_000, discount=0, title="Kopi lain")
    first = newest_invoice()
    assert (first["price"], first["item"]["title"]) == (82_800, "Kopi Kintamani arabika 250 gram")
    buyer.post(f"/v1/fjb/lapak/{lapak}/buy_now", quantity=1, **delivery)
    assert newest_invoice()["price"] == 100_000


def test_the_first_data_has_purchases_in_every_state(buyer: Any) -> None:
    known = buyer.get("/v1/fjb/invoice_status")["data"]
    assert [status["id"] for status in known] == list(range(1, 8))
    for status in known:
        found = buyer.get(f"/v1/fjb/buying_invoices?status={status['id']}")["data"]
        assert [invoice["status"] for invoice in found] == [status["name"]]
        assert buyer.get(f"/v1/fjb/invoice_status/{status['id']}") == status
    assert [invoice["status_id"] for invoice in buyer.get("/v1/fjb/selling_invoices")["data"]] == [6]
    buyer.refused(404, "GET", "/v1/fjb/invoice_status/8")
    buyer.refused(400, "GET", "/v1/fjb/buying_invoices?status=selesai")


def test_purchases_are_listed_by_cursor_newest_first(buyer: Any) -> None:
    found = buyer.all_by_cursor("/v1/fjb/buying_invoices", 3)
    assert len(found) == len({invoice["id"] for invoice in found}) == 7
    times = [invoice["dateline"] for invoice in found]
    assert times == sorted(times, reverse=True)
    assert buyer.get("/v1/fjb/buying_invoices?status=1&limit=1")["meta"]["cursor"] == {"current": "0", "next": "0"}
