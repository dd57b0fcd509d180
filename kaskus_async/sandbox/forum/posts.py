"""Posts: reading them, writing them and changing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.entities import Post, User
from kaskus_async.sandbox.forum.threads import read_thread
from kaskus_async.sandbox.operation import PUBLIC, Operation
from kaskus_async.sandbox.paging import Page, cut
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import Forbidden, NotThere, Refused
from kaskus_async.sandbox.shapes import post_document, thread_page

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES", "change_post", "read_post", "write_post"]

Document = dict[str, Any]


def read_post(state: KaskusState, params: Params, service: str | None = None) -> Document:
    """The thread with that post alone; with a ``service``, only posts of its forums."""
    post = state.board.post(params.in_path("id"))
    thread = state.board.threads[post.thread_id]
    if service is not None and state.board.forums[thread.forum_id].service != service:
        raise NotThere("post not found")
    return thread_page(state, params, thread, Page([post], 1, 20, 1))


def write_post(state: KaskusState, params: Params, service: str) -> Document:
    """Reply to an open thread of the forums of a ``service``."""
    me, message = params.me, params.require("message")
    thread = state.board.thread(params.require("thread_id"))
    if state.board.forums[thread.forum_id].service != service:
        raise Refused("the thread is of another kind", details={"thread_id": service})
    if not thread.open:
        raise Forbidden("the thread is closed")
    post = state.board.add_post(me, thread, message, title=params.text("title") or "")
    return {"thread_id": thread.thread_id, "post_id": post.post_id}


def change_post(state: KaskusState, params: Params, post: Post) -> Document:
    """Change the title and the message of one's own post; what is absent stays."""
    if post.userid != params.me.userid:
        raise Forbidden("only its author may edit a post")
    title, message = params.text("title"), params.text("message")
    if title is None and message is None:
        raise Refused("title or message is required")
    state.board.edit_post(post, pagetext=message, title=title)
    return {"thread_id": post.thread_id, "post_id": post.post_id}


def _read(state: KaskusState, params: Params) -> Document:
    return read_post(state, params)


def _read_forum_post(state: KaskusState, params: Params) -> Document:
    return read_post(state, params, "forum")


def _read_plain(state: KaskusState, params: Params) -> Document:
    return post_document(state, state.board.post(params.in_path("post_id")))


def _read_around(state: KaskusState, params: Params) -> Document:
    post_id = params.in_path("post_id")
    thread = state.board.threads[state.board.post(post_id).thread_id]
    params.values["post"] = [post_id]
    return read_thread(state, params, thread)


def _write(state: KaskusState, params: Params) -> Document:
    return write_post(state, params, "forum")


def _edit_forum_post(state: KaskusState, params: Params) -> Document:
    post = state.board.post(params.in_path("id"))
    images = params.listed("meta_images")
    document = change_post(state, params, post)
    thread = state.board.threads[post.thread_id]
    if images and thread.post_ids[0] == post.post_id:
        thread.meta_images = images
    return document


def _of_user(state: KaskusState, params: Params) -> Document:
    user = state.user(params.number_in_path("user_id"))
    return _own_posts(state, params, [post for post in state.board.posts.values() if post.userid == user.userid])


def _of_user_in_thread(state: KaskusState, params: Params) -> Document:
    user, thread = state.user(params.number_in_path("user_id")), state.board.thread(params.in_path("thread_id"))
    return _own_posts(state, params, [post for post in state.board.posts_of(thread) if post.userid == user.userid])


def _quoting_me(state: KaskusState, params: Params) -> list[Document]:
    return [_quoting(state, post) for post in _posts_quoting(state, params.me)]


def _quoting_me_paged(state: KaskusState, params: Params) -> Document:
    page = cut(params, _posts_quoting(state, params.me), 10)
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


def _own_posts(state: KaskusState, params: Params, posts: list[Post]) -> Document:
    page = cut(params, posts[::-1])
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
