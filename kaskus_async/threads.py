"""Threads: reading, starting and rating them, and the hot ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from kaskus_async import paging
from kaskus_async.models.posts import Post
from kaskus_async.models.threads import (
    Direction,
    HotThreads,
    Posters,
    Thread,
    ThreadInclude,
    ThreadList,
    ThreadPage,
)
from kaskus_async.posts import post_key
from kaskus_async.requests import get, post
from kaskus_async.values import day, given, joined, on_off, positive, required, text, unix_time
from nusantara.checks import check_whole
from nusantara.client import Resource
from nusantara.errors import InvalidParameter
from nusantara.pagination import Pager
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Threads"]


class Threads(Resource):
    """Threads of the forum. Reference: "Thread", "Forum_thread", "Hot_thread", "Mythread", "Whoposted"."""

    _client: AsyncKaskus

    def read(self, thread_id: str, *, fields: Sequence[str] | None = None, limit: int | None = None) -> Pager[Post]:
        """Read a thread of any kind, post by post.

        ``GET /v1/thread/{thread_id}`` - safe

        The ``answer`` of a page is a :class:`~kaskus_async.models.threads.ThreadPage`, which has the thread itself.

        Args:
            fields: What of each post to send, such as ``["pagetext", "text"]``. Everything else is then absent.
            limit: Posts in a page; 20 were seen without it.

        Reference: "Thread", "GET thread".
        """
        params = {"limit": positive("limit", limit), "field": joined("fields", fields)}

        async def fetch(page: int | None) -> ThreadPage:
            request = get("/v1/thread/{thread_id}", thread_id, params={"page": page, **params})
            return await self._client._send(request, ThreadPage)

        return paging.by_number(fetch, lambda answer: answer.posts, key=post_key, limit=limit)

    def read_forum(
        self,
        thread_id: str,
        *,
        post_id: str | None = None,
        fields: Sequence[str] | None = None,
        images: bool | None = None,
        night_mode: bool | None = None,
        limit: int | None = None,
    ) -> Pager[Post]:
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
        params = {
            "limit": positive("limit", limit),
            "field": joined("fields", fields),
            "image": on_off("images", images),
            "night_mode": on_off("night_mode", night_mode),
        }

        async def fetch(page: int | None) -> ThreadPage:
            position = {"page": page} if page is not None else {"post": text("post_id", post_id)}
            request = get("/v1/forum_thread/{thread_id}", thread_id, params={**position, **params})
            return await self._client._send(request, ThreadPage)

        return paging.by_number(
            fetch, lambda answer: answer.posts, key=post_key, first=1 if post_id is None else None, limit=limit
        )

    async def create(self, forum_id: int, title: str, message: str) -> Record:
        """Start a thread in a forum.

        ``POST /v1/forum_thread`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            forum_id: A forum, not a category of the marketplace.
            message: BBCode of the first post.

        Reference: "Forum_thread", "POST forum_thread".
        """
        return await self._client._send(
            post(
                "/v1/forum_thread",
                form={
                    "forum_id": given("forum_id", forum_id),
                    "title": required("title", title),
                    "message": required("message", message),
                },
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def rate(self, thread_id: str, rate: int) -> Record:
        """Rate a thread, which each user can do once.

        ``POST /v1/thread/{thread_id}/rate`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            rate: 1 to 5.

        Reference: "Thread", "POST thread".
        """
        check_whole("rate", rate, most=5)
        return await self._client._send(
            post("/v1/thread/{thread_id}/rate", thread_id, form={"rate": rate}, call_class=CallClass.UNREPEATABLE),
            Record,
        )

    async def neighbour(self, forum_id: int, last_post: datetime, direction: Direction | str) -> Record:
        """Read the thread next to another in the order of their last posts.

        ``GET /v1/thread/{forum_id}/{last_post}/{direction}`` - safe

        The shape of the answer is not documented.

        Args:
            last_post: Time of the last post of the other thread.

        Reference: "Thread", "GET thread".
        """
        moment = unix_time("last_post", last_post)
        if moment is None:
            raise InvalidParameter("last_post", "must be given")
        return await self._client._send(
            get("/v1/thread/{forum_id}/{last_post}/{direction}", forum_id, moment, direction), Record
        )

    async def hot(self, *, include: ThreadInclude | str | None = None) -> HotThreads:
        """List the current hot threads.

        ``GET /v1/hot_threads`` - safe

        Reference: "Hot_thread", "Get Hot Threads".
        """
        return await self._client._send(get("/v1/hot_threads", params={"include": include}), HotThreads)

    async def hot_archive(
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
        params = {"q": text("query", query), "date": day("start_date", start_date), "include": include}
        return await self._client._send(get("/v1/hot_thread_archives", params=params), Record)

    def of_user(self, user_id: int) -> Pager[Thread]:
        """List the threads that a user started.

        ``GET /mythread/{user_id}`` - safe

        The reference does not say how to get further pages; they are asked for by ``page``, as elsewhere.

        Reference: "Mythread".
        """

        async def fetch(page: int | None) -> ThreadList:
            return await self._client._send(get("/mythread/{user_id}", user_id, params={"page": page}), ThreadList)

        return paging.by_number(fetch, lambda answer: answer.thread, key=lambda thread: thread.thread_id, first=None)

    async def posters(self, thread_id: str) -> Posters:
        """List who wrote in a thread, with the number of posts of each.

        ``GET /whoposted/{thread_id}`` - safe

        Reference: "Whoposted".
        """
        return await self._client._send(get("/whoposted/{thread_id}", thread_id), Posters)
