"""Answers have the keys and the JSON types of the recorded ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

DOCUMENTS = Path(__file__).parents[1] / "documents"

PATHS = {
    "forum_events": "/forum/events",
    "forum_threads": "/v1/forum/41/threads",
    "forum_top_kaskuser": "/forum/top_kaskuser",
    "forumlist": "/forumlist",
    "forumlist_of": "/forumlist/12",
    "categories": "/v1/categories",
    "forumtag_all": "/forumtag/all",
    "forumtag_fjb": "/forumtag/fjb",
    "forumtag_list_forum_tag": "/forumtag/list_forum_tag",
    "forumtag_list_navigation_info": "/forumtag/list_navigation_info",
    "hot_threads": "/v1/hot_threads",
    "content_countries": "/v1/content/countries",
    "special_events": "/v1/kaskus/special_events",
    "forum_thread": "/v1/forum_thread/{thread}",
    "mypost": "/mypost/{me}",
    "myquotedpost": "/myquotedpost",
    "mythread": "/mythread/{me}?filter=forum",
    "reputation": "/reputation",
    "search_forum": "/search/forum?q=kopi&include=facet",
    "search_forum.cursor": "/search/forum?q=kopi&cursor=0",
    "search_user": "/search/user?q=a",
    "smiley_categories": "/v1/smiley_categories",
    "smiley_kaskus_plus": "/v1/smiley_kaskus_plus",
    "whoposted": "/whoposted/{thread}",
}
FREE = {"forum_thread": "$.posts[]"}
"""Of these, the recorded answer has only what was asked for."""


def shape(value: Any, way: str = "$") -> dict[str, set[str]]:
    """The JSON types that stand at each way through a document."""
    found = {way: {"number" if type(value) in (int, float) else type(value).__name__}}
    parts = value.items() if isinstance(value, dict) else ()
    for key, part in parts:
        merge(found, shape(part, f"{way}.{key}"))
    for part in value if isinstance(value, list) else ():
        merge(found, shape(part, f"{way}[]"))
    return found


def merge(into: dict[str, set[str]], more: dict[str, set[str]]) -> None:
    for way, types in more.items():
        into.setdefault(way, set()).update(types)


def way_of(key: str) -> str:
    return key.rpartition(".")[0]


@pytest.mark.parametrize("name", PATHS)
def test_an_answer_has_the_recorded_shape(name: str, shared: Any) -> None:
    threads = shared.get("/v1/forum/41/threads")["thread"]
    found = shape(shared.get(PATHS[name].format(thread=threads[0]["thread_id"], me=1_048_211)))
    recorded = shape(json.loads((DOCUMENTS / f"{name}.json").read_text(encoding="utf-8")))
    trimmed = FREE.get(name, "none")
    for way, types in found.items():
        if way in recorded:
            loose = way.rpartition(".")[2] in NUMBER_OR_TEXT
            assert types & recorded[way] or loose, f"{way}: {types} is not {recorded[way]}"
        elif way_of(way) in recorded and not way.startswith(trimmed):
            assert way.rpartition(".")[2] in ADDED, f"{way} was never recorded"
    for way in recorded:
        missing = way_of(way) in found and way not in found and not way.endswith("[]")
        assert not missing or way.rpartition(".")[2] in OPTIONAL, f"{way} is missing"


OF_THE_APP = {"display_name", "forum_name", "image_compact", "is_rated", "is_subscribed", "is_vsl", "shared_count"}
"""Keys that the app of 2018 reads, as facts about its models show, and no recorded answer has."""
ADDED = OF_THE_APP | {
    "tagsearch",
    "first_post_id",
    "initial_prefix_id",
    "last_post_id",
    "last_post_userid",
    "last_poster",
    "open",
    "poll_id",
    "prefix_id",
    "reply_count",
    "short_url",
    "sticky",
    "views",
    "visible",
    "vote_num",
    "vote_total",
}
"""Those, and keys that other recorded answers of the same kind have."""
OPTIONAL = {
    "COD",
    "ESCROW",
    "display_order",
    "jb_settings",
    "meta_images",
    "redirect_forum_id",
    "redirect_forum_type",
    "sundul_enabled",
    "type_list",
}
"""Keys that only some recorded answers have."""
NUMBER_OR_TEXT = {"number_of_post", "reputation"}
"""Of the thread itself, text in one recorded answer and a number in another."""
