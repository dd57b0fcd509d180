"""What the marketplace stores. Money is whole rupiah, times are Unix seconds."""

from __future__ import annotations

import enum

import attrs

from kaskus_async.sandbox.entities import Thread

__all__ = [
    "LAPAK",
    "Address",
    "BankAccount",
    "CartItem",
    "Feedback",
    "Goods",
    "Invoice",
    "Notice",
    "Offer",
    "Order",
    "Status",
]

LAPAK = 21
"""``thread_type`` of a lapak; an older thread of the marketplace has 20."""


class Status(enum.IntEnum):
    """Where a purchase stands. That statuses have numbers is documented, which ones there are is not."""

    WAITS_FOR_PAYMENT = 1
    WAITS_FOR_SELLER = 2
    TO_BE_SENT = 3
    SENT = 4
    RECEIVED = 5
    DONE = 6
    REJECTED = 7


@attrs.define(eq=False, kw_only=True)
class Goods:
    """What a thread of the marketplace offers, or wants."""

    thread: Thread
    price: int
    discount: int = 0
    """Percent."""
    condition: int = 1
    """1 new, 2 second-hand, 4 refurbished."""
    location: int = 0
    """Province, in the numbering of the old marketplace."""
    pictures: list[str] = attrs.field(factory=list)
    extra_attributes: dict[str, str] = attrs.field(factory=dict)
    payment_mechanism: list[str] = attrs.field(factory=list)
    """1 COD, 2 escrow, 3 bought at once."""
    shipping_methods: list[int] = attrs.field(factory=list)
    """Empty for those that the seller offers everywhere."""
    custom_shipping: list[str] = attrs.field(factory=list)
    address_id: int | None = None
    """Where it is sent from."""
    weight: int = 0
    """Grams of one piece."""
    insurance: bool = False
    """Whether it is sent insured even if the buyer does not ask for it."""
    free_shipping: bool = False
    instant: bool = False
    """Whether nothing has to be sent, as with a voucher."""
    stock: int = 100
    """Pieces left. Sellers cannot tell KASKUS how many there are."""
    sold: int = 0
    bumps: int = 0
    bumped: int = 0
    """When, or 0."""

    @property
    def discounted_price(self) -> int:
        """Of one piece."""
        return self.price * (100 - self.discount) // 100

    @property
    def is_lapak(self) -> bool:
        """Or else an older thread, which nothing can be bought from here."""
        return self.thread.thread_type == LAPAK

    @property
    def by_escrow(self) -> bool:
        """Whether KASKUS takes part in the payment, and not only buyer and seller."""
        return bool({"2", "3"} & set(self.payment_mechanism))


@attrs.frozen(kw_only=True)
class Address:
    """Where goods are sent from or to."""

    address_id: int
    title: str
    address: str
    owner_name: str
    owner_phone: str
    province_id: int
    city_id: int
    area_id: int


@attrs.frozen(kw_only=True)
class BankAccount:
    """Where money from the wallet can be sent to."""

    account_id: int
    bank_id: str
    name: str
    account: str


@attrs.define(eq=False, kw_only=True)
class CartItem:
    """A line of a cart."""

    item_id: str
    goods: Goods
    quantity: int
    dateline: int


@attrs.frozen(kw_only=True)
class Order:
    """How many, and how they are to be sent. Nothing of it changes when the lapak or the address does."""

    quantity: int
    address: Address | None = None
    """``None`` where nothing is sent."""
    method_id: int | None = None
    shipping_cost: int = 0
    insurance_cost: int = 0
    message: str = ""


@attrs.define(eq=False, kw_only=True)
class Offer:
    """A price that a buyer proposes."""

    offer_id: str
    goods: Goods
    buyer_id: int
    price: int
    """For all pieces."""
    order: Order
    dateline: int
    reply: int = 0
    """1 accepted, as a public client reads it; here also 2 rejected and 0 not answered."""
    reply_message: str = ""
    invoice_id: str = ""
    """Of the purchase that it led to."""

    @property
    def seller_id(self) -> int:
        """Whose goods it is for."""
        return self.goods.thread.userid


@attrs.frozen(kw_only=True)
class Feedback:
    """What one side of a purchase says of the other."""

    invoice_id: str
    from_id: int
    to_id: int
    response: str
    """``positive``, ``neutral`` or ``negative``."""
    message: str
    dateline: int


@attrs.define(eq=False, kw_only=True)
class Invoice:
    """A purchase."""

    invoice_id: str
    offer_id: str
    """24 digits, of the offer that came before, or its own."""
    goods: Goods
    title: str
    """As it was when the goods were bought."""
    buyer_id: int
    price: int
    """For all pieces."""
    order: Order
    buyer_name: str
    buyer_phone: str
    tips: int
    payment_method: str = ""
    dateline: int
    approved: bool = False
    rejected: bool = False
    seller_message: str = ""
    paid: int = 0
    """When, or 0; the same below."""
    transfer: dict[str, str] = attrs.field(factory=dict)
    """What the buyer told of the payment."""
    sent: int = 0
    tracking_number: str = ""
    received: int = 0
    feedbacks: dict[int, Feedback] = attrs.field(factory=dict)
    """By who gave it."""

    @property
    def seller_id(self) -> int:
        """Whose goods they were."""
        return self.goods.thread.userid

    @property
    def total(self) -> int:
        """What the buyer pays."""
        return self.price + self.order.shipping_cost + self.order.insurance_cost + self.tips

    @property
    def status(self) -> Status:
        """Whether payment or approval comes first is not known, so each may."""
        if self.rejected:
            return Status.REJECTED
        if self.received:
            return Status.DONE if self.buyer_id in self.feedbacks else Status.RECEIVED
        if self.sent:
            return Status.SENT
        if not self.paid:
            return Status.WAITS_FOR_PAYMENT
        return Status.TO_BE_SENT if self.approved else Status.WAITS_FOR_SELLER


@attrs.define(eq=False, kw_only=True)
class Notice:
    """Something that a user is told of."""

    notice_id: str
    action_id: int
    text: str
    object_id: str
    """Of the offer or the invoice."""
    dateline: int
    read: bool = False
