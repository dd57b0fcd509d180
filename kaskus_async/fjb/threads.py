"""Threads of the old marketplace: reading and bumping them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kaskus_async import paging
from kaskus_async.models.fjb.threads import FjbInclude
from kaskus_async.models.posts import Post
from kaskus_async.models.threads import ThreadPage
from kaskus_async.posts import post_key
from kaskus_async.requests import get, post
from kaskus_async.values import joined, positive, text
from nusantara.client import Resource
from nusantara.pagination import Pager
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["FjbThreads"]


class FjbThreads(Resource):
    """Threads of the old marketplace. Reference: "Fjb_thread"."""

    _client: AsyncKaskus

    def read(
        self,
        thread_id: str,
        *,
        post_id: str | None = None,
        fields: Sequence[str] | None = None,
        include: FjbInclude | str | None = None,
        limit: int | None = None,
    ) -> Pager[Post]:
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
        params = {"limit": positive("limit", limit), "field": joined("fields", fields), "include": include}

        async def fetch(page: int | None) -> ThreadPage:
            position = {"page": page} if page is not None else {"post": text("post_id", post_id)}
            request = get("/v1/fjb_thread/{thread_id}", thread_id, params={**position, **params})
            return await self._client._send(request, ThreadPage)

        return paging.by_number(
            fetch, lambda answer: answer.posts, key=post_key, first=1 if post_id is None else None, limit=limit
        )

    async def sundul(self, thread_id: str) -> Record:
        """Bump a thread to the top of its category, which can be done a few times only.

        ``POST /v1/fjb_thread/{thread_id}/sundul`` - unrepeatable

        The shape of the answer is not documented. The thread's ``sundul_enabled`` and ``sundul_count_remainder`` say
        whether and how often it can still be done.

        Reference: "Fjb_thread", "POST fjb_thread".
        """
        return await self._client._send(
            post("/v1/fjb_thread/{thread_id}/sundul", thread_id, call_class=CallClass.UNREPEATABLE), Record
        )
