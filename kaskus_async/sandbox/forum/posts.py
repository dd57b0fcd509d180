"""Posts: reading them, writing them and changing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.asked import Asked
from kaskus_async.sandbox.entities import Post, User
from kaskus_async.sandbox.operation import PUBLIC, Operation
from kaskus_async.sandbox.paging import Page, cut
from kaskus_async.sandbox.refusals import Forbidden, NotThere, Refused
from kaskus_async.sandbox.shapes import post_document, thread_page
from kaskus_async.sandbox.threads import read_thread

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES", "change_post", "read_post", "write_post"]

Document = dict[str, Any]


def read_post(state: KaskusState, asked: Asked, service: str | None = None) -> Document:
    """The thread with that post alone; with a ``service``, only posts of its forums."""
    post = state.board.post(asked.part("id"))
    thread = state.board.threads[post.thread_id]
    if service is not None and state.board.forums[thread.forum_id].service != service:
        raise NotThere("post not found")
    return thread_page(state, asked, thread, Page([post], 1, 20, 1))


def write_post(state: KaskusState, asked: Asked, service: str) -> Document:
    """Reply to an open thread of the forums of a ``service``."""
    me, message = asked.me, asked.require("message")
    thread = state.board.thread(asked.require("thread_id"))
    if state.board.forums[thread.forum_id].service != service:
        raise Refused("the thread is of another kind", details={"thread_id": service})
    if not thread.open:
        raise Forbidden("the thread is closed")
    post = state.board.add_post(me, thread, message, title=asked.text("title") or "")
    return {"thread_id": thread.thread_id, "post_id": post.post_id}


def change_post(state: KaskusState, asked: Asked, post: Post) -> Document:
    """Change the title and the message of one's own post; what is absent stays."""
    if post.userid != asked.me.userid:
        raise Forbidden("only its author may edit a post")
    title, message = asked.text("title"), asked.text("message")
    if title is None and message is None:
        raise Refused("title or message is required")
    state.board.edit_post(post, pagetext=message, title=title)
    return {"thread_id": post.thread_id, "post_id": post.post_id}


def _read(state: KaskusState, asked: Asked) -> Document:
    return read_post(state, asked)


def _read_forum_post(state: KaskusState, asked: Asked) -> Document:
    return read_post(state, asked, "forum")


def _read_plain(state: KaskusState, asked: Asked) -> Document:
    return post_document(state, state.board.post(asked.part("post_id")))


def _read_around(state: KaskusState, asked: Asked) -> Document:
    post_id = asked.part("post_id")
    thread = state.board.threads[state.board.post(post_id).thread_id]
    asked.values["post"] = post_id
    return read_thread(state, asked, thread)


def _write(state: KaskusState, asked: Asked) -> Document:
    return write_post(state, asked, "forum")


def _edit_forum_post(state: KaskusState, asked: Asked) -> Document:
    post = state.board.post(asked.part("id"))
    images = asked.listed("meta_images")
    document = change_post(state, asked, post)
    thread = state.board.threads[post.thread_id]
    if images and thread.post_ids[0] == post.post_id:
        thread.meta_images = images
    return document


def _of_user(state: KaskusState, asked: Asked) -> Document:
    user = state.user(asked.number_in_path("user_id"))
    return _own_posts(state, asked, [post for post in state.board.posts.values() if post.userid == user.userid])


def _of_user_in_thread(state: KaskusState, asked: Asked) -> Document:
    user, thread = state.user(asked.number_in_path("user_id")), state.board.thread(asked.part("thread_id"))
    return _own_posts(state, asked, [post for post in state.board.posts_of(thread) if post.userid == user.userid])


def _quoting_me(state: KaskusState, asked: Asked) -> list[Document]:
    return [_quoting(state, post) for post in _posts_quoting(state, asked.me)]


def _quoting_me_paged(state: KaskusState, asked: Asked) -> Document:
    page = cut(asked, _posts_quoting(state, asked.me), 10)
    return {"data": [_quoting(state, post) for post in page.items], "total": page.total, **page.fields()}


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/v1/post/{id}", _read, PUBLIC),
    Operation("GET", "/v1/forum_post/{id}", _read_forum_post, PUBLIC, documented=False),
    Operation("GET", "/post/{post_id}", _read_plain, PUBLIC, documented=False),
    Operation("GET", "/posts/{post_id}", _read_around, PUBLIC, documented=False),
    Operation("POST", "/v1/forum_post", _write, documented=False),
    Operation("POST", "/v1/forum_post/{id}/edit", _edit_forum_post, documented=False),
    Operation("GET", "/mypost/{user_id}", _of_user, PUBLIC),
    Operation("GET", "/mypost/{user_id}/{thread_id}", _of_user_in_thread, PUBLIC),
    Operation("GET", "/myquotedpost", _quoting_me),
    Operation("GET", "/v1/user/quoted_posts", _quoting_me_paged, documented=False),
)


def _own_posts(state: KaskusState, asked: Asked, posts: list[Post]) -> Document:
    page = cut(asked, posts[::-1])
    return {
        "total_post": page.total,
        **page.fields(),
        "posts": [_own_post(state, post) for post in page.items],
    }


def _own_post(state: KaskusState, post: Post) -> Document:
    forum = state.board.forums[state.board.threads[post.thread_id].forum_id]
    return {**post_document(state, post), "forum_id": forum.forum_id, "forum_title": forum.name}


def _posts_quoting(state: KaskusState, user: User) -> list[Post]:
    def quotes(post: Post) -> bool:
        return any(state.board.posts[one].userid == user.userid for one in post.quotes if one in state.board.posts)

    return [post for post in reversed(state.board.posts.values()) if post.userid != user.userid and quotes(post)]


def _quoting(state: KaskusState, post: Post) -> Document:
    thread = state.board.threads[post.thread_id]
    return {
        "thread_id": thread.thread_id,
        "post_username": state.users[post.userid].username,
        "post_userid": str(post.userid),
        "title": post.title,
        "dateline": post.dateline,
        "pagetext": post.pagetext,
        "visible": post.visible,
        "viewed": 0,
        "post_id": post.post_id,
        "forum_id": str(thread.forum_id),
        "forum_name": state.board.forums[thread.forum_id].name,
    }
