# Written by "python -m nusantara.syncgen" from kaskus_async/forums.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.forums`."""

from __future__ import annotations

from collections.abc import Sequence

from kaskus_async.forums import Forums as AsyncForums
from kaskus_async.models.forums import ForumEntry, ForumEvents, SortOrder, ThreadSort, TopUsers
from kaskus_async.models.threads import Thread, ThreadInclude
from nusantara.record import Record
from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager

__all__ = ["Forums"]


class Forums(SyncResource[AsyncForums]):
    """Forums and what is in them. Reference: "Forum", "Forumlist", "Foruminfo", "Forum_setting"."""

    def all(self) -> list[ForumEntry]:
        """List all forums.

        ``GET /forumlist`` - safe

        Reference: "Forumlist".
        """
        return self._portal.run(self._impl.all)

    def subforums(self, forum_id: int) -> list[ForumEntry]:
        """List all forums below a forum.

        ``GET /forumlist/{forum_id}`` - safe

        Reference: "Forumlist".
        """
        return self._portal.run(self._impl.subforums, forum_id)

    def threads(
        self,
        forum_id: int,
        *,
        sort: ThreadSort | str | None = None,
        order: SortOrder | str | None = None,
        tags: Sequence[str] | None = None,
        include: ThreadInclude | str | None = None,
        limit: int | None = None,
    ) -> SyncPager[Thread]:
        """List the threads of a forum.

        ``GET /v1/forum/{forum_id}/threads`` - safe

        The ``answer`` of a page is a :class:`~kaskus_async.models.forums.ForumThreads`, which has the forum, its
        subforums and the threads on top as well. Of large forums at most 20000 threads were seen listed.

        Args:
            tags: Only threads with these tags.
            limit: Threads in a page; 20 were seen without it.

        Reference: "Forum", "GET forum/threads".
        """
        return SyncPager(
            self._portal, self._impl.threads(forum_id, sort=sort, order=order, tags=tags, include=include, limit=limit)
        )

    def info(self) -> Record:
        """Get the forums, the forum tags and the smileys in one answer.

        ``GET /foruminfo`` - safe

        The shape of the answer is not documented.

        Reference: "Foruminfo".
        """
        return self._portal.run(self._impl.info)

    def settings(self) -> Record:
        """Get the settings of the forum.

        ``GET /v1/forum/settings`` - safe

        The shape of the answer is not documented.

        Reference: "Forum_setting".
        """
        return self._portal.run(self._impl.settings)

    def recommendations(self, *, forum_ids: Sequence[int] | None = None) -> Record:
        """Get recommended forums, and threads with videos and pictures.

        ``GET /v1/forum/recommendations`` - safe

        The shape of the answer is not documented.

        Args:
            forum_ids: The forums that were opened last, at most 10.

        Reference: "Forum", "GET forum/recommendations".
        """
        return self._portal.run(self._impl.recommendations, forum_ids=forum_ids)

    def showcases(self) -> Record:
        """Get the showcases of the front page.

        ``GET /v1/forum/showcases`` - safe

        The shape of the answer is not documented.

        Reference: "Forum", "GET forum/showcases".
        """
        return self._portal.run(self._impl.showcases)

    def top_users(self) -> TopUsers:
        """List the top users, moderators and regional leaders.

        ``GET /forum/top_kaskuser`` - safe

        Reference: "Forum", "GET forum/top_kaskuser".
        """
        return self._portal.run(self._impl.top_users)

    def events(self) -> ForumEvents:
        """Show the live event and the calendar of events.

        ``GET /forum/events`` - safe

        Reference: "Forum", "GET forum/events".
        """
        return self._portal.run(self._impl.events)
