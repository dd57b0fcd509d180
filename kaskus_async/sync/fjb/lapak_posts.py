# Written by "python -m nusantara.syncgen" from kaskus_async/fjb/lapak_posts.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.fjb.lapak_posts`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kaskus_async.fjb.lapak_posts import LapakPosts as AsyncLapakPosts
from kaskus_async.models.fjb.lapak import PaymentMechanism
from kaskus_async.models.posts import GoodsCondition, PostPrefix
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["LapakPosts"]


class LapakPosts(SyncResource[AsyncLapakPosts]):
    """Posts in lapak. Reference: "Lapak_post"."""

    def get(self, post_id: str, *, fields: Sequence[str] | None = None) -> Record:
        """Read a post of a lapak.

        ``GET /v1/lapak_post/{post_id}`` - safe

        The shape of the answer is not documented.

        Args:
            fields: What of the post to send, such as ``["pagetext", "text"]``.

        Reference: "Lapak_post", "GET lapak_post".
        """
        return self._portal.run(self._impl.get, post_id, fields=fields)

    def create(self, lapak_id: str, message: str, *, title: str | None = None) -> Record:
        """Reply in a lapak.

        ``POST /v1/lapak_post`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            message: BBCode.

        Reference: "Lapak_post", "POST lapak_post".
        """
        return self._portal.run(self._impl.create, lapak_id, message, title=title)

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
        """Change a post of a lapak, and with its first post the lapak.

        ``POST /v1/lapak_post/{post_id}/edit`` - repeatable

        The shape of the answer is not documented. From ``prefix`` on, the arguments are for the first post only.

        Args:
            message: BBCode.
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

        Reference: "Lapak_post", "POST lapak_post".
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
