"""Answers have the documented keys, say so where there are none, and come as XML as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from kaskus_async.sandbox import market

DOCUMENTS = Path(__file__).parents[2] / "documents"
CURSORS = {"cursor": {"current": str, "next": str}}
PLACE = {"id": int, "name": str}
GOODS = {"title": str, "image": str}
RECORDED = {
    "mywts": "/mywts/{seller}",
    "mywtb": "/mywtb/{buyer}",
    "fjb_threads": "/v1/fjb/221/threads",
    "fjb_latest_products": "/latest_products?forum_ids=221",
    "subscribe_lapak": "/subscribe/lapak",
    "search_classified": "/search/classified?q=kopi&include=facet",
}

SOMETIMES = {"attribute", "value", "COD", "ESCROW", "images_thumbnail", "payment_mechanism", "vote_num", "vote_total"}
"""Keys that some recorded answers of one kind have and others lack."""

OF_THE_APP = {"display_name", "first_post_id", "last_post_id", "last_post_userid", "last_poster", "open", "poll_id"}
OF_THE_APP |= {"reply_count", "shared_count", "short_url", "sticky", "views", "visible"}
"""Keys that the app of 2018 reads of every thread, and some recorded answers lack."""


def keys(value: Any, way: str = "$") -> set[str]:
    """The ways to all keys of a document."""
    if isinstance(value, dict):
        return {f"{way}.{key}" for key in value}.union(*(keys(part, f"{way}.{key}") for key, part in value.items()))
    if isinstance(value, list):
        return set().union(*(keys(part, f"{way}[]") for part in value))
    return set()


def fits(value: Any, shape: Any) -> bool:
    """Whether a document has exactly the keys of a shape, and values of its types."""
    if isinstance(shape, dict):
        same = isinstance(value, dict) and set(value) == set(shape)
        return same and all(fits(value[key], part) for key, part in shape.items())
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(part, shape[0]) for part in value)
    return type(value) is shape


@pytest.mark.parametrize("name", RECORDED)
def test_a_listing_has_the_recorded_keys(name: str, buyer: Any, seller: Any) -> None:
    path = RECORDED[name].format(buyer=buyer.userid, seller=seller.userid)
    heard = buyer.raw("GET", path)
    assert not heard.is_guess
    recorded = keys(json.loads((DOCUMENTS / f"{name}.json").read_text(encoding="utf-8")))
    odd = {way.rpartition(".")[2] for way in keys(heard.document) ^ recorded}
    assert odd <= SOMETIMES | OF_THE_APP


def test_answers_have_the_keys_that_clients_read(buyer: Any, lapak_id: Any, delivery: Any) -> None:
    lapak = lapak_id("Grinder")
    offers = buyer.get("/v1/fjb/offers/buyer")
    assert fits(offers, {"data": [{"id": str, "status": str, "price": int, "item": GOODS}], "meta": CURSORS})
    cart = buyer.get("/v1/fjb/checkout_items")
    item = {"id": str, "quantity": int, "item": GOODS | {"id": str, "discounted_price": int}}
    assert fits(cart, {"data": [item], "meta": CURSORS})
    accepted = next(offer["id"] for offer in offers["data"] if offer["status"] == "Diterima")
    destination: dict[str, Any] = dict.fromkeys(("address", "owner_name", "owner_phone"), str)
    destination |= dict.fromkeys(("province_id", "city_id", "area_id"), int)
    assert fits(
        buyer.get(f"/v1/fjb/offers/{accepted}"),
        {
            "id": str,
            "status": str,
            "price": int,
            "quantity": int,
            "item": GOODS,
            "shipping": {
                "cost": int,
                "location": destination,
                "method": {"name": str, "image": str, "estimation_time": str},
            },
            "reply": {"message": str, "status": int},
        },
    )
    assert fits(buyer.get("/v1/fjb/location/addresses"), {"data": [PLACE | destination | {"default": bool}]})
    assert fits(buyer.get("/v1/fjb/location/provinces"), {"data": [PLACE]})
    assert fits(buyer.get("/v1/fjb/location/provinces/15/cities"), {"data": [PLACE]})
    assert fits(buyer.get("/v1/fjb/location/cities/185/areas"), {"data": [PLACE]})
    method = {"id": int, "name": str, "cost": int, "estimation_time": str}
    assert fits(
        buyer.get(f"/v1/fjb/lapak/{lapak}/shipping_costs?dest_id=2235"),
        {"data": [{"type": str, "image": str, "methods": [method]}]},
    )
    assert fits(buyer.post(f"/v1/fjb/checkouts/{accepted}"), {"checkout_url": str})
    assert fits(buyer.post(f"/v1/fjb/lapak/{lapak}/buy_now", quantity=1, **delivery), {"checkout_url": str})


def test_a_shape_that_nobody_documented_is_marked(buyer: Any, lapak_id: Any) -> None:
    lapak = lapak_id("Grinder")
    for path in ("/v1/fjb/banks", "/v1/fjb/buying_invoices", "/v1/user/wallet/summary", "/v1/fjb/offers/seller"):
        assert buyer.raw("GET", path).is_guess
    for path in (f"/v1/lapak/{lapak}", "/v1/fjb/offers/buyer", "/v1/fjb/checkout_items", "/v1/fjb/221/threads"):
        assert not buyer.raw("GET", path).is_guess


def test_only_what_the_facts_name_counts_as_documented() -> None:
    documented = {f"{one.method} {one.path}" for one in market.ROUTES if one.documented}
    assert documented == {
        "GET /latest_products",
        *(f"GET /my{kind}/{{user_id}}" for kind in ("wtb", "wtb/active", "wtb/got_it")),
        *(f"GET /my{kind}/{{user_id}}" for kind in ("wts", "wts/active", "wts/sold_out")),
        "GET /v1/fjb/{id}/threads",
        "GET /v1/lapak/{id}",
        "GET /v1/fjb_thread/{id}",
        "GET /v1/fjb_post/{id}",
        "GET /v1/fjb/checkout_items",
        "GET /v1/fjb/offers/buyer",
        "GET /v1/fjb/offers/{offer_id}",
        "GET /v1/fjb/lapak/{thread_id}/shipping_costs",
        "GET /v1/fjb/location/addresses",
        "GET /v1/fjb/location/provinces",
        "GET /v1/fjb/location/provinces/{province_id}",
        "GET /v1/fjb/location/provinces/{province_id}/cities",
        "GET /v1/fjb/location/cities/{city_id}",
        "GET /v1/fjb/location/cities/{city_id}/areas",
        "GET /v1/fjb/location/areas/{area_id}",
        "POST /v1/fjb/lapak/{lapak_id}/buy_now",
        "POST /v1/fjb/checkouts/{offer_id}",
    }


def test_everything_comes_as_xml_too(buyer: Any, seller: Any, lapak_id: Any, delivery: Any) -> None:
    heard = buyer.raw("GET", f"/mywts/{seller.userid}", output="xml")
    root = ET.fromstring(heard.body)
    assert root.tag == "return"
    assert root.findtext("thread_num") == "12"
    assert len(root.findall("thread/item")) == 12
    path = f"/v1/fjb/lapak/{lapak_id('Kopi Toraja')}/buy_now"
    bought = ET.fromstring(buyer.raw("POST", path, {"quantity": 1, **delivery}, output="xml").body)
    assert (bought.findtext("checkout_url") or "").startswith("http://")
    refused = buyer.raw("POST", path, {"quantity": 0}, output="xml")
    assert refused.status == 400
    assert [part.tag for part in ET.fromstring(refused.body)] == [
        "error",
        "errorcode",
        "errormessage",
        "errordetails",
    ]
