"""Searching threads, lapak and users.

All words have to be in the title, in the tags or in a post; ``*`` finds everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.entities import Thread
from kaskus_async.sandbox.forum.search_filters import fits, split_query, words_of
from kaskus_async.sandbox.operation import PUBLIC, Operation
from kaskus_async.sandbox.paging import cut, cut_at_cursor
from kaskus_async.sandbox.params import Params, to_number
from kaskus_async.sandbox.shapes import FOUND_GOODS, goods_part, thread_core, user_summary

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]

_PER_PAGE = 10


def _forum(state: KaskusState, params: Params) -> Document:
    threads = state.board.threads_of_service("forum")
    forum_id, tags = params.text("forum_id"), {tag.casefold() for tag in params.listed("tags")}
    if forum_id is not None:
        threads = [thread for thread in threads if str(thread.forum_id) == forum_id]
    if tags:
        threads = [thread for thread in threads if tags <= {tag.casefold() for tag in thread.tags}]
    found = _scored(state, threads, params.text("q") or "")
    return _answer(state, params, found, ("forum_id",))


def _recursive(service: str) -> Callable[[KaskusState, Params], Document]:
    def search(state: KaskusState, params: Params) -> Document:
        threads = state.board.threads_of_service(service)
        if params.text("forum_ids"):
            wanted = _forum_ids(state, params)
            threads = [thread for thread in threads if thread.forum_id in wanted]
        start, end = params.number("start_date", 0), params.number("end_date", 1 << 60)
        words, filters = split_query(params.text("q") or "")
        threads = [
            thread
            for thread in threads
            if start <= thread.dateline <= end and fits(thread, state.users[thread.userid], filters)
        ]
        return _answer(state, params, _scored(state, threads, words), ("forum_id",))

    return search


def _marketplace(*kinds: int) -> Callable[[KaskusState, Params], Document]:
    def search(state: KaskusState, params: Params) -> Document:
        words, filters = split_query(params.text("q") or "")
        threads = state.board.threads_of_service("classified")
        threads = [
            thread
            for thread in threads
            if thread.thread_type in kinds and fits(thread, state.users[thread.userid], filters)
        ]
        found = _sorted(state, params, _scored(state, threads, words))
        return _answer(state, params, found, ("forum_id", "prefix_id", "item_location", "item_condition"))

    return search


def _users(state: KaskusState, params: Params) -> Document:
    words = words_of(params.require("q"))
    users = [user for user in state.users.values() if all(word in user.username.casefold() for word in words)]
    page = cut(params, users, _PER_PAGE)
    return {
        "numFound": page.total,
        "start": (page.number - 1) * page.per_page,
        "querytime": 0.01,
        **page.fields(),
        "item": [{"userid": str(user.userid), "username": user.username} for user in page.items],
    }


def _groups(state: KaskusState, params: Params) -> Document:
    """The sandbox has no groups."""
    params.require("q")
    return {"item": [], "start": 0, "numFound": 0, "querytime": 0.0, "current_page": 1, "total_pages": 0}


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/search/forum", _forum, PUBLIC),
    Operation("GET", "/search/forum_tags", _forum, PUBLIC, documented=False),
    Operation("GET", "/search/forum_recursive", _recursive("forum"), PUBLIC, documented=False),
    Operation("GET", "/search/classified_recursive", _recursive("classified"), PUBLIC, documented=False),
    Operation("GET", "/search/classified", _marketplace(20, 21), PUBLIC),
    Operation("GET", "/search/lapak", _marketplace(21), PUBLIC),
    Operation("GET", "/search/user", _users, PUBLIC),
    Operation("GET", "/search/group", _groups, PUBLIC, documented=False),
)


def _found_document(state: KaskusState, thread: Thread, score: int) -> Document:
    """A thread as searches find it."""
    post = state.board.first_post(thread)
    author = state.users[thread.userid]
    document = {
        **user_summary(state, author),
        # Of these, the recorded answers have fewer; the app of 2018 reads them all.
        **thread_core(state, thread),
        "display_name": author.username,
        "score": score,
        "forum_name": state.board.forums[thread.forum_id].name,
        "post_id": post.post_id,
        "post_title": post.title,
    }
    if thread.goods is None:
        return {**document, "hot_thread": thread.hot_thread}
    return {
        **document,
        "thread_views": thread.views,
        # A public client reads the last in the results for lapak, which only those have.
        **goods_part(thread, (*FOUND_GOODS, "payment_mechanism")),
    }


def _forum_ids(state: KaskusState, params: Params) -> set[int]:
    """Those asked for and, with ``recursive``, those below them."""
    named = {forum_id for one in params.listed("forum_ids") if (forum_id := to_number(one)) is not None}
    forums = [state.board.forums[forum_id] for forum_id in named if forum_id in state.board.forums]
    families = [state.board.family(forum) if params.flag("recursive") else [forum] for forum in forums]
    return {forum.forum_id for family in families for forum in family}


def _scored(state: KaskusState, threads: Iterable[Thread], query: str) -> list[tuple[Thread, int]]:
    """The threads that have all words, best first: a word counts more in the title."""
    words = words_of(query)
    found = []
    for thread in threads:
        title = f"{thread.title} {' '.join(thread.tags)}".casefold()
        text = " ".join(post.pagetext for post in state.board.posts_of(thread)).casefold()
        if all(word in title or word in text for word in words):
            found.append((thread, sum(10 * title.count(word) + text.count(word) for word in words)))
    return sorted(found, key=lambda pair: (pair[1], pair[0].dateline), reverse=True)


def _sorted(state: KaskusState, params: Params, found: list[tuple[Thread, int]]) -> list[tuple[Thread, int]]:
    keys: dict[str, Callable[[tuple[Thread, int]], Any]] = {
        "price": lambda pair: (pair[0].goods or {}).get("item_price", 0),
        "date": lambda pair: pair[0].dateline,
        "last_post": lambda pair: state.board.last_post(pair[0]).dateline,
        "title": lambda pair: pair[0].title.casefold(),
        "username": lambda pair: state.users[pair[0].userid].username.casefold(),
    }
    key = keys.get(params.text("sort") or "")
    if key is None:
        return found
    return sorted(found, key=key, reverse=(params.text("order") or "").lower() != "asc")


def _answer(state: KaskusState, params: Params, found: list[tuple[Thread, int]], facets: tuple[str, ...]) -> Document:
    page = cut(params, found, _PER_PAGE)
    items, start = page.items, (page.number - 1) * page.per_page
    more: Document = {}
    if params.sent("cursor") is not None:
        part = cut_at_cursor(params, found, _PER_PAGE)
        items, more = part.items, {"cursor": part.following if part.following != part.cursor else ""}
    if "facet" in params.listed("include"):
        documents = [_found_document(state, thread, 0) for thread, _ in found]
        more["facet"] = {name: _facet(documents, name) for name in facets}
    return {
        "item": [_found_document(state, thread, score) for thread, score in items],
        "start": start,
        "numFound": len(found),
        "querytime": 0.01,
        "current_page": page.number,
        "total_pages": page.count,
        "per_page": page.per_page,
        **more,
    }


def _facet(documents: list[Document], name: str) -> list[Document]:
    counts = Counter(str(document[name]) for document in documents if name in document)
    return [{"value": value, "count": count} for value, count in counts.most_common()]
