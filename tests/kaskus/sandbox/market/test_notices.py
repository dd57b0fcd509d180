"""What the marketplace tells both sides."""

from __future__ import annotations

from typing import Any

PATH = "/v1/fjb/notifications"


def test_a_purchase_is_told_to_the_seller_until_it_is_read(
    buyer: Any, seller: Any, lapak_id: Any, delivery: Any, newest_invoice: Any
) -> None:
    unread = seller.get(f"{PATH}/count")["count"]
    buyer.post(f"/v1/fjb/lapak/{lapak_id('Kopi Toraja')}/buy_now", quantity=1, **delivery)
    assert seller.get(f"{PATH}/count")["count"] == unread + 1
    newest = seller.get(PATH)["data"][0]
    assert (newest["object_id"], newest["is_read"]) == (newest_invoice()["id"], 0)
    assert seller.get(f"{PATH}?action_ids={newest['action_id']}")["data"][0] == newest
    seller.post(f"{PATH}/{newest['id']}")
    assert seller.get(PATH)["data"][0] == newest | {"is_read": 1}
    assert seller.get(f"{PATH}/count")["count"] == unread
    buyer.refused(404, "POST", f"{PATH}/{newest['id']}")


def test_the_summary_counts_what_is_unread_by_kind(buyer: Any) -> None:
    summary = buyer.get("/v1/fjb/notification/summaries")["data"]
    assert sum(kind["count"] for kind in summary) == buyer.get(f"{PATH}/count")["count"] > 0
    kinds = ",".join(str(kind["action_id"]) for kind in summary)
    assert buyer.get(f"/v1/fjb/notification/summaries?action_ids={kinds}")["data"] == summary
    assert buyer.get(f"{PATH}/count?action_ids=99")["count"] == 0


def test_notices_are_listed_by_cursor_newest_first(buyer: Any) -> None:
    found = buyer.all_by_cursor(PATH, 4)
    assert len({notice["id"] for notice in found}) == len(found) > 8
    times = [notice["dateline"] for notice in found]
    assert times == sorted(times, reverse=True)
