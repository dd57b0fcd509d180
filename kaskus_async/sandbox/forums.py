"""Forums: the tree, its tags, and what the site says about it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox import bbcode, seed
from kaskus_async.sandbox.asked import Asked
from kaskus_async.sandbox.entities import Forum, Thread
from kaskus_async.sandbox.operation import PUBLIC, Guess, Operation
from kaskus_async.sandbox.paging import cut
from kaskus_async.sandbox.shapes import listed_thread, rating, thread_core, user_line, user_summary

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES", "forum_head", "sorted_threads", "subforum"]

Document = dict[str, Any]

_CAPPED_AT = 20_000
"""No forum was seen to list more threads than that, however many it has."""


def _forum_threads(state: KaskusState, asked: Asked) -> Document:
    forum = state.board.forum(asked.number_in_path("id"))
    threads = state.board.threads_in([forum])
    tags = {tag.casefold() for tag in asked.listed("tags")}
    if tags:
        threads = [thread for thread in threads if tags & {tag.casefold() for tag in thread.tags}]
    page = cut(asked, sorted_threads(state, asked, threads)[:_CAPPED_AT])
    preview = "preview" in asked.listed("include")
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


def sorted_threads(state: KaskusState, asked: Asked, threads: list[Thread]) -> list[Thread]:
    """Threads by ``sort`` and ``order``; without them, that with the newest post first."""
    keys = {
        "thread": lambda thread: thread.title.casefold(),
        "postusername": lambda thread: state.users[thread.userid].username.casefold(),
        "views": lambda thread: thread.views,
        "replycount": lambda thread: len(thread.post_ids),
        "rating": rating,
        "price": lambda thread: (thread.goods or {}).get("item_price", 0),
    }
    key = keys.get((asked.text("sort") or "").lower(), lambda thread: state.board.last_post(thread).dateline)
    return sorted(threads, key=key, reverse=(asked.text("order") or "").lower() != "asc")


def _forum_list(state: KaskusState, asked: Asked) -> list[Document]:
    return [_forum_row(state, forum) for forum in state.board.forums.values()]


def _forum_list_below(state: KaskusState, asked: Asked) -> list[Document]:
    forum = state.board.forum(asked.number_in_path("forum_id"))
    return [_forum_row(state, one) for one in state.board.family(forum)[1:]]


def _categories(state: KaskusState, asked: Asked) -> list[Document]:
    return [
        {**_forum_row(state, forum), "display_order": str(forum.display_order)}
        for forum in state.board.forums.values()
        if forum.service == "classified"
    ]


def _forum_info(state: KaskusState, asked: Asked) -> Document:
    from kaskus_async.sandbox.smileys import plain_smileys

    return {
        "forumlist": _forum_list(state, asked),
        "forumtag": {"data": _tags(state, "forum")},
        "smiley": plain_smileys(),
    }


def _all_tags(state: KaskusState, asked: Asked) -> Document:
    return {"forum": _tags(state, "forum"), "fjb": _tags(state, "classified")}


def _fjb_tags(state: KaskusState, asked: Asked) -> Document:
    return {
        "data": [
            {
                **tag,
                "forums": [
                    {
                        **forum,
                        "display_order": int(forum["display_order"]),
                        "child_list": _child_list(state, state.board.forums[int(forum["forum_id"])]),
                    }
                    for forum in tag["forums"]
                ],
            }
            for tag in _tags(state, "classified")
        ]
    }


def _forum_tags(state: KaskusState, asked: Asked) -> list[Document]:
    return [
        {
            "forum": [forum["forum_id"] for forum in tag["forums"]],
            **{key: value for key, value in tag.items() if key != "forums"},
        }
        for tag in _tags(state, "forum")
    ]


def _subscription_tags(state: KaskusState, asked: Asked) -> Document:
    mine = state.subscriptions.forums_of(asked.me.userid)
    return {"data": [{"forum_id": str(forum_id), "name": state.board.forum(forum_id).name} for forum_id in mine]}


def _navigation(state: KaskusState, asked: Asked) -> list[Document]:
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


def _top_users(state: KaskusState, asked: Asked) -> Document:
    best = sorted(state.users.values(), key=lambda user: (-state.reputation_of(user), user.userid))[:10]
    return {
        "top_users": [user_line(state, user) for user in best],
        "top_moderators": [],
        "top_regional_leaders": [],
    }


def _events(state: KaskusState, asked: Asked) -> Document:
    live, *_, meeting, _ = state.board.threads_of_service("forum")
    start = seed.NEWEST + 5 * 86_400
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


def _settings(state: KaskusState, asked: Asked) -> Document:
    return {
        "title": {"max": 85, "min": 1, "required": True},
        "message": {"max": 50_000, "min": 1, "required": True},
        "search_tags": {"max": 5, "min": 0, "required": False},
    }


def _recommendations(state: KaskusState, asked: Asked) -> Document:
    wanted = set(asked.listed("forum_ids")[:10])
    forums = [forum for forum in _open_forums(state) if not wanted or str(forum.forum_id) in wanted]
    return {"data": {"forums": [subforum(state, forum) for forum in forums[:5]]}}


def _showcases(state: KaskusState, asked: Asked) -> Document:
    return {
        "data": [
            {
                "forum_id": str(forum.forum_id),
                "name": forum.name,
                "threads": [listed_thread(state, thread) for thread in sorted_threads(state, asked, threads)[:3]],
            }
            for forum in _open_forums(state)
            if (threads := state.board.threads_in([forum]))
        ]
    }


def _who_posted(state: KaskusState, asked: Asked) -> Document:
    posts = state.board.posts_of(state.board.thread(asked.part("thread_id")))
    counts = Counter(post.userid for post in posts)
    return {
        "users": [
            {"userid": userid, "username": state.users[userid].username, "total_post": count}
            for userid, count in counts.most_common()
        ],
        "total_post": len(posts),
    }


def _stream(state: KaskusState, asked: Asked) -> Document:
    me = asked.me.userid
    known = {*state.social.friends_of(me), *state.social.followed_by(me)}
    posts = [post for post in state.board.posts.values() if post.userid in known]
    page = cut(asked, sorted(posts, key=lambda post: post.dateline, reverse=True))
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


def _group_search(state: KaskusState, asked: Asked) -> Guess:
    asked.require("q")
    return Guess({"item": [], "start": 0, "numFound": 0, "querytime": 0.0, "current_page": 1, "total_pages": 0})


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/foruminfo", _forum_info, PUBLIC, documented=False),
    Operation("GET", "/forumlist", _forum_list, PUBLIC),
    Operation("GET", "/forumlist/{forum_id}", _forum_list_below, PUBLIC),
    Operation("GET", "/v1/categories", _categories, PUBLIC),
    Operation("GET", "/forumtag/all", _all_tags, PUBLIC),
    Operation("GET", "/forumtag/fjb", _fjb_tags, PUBLIC),
    Operation("GET", "/forumtag/list_forum_tag", _forum_tags, PUBLIC),
    Operation("GET", "/forumtag/list_forum_subscription", _subscription_tags, documented=False),
    Operation("GET", "/forumtag/list_navigation_info", _navigation, PUBLIC),
    Operation("GET", "/forum/top_kaskuser", _top_users, PUBLIC),
    Operation("GET", "/forum/events", _events, PUBLIC),
    Operation("GET", "/v1/forum/{id}/threads", _forum_threads, PUBLIC),
    Operation("GET", "/v1/forum/settings", _settings, PUBLIC, documented=False),
    Operation("GET", "/v1/forum/recommendations", _recommendations, PUBLIC, documented=False),
    Operation("GET", "/v1/forum/showcases", _showcases, PUBLIC, documented=False),
    Operation("GET", "/whoposted/{thread_id}", _who_posted, PUBLIC),
    Operation("GET", "/stream", _stream, documented=False),
    Operation("GET", "/search/group", _group_search, PUBLIC),
)


def _open_forums(state: KaskusState) -> list[Forum]:
    return [forum for forum in state.board.forums.values() if forum.service == "forum" and forum.open]


def _child_list(state: KaskusState, forum: Forum) -> str:
    return ",".join([*(str(one.forum_id) for one in state.board.family(forum)), "-1"])


def _forum_row(state: KaskusState, forum: Forum) -> Document:
    return {
        "forum_id": str(forum.forum_id),
        "name": forum.name,
        "description": forum.description,
        "parent_id": str(forum.parent_id),
        "parent_list": ",".join([*(str(one.forum_id) for one in state.board.parents(forum)), "-1"]),
        "child_list": _child_list(state, forum),
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


def _tags(state: KaskusState, service: str) -> list[Document]:
    """One tag for each forum at the top, as the forums of the sandbox have it."""
    return [
        {
            "tag_id": str(number),
            "tag_name": top.name,
            "tag_icon": top.icon_url,
            "forums": [
                {
                    "forum_id": str(forum.forum_id),
                    "name": forum.name,
                    "description": forum.description,
                    "display_order": str(forum.display_order),
                    "visible": "1",
                }
                for forum in state.board.children(top)
            ],
        }
        for number, top in enumerate(
            (forum for forum in state.board.forums.values() if forum.service == service and forum.parent_id == -1),
            start=1,
        )
    ]


def _event_thread(state: KaskusState, thread: Thread) -> Document:
    return {**thread_core(state, thread), "hot_thread": thread.hot_thread}
