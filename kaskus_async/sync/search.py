# Written by "python -m nusantara.syncgen" from kaskus_async/search.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.search`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kaskus_async.models.search import FoundThread, FoundUser, LapakSort, SearchInclude
from kaskus_async.search import Search as AsyncSearch
from nusantara.record import Record
from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager

__all__ = ["Search"]


class Search(SyncResource[AsyncSearch]):
    """Searching. Pages of found threads have a :class:`~kaskus_async.models.search.FoundThreads` as their ``answer``.

    Reference: "Search".
    """

    def forum(
        self,
        query: str,
        *,
        forum_id: int | None = None,
        tags: Sequence[str] | None = None,
        include: SearchInclude | str | None = None,
        limit: int | None = None,
        by_cursor: bool = False,
    ) -> SyncPager[FoundThread]:
        """Search the threads of the forum.

        ``GET /search/forum`` - safe

        Args:
            include: ``facet`` counts what is found by forum.
            limit: Threads in a page; 10 were seen without it.
            by_cursor: Go from page to page by cursor instead of page number.

        Reference: "Search", "GET search/forum".
        """
        return SyncPager(
            self._portal,
            self._impl.forum(query, forum_id=forum_id, tags=tags, include=include, limit=limit, by_cursor=by_cursor),
        )

    def classified(self, query: str, *, include: SearchInclude | str | None = None) -> SyncPager[FoundThread]:
        """Search the threads of the marketplace.

        ``GET /search/classified`` - safe

        The reference does not say how to get further pages; they are asked for by ``page``, as elsewhere.

        Args:
            query: Words and filters; :func:`~kaskus_async.search_filters.classified_query` makes one.
            include: ``facet`` counts what is found by forum, prefix, location and condition.

        Reference: "Search", "GET search/classified".
        """
        return SyncPager(self._portal, self._impl.classified(query, include=include))

    def lapak(
        self, query: str, *, sort: LapakSort | str | None = None, include: SearchInclude | str | None = None
    ) -> SyncPager[FoundThread]:
        """Search lapak.

        ``GET /search/lapak`` - safe

        The reference does not say how to get further pages; they are asked for by ``page``, as elsewhere.

        Args:
            query: Words and filters; :func:`~kaskus_async.search_filters.lapak_query` makes one.
            include: ``facet`` counts what is found by forum, prefix, location and condition.

        Reference: "Search", "GET search/lapak".
        """
        return SyncPager(self._portal, self._impl.lapak(query, sort=sort, include=include))

    def user(self, query: str) -> SyncPager[FoundUser]:
        """Search users by name.

        ``GET /search/user`` - safe

        The reference does not say how to get further pages; they are asked for by ``page``, as elsewhere.

        Reference: "Search", "Search User".
        """
        return SyncPager(self._portal, self._impl.user(query))

    def forum_recursive(
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
        return self._portal.run(
            self._impl.forum_recursive,
            query,
            start_date=start_date,
            end_date=end_date,
            forum_ids=forum_ids,
            recursive=recursive,
        )

    def classified_recursive(
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
        return self._portal.run(
            self._impl.classified_recursive,
            query,
            start_date=start_date,
            end_date=end_date,
            forum_ids=forum_ids,
            recursive=recursive,
        )

    def group(self, query: str, *, include: SearchInclude | str | None = None) -> Record:
        """Search groups.

        ``GET /search/group`` - safe

        The shape of the answer is not documented.

        Reference: "Search", "GET search/group".
        """
        return self._portal.run(self._impl.group, query, include=include)

    def forum_tags(
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
        return self._portal.run(self._impl.forum_tags, tags, forum_id=forum_id, cursor=cursor, page=page, limit=limit)
