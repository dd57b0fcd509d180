"""Opening a lapak, changing, bumping and reading it, and what is written in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

NEW = {"forum_id": 221, "title": "Toples kopi", "message": "Kaca, [b]kedap[/b].", "price": 90_000}


def thread_of(trader: Any, thread_id: str) -> dict[str, Any]:
    thread: dict[str, Any] = trader.get(f"/v1/lapak/{thread_id}")["thread"]
    return thread


def test_a_lapak_has_all_that_was_said_of_it(buyer: Any, app: Any) -> None:
    address_id = buyer.get("/v1/fjb/location/addresses")["data"][1]["id"]
    made = buyer.post(
        "/v1/lapak",
        **NEW,
        prefix="wts",
        condition=4,
        search_tags="toples,kopi",
        location=12,
        extra_attributes=json.dumps({"warna": "bening", "ukuran": "besar,kecil"}),
        discount=10,
        pictures="http://gambar.example/a.jpg,http://gambar.example/b.jpg",
        payment_mechanism="[1,2]",
        shipping_method="[1,3]",
        address_id=address_id,
        weight=1400,
        insurance="true",
        free_shipping="false",
        custom_shipping_method='["kurir toko","ambil sendiri"]',
    )
    thread = thread_of(app, made["thread_id"])
    expected = {
        "title": "Toples kopi",
        "forum_id": 221,
        "thread_type": 21,
        "prefix_id": "WTS",
        "initial_prefix_id": "WTS",
        "post_userid": buyer.userid,
        "item_price": 90_000,
        "discount": 10,
        "discounted_price": 81_000,
        "item_condition": 4,
        "item_location": 12,
        "payment_mechanism": ["1", "2"],
        "can_buynow": 1,
        "can_nego": 1,
        "is_instant_purchase": False,
        "free_shipping": 0,
        "sold_count": 0,
        "sundul_enabled": 1,
    }
    assert {name: thread[name] for name in expected} == expected
    assert thread["extra_attributes"] == [
        {"attribute": "warna", "value": "bening"},
        {"attribute": "ukuran", "value": "besar,kecil"},
    ]
    assert thread["resources"]["images"] == ["http://gambar.example/a.jpg", "http://gambar.example/b.jpg"]
    shipping = thread["shipping"]
    assert (shipping["weight"], shipping["methods"]) == (1400, ["1", "3"])
    assert shipping["custom_methods"] == ["kurir toko", "ambil sendiri"]
    assert shipping["location"] == {"province_id": 6, "city_id": 41, "area_id": 655}
    assert app.get("/search/lapak?q=toples")["item"][0]["thread_id"] == made["thread_id"]
    assert app.get(f"/mywts/active/{buyer.userid}")["thread"][0]["thread_id"] == made["thread_id"]
    assert app.get(f"/v1/post/{made['post_id']}")["thread"]["shipping"] == shipping


def test_attributes_come_in_the_spelling_of_the_example_too(buyer: Any) -> None:
    made = buyer.post("/v1/lapak", **NEW, extra_attributes="warna:biru;ukuran:besar,kecil")
    assert [one["value"] for one in thread_of(buyer, made["thread_id"])["extra_attributes"]] == ["biru", "besar,kecil"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("forum_id", 41),
        ("forum_id", 200),
        ("forum_id", "kopi"),
        ("title", ""),
        ("message", ""),
        ("price", ""),
        ("price", "mahal"),
        ("price", -1),
        ("prefix", "sewa"),
        ("condition", 3),
        ("location", 36),
        ("discount", 101),
        ("extra_attributes", "{"),
        ("extra_attributes", "[1]"),
        ("extra_attributes", '{"a": [1]}'),
        ("pictures", ",".join(["http://gambar.example/x.jpg"] * 6)),
        ("pictures", "gambar.jpg"),
        ("payment_mechanism", "[7]"),
        ("payment_mechanism", "[true]"),
        ("payment_mechanism", "[" * 100_000),
        ("shipping_method", "[99]"),
        ("shipping_method", '["JNE"]'),
        ("address_id", 5),
        ("weight", "berat"),
        ("insurance", "ya"),
    ],
)
def test_a_lapak_with_a_wrong_field_is_refused(buyer: Any, state: Any, name: str, value: Any) -> None:
    before = len(state.market.goods), len(state.board.threads)
    buyer.refused(400, "POST", "/v1/lapak", **(NEW | {name: value}))
    assert (len(state.market.goods), len(state.board.threads)) == before


def test_an_edit_changes_what_it_names_and_nothing_else(seller: Any, buyer: Any, lapak_id: Any) -> None:
    lapak = lapak_id("Dripper")
    before = seller.get(f"/v1/lapak/{lapak}")
    post_id = before["posts"][0]["post_id"]
    seller.post(f"/v1/lapak_post/{post_id}/edit", price=170_000)
    thread = thread_of(seller, lapak)
    changed = {name for name in thread if thread[name] != before["thread"][name]}
    assert changed == {"item_price", "discounted_price", "views"}
    seller.post(f"/v1/lapak_post/{post_id}/edit", title="Dripper 02", message="Baru", prefix="sold")
    after = seller.get(f"/v1/lapak/{lapak}")
    assert (after["thread"]["title"], after["thread"]["prefix_id"]) == ("Dripper 02", "SOLD")
    assert after["posts"][0]["pagetext"] == "Baru"
    buyer.refused(403, "POST", f"/v1/lapak_post/{post_id}/edit", price=1)
    seller.refused(400, "POST", f"/v1/lapak_post/{post_id}/edit", price="x", title="Tidak jadi")
    assert thread_of(seller, lapak)["title"] == "Dripper 02"


def test_the_prefix_decides_on_which_list_a_lapak_is(seller: Any, buyer: Any, lapak_id: Any) -> None:
    lapak = lapak_id("Dripper")
    seller.post(f"/v1/lapak/{lapak}/prefix", prefix_id="sold")

    def listed(kind: str) -> bool:
        found = buyer.get(f"/mywts/{kind}{seller.userid}")["thread"]
        return lapak in [thread["thread_id"] for thread in found]

    assert [listed(kind) for kind in ("", "active/", "sold_out/")] == [True, False, True]
    seller.post(f"/v1/lapak/{lapak}/prefix", prefix_id="wts")
    assert [listed(kind) for kind in ("", "active/", "sold_out/")] == [True, True, False]
    buyer.refused(403, "POST", f"/v1/lapak/{lapak}/prefix", prefix_id="sold")
    for wrong in ({}, {"prefix_id": "habis"}):
        seller.refused(400, "POST", f"/v1/lapak/{lapak}/prefix", **wrong)


def test_a_sundul_brings_a_lapak_to_the_top_until_none_is_left(
    seller: Any, buyer: Any, lapak_id: Any, state: Any
) -> None:
    lapak = lapak_id("Kopi Gayo")
    assert seller.get("/v1/fjb/221/threads")["thread"][0]["thread_id"] != lapak
    for number in range(1, 6):
        assert seller.post(f"/v1/lapak/{lapak}/sundul")["sundul_count_remainder"] == 5 - number
    assert seller.get("/v1/fjb/221/threads")["thread"][0]["thread_id"] == lapak
    seller.refused(400, "POST", f"/v1/lapak/{lapak}/sundul")
    own = next(one for one in seller.get(f"/mywts/{seller.userid}")["thread"] if one["thread_id"] == lapak)
    assert [own[name] for name in ("sundul_count", "sundul_count_remainder", "sundul_enabled")] == [5, 0, 0]
    buyer.refused(403, "POST", f"/v1/lapak/{lapak}/sundul")
    state.sundul_count = 6
    seller.post(f"/v1/lapak/{lapak}/sundul")


def test_old_threads_are_bumped_and_edited_like_lapak(buyer: Any, seller: Any) -> None:
    [old] = [one for one in buyer.get("/v1/fjb/240/threads?limit=50")["thread"] if one["thread_type"] == 20]
    buyer.refused(403, "POST", f"/v1/fjb_thread/{old['thread_id']}/sundul")
    seller.post(f"/v1/fjb_thread/{old['thread_id']}/sundul")
    seller.post(f"/v1/fjb_post/{old['first_post_id']}/edit", price=35_000, location=14)
    assert buyer.get(f"/v1/fjb_thread/{old['thread_id']}")["thread"]["item_price"] == 35_000
    buyer.refused(404, "GET", f"/v1/lapak/{old['thread_id']}")
    buyer.refused(404, "POST", f"/v1/fjb/lapak/{old['thread_id']}/buy_now", quantity=1)
    seller.refused(404, "POST", f"/v1/lapak_post/{old['first_post_id']}/edit", price=1)


def test_buyers_ask_in_a_lapak(buyer: Any, seller: Any, lapak_id: Any) -> None:
    lapak = lapak_id("Grinder")
    for kind in ("lapak", "fjb"):
        asked = buyer.post(f"/v1/{kind}_post", thread_id=lapak, message="Masih ada?", title="Tanya")
        alone = buyer.get(f"/v1/{kind}_post/{asked['post_id']}?field=text")
        assert (alone["thread"]["thread_id"], alone["posts"]) == (lapak, [{"text": "Masih ada?"}])
        buyer.post(f"/v1/{kind}_post/{asked['post_id']}/edit", message="Masih ada, gan?", price=1)
        seller.refused(403, "POST", f"/v1/{kind}_post/{asked['post_id']}/edit", message="x")
    page = buyer.get(f"/v1/lapak/{lapak}?page=2&limit=2&field=text")
    assert page["posts"] == [{"text": "Masih ada, gan?"}]
    assert page["thread"]["item_price"] == 540_000
    buyer.refused(404, "POST", "/v1/lapak_post", thread_id="0" * 24, message="x")
    forum_thread = buyer.get("/v1/forum/41/threads")["thread"][0]
    buyer.refused(400, "POST", "/v1/fjb_post", thread_id=forum_thread["thread_id"], message="x")
    buyer.refused(404, "GET", f"/v1/fjb_post/{forum_thread['first_post_id']}")


def test_a_lapak_shows_others_and_what_buyers_say(app: Any, seller: Any, lapak_id: Any) -> None:
    page = app.get(f"/v1/lapak/{lapak_id('Kopi Toraja')}?include=similar")
    assert page["similar"][0]["thread_title"] == "Kopi Gayo arabika 250 gram"
    assert len(page["more_from_seller"]) == 5
    assert page["thread"]["feedback"]["percentage"] == 100
    assert app.get(f"/user/{seller.userid}?include=feedback")["feedback"] == page["thread"]["feedback"]
    assert "similar" not in app.get(f"/v1/lapak/{lapak_id('Kopi Toraja')}")
