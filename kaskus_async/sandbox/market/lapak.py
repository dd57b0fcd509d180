"""Threads of the marketplace: opening, reading, changing and bumping them, and the posts in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.entities import Post
from kaskus_async.sandbox.forum.posts import change_post, read_post, write_post
from kaskus_async.sandbox.forum.threads import read_thread
from kaskus_async.sandbox.market.documents import publish, related_goods
from kaskus_async.sandbox.market.fields import wrong
from kaskus_async.sandbox.market.similar import of_same_seller, similar_goods
from kaskus_async.sandbox.market.terms import prefix_field, read_terms
from kaskus_async.sandbox.operation import PUBLIC, Operation
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import Forbidden, NotThere, Refused
from kaskus_async.sandbox.stores.goods import LAPAK, Goods
from kaskus_async.sandbox.stores.market import check_owner

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]


def _open_lapak(state: KaskusState, params: Params) -> Document:
    me, title, message = params.me, params.require("title"), params.require("message")
    forum = state.board.forum(params.require_number("forum_id"))
    if forum.service != "classified" or not forum.open:
        raise wrong("forum_id", "be that of a category of the marketplace")
    terms = read_terms(state, params, lapak=True)
    prefix = terms.prefix or "WTS"
    if "price" not in terms.values and prefix == "WTS":
        raise Refused("price is required", details={"price": "required"})
    thread = state.board.add_thread(me, forum, title, message, thread_type=LAPAK, prefix_id=prefix)
    goods = state.market.add_goods(Goods(thread=thread, price=0))
    terms.apply(goods)
    publish(state, goods)
    return _ids(state.board.first_post(thread))


def _set_prefix(state: KaskusState, params: Params) -> Document:
    goods = state.market.own_lapak(params.in_path("id"), params.me.userid)
    params.require("prefix_id")
    goods.thread.prefix_id = prefix_field(params, "prefix_id") or ""
    publish(state, goods)
    return {"thread_id": goods.thread.thread_id, "prefix_id": goods.thread.prefix_id}


def _bump_lapak(state: KaskusState, params: Params) -> Document:
    return _bump(state, state.market.own_lapak(params.in_path("id"), params.me.userid))


def _bump_thread(state: KaskusState, params: Params) -> Document:
    goods = state.market.goods_of(params.in_path("id"))
    check_owner(goods.thread, params.me.userid)
    return _bump(state, goods)


def _bump(state: KaskusState, goods: Goods) -> Document:
    if goods.bumps >= state.sundul_count:
        raise Refused("no sundul is left")
    goods.bumps, goods.bumped = goods.bumps + 1, state.now()
    publish(state, goods)
    return {"sundul_count": goods.bumps, "sundul_count_remainder": max(state.sundul_count - goods.bumps, 0)}


def _read_lapak(state: KaskusState, params: Params) -> Document:
    return _read(state, params, state.market.lapak(params.in_path("id")))


def _read_any(state: KaskusState, params: Params) -> Document:
    return _read(state, params, state.market.goods_of(params.in_path("id")))


def _read(state: KaskusState, params: Params, goods: Goods) -> Document:
    publish(state, goods)
    document = read_thread(state, params, goods.thread)
    document["thread"]["feedback"] = state.market.feedback_counts(goods.thread.userid)
    if "similar" in params.listed("include"):
        document["similar"] = [related_goods(state, one) for one in similar_goods(state.market, goods)]
        document["more_from_seller"] = [related_goods(state, one) for one in of_same_seller(state.market, goods)]
    return document


def _read_post(state: KaskusState, params: Params) -> Document:
    return read_post(state, params, "classified")


def _read_lapak_post(state: KaskusState, params: Params) -> Document:
    state.market.lapak(state.board.post(params.in_path("id")).thread_id)
    return _read_post(state, params)


def _write_post(state: KaskusState, params: Params) -> Document:
    return write_post(state, params, "classified")


def _write_lapak_post(state: KaskusState, params: Params) -> Document:
    state.market.lapak(params.require("thread_id"))
    return _write_post(state, params)


def _edit_any_post(state: KaskusState, params: Params) -> Document:
    """The oldest way to edit, for posts of forums and of the marketplace."""
    post = state.board.post(params.in_path("post_id"))
    if state.board.threads[post.thread_id].goods is None:
        return change_post(state, params, post)
    return _edit(state, params, post, lapak=False)


def _edit_post(state: KaskusState, params: Params) -> Document:
    return _edit(state, params, state.board.post(params.in_path("id")), lapak=False)


def _edit_lapak_post(state: KaskusState, params: Params) -> Document:
    return _edit(state, params, state.board.post(params.in_path("id")), lapak=True)


def _edit(state: KaskusState, params: Params, post: Post, *, lapak: bool) -> Document:
    """Change what the call names. The first post has the goods."""
    goods = state.market.goods_of(post.thread_id)
    if lapak and not goods.is_lapak:
        raise NotThere("post not found")
    if post.userid != params.me.userid:
        raise Forbidden("only its author may edit a post")
    terms = read_terms(state, params, lapak=lapak)
    state.board.edit_post(post, pagetext=params.text("message"), title=params.text("title"))
    if goods.thread.post_ids[0] == post.post_id:
        terms.apply(goods)
        publish(state, goods)
    return _ids(post)


def _ids(post: Post) -> Document:
    return {"thread_id": post.thread_id, "post_id": post.post_id}


ROUTES: tuple[Operation, ...] = (
    Operation("POST", "/v1/lapak", _open_lapak, documented=False),
    Operation("GET", "/v1/lapak/{id}", _read_lapak, PUBLIC),
    Operation("POST", "/v1/lapak/{id}/prefix", _set_prefix, documented=False),
    Operation("POST", "/v1/lapak/{id}/sundul", _bump_lapak, documented=False),
    Operation("GET", "/v1/fjb_thread/{id}", _read_any, PUBLIC),
    Operation("POST", "/v1/fjb_thread/{id}/sundul", _bump_thread, documented=False),
    Operation("GET", "/v1/lapak_post/{id}", _read_lapak_post, PUBLIC, documented=False),
    Operation("POST", "/v1/lapak_post", _write_lapak_post, documented=False),
    Operation("POST", "/v1/lapak_post/{id}/edit", _edit_lapak_post, documented=False),
    Operation("GET", "/v1/fjb_post/{id}", _read_post, PUBLIC),
    Operation("POST", "/v1/fjb_post", _write_post, documented=False),
    Operation("POST", "/v1/fjb_post/{id}/edit", _edit_post, documented=False),
    Operation("POST", "/post/{post_id}", _edit_any_post, documented=False),
)
