"""Posts in threads of the old marketplace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kaskus_async.fjb.goods import goods_fields
from kaskus_async.models.posts import GoodsCondition, PostPrefix
from kaskus_async.models.threads import PostInThread
from kaskus_async.requests import get, post
from kaskus_async.values import joined, required
from nusantara.client import Resource
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["FjbPosts"]


class FjbPosts(Resource):
    """Posts in threads of the old marketplace. Reference: "Fjb_post"."""

    _client: AsyncKaskus

    async def get(self, post_id: str, *, fields: Sequence[str] | None = None) -> PostInThread:
        """Read a post of the old marketplace, with its thread.

        ``GET /v1/fjb_post/{post_id}`` - safe

        Args:
            fields: What of the post to send, such as ``["pagetext", "text"]``. Everything else is then absent.

        Reference: "Fjb_post", "GET fjb_post".
        """
        return await self._client._send(
            get("/v1/fjb_post/{post_id}", post_id, params={"field": joined("fields", fields)}), PostInThread
        )

    async def create(self, thread_id: str, message: str, *, title: str | None = None) -> Record:
        """Reply in a thread of the old marketplace.

        ``POST /v1/fjb_post`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            message: BBCode.

        Reference: "Fjb_post", "POST fjb_post".
        """
        return await self._client._send(
            post(
                "/v1/fjb_post",
                form={
                    "thread_id": required("thread_id", thread_id),
                    "title": title,
                    "message": required("message", message),
                },
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def edit(
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
        goods = goods_fields(
            title=title,
            message=message,
            prefix=prefix,
            condition=condition,
            price=price,
            search_tags=search_tags,
            location=location,
        )
        return await self._client._send(
            post("/v1/fjb_post/{post_id}/edit", post_id, form=goods, call_class=CallClass.REPEATABLE), Record
        )
