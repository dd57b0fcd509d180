"""What the app's clients of 2018 ask for and read, and the older references do not show."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

THREAD = {
    "views",
    "short_url",
    "reply_count",
    "vote_num",
    "vote_total",
    "first_post_id",
    "last_post_id",
    "display_name",
}
SIMILAR = {"thread_id", "thread_title", "post_title", "thumbnail", "thread_type", "dateline", "last_post"}


@pytest.mark.parametrize(
    "path", ["forum", "forum_tags", "forum_recursive", "classified", "classified_recursive", "lapak"]
)
@pytest.mark.parametrize("query", ["*", "**", "*:*", "* *"])
def test_a_star_finds_everything(me: Any, path: str, query: str) -> None:
    everything = me.get(f"/search/{path}?q={quote(query)}")
    assert everything["numFound"] == me.get(f"/search/{path}")["numFound"] > 5


def test_a_star_beside_letters_stands_for_further_ones(me: Any) -> None:
    found = me.get("/search/forum?q=kop*")["numFound"]
    assert 0 < found == me.get("/search/forum?q=kop")["numFound"] < me.get("/search/forum?q=*")["numFound"]
    assert me.get("/search/user?q=*")["numFound"] == me.get("/search/user?q=**")["numFound"] > 10
    assert me.get("/search/forum?q=tidakadakata%20*")["numFound"] == 0


def test_the_threads_of_searches_and_listings_have_the_fields_of_the_app(me: Any) -> None:
    for item in me.get("/search/forum?q=*")["item"]:
        assert item.keys() > THREAD | {"score", "forum_name", "post_id"}
        assert item["reply_count"] >= 0
    for item in me.get("/v1/hot_threads")["data"]:
        assert item.keys() > THREAD | {"image_compact", "shared_count", "is_subscribed"}
    thread = me.get("/v1/forum/41/threads")["thread"][0]
    assert thread.keys() > THREAD
    page = me.get(f"/v1/forum_thread/{thread['thread_id']}")
    assert page["thread"].keys() > THREAD | {"forum_name", "shared_count", "is_subscribed", "is_rated"}
    assert all(post["display_name"] == post["post_username"] for post in page["posts"])


def test_a_thread_of_a_forum_comes_with_similar_ones_where_asked(me: Any) -> None:
    thread_id = me.get("/v1/forum/41/threads")["thread"][0]["thread_id"]
    assert "similar" not in me.get(f"/v1/forum_thread/{thread_id}")
    for path in ("forum_thread", "thread"):
        page = me.get(f"/v1/{path}/{thread_id}?include=similar")
        assert page["more_from_seller"] == []
        assert 0 < len(page["similar"]) <= 5
        for one in page["similar"]:
            assert one.keys() == SIMILAR
            assert one["thread_id"] != thread_id
            assert me.get(f"/v1/forum_thread/{one['thread_id']}")["thread"]["forum_id"] == 41
