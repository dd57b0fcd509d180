"""The rules of buying and selling. Everything is checked before anything changes.

How a purchase goes from its payment to its end is told by the names of the operations only; the order in which the two
sides act, and what each may do when, are this sandbox's own.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from kaskus_async.sandbox.refusals import Forbidden, Refused
from kaskus_async.sandbox.stores.goods import Feedback, Goods, Invoice, Offer, Order, Status

if TYPE_CHECKING:
    from kaskus_async.sandbox.stores.market import Market

__all__ = [
    "Action",
    "answer_offer",
    "approve",
    "buy",
    "check_for_sale",
    "check_out",
    "give_feedback",
    "make_offer",
    "pay",
    "receive",
    "reject",
    "send",
]


class Action(enum.IntEnum):
    """What users are notified of. That such things have numbers is documented, which ones there are is not."""

    OFFER = 1
    OFFER_ANSWER = 2
    PURCHASE = 3
    PURCHASE_ANSWER = 4
    PAYMENT = 5
    SHIPMENT = 6
    RECEIPT = 7
    FEEDBACK = 8


def check_for_sale(goods: Goods, buyer_id: int, quantity: int) -> None:
    """Whether a user can have so many of them. Raises :exc:`Refused`."""
    thread = goods.thread
    if thread.userid == buyer_id:
        raise Refused("nobody buys from himself")
    if thread.prefix_id != "WTS" or not thread.open:
        raise Refused("the lapak sells nothing")
    if not goods.by_escrow:
        raise Refused("the lapak sells against cash on delivery only")
    if quantity < 1:
        raise Refused("quantity must be at least 1", details={"quantity": "at least 1"})
    if quantity > goods.stock:
        raise Refused(f"only {goods.stock} are left", details={"quantity": f"at most {goods.stock}"})


def buy(
    market: Market,
    goods: Goods,
    buyer_id: int,
    order: Order,
    *,
    buyer_name: str,
    buyer_phone: str,
    tips: int,
    at: int,
) -> Invoice:
    """Buy at the asking price. Raises :exc:`Refused`."""
    check_for_sale(goods, buyer_id, order.quantity)
    invoice = Invoice(
        invoice_id=market.new_invoice_id(),
        offer_id=market.new_id(),
        goods=goods,
        title=goods.thread.title,
        buyer_id=buyer_id,
        price=goods.discounted_price * order.quantity,
        order=order,
        buyer_name=buyer_name,
        buyer_phone=buyer_phone,
        tips=tips,
        dateline=at,
        # Nobody has to look for a voucher on the shelf.
        approved=goods.instant,
    )
    return _keep(market, invoice)


def make_offer(market: Market, goods: Goods, buyer_id: int, price: int, order: Order, at: int) -> Offer:
    """Propose a price for all pieces together. Raises :exc:`Refused`."""
    check_for_sale(goods, buyer_id, order.quantity)
    if "2" not in goods.payment_mechanism:
        raise Refused("the lapak does not negotiate")
    if price < 1:
        raise Refused("offer_price must be at least 1", details={"offer_price": "at least 1"})
    offer = Offer(offer_id=market.new_id(), goods=goods, buyer_id=buyer_id, price=price, order=order, dateline=at)
    market.offers[offer.offer_id] = offer
    market.tell(offer.seller_id, Action.OFFER, f"Penawaran baru untuk {goods.thread.title}", offer.offer_id, at)
    return offer


def answer_offer(market: Market, offer: Offer, seller_id: int, order: Order | None, message: str, at: int) -> None:
    """Accept an offer, as ``order`` has it, or reject it. Raises :exc:`Refused`."""
    _check_seller(offer.seller_id, seller_id)
    if offer.reply:
        raise Refused("the offer is answered already")
    offer.reply, offer.reply_message = 2 if order is None else 1, message
    if order is not None:
        offer.order = order
    verdict = "ditolak" if order is None else "diterima"
    text = f"Penawaran untuk {offer.goods.thread.title} {verdict}"
    market.tell(offer.buyer_id, Action.OFFER_ANSWER, text, offer.offer_id, at)


def check_out(
    market: Market,
    offer: Offer,
    buyer_id: int,
    *,
    buyer_name: str,
    buyer_phone: str,
    tips: int,
    payment_method: str,
    at: int,
) -> Invoice:
    """Buy for an offer that was accepted. Raises :exc:`Refused`."""
    _check_buyer(offer.buyer_id, buyer_id)
    if offer.reply != 1:
        raise Refused("the offer is not accepted")
    if offer.invoice_id:
        raise Refused("the offer led to a purchase already", details={"invoice_id": offer.invoice_id})
    check_for_sale(offer.goods, buyer_id, offer.order.quantity)
    invoice = Invoice(
        invoice_id=market.new_invoice_id(),
        offer_id=offer.offer_id,
        goods=offer.goods,
        title=offer.goods.thread.title,
        buyer_id=buyer_id,
        price=offer.price,
        order=offer.order,
        buyer_name=buyer_name,
        buyer_phone=buyer_phone,
        tips=tips,
        payment_method=payment_method,
        dateline=at,
        approved=True,
    )
    offer.invoice_id = invoice.invoice_id
    return _keep(market, invoice)


def approve(market: Market, invoice: Invoice, seller_id: int, message: str, *, mark_as_sold: bool, at: int) -> None:
    """The seller agrees to a purchase. Raises :exc:`Refused`."""
    _check_seller(invoice.seller_id, seller_id)
    if invoice.approved or invoice.rejected:
        raise Refused("the purchase is answered already")
    invoice.approved, invoice.seller_message = True, message
    if mark_as_sold:
        invoice.goods.thread.prefix_id = "SOLD"
    _tell(market, invoice, invoice.buyer_id, Action.PURCHASE_ANSWER, "disetujui penjual", at)


def reject(market: Market, invoice: Invoice, seller_id: int, message: str, at: int) -> None:
    """The seller refuses a purchase: what was paid goes to the buyer's wallet. Raises :exc:`Refused`."""
    _check_seller(invoice.seller_id, seller_id)
    if invoice.approved or invoice.rejected:
        raise Refused("the purchase is answered already")
    invoice.rejected, invoice.seller_message = True, message
    invoice.goods.stock += invoice.order.quantity
    invoice.goods.sold -= invoice.order.quantity
    if invoice.paid:
        market.wallets.move(invoice.buyer_id, "refund", invoice.total, invoice.invoice_id, at)
    _tell(market, invoice, invoice.buyer_id, Action.PURCHASE_ANSWER, "ditolak penjual", at)


