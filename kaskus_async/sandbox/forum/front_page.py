"""What the site shows beside its forums: navigation, the best users, events, and what is worth reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox import bbcode
from kaskus_async.sandbox.entities import Forum, Thread
from kaskus_async.sandbox.forum.forums import sorted_threads, subforum
from kaskus_async.sandbox.operation import PUBLIC, Operation
from kaskus_async.sandbox.paging import cut
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.shapes import listed_thread, thread_core, user_line, user_summary
from kaskus_async.sandbox.times import NEWEST

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]


def _navigation(state: KaskusState, params: Params) -> list[Document]:
    return [
        {
            "navigation_id": str(number),
            "name": name,
            "navigation_icon": "",
            "navigation_url": f"http://www.kaskus.example/{path}",
            "description": "",
            "flag_clickable": "1",
            "order": str(number),
        }
        for number, (name, path) in enumerate((("Beranda", ""), ("Forum", "forum"), ("Jual Beli", "fjb")), start=1)
    ]


def _top_users(state: KaskusState, params: Params) -> Document:
    best = sorted(state.users.values(), key=lambda user: (-state.reputation_of(user), user.userid))[:10]
    return {
        "top_users": [user_line(state, user) for user in best],
        "top_moderators": [],
        "top_regional_leaders": [],
    }


def _events(state: KaskusState, params: Params) -> Document:
    live, *_, meeting, _ = state.board.threads_of_service("forum")
    start = NEWEST + 5 * 86_400
    return {
        "kaskus_live": {
            **_event_thread(state, live),
            "meta_images": [],
            "live_id": "8",
            "image": "http://s.kaskus.example/img/live.png",
            "link": "http://live.kaskus.example/8",
            "description": "Bincang sore bersama warga",
            "date": "25-Mei-2024",
            "day": "Sabtu",
            "time_start": 16,
            "time_end": 18,
            "date_event": True,
        },
        "event_calendar": [
            {
                **_event_thread(state, meeting),
                "sticky": str(meeting.sticky),
                "meta_images": ["http://gambar.example/kopdar.png"],
                "event_id": "31",
                "thread_title": meeting.title,
                "thread_link": f"http://www.kaskus.example/thread/{meeting.thread_id}",
                "date": start,
                "location": "Kotabaru, Yogyakarta",
                "name": state.users[meeting.userid].username,
                "phone": "",
            }
        ],
    }


def _recommendations(state: KaskusState, params: Params) -> Document:
    wanted = set(params.listed("forum_ids")[:10])
    forums = [forum for forum in _open_forums(state) if not wanted or str(forum.forum_id) in wanted]
    return {"data": {"forums": [subforum(state, forum) for forum in forums[:5]]}}


def _showcases(state: KaskusState, params: Params) -> Document:
    return {
        "data": [
            {
                "forum_id": str(forum.forum_id),
                "name": forum.name,
                "threads": [listed_thread(state, thread) for thread in sorted_threads(state, params, threads)[:3]],
            }
            for forum in _open_forums(state)
            if (threads := state.board.threads_in([forum]))
        ]
    }


def _stream(state: KaskusState, params: Params) -> Document:
    me = params.me.userid
    known = {*state.social.friends_of(me), *state.social.followed_by(me)}
    posts = [post for post in state.board.posts.values() if post.userid in known]
    page = cut(params, sorted(posts, key=lambda post: post.dateline, reverse=True))
    return {
        "total_post": page.total,
        **page.fields(),
        "posts": [
            {
                **user_summary(state, state.users[post.userid]),
                "post_id": post.post_id,
                "thread_id": post.thread_id,
                "post_userid": str(post.userid),
                "post_username": state.users[post.userid].username,
                "title": state.board.threads[post.thread_id].title,
                "dateline": post.dateline,
                "text": bbcode.as_text(post.pagetext),
            }
            for post in page.items
        ],
    }


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/forumtag/list_navigation_info", _navigation, PUBLIC),
    Operation("GET", "/forum/top_kaskuser", _top_users, PUBLIC),
    Operation("GET", "/forum/events", _events, PUBLIC),
    Operation("GET", "/v1/forum/recommendations", _recommendations, PUBLIC, documented=False),
    Operation("GET", "/v1/forum/showcases", _showcases, PUBLIC, documented=False),
    Operation("GET", "/stream", _stream, documented=False),
)


def _open_forums(state: KaskusState) -> list[Forum]:
    return [forum for forum in state.board.forums.values() if forum.service == "forum" and forum.open]


def _event_thread(state: KaskusState, thread: Thread) -> Document:
    return {**thread_core(state, thread), "hot_thread": thread.hot_thread}
