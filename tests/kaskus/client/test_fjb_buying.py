"""The cart, offers and purchases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, client, documented, prove, refused, unnamed, unread, whole
from support.raw import RawServer, Received, Wire

from kaskus_async.fjb.cart import Cart
from kaskus_async.fjb.offers import Offers
from kaskus_async.fjb.purchases import Purchases
from kaskus_async.models.fjb.cart import OfferType
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /v1/fjb/checkout_items": (
        lambda k: k.fjb.cart.items(lapak_id="5f79", offer_type=OfferType.NEGO, limit=10).starting_at("eyJv"),
        "GET /v1/fjb/checkout_items?cursor=eyJv&limit=10&thread_id=5f79&offer_type=0",
    ),
    "GET /v1/fjb/checkout_items/count": (lambda k: k.fjb.cart.count(), "GET /v1/fjb/checkout_items/count"),
    "POST /v1/fjb/checkout_items": (
        lambda k: k.fjb.cart.add("5f79", 4),
        "POST /v1/fjb/checkout_items",
        {"form": {"thread_id": "5f79", "quantity": "4"}},
    ),
    "POST /v1/fjb/checkout_items/{checkout_item_id}": (
        lambda k: k.fjb.cart.set_quantity("5f83", 4),
        "POST /v1/fjb/checkout_items/5f83",
        {"form": {"quantity": "4"}},
    ),
    "DELETE /v1/fjb/checkout_items/{checkout_item_id}": (
        lambda k: k.fjb.cart.remove("5f83"),
        "DELETE /v1/fjb/checkout_items/5f83",
    ),
    "DELETE /v1/fjb/checkout_items/all": (lambda k: k.fjb.cart.clear(), "DELETE /v1/fjb/checkout_items/all"),
    "GET /v1/fjb/offers/{offer_id}": (lambda k: k.fjb.offers.get("5f8d"), "GET /v1/fjb/offers/5f8d"),
    "GET /v1/fjb/offers/buyer": (
        lambda k: k.fjb.offers.made(limit=10).starting_at("eyJv"),
        "GET /v1/fjb/offers/buyer?cursor=eyJv&limit=10",
    ),
    "GET /v1/fjb/offers/seller": (
        lambda k: k.fjb.offers.received(cursor="eyJv", limit=10),
        "GET /v1/fjb/offers/seller?cursor=eyJv&limit=10",
    ),
    "POST /v1/fjb/lapak/{lapak_id}/offers": (
        lambda k: k.fjb.offers.create(
            "5f79", 35_000, 3, message="boleh?", address_id=1452262652, shipping_agent=2, insurance=False
        ),
        "POST /v1/fjb/lapak/5f79/offers",
        {
            "form": {
                "offer_price": "35000",
                "quantity": "3",
                "message": "boleh?",
                "address_id": "1452262652",
                "shipping_agent": "2",
                "insurance": "0",
            }
        },
    ),
    "POST /v1/fjb/offers/{offer_id}/approval": (
        lambda k: k.fjb.offers.approve("5f8d", shipping_cost=30_000, message="boleh"),
        "POST /v1/fjb/offers/5f8d/approval",
        {"form": {"shipping_cost": "30000", "message": "boleh"}},
    ),
    "POST /v1/fjb/offers/{offer_id}/rejection": (
        lambda k: k.fjb.offers.reject("5f8d", message="belum"),
        "POST /v1/fjb/offers/5f8d/rejection",
        {"form": {"message": "belum"}},
    ),
    "POST /v1/fjb/lapak/{lapak_id}/buy_now": (
        lambda k: k.fjb.purchases.buy_now(
            "5f79",
            3,
            message="segera",
            buyer_name="Tokoh Contoh",
            buyer_phone="0812000",
            address_id="1452262652",
            shipping_agent="2",
            insurance=True,
            tips=5000,
        ),
        "POST /v1/fjb/lapak/5f79/buy_now",
        {
            "form": {
                "quantity": "3",
                "message": "segera",
                "buyer_name": "Tokoh Contoh",
                "buyer_phone": "0812000",
                "address_id": "1452262652",
                "shipping_agent": "2",
                "insurance": "1",
                "tips": "5000",
            }
        },
    ),
    "POST /v1/fjb/buy_now/{invoice_id}/approval": (
        lambda k: k.fjb.purchases.approve("BF6F", mark_as_sold=True, message="siap"),
        "POST /v1/fjb/buy_now/BF6F/approval",
        {"form": {"mark_as_sold": "1", "message": "siap"}},
    ),
    "POST /v1/fjb/buy_now/{invoice_id}/rejection": (
        lambda k: k.fjb.purchases.reject("BF6F", message="habis"),
        "POST /v1/fjb/buy_now/BF6F/rejection",
        {"form": {"message": "habis"}},
    ),
    "POST /v1/fjb/checkouts/{offer_id}": (
        lambda k: k.fjb.purchases.checkout(
            "5f8d",
            buyer_name="Tokoh Contoh",
            buyer_phone="0812000",
            tips=0,
            klikbca_id="tokoh1234",
            payment_method=1,
        ),
        "POST /v1/fjb/checkouts/5f8d",
        {
            "form": {
                "buyer_name": "Tokoh Contoh",
                "buyer_phone": "0812000",
                "tips": "0",
                "klikbca_id": "tokoh1234",
                "payment_method": "1",
            }
        },
    ),
}

ANSWERS: dict[str, Any] = {
    "fjb_checkout_items": lambda k: whole(k.fjb.cart.items()),
    "fjb_offers_buyer": lambda k: whole(k.fjb.offers.made()),
    "fjb_offer": lambda k: k.fjb.offers.get("5f8e"),
    "fjb_offer.unanswered": lambda k: k.fjb.offers.get("5f8d"),
    "fjb_buy_now": lambda k: k.fjb.purchases.buy_now("5f79", 1),
    "fjb_checkout": lambda k: k.fjb.purchases.checkout("5f8e"),
}

DOCUMENTED = documented(Cart, Offers, Purchases)


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, DOCUMENTED[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(DOCUMENTED) == set(map(unnamed, LEDGER))


def test_nothing_is_bought_offered_or_agreed_to_twice() -> None:
    assert {operation for operation in LEDGER if DOCUMENTED[unnamed(operation)] != "unrepeatable"} == {
        "GET /v1/fjb/checkout_items",
        "GET /v1/fjb/checkout_items/count",
        "POST /v1/fjb/checkout_items/{checkout_item_id}",
        "DELETE /v1/fjb/checkout_items/{checkout_item_id}",
        "DELETE /v1/fjb/checkout_items/all",
        "GET /v1/fjb/offers/{offer_id}",
        "GET /v1/fjb/offers/buyer",
        "GET /v1/fjb/offers/seller",
    }


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_the_first_page_is_asked_for_without_a_cursor() -> None:
    await prove(
        "GET /v1/fjb/checkout_items", lambda k: k.fjb.cart.items().first(), "GET /v1/fjb/checkout_items", "safe"
    )
    await prove("GET /v1/fjb/offers/buyer", lambda k: k.fjb.offers.made().first(), "GET /v1/fjb/offers/buyer", "safe")


@pytest.mark.parametrize(("name", "listing"), [("checkout_items", "cart.items"), ("offers_buyer", "offers.made")])
async def test_a_listing_ends_where_a_page_names_itself_as_the_next(name: str, listing: str) -> None:
    document = read_document(DOCUMENTS / f"fjb_{name}.json")
    following = {"": "b", "b": "c", "c": "c"}

    async def answer(wire: Wire, request: Received) -> None:
        cursor = request.target.partition("cursor=")[2]
        meta = {"cursor": {"current": cursor or "a", "next": following[cursor]}}
        data = [dict(item, id=cursor + item["id"]) for item in document["data"]]
        await wire.answer(body={"data": data, "meta": meta})

    async with RawServer(answer) as server, client(server) as kaskus:
        group, method = listing.split(".")
        assert len(await getattr(getattr(kaskus.fjb, group), method)().collect()) == 6
    assert len(server.requests) == 3


async def test_an_offer_says_what_is_sent_where() -> None:
    offer = await answered(lambda k: k.fjb.offers.get("5f8e"), read_document(DOCUMENTS / "fjb_offer.json"))
    assert (offer.price, offer.quantity, offer.reply.status) == (900_000, 2, 1)
    assert (offer.shipping.cost, offer.shipping.location.city_id, offer.shipping.method.name) == (18_000, "2", "Kurir")


async def test_what_php_leaves_empty_is_none() -> None:
    offer = await answered(lambda k: k.fjb.offers.get("5f8d"), read_document(DOCUMENTS / "fjb_offer.unanswered.json"))
    assert (offer.reply, offer.shipping.location, offer.shipping.method, offer.shipping.cost) == (None,) * 4
    page = await answered(lambda k: k.fjb.cart.items().first(), {"data": [], "meta": []})
    assert (page.items, page.next, page.answer.meta) == ([], None, None)


async def test_xml_gives_the_same_offers() -> None:
    async def answer(wire: Wire, request: Received) -> None:
        assert request.headers["return-type"] == "text/xml"
        goods = "<item><title>Kamera</title><image/></item>"
        offer = f"<item><id>5f8d</id><price>450000</price>{goods}<reply><status>1</status></reply><shipping/></item>"
        cursor = "<cursor><current>7</current><next>7</next></cursor>"
        body = f"<return><data>{offer}</data><meta>{cursor}</meta></return>"
        await wire.answer(body=body.encode(), Content_Type="text/xml")

    async with RawServer(answer) as server, client(server, output="xml") as kaskus:
        page = await kaskus.fjb.offers.made()
    [offer] = page.items
    assert (offer.id, offer.price) == ("5f8d", 450_000)
    assert offer.item is not None
    assert offer.reply is not None
    assert (offer.item.title, offer.reply.status) == ("Kamera", 1)
    assert (offer.shipping, page.next) == (None, None)


async def test_an_answer_of_unknown_shape_is_given_as_it_comes() -> None:
    for operation in ("GET /v1/fjb/checkout_items/count", "POST /v1/fjb/lapak/{lapak_id}/offers"):
        assert await answered(LEDGER[operation][0], {"hasil": "1"}) == {"hasil": "1"}


@pytest.mark.parametrize("item", ["all", "ALL"])
async def test_removing_one_item_cannot_empty_the_cart(item: str) -> None:
    await refused(lambda k: k.fjb.cart.remove(item), "checkout_item_id")


@pytest.mark.parametrize("quantity", [0, -1, True, "3", 2.5, None])
async def test_a_quantity_is_a_whole_number_from_one(quantity: Any) -> None:
    await refused(lambda k: k.fjb.cart.add("5f79", quantity), "quantity")
    await refused(lambda k: k.fjb.cart.set_quantity("5f83", quantity), "quantity")
    await refused(lambda k: k.fjb.offers.create("5f79", 35_000, quantity), "quantity")
    await refused(lambda k: k.fjb.purchases.buy_now("5f79", quantity), "quantity")


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.fjb.cart.items(limit=0).first(), "limit"),
        (lambda k: k.fjb.cart.add("", 1), "lapak_id"),
        (lambda k: k.fjb.cart.remove(""), "checkout_item_id"),
        (lambda k: k.fjb.cart.set_quantity("", 1), "checkout_item_id"),
        (lambda k: k.fjb.offers.get(""), "offer_id"),
        (lambda k: k.fjb.offers.made(limit=0).first(), "limit"),
        (lambda k: k.fjb.offers.received(limit=0), "limit"),
        (lambda k: k.fjb.offers.create("", 35_000, 1), "lapak_id"),
        (lambda k: k.fjb.offers.create("5f79", None, 1), "offer_price"),
        (lambda k: k.fjb.offers.create("5f79", 0.5, 1), "offer_price"),
        (lambda k: k.fjb.offers.approve("5f8d", shipping_cost=-1), "shipping_cost"),
        (lambda k: k.fjb.offers.reject(""), "offer_id"),
        (lambda k: k.fjb.purchases.buy_now("", 1), "lapak_id"),
        (lambda k: k.fjb.purchases.buy_now("5f79", 1, tips=-5), "tips"),
        (lambda k: k.fjb.purchases.approve(""), "invoice_id"),
        (lambda k: k.fjb.purchases.reject(""), "invoice_id"),
        (lambda k: k.fjb.purchases.checkout("5f8d", tips="banyak"), "tips"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
