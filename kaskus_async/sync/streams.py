# Written by "python -m nusantara.syncgen" from kaskus_async/streams.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.streams`."""

from __future__ import annotations

from kaskus_async.streams import Streams as AsyncStreams
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["Streams"]


class Streams(SyncResource[AsyncStreams]):
    """The stream of what friends write. Reference: "Stream"."""

    def posts(self) -> Record:
        """List the posts of one's friends and of the users that one follows.

        ``GET /stream`` - safe

        The shape of the answer is not documented.

        Reference: "Stream".
        """
        return self._portal.run(self._impl.posts)
