"""Threads: reading them, starting them, rating them, and the hot ones."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox import bbcode
from kaskus_async.sandbox.entities import Thread
from kaskus_async.sandbox.forum.search_filters import words_of
from kaskus_async.sandbox.operation import PUBLIC, Guess, Operation
from kaskus_async.sandbox.paging import Page, cut
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import Forbidden, NotThere, Refused
from kaskus_async.sandbox.shapes import own_thread, rating, thread_core, thread_page
from kaskus_async.sandbox.times import JAKARTA

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES", "read_thread"]

Document = dict[str, Any]

_MOST_SIMILAR = 5
_HOT_OF_THE_APP = ("first_post_id", "last_post_id", "short_url", "views", "reply_count", "vote_num", "vote_total")


def read_thread(state: KaskusState, params: Params, thread: Thread) -> Document:
    """A page of a thread; ``post`` asks for the page with that post. Each reading counts as a view."""
    thread.views += 1
    posts = state.board.posts_of(thread)
    page = cut(params, posts)
    wanted = params.text("post")
    if wanted is not None:
        if wanted not in thread.post_ids:
            raise NotThere("post not found")
        number = thread.post_ids.index(wanted) // page.per_page + 1
        page = Page(posts[(number - 1) * page.per_page : number * page.per_page], number, page.per_page, page.total)
    return thread_page(state, params, thread, page)


def _any_thread(state: KaskusState, params: Params) -> Document:
    thread = state.board.thread(params.in_path("id"))
    document = read_thread(state, params, thread)
    document["thread"].setdefault("sundul_enabled", 0)
    return document if thread.goods is not None else document | _similar(state, params, thread)


def _forum_thread(state: KaskusState, params: Params) -> Document:
    thread = state.board.thread(params.in_path("id"))
    if state.board.forums[thread.forum_id].service != "forum":
        raise NotThere("thread not found")
    return read_thread(state, params, thread) | _similar(state, params, thread)


def _similar(state: KaskusState, params: Params, thread: Thread) -> Document:
    """Of the same forum, those with the most tags in common first, as the app of 2018 asks for and reads them."""
    if "similar" not in params.listed("include"):
        return {}
    forum, tags = state.board.forums[thread.forum_id], set(thread.tags)
    others = [one for one in state.board.threads_in([forum]) if one is not thread]
    nearest = sorted(others, key=lambda one: (-len(tags & set(one.tags)), -one.dateline))[:_MOST_SIMILAR]
    return {
        "similar": [
            {
                "thread_id": one.thread_id,
                "thread_title": one.title,
                "post_title": state.board.first_post(one).title,
                "thumbnail": _image(state, one),
                "thread_type": one.thread_type,
                "dateline": one.dateline,
                "last_post": state.board.last_post(one).dateline,
            }
            for one in nearest
        ],
        # Only who sells has more.
        "more_from_seller": [],
    }


def _image(state: KaskusState, thread: Thread) -> str:
    images = bbcode.images_in(state.board.first_post(thread).pagetext)
    return images[0] if images else "http://s.kaskus.example/img/hot.png"


def _beside(state: KaskusState, params: Params) -> Document:
    """``next`` is the thread with the next newer last post."""
    forum = state.board.forum(params.number_in_path("forum_id"))
    at, operation = params.number_in_path("last_post"), params.in_path("operation").lower()
    if operation not in ("next", "prev"):
        raise Refused("operation must be next or prev")
    times = {thread: state.board.last_post(thread).dateline for thread in state.board.threads_in([forum])}
    forward = operation == "next"
    candidates = {thread: time for thread, time in times.items() if (time > at if forward else time < at)}
    if not candidates:
        raise NotThere("there is no further thread")
    find = min if forward else max
    return read_thread(state, params, find(candidates, key=candidates.__getitem__))


def _start(state: KaskusState, params: Params) -> Document:
    me, title, message = params.me, params.require("title"), params.require("message")
    forum = state.board.forum(params.require_number("forum_id"))
    if forum.service != "forum":
        raise Refused("forum_id must be that of a forum", details={"forum_id": "forum"})
    if not forum.open:
        raise Forbidden("no thread can be started here")
    thread = state.board.add_thread(me, forum, title, message)
    return {"thread_id": thread.thread_id, "post_id": thread.post_ids[0]}


def _rate(state: KaskusState, params: Params) -> Document:
    me, thread = params.me, state.board.thread(params.in_path("id"))
    rate = params.require_number("rate")
    if not 1 <= rate <= 5:
        raise Refused("rate must be 1 to 5", details={"rate": "range"})
    if me.userid in thread.votes:
        raise Refused("a user can only rate a thread once")
    thread.votes[me.userid] = rate
    return {"result": True}


def _of_user(state: KaskusState, params: Params) -> Document:
    user = state.user(params.number_in_path("user_id"))
    threads = [thread for thread in reversed(state.board.threads.values()) if thread.userid == user.userid]
    if params.text("filter") == "forum":
        threads = [thread for thread in threads if state.board.forums[thread.forum_id].service == "forum"]
    page = cut(params, threads)
    return {
        "thread": [own_thread(state, thread) for thread in page.items],
        "thread_num": page.total,
        **page.fields(),
    }


def _hot(state: KaskusState, params: Params) -> Document:
    hot = [thread_id for thread_id, heat in state.board.heats.items() if heat.current]
    return {
        "data": [_hot_document(state, params, thread_id) for thread_id in hot],
        "meta": {"cache_key": "hot_threads", "cached": False, "cached_from": state.now()},
    }


def _hot_archives(state: KaskusState, params: Params) -> Document | Guess:
    """Recorded was an empty list only, so what is in it is taken from the current ones."""
    words, day = words_of(params.text("q") or ""), params.text("date")
    found = []
    for thread_id, heat in state.board.heats.items():
        thread = state.board.threads[thread_id]
        text = f"{thread.title} {state.board.first_post(thread).pagetext}".casefold()
        fits = all(word in text for word in words) and day in (None, _day(heat.start, "%Y-%m-%d"))
        if fits and not heat.current:
            found.append(_hot_document(state, params, thread_id))
    return Guess({"data": found}) if found else {"data": []}


def _who_posted(state: KaskusState, params: Params) -> Document:
    posts = state.board.posts_of(state.board.thread(params.in_path("thread_id")))
    counts = Counter(post.userid for post in posts)
    return {
        "users": [
            {"userid": userid, "username": state.users[userid].username, "total_post": count}
            for userid, count in counts.most_common()
        ],
        "total_post": len(posts),
    }


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/v1/thread/{id}", _any_thread, PUBLIC),
    Operation("GET", "/v1/forum_thread/{id}", _forum_thread, PUBLIC),
    Operation("GET", "/v1/thread/{forum_id}/{last_post}/{operation}", _beside, PUBLIC, documented=False),
    Operation("POST", "/v1/forum_thread", _start, documented=False),
    Operation("POST", "/v1/thread/{id}/rate", _rate, documented=False),
    Operation("GET", "/mythread/{user_id}", _of_user, PUBLIC),
    Operation("GET", "/whoposted/{thread_id}", _who_posted, PUBLIC),
    Operation("GET", "/v1/hot_threads", _hot, PUBLIC),
    Operation("GET", "/v1/hot_thread_archives", _hot_archives, PUBLIC),
)


def _hot_document(state: KaskusState, params: Params, thread_id: str) -> Document:
    thread, heat = state.board.threads[thread_id], state.board.heats[thread_id]
    core, first = thread_core(state, thread), state.board.first_post(thread)
    document = {
        "thread_id": thread_id,
        "title": thread.title,
        "forum_name": state.board.forums[thread.forum_id].name,
        "forum_id": thread.forum_id,
        "username": state.users[thread.userid].username,
        "user_id": thread.userid,
        "thread_type": thread.thread_type,
        "hot_thread_start_timestamp": heat.start,
        "hot_thread_start_date": _day(heat.start, "%Y%m%d"),
        "hot_thread_end_date": _day(heat.end, "%Y%m%d"),
        "hot_thread_flag": 1,
        "rating": rating(thread),
        "image": _image(state, thread),
        # From here on, what the app of 2018 reads; the recorded answer has only the votes of it.
        **{name: core[name] for name in _HOT_OF_THE_APP},
        "display_name": state.users[thread.userid].username,
        "image_compact": _image(state, thread),
        "shared_count": 0,
        "is_subscribed": params.user is not None and thread_id in state.subscriptions.threads_of(params.user.userid),
    }
    if "preview" in params.listed("include"):
        document["first_post_preview"] = bbcode.as_text(first.pagetext)[:160]
    return document


def _day(at: int, pattern: str) -> str:
    return datetime.datetime.fromtimestamp(at, JAKARTA).strftime(pattern)
