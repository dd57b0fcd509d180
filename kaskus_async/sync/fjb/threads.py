# Written by "python -m nusantara.syncgen" from kaskus_async/fjb/threads.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.fjb.threads`."""

from __future__ import annotations

from collections.abc import Sequence

from kaskus_async.fjb.threads import FjbThreads as AsyncFjbThreads
from kaskus_async.models.fjb.threads import FjbInclude
from kaskus_async.models.posts import Post
from nusantara.record import Record
from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager

__all__ = ["FjbThreads"]


class FjbThreads(SyncResource[AsyncFjbThreads]):
    """Threads of the old marketplace. Reference: "Fjb_thread"."""

    def read(
        self,
        thread_id: str,
        *,
        post_id: str | None = None,
        fields: Sequence[str] | None = None,
        include: FjbInclude | str | None = None,
        limit: int | None = None,
    ) -> SyncPager[Post]:
        """Read a thread of the old marketplace, post by post.

        ``GET /v1/fjb_thread/{thread_id}`` - safe

        The ``answer`` of a page is a :class:`~kaskus_async.models.threads.ThreadPage`, whose ``thread`` has the price,
        the pictures and the like.

        Args:
            post_id: Begin with the page that holds this post.
            fields: What of each post to send, such as ``["pagetext", "text"]``. Everything else is then absent.
            limit: Posts in a page.

        Reference: "Fjb_thread", "GET fjb_thread".
        """
        return SyncPager(
            self._portal, self._impl.read(thread_id, post_id=post_id, fields=fields, include=include, limit=limit)
        )

    def sundul(self, thread_id: str) -> Record:
        """Bump a thread to the top of its category, which can be done a few times only.

        ``POST /v1/fjb_thread/{thread_id}/sundul`` - unrepeatable

        The shape of the answer is not documented. The thread's ``sundul_enabled`` and ``sundul_count_remainder`` say
        whether and how often it can still be done.

        Reference: "Fjb_thread", "POST fjb_thread".
        """
        return self._portal.run(self._impl.sundul, thread_id)
