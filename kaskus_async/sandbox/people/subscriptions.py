"""What one subscribed to. Only the list of lapak has a documented shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox import bbcode
from kaskus_async.sandbox.entities import Thread
from kaskus_async.sandbox.market.documents import listed_goods
from kaskus_async.sandbox.operation import Operation
from kaskus_async.sandbox.paging import cut
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.shapes import listed_thread

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]


def _lapak(state: KaskusState, params: Params) -> Document:
    page = cut(params, [thread for thread in _mine(state, params) if thread.goods is not None])
    return {
        "thread": [listed_goods(state, state.market.goods[thread.thread_id]) for thread in page.items],
        "thread_num": page.total,
        **page.fields(),
    }


def _threads(state: KaskusState, params: Params) -> Document:
    return _listed(state, params, [thread for thread in _mine(state, params) if thread.goods is None])


def _images(state: KaskusState, params: Params) -> Document:
    threads = [thread for thread in _mine(state, params) if thread.goods is None]
    return _listed(
        state,
        params,
        [thread for thread in threads if bbcode.images_in(state.board.first_post(thread).pagetext)],
    )


def _videos(state: KaskusState, params: Params) -> Document:
    return _listed(state, params, [])


def _forums(state: KaskusState, params: Params) -> Document:
    return _of_service(state, params, "forum")


def _categories(state: KaskusState, params: Params) -> Document:
    return _of_service(state, params, "classified")


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/subscribe/lapak", _lapak),
    Operation("GET", "/v1/user/subscription/threads", _threads, documented=False),
    Operation("GET", "/v1/user/subscription/images", _images, documented=False),
    Operation("GET", "/v1/user/subscription/videos", _videos, documented=False),
    Operation("GET", "/v1/user/subscription/forums", _forums, documented=False),
    Operation("GET", "/v1/user/subscription/fjb_categories", _categories, documented=False),
)


def _mine(state: KaskusState, params: Params) -> list[Thread]:
    return [state.board.threads[thread_id] for thread_id in state.subscriptions.threads_of(params.me.userid)]


def _listed(state: KaskusState, params: Params, threads: list[Thread]) -> Document:
    page = cut(params, threads)
    return {
        "thread": [listed_thread(state, thread) for thread in page.items],
        "thread_num": page.total,
        **page.fields(),
    }


def _of_service(state: KaskusState, params: Params, service: str) -> Document:
    forums = [state.board.forums[forum_id] for forum_id in state.subscriptions.forums_of(params.me.userid)]
    page = cut(params, [forum for forum in forums if forum.service == service], 10)
    return {
        "data": [
            {"forum_id": str(forum.forum_id), "name": forum.name, "icon_url": forum.icon_url} for forum in page.items
        ],
        "total": page.total,
        **page.fields(),
    }
