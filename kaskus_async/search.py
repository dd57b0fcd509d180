"""Searching for threads, lapak, users and groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from kaskus_async import paging
from kaskus_async.models.search import FoundThread, FoundThreads, FoundUser, FoundUsers, LapakSort, SearchInclude
from kaskus_async.requests import get
from kaskus_async.values import is_on, joined, positive, required, true_false, unix_time
from nusantara.client import Resource
from nusantara.pagination import Pager
from nusantara.record import Record

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Search"]


class Search(Resource):
    """Searching. Pages of found threads have a :class:`~kaskus_async.models.search.FoundThreads` as their ``answer``.

    Reference: "Search".
    """

    _client: AsyncKaskus

    def forum(
        self,
        query: str,
        *,
        forum_id: int | None = None,
        tags: Sequence[str] | None = None,
        include: SearchInclude | str | None = None,
        limit: int | None = None,
        by_cursor: bool = False,
    ) -> Pager[FoundThread]:
        """Search the threads of the forum.

        ``GET /search/forum`` - safe

        Args:
            include: ``facet`` counts what is found by forum.
            limit: Threads in a page; 10 were seen without it.
            by_cursor: Go from page to page by cursor instead of page number.

        Reference: "Search", "GET search/forum".
        """
        params = {
            "q": required("query", query),
            "include": include,
            "forum_id": forum_id,
            "tags": joined("tags", tags),
            "limit": positive("limit", limit),
        }

        async def fetch(position: str | int | None) -> FoundThreads:
            place = {"cursor" if by_cursor else "page": position}
            return await self._client._send(get("/search/forum", params={**params, **place}), FoundThreads)

        if is_on("by_cursor", by_cursor):
            return paging.by_cursor(fetch, _items, key=_thread_id)
        return paging.by_number(fetch, _items, key=_thread_id, limit=limit)

    def classified(self, query: str, *, include: SearchInclude | str | None = None) -> Pager[FoundThread]:
        """Search the threads of the marketplace.

        ``GET /search/classified`` - safe

        The reference does not say how to get further pages; they are asked for by ``page``, as elsewhere.

        Args:
            query: Words and filters; :func:`~kaskus_async.search_filters.classified_query` makes one.
            include: ``facet`` counts what is found by forum, prefix, location and condition.

        Reference: "Search", "GET search/classified".
        """
        params = {"q": required("query", query), "include": include}

        async def fetch(page: int | None) -> FoundThreads:
            return await self._client._send(get("/search/classified", params={**params, "page": page}), FoundThreads)

        return paging.by_number(fetch, _items, key=_thread_id, first=None)

    def lapak(
        self,
        query: str,
        *,
        sort: LapakSort | str | None = None,
        include: SearchInclude | str | None = None,
    ) -> Pager[FoundThread]:
        """Search lapak.

        ``GET /search/lapak`` - safe

        The reference does not say how to get further pages; they are asked for by ``page``, as elsewhere.

        Args:
            query: Words and filters; :func:`~kaskus_async.search_filters.lapak_query` makes one.
            include: ``facet`` counts what is found by forum, prefix, location and condition.

        Reference: "Search", "GET search/lapak".
        """
        params = {"q": required("query", query), "include": include, "sort": sort}

        async def fetch(page: int | None) -> FoundThreads:
            return await self._client._send(get("/search/lapak", params={**params, "page": page}), FoundThreads)

        return paging.by_number(fetch, _items, key=_thread_id, first=None)

    def user(self, query: str) -> Pager[FoundUser]:
        """Search users by name.

        ``GET /search/user`` - safe

        The reference does not say how to get further pages; they are asked for by ``page``, as elsewhere.

        Reference: "Search", "Search User".
        """
        required("query", query)

        async def fetch(page: int | None) -> FoundUsers:
            return await self._client._send(get("/search/user", params={"q": query, "page": page}), FoundUsers)

        return paging.by_number(fetch, lambda answer: answer.item, key=lambda user: user.userid, first=None)

    async def forum_recursive(
        self,
        query: str,
        *,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
        forum_ids: Sequence[int] | None = None,
        recursive: bool | None = None,
    ) -> Record:
        """Search the threads of forums and of the forums below them.

        ``GET /search/forum_recursive`` - safe

        The shape of the answer is not documented.

        Args:
            recursive: Whether to search the forums below as well.

        Reference: "Search", "GET search/forum_recursive".
        """
        params = _recursive(query, start_date, end_date, forum_ids, recursive)
        return await self._client._send(get("/search/forum_recursive", params=params), Record)

    async def classified_recursive(
        self,
        query: str,
        *,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
        forum_ids: Sequence[int] | None = None,
        recursive: bool | None = None,
    ) -> Record:
        """Search the threads and lapak of marketplace categories and of those below them.

        ``GET /search/classified_recursive`` - safe

        The shape of the answer is not documented.

        Args:
            recursive: Whether to search the categories below as well.

        Reference: "Search", "GET search/classified_recursive".
        """
        params = _recursive(query, start_date, end_date, forum_ids, recursive)
        return await self._client._send(get("/search/classified_recursive", params=params), Record)

    async def group(self, query: str, *, include: SearchInclude | str | None = None) -> Record:
        """Search groups.

        ``GET /search/group`` - safe

        The shape of the answer is not documented.

        Reference: "Search", "GET search/group".
        """
        params = {"q": required("query", query), "include": include}
        return await self._client._send(get("/search/group", params=params), Record)

    async def forum_tags(
        self,
        tags: Sequence[str],
        *,
        forum_id: int | None = None,
        cursor: str | None = None,
        page: int | None = None,
        limit: int | None = None,
    ) -> Record:
        """Search the threads of the forum by their tags.

        ``GET /search/forum_tags`` - safe

        The shape of the answer is not documented.

        Args:
            cursor: That of the next page, from an earlier answer.
            page: From 1.
            limit: Items in a page.

        Reference: "Search", "GET search/forum_tags".
        """
        params = {
            "forum_id": forum_id,
            "tags": required("tags", joined("tags", tags) or ""),
            "cursor": cursor,
            "page": positive("page", page),
            "limit": positive("limit", limit),
        }
        return await self._client._send(get("/search/forum_tags", params=params), Record)


def _items(answer: FoundThreads) -> list[FoundThread]:
    return answer.item


def _thread_id(thread: FoundThread) -> str:
    return thread.thread_id


def _recursive(
    query: str,
    start_date: datetime | None,
    end_date: datetime | None,
    forum_ids: Sequence[int] | None,
    recursive: bool | None,
) -> dict[str, str | int | None]:
    return {
        "q": required("query", query),
        "start_date": unix_time("start_date", start_date),
        "end_date": unix_time("end_date", end_date),
        "forum_ids": joined("forum_ids", forum_ids),
        "recursive": true_false("recursive", recursive),
    }
