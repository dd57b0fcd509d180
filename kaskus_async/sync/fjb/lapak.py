# Written by "python -m nusantara.syncgen" from kaskus_async/fjb/lapak.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.fjb.lapak`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kaskus_async.fjb.lapak import Lapak as AsyncLapak
from kaskus_async.models.fjb.lapak import PaymentMechanism
from kaskus_async.models.fjb.threads import FjbInclude
from kaskus_async.models.posts import GoodsCondition, Post, PostPrefix
from nusantara.record import Record
from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager

__all__ = ["Lapak"]


class Lapak(SyncResource[AsyncLapak]):
    """Lapak, the threads of the marketplace that goods are sold in. Reference: "Lapak"."""

    def read(
        self,
        lapak_id: str,
        *,
        post_id: str | None = None,
        fields: Sequence[str] | None = None,
        include: FjbInclude | str | None = None,
        limit: int | None = None,
    ) -> SyncPager[Post]:
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
        return SyncPager(
            self._portal, self._impl.read(lapak_id, post_id=post_id, fields=fields, include=include, limit=limit)
        )

    def create(
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
        return self._portal.run(
            self._impl.create,
            forum_id,
            title,
            message,
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

    def set_prefix(self, lapak_id: str, prefix: PostPrefix | str) -> Record:
        """Say what a lapak is for, or that its goods are sold.

        ``POST /v1/lapak/{lapak_id}/prefix`` - repeatable

        The shape of the answer is not documented.

        Reference: "Lapak", "POST lapak".
        """
        return self._portal.run(self._impl.set_prefix, lapak_id, prefix)

    def sundul(self, lapak_id: str) -> Record:
        """Bump a lapak to the top of its category, which can be done a few times only.

        ``POST /v1/lapak/{lapak_id}/sundul`` - unrepeatable

        The shape of the answer is not documented. The thread's ``sundul_enabled`` and ``sundul_count_remainder`` say
        whether and how often it can still be done.

        Reference: "Lapak", "POST lapak".
        """
        return self._portal.run(self._impl.sundul, lapak_id)
