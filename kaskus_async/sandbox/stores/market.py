"""What ``sandbox.kaskus.market`` gives: goods, purchases, and what users keep for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import attrs

from kaskus_async.sandbox.refusals import Forbidden, NotThere
from kaskus_async.sandbox.stores.goods import (
    Address,
    BankAccount,
    CartItem,
    Feedback,
    Goods,
    Invoice,
    Notice,
    Offer,
)
from kaskus_async.sandbox.stores.wallets import Wallets

if TYPE_CHECKING:
    from kaskus_async.sandbox.entities import Thread

__all__ = ["Market", "UserThings", "check_owner"]


@attrs.define(eq=False)
class UserThings:
    """What one user keeps."""

    addresses: dict[int, Address] = attrs.field(factory=dict)
    default_address: int | None = None
    bank_accounts: dict[int, BankAccount] = attrs.field(factory=dict)
    cart: dict[str, CartItem] = attrs.field(factory=dict)
    """Oldest first."""
    notices: dict[str, Notice] = attrs.field(factory=dict)
    """Oldest first."""
    shipping_methods: list[int] = attrs.field(factory=list)
    """Which methods the user sends goods with."""


class Market:
    """The marketplace beside its threads, which are on the board."""

    def __init__(self, new_id: Callable[[], str], digest: Callable[[str], str]) -> None:
        self.new_id, self._digest = new_id, digest
        # The reference's examples of these two look like times; times would differ from run to run.
        self._last_address, self._last_account = 1_453_889_460, 1_457_323_795
        self._things: dict[int, UserThings] = {}
        self.goods: dict[str, Goods] = {}
        """By thread, oldest first."""
        self.offers: dict[str, Offer] = {}
        self.invoices: dict[str, Invoice] = {}
        self.wallets = Wallets(new_id)

    def things(self, userid: int) -> UserThings:
        """What a user keeps."""
        return self._things.setdefault(userid, UserThings())

    def add_goods(self, goods: Goods) -> Goods:
        """Put something on the market."""
        self.goods[goods.thread.thread_id] = goods
        return goods

    def goods_of(self, thread_id: str) -> Goods:
        """What a thread is about. Raises :exc:`NotThere`."""
        if thread_id not in self.goods:
            raise NotThere("thread not found")
        return self.goods[thread_id]

    def lapak(self, thread_id: str) -> Goods:
        """The same, for what can be bought here. Raises :exc:`NotThere`."""
        goods = self.goods_of(thread_id)
        if not goods.is_lapak:
            raise NotThere("lapak not found")
        return goods

    def own_lapak(self, thread_id: str, userid: int) -> Goods:
        """The same, for its owner. Raises :exc:`NotThere` and :exc:`Forbidden`."""
        goods = self.lapak(thread_id)
        check_owner(goods.thread, userid)
        return goods

    def origin_of(self, goods: Goods) -> Address | None:
        """Where goods are sent from: their own address, or else the default one of the seller."""
        things = self.things(goods.thread.userid)
        number = goods.address_id if goods.address_id in things.addresses else things.default_address
        return None if number is None else things.addresses[number]

    def new_address_id(self) -> int:
        """A number that no address has."""
        self._last_address += 1
        return self._last_address

    def new_account_id(self) -> int:
        """A number that no bank account has."""
        self._last_account += 1
        return self._last_account

    def new_invoice_id(self) -> str:
        """15 hexadecimal digits, as in the reference's example."""
        return self._digest(f"invoice:{len(self.invoices)}")[:15].upper()

    def offer(self, offer_id: str, userid: int) -> Offer:
        """An offer, for those whom it concerns. Raises :exc:`NotThere` and :exc:`Forbidden`."""
        if offer_id not in self.offers:
            raise NotThere("offer not found")
        offer = self.offers[offer_id]
        if userid not in (offer.buyer_id, offer.seller_id):
            raise Forbidden("the offer is of others")
        return offer

    def invoice(self, invoice_id: str, userid: int) -> Invoice:
        """An invoice, for those whom it concerns. Raises :exc:`NotThere` and :exc:`Forbidden`.

        The reference describes the identifier that an approval takes as that of an offer, so this one is found by both.
        """
        found = self.invoices.get(invoice_id.upper()) or next(
            (one for one in self.invoices.values() if one.offer_id == invoice_id), None
        )
        if found is None:
            raise NotThere("invoice not found")
        if userid not in (found.buyer_id, found.seller_id):
            raise Forbidden("the invoice is of others")
        return found

    def feedbacks_for(self, userid: int) -> list[Feedback]:
        """What others say of a user, oldest first."""
        given = [feedback for invoice in self.invoices.values() for feedback in invoice.feedbacks.values()]
        return sorted((one for one in given if one.to_id == userid), key=lambda one: one.dateline)

    def feedback_counts(self, userid: int) -> dict[str, int]:
        """How many of each kind, the share of the positive ones in percent, and the positive less the negative."""
        kinds = [feedback.response for feedback in self.feedbacks_for(userid)]
        counts = {kind: kinds.count(kind) for kind in ("positive", "neutral", "negative")}
        percentage = 100 * counts["positive"] // len(kinds) if kinds else 0
        return counts | {"percentage": percentage, "point": counts["positive"] - counts["negative"]}

    def tell(self, userid: int, action_id: int, text: str, object_id: str, at: int) -> None:
        """Notify a user."""
        notice = Notice(notice_id=self.new_id(), action_id=action_id, text=text, object_id=object_id, dateline=at)
        self.things(userid).notices[notice.notice_id] = notice


def check_owner(thread: Thread, userid: int) -> None:
    """Raises :exc:`Forbidden`."""
    if thread.userid != userid:
        raise Forbidden("the thread is of somebody else")
