"""The forums and what is written in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import attrs

from kaskus_async.sandbox.entities import Forum, Post, Thread, User
from kaskus_async.sandbox.refusals import NotThere

__all__ = ["Board", "Heat"]

_QUOTE = re.compile(r"\[quote=[^\]\n]{0,100};([0-9a-f]{24})\]", re.IGNORECASE).finditer


@attrs.frozen
class Heat:
    """When a thread was hot."""

    start: int
    end: int
    current: bool


class Board:
    """Forums, threads and posts."""

    def __init__(self, now: Callable[[], int], new_id: Callable[[], str]) -> None:
        self._now, self._new_id = now, new_id
        self.forums: dict[int, Forum] = {}
        self.threads: dict[str, Thread] = {}
        self.posts: dict[str, Post] = {}
        self.heats: dict[str, Heat] = {}
        """Of the threads that are hot or were, by identifier."""
        self._post_counts: dict[int, int] = {}

    def add_forum(self, forum: Forum) -> Forum:
        """Add a forum."""
        self.forums[forum.forum_id] = forum
        return forum

    def forum(self, forum_id: int) -> Forum:
        """One forum. Raises :exc:`NotThere`."""
        if forum_id not in self.forums:
            raise NotThere("forum not found")
        return self.forums[forum_id]

    def children(self, forum: Forum) -> list[Forum]:
        """Those right below."""
        return [other for other in self.forums.values() if other.parent_id == forum.forum_id]

    def parents(self, forum: Forum) -> list[Forum]:
        """Itself, its parent, and so on to the top."""
        found = [forum]
        while (parent := self.forums.get(found[-1].parent_id)) is not None:
            found.append(parent)
        return found

    def family(self, forum: Forum) -> list[Forum]:
        """Itself and all below."""
        return [forum, *(one for child in self.children(forum) for one in self.family(child))]

    def parent_list(self, forum: Forum) -> str:
        """Numbers of the forum and those above it, as answers have them: to the top, which is -1."""
        return ",".join([*(str(one.forum_id) for one in self.parents(forum)), "-1"])

    def child_list(self, forum: Forum) -> str:
        """Numbers of the forum and all below it, as answers have them: with -1 at the end."""
        return ",".join([*(str(one.forum_id) for one in self.family(forum)), "-1"])

    def thread(self, thread_id: str) -> Thread:
        """One thread. Raises :exc:`NotThere`."""
        if thread_id not in self.threads:
            raise NotThere("thread not found")
        return self.threads[thread_id]

    def post(self, post_id: str) -> Post:
        """One post. Raises :exc:`NotThere`."""
        if post_id not in self.posts:
            raise NotThere("post not found")
        return self.posts[post_id]

    def add_thread(
        self,
        user: User,
        forum: Forum,
        title: str,
        pagetext: str,
        *,
        at: int | None = None,
        thread_type: int = 10,
        prefix_id: str = "",
        tags: Iterable[str] = (),
    ) -> Thread:
        """Start a thread with its first post, now or at another time."""
        thread = Thread(
            thread_id=self._new_id(),
            forum_id=forum.forum_id,
            userid=user.userid,
            title=title,
            dateline=self._now() if at is None else at,
            thread_type=thread_type,
            prefix_id=prefix_id,
            initial_prefix_id=prefix_id,
            tags=list(tags),
        )
        self.threads[thread.thread_id] = thread
        self.add_post(user, thread, pagetext, title=title, at=thread.dateline)
        return thread

    def add_post(self, user: User, thread: Thread, pagetext: str, *, title: str = "", at: int | None = None) -> Post:
        """Add a post to a thread, now or at another time."""
        post = Post(
            post_id=self._new_id(),
            thread_id=thread.thread_id,
            userid=user.userid,
            dateline=self._now() if at is None else at,
            pagetext=pagetext,
            title=title,
            quotes=quoted_ids(pagetext),
        )
        self.posts[post.post_id] = post
        thread.post_ids.append(post.post_id)
        self._post_counts[user.userid] = self.post_count(user.userid) + 1
        return post

    def edit_post(self, post: Post, *, pagetext: str | None = None, title: str | None = None) -> None:
        """Change a post. The title of the first one is that of its thread."""
        thread = self.threads[post.thread_id]
        if pagetext is not None:
            post.pagetext, post.quotes = pagetext, quoted_ids(pagetext)
        if title is not None:
            post.title = title
            if thread.post_ids[0] == post.post_id:
                thread.title = title
        post.edited = self._now()

    def heat(self, thread: Thread, *, at: int, current: bool) -> None:
        """Make a thread hot, or one that was."""
        thread.hot_thread = 1 if current else 0
        self.heats[thread.thread_id] = Heat(at, at + 2 * 86_400, current)

    def post_count(self, userid: int) -> int:
        """How many posts a user has written here."""
        return self._post_counts.get(userid, 0)

    def posts_of(self, thread: Thread) -> list[Post]:
        """The posts of a thread, oldest first."""
        return [self.posts[post_id] for post_id in thread.post_ids]

    def first_post(self, thread: Thread) -> Post:
        """The text of a thread."""
        return self.posts[thread.post_ids[0]]

    def last_post(self, thread: Thread) -> Post:
        """The newest post of a thread."""
        return self.posts[thread.post_ids[-1]]

    def threads_in(self, forums: Iterable[Forum]) -> list[Thread]:
        """The threads of some forums, those below them not included, in the order in which they were started."""
        wanted = {forum.forum_id for forum in forums}
        return [thread for thread in self.threads.values() if thread.forum_id in wanted]

    def threads_of_service(self, service: str) -> list[Thread]:
        """The threads of all forums of ``forum`` or ``classified``, in the order in which they were started."""
        return self.threads_in(forum for forum in self.forums.values() if forum.service == service)


def quoted_ids(pagetext: str) -> list[str]:
    """The posts that a text quotes, as ``[quote=name;identifier]``."""
    return list(dict.fromkeys(match.group(1).lower() for match in _QUOTE(pagetext)))
