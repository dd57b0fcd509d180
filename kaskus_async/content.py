"""Lists that the site is built of: places, categories, campaigns; and previews of videos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.models.content import Places, SpecialEvents
from kaskus_async.models.forums import ForumEntry
from kaskus_async.requests import get
from kaskus_async.values import required
from nusantara.client import Resource
from nusantara.record import Record

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Content"]


class Content(Resource):
    """Lists that the site is built of. Reference: "Content", "Categories", "Special_event", "Video_preview"."""

    _client: AsyncKaskus

    async def countries(self) -> Places:
        """List the countries that a user can be from.

        ``GET /v1/content/countries`` - safe

        Reference: "Content", "GET content/countries".
        """
        return await self._client._send(get("/v1/content/countries"), Places)

    async def locations(self) -> Places:
        """List the locations that a user can be from.

        ``GET /v1/content/locations`` - safe

        Reference: "Content", "GET content/locations".
        """
        return await self._client._send(get("/v1/content/locations"), Places)

    async def categories(self) -> list[ForumEntry]:
        """List the categories of the marketplace.

        ``GET /v1/categories`` - safe

        Reference: "Categories".
        """
        return await self._client._send(get("/v1/categories"), list[ForumEntry])

    async def special_events(self) -> SpecialEvents:
        """List the campaigns of the site.

        ``GET /v1/kaskus/special_events`` - safe

        Reference: "Special_event".
        """
        return await self._client._send(get("/v1/kaskus/special_events"), SpecialEvents)

    async def video_preview(self, encoded_url: str) -> Record:
        """Get the preview of a YouTube video.

        ``GET /v1/video_previews`` - safe

        The shape of the answer is not documented.

        Args:
            encoded_url: The URL of the video in an encoding that the reference does not explain. It is sent as it is,
                percent-encoded as every parameter.

        Reference: "Video_preview".
        """
        return await self._client._send(
            get("/v1/video_previews", params={"encoded_url": required("encoded_url", encoded_url)}), Record
        )
