"""What one subscribed to. Only the list of lapak has a documented shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox import bbcode
from kaskus_async.sandbox.asked import Asked
from kaskus_async.sandbox.entities import Thread
from kaskus_async.sandbox.market_documents import listed_goods
from kaskus_async.sandbox.operation import Operation
from kaskus_async.sandbox.paging import cut
from kaskus_async.sandbox.shapes import listed_thread

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]


def _lapak(state: KaskusState, asked: Asked) -> Document:
    page = cut(asked, [thread for thread in _mine(state, asked) if thread.goods is not None])
    return {
        "thread": [listed_goods(state, state.market.goods[thread.thread_id]) for thread in page.items],
        "thread_num": page.total,
        **page.fields(),
    }


def _threads(state: KaskusState, asked: Asked) -> Document:
    return _listed(state, asked, [thread for thread in _mine(state, asked) if thread.goods is None])


def _images(state: KaskusState, asked: Asked) -> Document:
    threads = [thread for thread in _mine(state, asked) if thread.goods is None]
    return _listed(
        state,
        asked,
        [thread for thread in threads if bbcode.images_in(state.board.first_post(thread).pagetext)],
    )


def _videos(state: KaskusState, asked: Asked) -> Document:
    return _listed(state, asked, [])


def _forums(state: KaskusState, asked: Asked) -> Document:
    return _of_service(state, asked, "forum")


def _categories(state: KaskusState, asked: Asked) -> Document:
    return _of_service(state, asked, "classified")


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/subscribe/lapak", _lapak),
    Operation("GET", "/v1/user/subscription/threads", _threads, documented=False),
    Operation("GET", "/v1/user/subscription/images", _images, documented=False),
    Operation("GET", "/v1/user/subscription/videos", _videos, documented=False),
    Operation("GET", "/v1/user/subscription/forums", _forums, documented=False),
    Operation("GET", "/v1/user/subscription/fjb_categories", _categories, documented=False),
)


def _mine(state: KaskusState, asked: Asked) -> list[Thread]:
    return [state.board.threads[thread_id] for thread_id in state.subscriptions.threads_of(asked.me.userid)]


def _listed(state: KaskusState, asked: Asked, threads: list[Thread]) -> Document:
    page = cut(asked, threads)
    return {
        "thread": [listed_thread(state, thread) for thread in page.items],
        "thread_num": page.total,
        **page.fields(),
    }


def _of_service(state: KaskusState, asked: Asked, service: str) -> Document:
    forums = [state.board.forums[forum_id] for forum_id in state.subscriptions.forums_of(asked.me.userid)]
    page = cut(asked, [forum for forum in forums if forum.service == service], 10)
    return {
        "data": [
            {"forum_id": str(forum.forum_id), "name": forum.name, "icon_url": forum.icon_url} for forum in page.items
        ],
        "total": page.total,
        **page.fields(),
    }
