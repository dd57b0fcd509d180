"""Listings by category, by user, and the newest; by page and by cursor."""

from __future__ import annotations

from typing import Any

import pytest


def ids(threads: list[Any]) -> list[str]:
    return [thread["thread_id"] for thread in threads]


def test_the_first_data_has_lapak_in_several_categories(app: Any) -> None:
    counts = {forum_id: app.get(f"/v1/fjb/{forum_id}/lapaks")["thread_num"] for forum_id in (210, 221, 230, 240)}
    assert sum(counts.values()) == 30
    assert min(counts.values()) > 3


def test_a_category_is_listed_by_page_and_sorted(app: Any) -> None:
    whole = app.get("/v1/fjb/221/threads?sort=price&order=asc&limit=50")
    prices = [thread["item_price"] for thread in whole["thread"]]
    assert prices == sorted(prices)
    assert whole["forum"]["forum_id"] == "221"
    assert whole["thread_num"] == len(prices)
    parts = [app.get(f"/v1/fjb/221/threads?sort=price&order=asc&limit=4&page={page}") for page in range(1, 5)]
    assert [thread["item_price"] for part in parts for thread in part["thread"]] == prices
    assert parts[0]["total_page"] == -(-len(prices) // 4)
    newest = app.get("/v1/fjb/221/threads")["thread"]
    times = [thread["last_post"] for thread in newest]
    assert times == sorted(times, reverse=True)
    app.refused(404, "GET", "/v1/fjb/9999/threads")
    app.refused(400, "GET", "/v1/fjb/41/threads")


def test_lapak_of_a_category_go_on_after_the_one_that_the_cursor_names(app: Any) -> None:
    whole = ids(app.get("/v1/fjb/210/lapaks?limit=50")["thread"])
    found, cursor = [], "0"
    while part := app.get(f"/v1/fjb/210/lapaks?limit=3&cursor={cursor}"):
        if not part["thread"]:
            assert part["cursor"] == cursor
            break
        found += ids(part["thread"])
        cursor = part["cursor"]
        assert cursor == found[-1]
    assert found == whole


def test_the_newest_are_five_of_each_category(app: Any) -> None:
    found: list[Any] = []
    cursor = "0"
    for _ in range(20):
        part = app.get(f"/latest_products?forum_ids=210,221,240&limit=4&cursor={cursor}")
        if not part["thread"]:
            assert part["cursor"] == cursor
            break
        found += part["thread"]
        cursor = part["cursor"]
    counts = {forum_id: sum(one["forum_id"] == forum_id for one in found) for forum_id in (210, 221, 240)}
    assert counts == {210: 5, 221: 5, 240: 3}
    assert len(set(ids(found))) == len(found)
    assert {one["prefix_id"] for one in found} == {"WTS"}
    times = [one["dateline"] for one in found]
    assert times == sorted(times, reverse=True)
    app.refused(400, "GET", "/latest_products")


def test_a_cursor_holds_while_lapak_are_added(app: Any, buyer: Any) -> None:
    first = app.get("/latest_products?forum_ids=221&limit=2&cursor=0")
    rest = ids(app.get(f"/latest_products?forum_ids=221&limit=2&cursor={first['cursor']}")["thread"])
    buyer.post("/v1/lapak", forum_id=221, title="Baru", message="Baru", price=1)
    again = ids(app.get(f"/latest_products?forum_ids=221&limit=2&cursor={first['cursor']}")["thread"])
    assert again == rest
    assert app.get("/latest_products?forum_ids=221&cursor=bukan-kursor")["thread"][0]["title"] == "Baru"


def test_what_users_offer_and_want(app: Any, buyer: Any, seller: Any) -> None:
    counts = {
        kind: app.get(f"/{kind}/{buyer.userid}")["thread_num"]
        for kind in ("mywts", "mywts/active", "mywts/sold_out", "mywtb", "mywtb/active", "mywtb/got_it")
    }
    assert list(counts.values()) == [3, 1, 2, 2, 2, 0]
    wanted = buyer.get(f"/mywtb/{buyer.userid}")["thread"][0]["thread_id"]
    buyer.post(f"/v1/lapak/{wanted}/prefix", prefix_id="sold")
    assert ids(app.get(f"/mywtb/got_it/{buyer.userid}")["thread"]) == [wanted]
    assert app.get("/mywts/1312008") == {
        "thread": [],
        "thread_num": 0,
        "current_page": 1,
        "total_page": 0,
        "per_page": 20,
        "cursor": "0",
    }
    app.refused(404, "GET", "/mywts/1")


@pytest.mark.parametrize("by", ["page", "cursor"])
def test_what_a_user_offers_is_paged_both_ways(app: Any, seller: Any, by: str) -> None:
    whole = ids(app.get(f"/mywts/{seller.userid}?limit=50")["thread"])
    assert len(whole) == 12
    found, cursor = [], "0"
    for page in range(1, 4):
        part = app.get(f"/mywts/{seller.userid}?limit=5&{f'page={page}' if by == 'page' else f'cursor={cursor}'}")
        found += ids(part["thread"])
        cursor = part["cursor"]
    assert found == whole


def test_ways_to_pay_are_told_in_each_spelling_that_was_seen(app: Any, buyer: Any, seller: Any) -> None:
    threads = [one for user in (buyer, seller) for one in app.get(f"/mywts/{user.userid}?limit=50")["thread"]]
    spellings = {str(one["payment_method"]) for one in threads}
    assert spellings == {"2", "{'COD': '1'}", "{'COD': '1', 'ESCROW': '2'}"}
    wanted = app.get(f"/mywtb/{buyer.userid}")["thread"]
    assert all(one["discount"] is False for one in wanted)


def test_showcases_and_similar_goods(app: Any, lapak_id: Any) -> None:
    titles = [row["title"] for row in app.get("/v1/fjb/showcases")["data"]]
    recommended = app.get("/v1/fjb/showcases?forum_ids=240")["data"][-1]
    assert recommended["title"] not in titles
    assert {thread["forum_id"] for thread in recommended["thread"]} == {240}
    lapak = lapak_id("Novel")
    similar = app.get(f"/v1/fjb/similar_products/{lapak}")["data"]
    assert lapak not in ids(similar)
    assert similar
    app.refused(404, "GET", f"/v1/fjb/similar_products/{'0' * 24}")


def test_subscribed_lapak_and_searches_show_the_goods(buyer: Any, app: Any) -> None:
    assert {one["item_price"] for one in buyer.get("/subscribe/lapak")["thread"]} == {540_000, 3_200_000, 350_000}
    found = app.get("/search/lapak?q=kopi%20condition:new%20price:<90000")["item"]
    assert {one["discounted_price"] for one in found} >= {85_000, 78_000}
