"""Listings of goods: by category, by user, the newest, the similar."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.forum.forums import forum_head, sorted_threads, subforum
from kaskus_async.sandbox.market.documents import listed_goods, own_goods, related_goods
from kaskus_async.sandbox.market.fields import wrong
from kaskus_async.sandbox.market.similar import similar_goods
from kaskus_async.sandbox.operation import PUBLIC, Operation
from kaskus_async.sandbox.paging import cut
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.stores.goods import Goods

if TYPE_CHECKING:
    from kaskus_async.sandbox.entities import Forum
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES", "after_cursor", "cursor_of"]

Document = dict[str, Any]

_NEWEST_OF_EACH = 5
_FIRST = "0"


def _category_threads(state: KaskusState, params: Params) -> Document:
    forum = _category(state, params)
    page = cut(params, _sorted(state, params, _in(state, forum)))
    return {
        "forum": forum_head(state, forum),
        "subforum": [subforum(state, child) for child in state.board.children(forum)],
        "top_thread": [],
        "top_feature": [],
        "thread": [listed_goods(state, goods) for goods in page.items],
        "thread_num": page.total,
        **page.fields(),
    }


def _category_lapak(state: KaskusState, params: Params) -> Document:
    """By number of a page, or after the lapak that ``cursor`` names."""
    found = _sorted(state, params, [goods for goods in _in(state, _category(state, params)) if goods.is_lapak])
    cursor = params.text("cursor")
    page = cut(params, found)
    items: Sequence[Goods] = page.items
    if cursor is not None:
        start = 0
        if cursor != _FIRST:
            numbers = [number for number, goods in enumerate(found) if goods.thread.thread_id == cursor]
            start = numbers[0] + 1 if numbers else len(found)
        items = found[start : start + page.per_page]
    return {
        "thread": [listed_goods(state, goods) for goods in items],
        "thread_num": page.total,
        **page.fields(),
        "cursor": items[-1].thread.thread_id if items else cursor or _FIRST,
    }


def _latest(state: KaskusState, params: Params) -> Document:
    forum_ids = list(dict.fromkeys(params.listed("forum_ids")))
    if not forum_ids:
        raise wrong("forum_ids", "be numbers of forums")
    newest: list[Goods] = []
    for forum_id in forum_ids:
        found = [one for one in _newest_first(state) if str(one.thread.forum_id) == forum_id and _is_for_sale(one)]
        newest += found[:_NEWEST_OF_EACH]
    newest.sort(key=_age)
    cursor = params.text("cursor") or _FIRST
    part = after_cursor(newest, cursor)[: params.limit(5)]
    return {
        "thread": [
            {**listed_goods(state, goods), "total_badge": len(state.users[goods.thread.userid].badges)}
            for goods in part
        ],
        "cursor": cursor_of(part[-1]) if part else cursor,
    }


def _of_user(prefix: str, wanted: Callable[[Goods], bool]) -> Callable[[KaskusState, Params], Document]:
    """What a user offers or wants. The pages are asked for by number or by the cursor that stands beside it."""

    def listing(state: KaskusState, params: Params) -> Document:
        user = state.user(params.number_in_path("user_id"))
        found = [
            goods
            for goods in _newest_first(state)
            if goods.thread.userid == user.userid
            and goods.is_lapak
            and goods.thread.initial_prefix_id == prefix
            and wanted(goods)
        ]
        page, cursor = cut(params, found), params.text("cursor")
        items = page.items if cursor is None else after_cursor(found, cursor)[: page.per_page]
        return {
            "thread": [own_goods(state, goods) for goods in items],
            "thread_num": page.total,
            **page.fields(),
            "cursor": cursor_of(items[-1]) if items else cursor or _FIRST,
        }

    return listing


def _similar(state: KaskusState, params: Params) -> Document:
    goods = state.market.lapak(params.in_path("lapak_id"))
    return {"data": [related_goods(state, one) for one in similar_goods(state.market, goods)]}


def _showcases(state: KaskusState, params: Params) -> Document:
    wanted = params.listed("forum_ids")
    on_sale = [goods for goods in _newest_first(state) if _is_for_sale(goods)]
    cheap = sorted((goods for goods in on_sale if goods.discount), key=lambda goods: -goods.discount)
    chosen = [goods for goods in on_sale if str(goods.thread.forum_id) in wanted]
    rows = (("Diskon Terbesar", cheap), ("Terbaru", on_sale), ("Rekomendasi", chosen))
    return {
        "data": [
            {"title": title, "thread": [listed_goods(state, one) for one in found[:5]]}
            for title, found in rows
            if found
        ]
    }


def _any(goods: Goods) -> bool:
    return True


def _is_sold(goods: Goods) -> bool:
    return goods.thread.prefix_id == "SOLD"


def _is_active(goods: Goods) -> bool:
    return not _is_sold(goods)


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/v1/fjb/{id}/threads", _category_threads, PUBLIC),
    Operation("GET", "/v1/fjb/{id}/lapaks", _category_lapak, PUBLIC, documented=False),
    Operation("GET", "/latest_products", _latest, PUBLIC),
    Operation("GET", "/mywts/{user_id}", _of_user("WTS", _any), PUBLIC),
    Operation("GET", "/mywts/active/{user_id}", _of_user("WTS", _is_active), PUBLIC),
    Operation("GET", "/mywts/sold_out/{user_id}", _of_user("WTS", _is_sold), PUBLIC),
    Operation("GET", "/mywtb/{user_id}", _of_user("WTB", _any), PUBLIC),
    Operation("GET", "/mywtb/active/{user_id}", _of_user("WTB", _is_active), PUBLIC),
    Operation("GET", "/mywtb/got_it/{user_id}", _of_user("WTB", _is_sold), PUBLIC),
    Operation("GET", "/v1/fjb/similar_products/{lapak_id}", _similar, PUBLIC, documented=False),
    Operation("GET", "/v1/fjb/showcases", _showcases, PUBLIC, documented=False),
)


def _category(state: KaskusState, params: Params) -> Forum:
    forum = state.board.forum(params.number_in_path("id"))
    if forum.service != "classified":
        raise wrong("id", "be that of a category of the marketplace")
    return forum


def _in(state: KaskusState, forum: Forum) -> list[Goods]:
    return [goods for goods in state.market.goods.values() if goods.thread.forum_id == forum.forum_id]


def _sorted(state: KaskusState, params: Params, found: list[Goods]) -> list[Goods]:
    """By ``sort`` and ``order``; a thread that was bumped counts as one with a new post."""
    if (params.text("sort") or "lastpost").lower() == "lastpost":
        newest = (params.text("order") or "").lower() != "asc"
        last = {one: max(one.bumped, state.board.last_post(one.thread).dateline) for one in found}
        return sorted(found, key=last.__getitem__, reverse=newest)
    return [state.market.goods[thread.thread_id] for thread in sorted_threads(state, params, [g.thread for g in found])]


def _newest_first(state: KaskusState) -> list[Goods]:
    return sorted(state.market.goods.values(), key=_age)


def _is_for_sale(goods: Goods) -> bool:
    return goods.is_lapak and goods.thread.prefix_id == "WTS"


def _age(goods: Goods) -> tuple[int, str]:
    return -goods.thread.dateline, goods.thread.thread_id


def after_cursor(found: list[Goods], cursor: str) -> list[Goods]:
    """What comes after a place in a listing from new to old, even if the thread of that place has gone."""
    try:
        at, _, thread_id = base64.b64decode(cursor + "=" * (-len(cursor) % 4), validate=True).decode().partition(",")
        place = -int(at), thread_id
    except (binascii.Error, ValueError):
        return found
    return [goods for goods in found if _age(goods) > place]


def cursor_of(goods: Goods) -> str:
    """The place of a thread in a listing from new to old."""
    # Those seen are base64 without padding; one held a time, one a text with commas.
    return base64.b64encode(f"{goods.thread.dateline},{goods.thread.thread_id}".encode()).decode().rstrip("=")
