"""Documents of users, threads and posts, with the keys and the types that recorded answers have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox import bbcode
from kaskus_async.sandbox.entities import Post, Thread, User
from kaskus_async.sandbox.paging import Page

if TYPE_CHECKING:
    from kaskus_async.sandbox.params import Params
    from kaskus_async.sandbox.state import KaskusState

__all__ = [
    "FOUND_GOODS",
    "LISTED_GOODS",
    "OWN_GOODS",
    "goods_part",
    "listed_thread",
    "own_thread",
    "post_document",
    "public_profile",
    "rating",
    "thread_core",
    "thread_page",
    "user_line",
    "user_summary",
]

Document = dict[str, Any]

FOUND_GOODS = ("item_price", "discount", "discounted_price", "item_location", "item_condition", "resources", "is_vsl")
LISTED_GOODS = (*FOUND_GOODS, "extra_attributes", "sundul_enabled")
OWN_GOODS = ("resources", "payment_method", "discount", "extra_attributes", "sundul_enabled")
"""What of :attr:`Thread.goods` was seen in searches, in listings, and in the list of one's own threads."""

_REPUTATION_TITLES = ((500, "Panutan bagi banyak orang"), (100, "Bersinar terang"), (10, "Mulai dikenal"))


def user_summary(state: KaskusState, user: User) -> Document:
    """The author, as every listing has him."""
    reputation = state.reputation_of(user)
    return {
        "profilepicture": user.profilepicture,
        "usertitle": user.usertitle,
        "number_of_post": user.earlier_posts + state.board.post_count(user.userid),
        "enable_reputation": 1,
        "reputation": reputation,
        "reputation_title": next((title for least, title in _REPUTATION_TITLES if reputation >= least), "Pendatang"),
        "is_donatur": user.is_donatur,
        "reputation_box": max(0, min(11, reputation // 50)),
    }


def user_line(state: KaskusState, user: User) -> Document:
    """The summary with name and number, as in lists of visitors; there, the number is text."""
    return {**user_summary(state, user), "userid": str(user.userid), "username": user.username}


def thread_core(state: KaskusState, thread: Thread) -> Document:
    """What every thread has."""
    author, last = state.users[thread.userid], state.board.last_post(thread)
    core: Document = {
        "thread_id": thread.thread_id,
        "title": thread.title,
        "dateline": thread.dateline,
        "first_post_id": thread.post_ids[0],
        "forum_id": thread.forum_id,
        "last_post": last.dateline,
        "last_post_id": last.post_id,
        "last_post_userid": last.userid,
        "last_poster": state.users[last.userid].username,
        "open": thread.open,
        "poll_id": 0,
        "post_userid": author.userid,
        "post_username": author.username,
        "prefix_id": thread.prefix_id,
        "initial_prefix_id": thread.initial_prefix_id,
        "reply_count": len(thread.post_ids) - 1,
        "short_url": f"http://kask.us.example/{thread.thread_id[:6]}",
        "sticky": thread.sticky,
        "thread_type": thread.thread_type,
        "views": thread.views,
        "visible": thread.visible,
        "vote_num": len(thread.votes),
        "vote_total": sum(thread.votes.values()),
    }
    return core


def rating(thread: Thread) -> float:
    """The mean vote, or 0."""
    return round(sum(thread.votes.values()) / len(thread.votes), 2) if thread.votes else 0


def listed_thread(state: KaskusState, thread: Thread, *, preview: bool = False) -> Document:
    """A thread in a listing."""
    document = {
        **thread_core(state, thread),
        **user_summary(state, state.users[thread.userid]),
        "display_name": state.users[thread.userid].username,
        "shared_count": 0,
        "hot_thread": thread.hot_thread,
        "meta_images": list(thread.meta_images),
        "tagsearch": ",".join(thread.tags),
        **goods_part(thread, LISTED_GOODS),
    }
    if preview:
        document["first_post_preview"] = bbcode.as_text(state.board.first_post(thread).pagetext)[:160]
    return document


def own_thread(state: KaskusState, thread: Thread) -> Document:
    """A thread in the list of those of its author."""
    core = thread_core(state, thread)
    keys = (
        "dateline",
        "forum_id",
        "visible",
        "views",
        "reply_count",
        "last_poster",
        "last_post_userid",
        "last_post",
        "last_post_id",
        "prefix_id",
        "thread_id",
        "post_userid",
        "post_username",
        "title",
        "thread_type",
        "initial_prefix_id",
    )
    return {
        **user_summary(state, state.users[thread.userid]),
        **{key: core[key] for key in keys},
        # Despite its name the first post, as recorded answers show.
        "thread_starter": thread.post_ids[0],
        "forum_title": state.board.forums[thread.forum_id].name,
        "resources": {"images": [], "thumbnail": "http://s.kaskus.example/img/no-image.png"},
        "payment_method": None,
        "discount": 0,
        "extra_attributes": [],
        "hot_thread": thread.hot_thread,
        **goods_part(thread, OWN_GOODS),
    }


def goods_part(thread: Thread, keys: Iterable[str]) -> Document:
    """Those of the keys that the thread has, if it is one of the marketplace."""
    return {key: thread.goods[key] for key in keys if key in thread.goods} if thread.goods is not None else {}


def post_document(state: KaskusState, post: Post) -> Document:
    """A post."""
    author = state.users[post.userid]
    text = bbcode.as_text(post.pagetext)
    return {
        **user_summary(state, author),
        "post_id": post.post_id,
        "post_userid": str(author.userid),
        "post_username": author.username,
        "display_name": author.username,
        "is_vsl": author.is_vsl,
        "dateline": post.dateline,
        "visible": post.visible,
        "title": post.title,
        "pagetext": post.pagetext,
        "pagetext_noquote": bbcode.without_quotes(post.pagetext),
        "text": text,
        "decoded": bbcode.as_html(post.pagetext),
        # In every recorded fragment there is no link.
        "post": [{"type": "text", "text": text, "linktype": "", "url": "", "link": False}],
        "images": bbcode.images_in(post.pagetext),
    }


def thread_page(state: KaskusState, params: Params, thread: Thread, page: Page[Post]) -> Document:
    """A thread with some of its posts. ``field`` trims the posts and leaves the rest whole."""
    author = state.users[thread.userid]
    summary = user_summary(state, author)
    return {
        "thread": {
            **thread_core(state, thread),
            **summary,
            # Text here, and only here.
            "number_of_post": str(summary["number_of_post"]),
            "reputation": str(summary["reputation"]),
            "is_protected": False,
            "hot_thread": thread.hot_thread,
            "total_badge": len(author.badges),
            "is_vsl": author.is_vsl,
            **_for_the_app(state, params, thread),
            **{key: value for key, value in (thread.goods or {}).items() if key != "payment_method"},
        },
        "total_post": page.total,
        **page.fields(),
        "posts": [_trimmed(post_document(state, post), params.listed("field")) for post in page.items],
    }


def _for_the_app(state: KaskusState, params: Params, thread: Thread) -> Document:
    """What the app of 2018 reads of a thread, and no recorded answer has."""
    userid = None if params.user is None else params.user.userid
    return {
        "display_name": state.users[thread.userid].username,
        "forum_name": state.board.forums[thread.forum_id].name,
        "shared_count": 0,
        "is_rated": userid in thread.votes,
        "is_subscribed": userid is not None and thread.thread_id in state.subscriptions.threads_of(userid),
    }


def public_profile(state: KaskusState, user: User, viewer: User | None) -> Document:
    """A profile, without what its owner keeps to himself."""
    threads = [thread for thread in state.board.threads.values() if thread.userid == user.userid]
    social = state.social
    document: Document = {
        **user_summary(state, user),
        "userid": user.userid,
        "username": user.username,
        "lastlogin": user.lastlogin,
        "lastlogout": user.lastlogout,
        "usergroupid": "2",
        "firstname": user.firstname,
        "lastname": user.lastname,
        "gender": user.gender,
        "email": user.email,
        "address": user.address,
        "country": user.country,
        "country_name": "Indonesia" if user.country == "ID" else user.country,
        "province": user.province,
        "ktpnumber": user.ktpnumber,
        "phone": user.phone,
        "joindate": user.joindate,
        "dateofbirth": user.dateofbirth,
        "profilevisits": user.profilevisits,
        "biography": user.biography,
        "total_badge": len(user.badges),
        "total_wtb": sum(thread.initial_prefix_id == "WTB" for thread in threads),
        "total_wts": sum(thread.initial_prefix_id == "WTS" for thread in threads),
        "friend": len(social.friends_of(user.userid)),
        "following": len(social.followed_by(user.userid)),
        "follower": len(social.followers_of(user.userid)),
        "vm_enable": 1,
    }
    if viewer is not user:
        document |= {key: type(document[key])() for key in (*user.hidden, "ktpnumber")}
    return document


def _trimmed(document: Document, fields: Iterable[str]) -> Document:
    # Clients also put names of other parts there; a list without any key of a post trims nothing.
    wanted = set(fields)
    return {key: value for key, value in document.items() if key in wanted} or document