def pay(market: Market, invoice: Invoice, buyer_id: int, transfer: dict[str, str], at: int) -> None:
    """The buyer says that it is paid; the sandbox believes it. Raises :exc:`Refused`."""
    _check_buyer(invoice.buyer_id, buyer_id)
    _check_status(invoice, Status.WAITS_FOR_PAYMENT)
    invoice.paid, invoice.transfer = at, transfer
    if invoice.goods.instant:
        invoice.sent = at
    _tell(market, invoice, invoice.seller_id, Action.PAYMENT, "sudah dibayar", at)


def send(market: Market, invoice: Invoice, seller_id: int, tracking_number: str, sent: int, at: int) -> None:
    """The seller says how it was sent, and may correct that. Raises :exc:`Refused`."""
    _check_seller(invoice.seller_id, seller_id)
    _check_status(invoice, Status.TO_BE_SENT, Status.SENT)
    invoice.sent, invoice.tracking_number = sent, tracking_number
    _tell(market, invoice, invoice.buyer_id, Action.SHIPMENT, f"dikirim dengan resi {tracking_number}", at)


def receive(market: Market, invoice: Invoice, buyer_id: int, at: int) -> None:
    """The buyer has got it: the seller gets the money, but the tips. Raises :exc:`Refused`."""
    _check_buyer(invoice.buyer_id, buyer_id)
    _check_status(invoice, Status.SENT)
    invoice.received = at
    market.wallets.move(invoice.seller_id, "sale", invoice.total - invoice.tips, invoice.invoice_id, at)
    _tell(market, invoice, invoice.seller_id, Action.RECEIPT, "sudah diterima pembeli", at)


def give_feedback(market: Market, invoice: Invoice, from_id: int, response: str, message: str, at: int) -> Feedback:
    """Buyer or seller says what the other was like, once. Raises :exc:`Refused`."""
    _check_status(invoice, Status.RECEIVED, Status.DONE)
    if from_id in invoice.feedbacks:
        raise Refused("the feedback is given already")
    to_id = invoice.seller_id if from_id == invoice.buyer_id else invoice.buyer_id
    feedback = Feedback(
        invoice_id=invoice.invoice_id,
        from_id=from_id,
        to_id=to_id,
        response=response,
        message=message,
        dateline=at,
    )
    invoice.feedbacks[from_id] = feedback
    _tell(market, invoice, to_id, Action.FEEDBACK, "mendapat feedback", at)
    return feedback


def _keep(market: Market, invoice: Invoice) -> Invoice:
    goods, quantity = invoice.goods, invoice.order.quantity
    goods.stock -= quantity
    goods.sold += quantity
    market.invoices[invoice.invoice_id] = invoice
    cart = market.things(invoice.buyer_id).cart
    for item in [item for item in cart.values() if item.goods is goods]:
        del cart[item.item_id]
    _tell(market, invoice, invoice.seller_id, Action.PURCHASE, f"dibeli, {quantity} buah", invoice.dateline)
    return invoice


def _tell(market: Market, invoice: Invoice, userid: int, action: Action, what: str, at: int) -> None:
    market.tell(userid, action, f"{invoice.title}: {what}", invoice.invoice_id, at)


def _check_seller(seller_id: int, userid: int) -> None:
    if userid != seller_id:
        raise Forbidden("only the seller may do that")


def _check_buyer(buyer_id: int, userid: int) -> None:
    if userid != buyer_id:
        raise Forbidden("only the buyer may do that")


def _check_status(invoice: Invoice, *allowed: Status) -> None:
    if invoice.status not in allowed:
        raise Refused(
            f"that cannot be done with a purchase in status {invoice.status.value}",
            details={"status": invoice.status.value},
        )
