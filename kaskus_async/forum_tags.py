"""Tags that group forums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.models.forum_tags import FjbTags, ForumTag, NavigationItem, TagGroups
from kaskus_async.requests import get
from nusantara.client import Resource
from nusantara.record import Record

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["ForumTags"]


class ForumTags(Resource):
    """Tags that group forums. Reference: "Forumtag"."""

    _client: AsyncKaskus

    async def all(self) -> TagGroups:
        """List all tags with their forums.

        ``GET /forumtag/all`` - safe

        Reference: "Forumtag", "GET forumtag/all".
        """
        return await self._client._send(get("/forumtag/all"), TagGroups)

    async def fjb(self) -> FjbTags:
        """List the tags of the marketplace with their forums.

        ``GET /forumtag/fjb`` - safe

        Reference: "Forumtag", "GET forumtag/fjb".
        """
        return await self._client._send(get("/forumtag/fjb"), FjbTags)

    async def forum(self) -> list[ForumTag | None]:
        """List the tags of the forum with the ids of their forums.

        ``GET /forumtag/list_forum_tag`` - safe

        None was seen among them.

        Reference: "Forumtag", "GET forumtag/list_forum_tag".
        """
        return await self._client._send(get("/forumtag/list_forum_tag"), list[ForumTag | None])

    async def subscriptions(self) -> Record:
        """List the tags for subscriptions.

        ``GET /forumtag/list_forum_subscription`` - safe

        The shape of the answer is not documented.

        Reference: "Forumtag", "GET forumtag/list_forum_subscription".
        """
        return await self._client._send(get("/forumtag/list_forum_subscription"), Record)

    async def navigation(self) -> list[NavigationItem]:
        """List the entries of the navigation.

        ``GET /forumtag/list_navigation_info`` - safe

        Reference: "Forumtag", "GET forumtag/list_navigation_info".
        """
        return await self._client._send(get("/forumtag/list_navigation_info"), list[NavigationItem])
