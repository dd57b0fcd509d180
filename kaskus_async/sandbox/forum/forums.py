"""Forums: the tree, and the threads of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.entities import Forum, Thread
from kaskus_async.sandbox.forum.smileys import plain_smileys
from kaskus_async.sandbox.forum.tags import tags_of
from kaskus_async.sandbox.operation import PUBLIC, Operation
from kaskus_async.sandbox.paging import cut
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.shapes import listed_thread, rating

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES", "forum_head", "sorted_threads", "subforum"]

Document = dict[str, Any]

_CAPPED_AT = 20_000
"""No forum was seen to list more threads than that, however many it has."""


def _forum_threads(state: KaskusState, params: Params) -> Document:
    forum = state.board.forum(params.number_in_path("id"))
    threads = state.board.threads_in([forum])
    tags = {tag.casefold() for tag in params.listed("tags")}
    if tags:
        threads = [thread for thread in threads if tags & {tag.casefold() for tag in thread.tags}]
    page = cut(params, sorted_threads(state, params, threads)[:_CAPPED_AT])
    preview = "preview" in params.listed("include")
    hot = [thread for thread in threads if thread.hot_thread]
    return {
        "forum": forum_head(state, forum),
        "subforum": [subforum(state, child) for child in state.board.children(forum)],
        "top_thread": [
            {**listed_thread(state, thread), "meta_images": {"primary": ""}, "ht_title": thread.title} for thread in hot
        ],
        "top_feature": [],
        "thread": [listed_thread(state, thread, preview=preview) for thread in page.items],
        "thread_num": page.total,
        **page.fields(),
    }


def sorted_threads(state: KaskusState, params: Params, threads: list[Thread]) -> list[Thread]:
    """Threads by ``sort`` and ``order``; without them, that with the newest post first."""
    keys = {
        "thread": lambda thread: thread.title.casefold(),
        "postusername": lambda thread: state.users[thread.userid].username.casefold(),
        "views": lambda thread: thread.views,
        "replycount": lambda thread: len(thread.post_ids),
        "rating": rating,
        "price": lambda thread: (thread.goods or {}).get("item_price", 0),
    }
    key = keys.get((params.text("sort") or "").lower(), lambda thread: state.board.last_post(thread).dateline)
    return sorted(threads, key=key, reverse=(params.text("order") or "").lower() != "asc")


def _forum_list(state: KaskusState, params: Params) -> list[Document]:
    return [_forum_row(state, forum) for forum in state.board.forums.values()]


def _forum_list_below(state: KaskusState, params: Params) -> list[Document]:
    forum = state.board.forum(params.number_in_path("forum_id"))
    return [_forum_row(state, one) for one in state.board.family(forum)[1:]]


def _categories(state: KaskusState, params: Params) -> list[Document]:
    return [
        {**_forum_row(state, forum), "display_order": str(forum.display_order)}
        for forum in state.board.forums.values()
        if forum.service == "classified"
    ]


def _forum_info(state: KaskusState, params: Params) -> Document:
    return {
        "forumlist": _forum_list(state, params),
        "forumtag": {"data": tags_of(state, "forum")},
        "smiley": plain_smileys(),
    }


def _settings(state: KaskusState, params: Params) -> Document:
    return {
        "title": {"max": 85, "min": 1, "required": True},
        "message": {"max": 50_000, "min": 1, "required": True},
        "search_tags": {"max": 5, "min": 0, "required": False},
    }


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/foruminfo", _forum_info, PUBLIC, documented=False),
    Operation("GET", "/forumlist", _forum_list, PUBLIC),
    Operation("GET", "/forumlist/{forum_id}", _forum_list_below, PUBLIC),
    Operation("GET", "/v1/categories", _categories, PUBLIC),
    Operation("GET", "/v1/forum/{id}/threads", _forum_threads, PUBLIC),
    Operation("GET", "/v1/forum/settings", _settings, PUBLIC, documented=False),
)


def _forum_row(state: KaskusState, forum: Forum) -> Document:
    return {
        "forum_id": str(forum.forum_id),
        "name": forum.name,
        "description": forum.description,
        "parent_id": str(forum.parent_id),
        "parent_list": state.board.parent_list(forum),
        "child_list": state.board.child_list(forum),
        "visible": "1",
        "icon_url": forum.icon_url,
    }


def subforum(state: KaskusState, forum: Forum) -> Document:
    """A forum in the list of those of its parent."""
    threads = state.board.threads_in(state.board.family(forum))
    newest = max(threads, key=lambda thread: state.board.last_post(thread).dateline, default=None)
    last = state.board.last_post(newest) if newest is not None else None
    return {
        "forum_id": str(forum.forum_id),
        "name": forum.name,
        "description": forum.description,
        "last_post_id": last.post_id if last else "",
        "last_post": str(last.dateline) if last else "",
        "last_poster": state.users[last.userid].username if last else "",
        "last_thread_id": newest.thread_id if newest else "",
        "last_thread_title": newest.title if newest else "",
        "service": forum.service,
        "forum_icon": forum.icon_url,
    }


def forum_head(state: KaskusState, forum: Forum) -> Document:
    """The forum that a listing of threads is of."""
    threads = state.board.threads_in(state.board.family(forum))
    line = subforum(state, forum)
    newest = state.board.threads.get(line["last_thread_id"])
    return {
        **line,
        "thread_count": str(len(threads)),
        "post_count": str(sum(len(thread.post_ids) for thread in threads)),
        "visible": "1",
        "last_thread_starter": state.users[newest.userid].username if newest else "",
    }
