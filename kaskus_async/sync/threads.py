# Written by "python -m nusantara.syncgen" from kaskus_async/threads.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.threads`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from kaskus_async.models.posts import Post
from kaskus_async.models.threads import Direction, HotThreads, Posters, Thread, ThreadInclude
from kaskus_async.threads import Threads as AsyncThreads
from nusantara.record import Record
from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager

__all__ = ["Threads"]


class Threads(SyncResource[AsyncThreads]):
    """Threads of the forum. Reference: "Thread", "Forum_thread", "Hot_thread", "Mythread", "Whoposted"."""

    def read(self, thread_id: str, *, fields: Sequence[str] | None = None, limit: int | None = None) -> SyncPager[Post]:
        """Read a thread of any kind, post by post.

        ``GET /v1/thread/{thread_id}`` - safe

        The ``answer`` of a page is a :class:`~kaskus_async.models.threads.ThreadPage`, which has the thread itself.

        Args:
            fields: What of each post to send, such as ``["pagetext", "text"]``. Everything else is then absent.
            limit: Posts in a page; 20 were seen without it.

        Reference: "Thread", "GET thread".
        """
        return SyncPager(self._portal, self._impl.read(thread_id, fields=fields, limit=limit))

    def read_forum(
        self,
        thread_id: str,
        *,
        post_id: str | None = None,
        fields: Sequence[str] | None = None,
        images: bool | None = None,
        night_mode: bool | None = None,
        limit: int | None = None,
    ) -> SyncPager[Post]:
        """Read a thread of the forum, post by post.

        ``GET /v1/forum_thread/{thread_id}`` - safe

        A little faster than :meth:`read`, which takes threads of the marketplace as well.

        The ``answer`` of a page is a :class:`~kaskus_async.models.threads.ThreadPage`, which has the thread itself.

        Args:
            post_id: Begin with the page that holds this post.
            fields: What of each post to send, such as ``["pagetext", "text"]``. Everything else is then absent.
            images: Whether to show pictures, emoticons and BBCode.
            night_mode: Whether to style BBCode for a dark background.
            limit: Posts in a page; 20 were seen without it.

        Reference: "Forum_thread", "GET forum_thread".
        """
        return SyncPager(
            self._portal,
            self._impl.read_forum(
                thread_id, post_id=post_id, fields=fields, images=images, night_mode=night_mode, limit=limit
            ),
        )

    def create(self, forum_id: int, title: str, message: str) -> Record:
        """Start a thread in a forum.

        ``POST /v1/forum_thread`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            forum_id: A forum, not a category of the marketplace.
            message: BBCode of the first post.

        Reference: "Forum_thread", "POST forum_thread".
        """
        return self._portal.run(self._impl.create, forum_id, title, message)

    def rate(self, thread_id: str, rate: int) -> Record:
        """Rate a thread, which each user can do once.

        ``POST /v1/thread/{thread_id}/rate`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            rate: 1 to 5.

        Reference: "Thread", "POST thread".
        """
        return self._portal.run(self._impl.rate, thread_id, rate)

    def neighbour(self, forum_id: int, last_post: datetime, direction: Direction | str) -> Record:
        """Read the thread next to another in the order of their last posts.

        ``GET /v1/thread/{forum_id}/{last_post}/{direction}`` - safe

        The shape of the answer is not documented.

        Args:
            last_post: Time of the last post of the other thread.

        Reference: "Thread", "GET thread".
        """
        return self._portal.run(self._impl.neighbour, forum_id, last_post, direction)

    def hot(self, *, include: ThreadInclude | str | None = None) -> HotThreads:
        """List the current hot threads.

        ``GET /v1/hot_threads`` - safe

        Reference: "Hot_thread", "Get Hot Threads".
        """
        return self._portal.run(self._impl.hot, include=include)

    def hot_archive(
        self, *, query: str | None = None, start_date: date | None = None, include: ThreadInclude | str | None = None
    ) -> Record:
        """Search former hot threads.

        ``GET /v1/hot_thread_archives`` - safe

        The shape of the answer is not documented, but that it has a list ``data``.

        Args:
            query: Words in the title or the first post.
            start_date: The day from which they were hot.

        Reference: "Hot_thread", "Get Hot Thread Archives".
        """
        return self._portal.run(self._impl.hot_archive, query=query, start_date=start_date, include=include)

    def of_user(self, user_id: int) -> SyncPager[Thread]:
        """List the threads that a user started.

        ``GET /mythread/{user_id}`` - safe

        The reference does not say how to get further pages; they are asked for by ``page``, as elsewhere.

        Reference: "Mythread".
        """
        return SyncPager(self._portal, self._impl.of_user(user_id))

    def posters(self, thread_id: str) -> Posters:
        """List who wrote in a thread, with the number of posts of each.

        ``GET /whoposted/{thread_id}`` - safe

        Reference: "Whoposted".
        """
        return self._portal.run(self._impl.posters, thread_id)
