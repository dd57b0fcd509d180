"""Forums: the list of them, their threads, what the editors show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kaskus_async import paging
from kaskus_async.models.forums import ForumEntry, ForumEvents, ForumThreads, SortOrder, ThreadSort, TopUsers
from kaskus_async.models.threads import Thread, ThreadInclude
from kaskus_async.requests import get
from kaskus_async.values import joined, positive
from nusantara.client import Resource
from nusantara.errors import InvalidParameter
from nusantara.pagination import Pager
from nusantara.record import Record

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Forums"]

MAX_RECENT_FORUMS = 10


class Forums(Resource):
    """Forums and what is in them. Reference: "Forum", "Forumlist", "Foruminfo", "Forum_setting"."""

    _client: AsyncKaskus

    async def all(self) -> list[ForumEntry]:
        """List all forums.

        ``GET /forumlist`` - safe

        Reference: "Forumlist".
        """
        return await self._client._send(get("/forumlist"), list[ForumEntry])

    async def subforums(self, forum_id: int) -> list[ForumEntry]:
        """List all forums below a forum.

        ``GET /forumlist/{forum_id}`` - safe

        Reference: "Forumlist".
        """
        return await self._client._send(get("/forumlist/{forum_id}", forum_id), list[ForumEntry])

    def threads(
        self,
        forum_id: int,
        *,
        sort: ThreadSort | str | None = None,
        order: SortOrder | str | None = None,
        tags: Sequence[str] | None = None,
        include: ThreadInclude | str | None = None,
        limit: int | None = None,
    ) -> Pager[Thread]:
        """List the threads of a forum.

        ``GET /v1/forum/{forum_id}/threads`` - safe

        The ``answer`` of a page is a :class:`~kaskus_async.models.forums.ForumThreads`, which has the forum, its
        subforums and the threads on top as well. Of large forums at most 20000 threads were seen listed.

        Args:
            tags: Only threads with these tags.
            limit: Threads in a page; 20 were seen without it.

        Reference: "Forum", "GET forum/threads".
        """
        params = {
            "limit": positive("limit", limit),
            "sort": sort,
            "order": order,
            "include": include,
            "tags": joined("tags", tags),
        }

        async def fetch(page: int | None) -> ForumThreads:
            request = get("/v1/forum/{forum_id}/threads", forum_id, params={"page": page, **params})
            return await self._client._send(request, ForumThreads)

        return paging.by_number(fetch, lambda answer: answer.thread, key=lambda thread: thread.thread_id, limit=limit)

    async def info(self) -> Record:
        """Get the forums, the forum tags and the smileys in one answer.

        ``GET /foruminfo`` - safe

        The shape of the answer is not documented.

        Reference: "Foruminfo".
        """
        return await self._client._send(get("/foruminfo"), Record)

    async def settings(self) -> Record:
        """Get the settings of the forum.

        ``GET /v1/forum/settings`` - safe

        The shape of the answer is not documented.

        Reference: "Forum_setting".
        """
        return await self._client._send(get("/v1/forum/settings"), Record)

    async def recommendations(self, *, forum_ids: Sequence[int] | None = None) -> Record:
        """Get recommended forums, and threads with videos and pictures.

        ``GET /v1/forum/recommendations`` - safe

        The shape of the answer is not documented.

        Args:
            forum_ids: The forums that were opened last, at most 10.

        Reference: "Forum", "GET forum/recommendations".
        """
        joined_ids = joined("forum_ids", forum_ids)
        if forum_ids is not None and len(forum_ids) > MAX_RECENT_FORUMS:
            raise InvalidParameter("forum_ids", f"are {len(forum_ids)}; at most {MAX_RECENT_FORUMS} are allowed")
        return await self._client._send(get("/v1/forum/recommendations", params={"forum_ids": joined_ids}), Record)

    async def showcases(self) -> Record:
        """Get the showcases of the front page.

        ``GET /v1/forum/showcases`` - safe

        The shape of the answer is not documented.

        Reference: "Forum", "GET forum/showcases".
        """
        return await self._client._send(get("/v1/forum/showcases"), Record)

    async def top_users(self) -> TopUsers:
        """List the top users, moderators and regional leaders.

        ``GET /forum/top_kaskuser`` - safe

        Reference: "Forum", "GET forum/top_kaskuser".
        """
        return await self._client._send(get("/forum/top_kaskuser"), TopUsers)

    async def events(self) -> ForumEvents:
        """Show the live event and the calendar of events.

        ``GET /forum/events`` - safe

        Reference: "Forum", "GET forum/events".
        """
        return await self._client._send(get("/forum/events"), ForumEvents)
