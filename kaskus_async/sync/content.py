# Written by "python -m nusantara.syncgen" from kaskus_async/content.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.content`."""

from __future__ import annotations

from kaskus_async.content import Content as AsyncContent
from kaskus_async.models.content import Places, SpecialEvents
from kaskus_async.models.forums import ForumEntry
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["Content"]


class Content(SyncResource[AsyncContent]):
    """Lists that the site is built of. Reference: "Content", "Categories", "Special_event", "Video_preview"."""

    def countries(self) -> Places:
        """List the countries that a user can be from.

        ``GET /v1/content/countries`` - safe

        Reference: "Content", "GET content/countries".
        """
        return self._portal.run(self._impl.countries)

    def locations(self) -> Places:
        """List the locations that a user can be from.

        ``GET /v1/content/locations`` - safe

        Reference: "Content", "GET content/locations".
        """
        return self._portal.run(self._impl.locations)

    def categories(self) -> list[ForumEntry]:
        """List the categories of the marketplace.

        ``GET /v1/categories`` - safe

        Reference: "Categories".
        """
        return self._portal.run(self._impl.categories)

    def special_events(self) -> SpecialEvents:
        """List the campaigns of the site.

        ``GET /v1/kaskus/special_events`` - safe

        Reference: "Special_event".
        """
        return self._portal.run(self._impl.special_events)

    def video_preview(self, encoded_url: str) -> Record:
        """Get the preview of a YouTube video.

        ``GET /v1/video_previews`` - safe

        The shape of the answer is not documented.

        Args:
            encoded_url: The URL of the video in an encoding that the reference does not explain. It is sent as it is,
                percent-encoded as every parameter.

        Reference: "Video_preview".
        """
        return self._portal.run(self._impl.video_preview, encoded_url)
