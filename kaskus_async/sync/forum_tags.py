# Written by "python -m nusantara.syncgen" from kaskus_async/forum_tags.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.forum_tags`."""

from __future__ import annotations

from kaskus_async.forum_tags import ForumTags as AsyncForumTags
from kaskus_async.models.forum_tags import FjbTags, ForumTag, NavigationItem, TagGroups
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["ForumTags"]


class ForumTags(SyncResource[AsyncForumTags]):
    """Tags that group forums. Reference: "Forumtag"."""

    def all(self) -> TagGroups:
        """List all tags with their forums.

        ``GET /forumtag/all`` - safe

        Reference: "Forumtag", "GET forumtag/all".
        """
        return self._portal.run(self._impl.all)

    def fjb(self) -> FjbTags:
        """List the tags of the marketplace with their forums.

        ``GET /forumtag/fjb`` - safe

        Reference: "Forumtag", "GET forumtag/fjb".
        """
        return self._portal.run(self._impl.fjb)

    def forum(self) -> list[ForumTag | None]:
        """List the tags of the forum with the ids of their forums.

        ``GET /forumtag/list_forum_tag`` - safe

        None was seen among them.

        Reference: "Forumtag", "GET forumtag/list_forum_tag".
        """
        return self._portal.run(self._impl.forum)

    def subscriptions(self) -> Record:
        """List the tags for subscriptions.

        ``GET /forumtag/list_forum_subscription`` - safe

        The shape of the answer is not documented.

        Reference: "Forumtag", "GET forumtag/list_forum_subscription".
        """
        return self._portal.run(self._impl.subscriptions)

    def navigation(self) -> list[NavigationItem]:
        """List the entries of the navigation.

        ``GET /forumtag/list_navigation_info`` - safe

        Reference: "Forumtag", "GET forumtag/list_navigation_info".
        """
        return self._portal.run(self._impl.navigation)
