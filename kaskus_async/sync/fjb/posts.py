# Written by "python -m nusantara.syncgen" from kaskus_async/fjb/posts.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.fjb.posts`."""

from __future__ import annotations

from collections.abc import Sequence

from kaskus_async.fjb.posts import FjbPosts as AsyncFjbPosts
from kaskus_async.models.posts import GoodsCondition, PostPrefix
from kaskus_async.models.threads import PostInThread
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["FjbPosts"]


class FjbPosts(SyncResource[AsyncFjbPosts]):
    """Posts in threads of the old marketplace. Reference: "Fjb_post"."""

    def get(self, post_id: str, *, fields: Sequence[str] | None = None) -> PostInThread:
        """Read a post of the old marketplace, with its thread.

        ``GET /v1/fjb_post/{post_id}`` - safe

        Args:
            fields: What of the post to send, such as ``["pagetext", "text"]``. Everything else is then absent.

        Reference: "Fjb_post", "GET fjb_post".
        """
        return self._portal.run(self._impl.get, post_id, fields=fields)

    def create(self, thread_id: str, message: str, *, title: str | None = None) -> Record:
        """Reply in a thread of the old marketplace.

        ``POST /v1/fjb_post`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            message: BBCode.

        Reference: "Fjb_post", "POST fjb_post".
        """
        return self._portal.run(self._impl.create, thread_id, message, title=title)

    def edit(
        self,
        post_id: str,
        *,
        title: str | None = None,
        message: str | None = None,
        prefix: PostPrefix | str | None = None,
        condition: GoodsCondition | int | None = None,
        price: int | None = None,
        search_tags: Sequence[str] | None = None,
        location: int | None = None,
    ) -> Record:
        """Change a post of the old marketplace.

        ``POST /v1/fjb_post/{post_id}/edit`` - repeatable

        The shape of the answer is not documented. From ``prefix`` on, the arguments are for first posts only.

        Args:
            message: BBCode.
            price: Rupiah.
            location: Province, in the numbering of the old marketplace. The reference says 1 to 32; more were seen.

        Reference: "Fjb_post", "POST fjb_post".
        """
        return self._portal.run(
            self._impl.edit,
            post_id,
            title=title,
            message=message,
            prefix=prefix,
            condition=condition,
            price=price,
            search_tags=search_tags,
            location=location,
        )
