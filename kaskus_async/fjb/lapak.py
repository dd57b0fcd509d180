"""Lapak: reading, opening and bumping them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kaskus_async import paging
from kaskus_async.fjb.goods import goods_fields, lapak_fields
from kaskus_async.models.fjb.lapak import PaymentMechanism
from kaskus_async.models.fjb.threads import FjbInclude
from kaskus_async.models.posts import GoodsCondition, Post, PostPrefix
from kaskus_async.models.threads import ThreadPage
from kaskus_async.posts import post_key
from kaskus_async.requests import get, post
from kaskus_async.values import given, joined, positive, required, text
from nusantara.client import Resource
from nusantara.pagination import Pager
from nusantara.record import Record
from nusantara.request import CallClass

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Lapak"]


class Lapak(Resource):
    """Lapak, the threads of the marketplace that goods are sold in. Reference: "Lapak"."""

    _client: AsyncKaskus

    def read(
        self,
        lapak_id: str,
        *,
        post_id: str | None = None,
        fields: Sequence[str] | None = None,
        include: FjbInclude | str | None = None,
        limit: int | None = None,
    ) -> Pager[Post]:
        """Read a lapak, post by post.

        ``GET /v1/lapak/{lapak_id}`` - safe

        The ``answer`` of a page is a :class:`~kaskus_async.models.threads.ThreadPage`, whose ``thread`` has the price,
        the pictures and the like.

        Args:
            post_id: Begin with the page that holds this post.
            fields: What of each post to send, such as ``["pagetext", "text"]``. Everything else is then absent.
            limit: Posts in a page.

        Reference: "Lapak", "GET lapak".
        """
        params = {"limit": positive("limit", limit), "field": joined("fields", fields), "include": include}

        async def fetch(page: int | None) -> ThreadPage:
            position = {"page": page} if page is not None else {"post": text("post_id", post_id)}
            request = get("/v1/lapak/{lapak_id}", lapak_id, params={**position, **params})
            return await self._client._send(request, ThreadPage)

        return paging.by_number(
            fetch, lambda answer: answer.posts, key=post_key, first=1 if post_id is None else None, limit=limit
        )

    async def create(
        self,
        forum_id: int,
        title: str,
        message: str,
        *,
        prefix: PostPrefix | str | None = None,
        condition: GoodsCondition | int | None = None,
        price: int | None = None,
        search_tags: Sequence[str] | None = None,
        location: int | None = None,
        extra_attributes: Mapping[str, str] | None = None,
        discount: int | None = None,
        pictures: Sequence[str] | None = None,
        payment_mechanism: Sequence[PaymentMechanism | int] | None = None,
        shipping_method: Sequence[int | str] | None = None,
        address_id: int | str | None = None,
        weight: int | None = None,
        insurance: bool | None = None,
        free_shipping: bool | None = None,
        custom_shipping_method: Sequence[str] | None = None,
    ) -> Record:
        """Open a lapak.

        ``POST /v1/lapak`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            forum_id: A category of the marketplace.
            message: BBCode of the first post.
            price: Rupiah.
            location: Province, in the numbering of the old marketplace. The reference says 1 to 32; more were seen.
            extra_attributes: Further properties of the goods by their names, sent as one JSON object. The reference
                asks for JSON, but its example is none.
            discount: Percent, 0 to 100.
            pictures: At most 5 URLs of images that were uploaded to KASKUS before.
            shipping_method: Ids of shipping methods.
            address_id: The address that the goods are sent from.
            weight: Grams.
            insurance: Whether shipping is insured.
            custom_shipping_method: Names of other ways to send the goods.

        Reference: "Lapak", "POST lapak".
        """
        goods = goods_fields(
            title=required("title", title),
            message=required("message", message),
            prefix=prefix,
            condition=condition,
            price=price,
            search_tags=search_tags,
            location=location,
        )
        more = lapak_fields(
            extra_attributes=extra_attributes,
            discount=discount,
            pictures=pictures,
            payment_mechanism=payment_mechanism,
            shipping_method=shipping_method,
            address_id=address_id,
            weight=weight,
            insurance=insurance,
            free_shipping=free_shipping,
            custom_shipping_method=custom_shipping_method,
        )
        return await self._client._send(
            post(
                "/v1/lapak",
                form={"forum_id": given("forum_id", forum_id), **goods, **more},
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def set_prefix(self, lapak_id: str, prefix: PostPrefix | str) -> Record:
        """Say what a lapak is for, or that its goods are sold.

        ``POST /v1/lapak/{lapak_id}/prefix`` - repeatable

        The shape of the answer is not documented.

        Reference: "Lapak", "POST lapak".
        """
        return await self._client._send(
            post(
                "/v1/lapak/{lapak_id}/prefix",
                lapak_id,
                form={"prefix_id": required("prefix", prefix)},
                call_class=CallClass.REPEATABLE,
            ),
            Record,
        )

    async def sundul(self, lapak_id: str) -> Record:
        """Bump a lapak to the top of its category, which can be done a few times only.

        ``POST /v1/lapak/{lapak_id}/sundul`` - unrepeatable

        The shape of the answer is not documented. The thread's ``sundul_enabled`` and ``sundul_count_remainder`` say
        whether and how often it can still be done.

        Reference: "Lapak", "POST lapak".
        """
        return await self._client._send(
            post("/v1/lapak/{lapak_id}/sundul", lapak_id, call_class=CallClass.UNREPEATABLE), Record
        )
