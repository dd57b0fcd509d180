"""Documents of goods, carts, offers and purchases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.market import shipping
from kaskus_async.sandbox.shapes import goods_part, listed_thread, own_thread
from kaskus_async.sandbox.stores.goods import Address, Feedback, Goods, Invoice, Offer, Status

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = [
    "STATUS_NAMES",
    "address_document",
    "checkout_url",
    "feedback_document",
    "goods_document",
    "goods_line",
    "invoice_document",
    "listed_goods",
    "offer_detail",
    "offer_document",
    "own_goods",
    "publish",
    "related_goods",
]

Document = dict[str, Any]

NO_IMAGE = "http://s.kaskus.example/img/no-image.png"

STATUS_NAMES = {
    Status.WAITS_FOR_PAYMENT: "Menunggu Pembayaran",
    Status.WAITS_FOR_SELLER: "Menunggu Persetujuan Penjual",
    Status.TO_BE_SENT: "Siap Dikirim",
    Status.SENT: "Dalam Pengiriman",
    Status.RECEIVED: "Barang Diterima",
    Status.DONE: "Selesai",
    Status.REJECTED: "Ditolak Penjual",
}
_OWN_LAPAK = ("item_price", "discounted_price", "is_vsl", "sundul_count", "sundul_count_remainder")
_REPLY_NAMES = ("Menunggu Balasan Penjual", "Diterima", "Ditolak")


def publish(state: KaskusState, goods: Goods) -> None:
    """Let the thread show what the goods have become."""
    goods.thread.goods = goods_document(state, goods)


def goods_document(state: KaskusState, goods: Goods) -> Document:
    """All that a thread says of its goods."""
    document: Document = {
        "item_condition": goods.condition,
        "item_price": goods.price,
        "item_location": goods.location,
        # Both were seen where there is no discount.
        "discount": goods.discount if goods.thread.initial_prefix_id == "WTS" else goods.discount or False,
        "discounted_price": goods.discounted_price,
        "resources": {
            "images": list(goods.pictures),
            "images_thumbnail": [_thumbnail(picture) for picture in goods.pictures],
            "thumbnail": _thumbnail(goods.pictures[0]) if goods.pictures else NO_IMAGE,
        },
        "extra_attributes": [{"attribute": name, "value": value} for name, value in goods.extra_attributes.items()],
        "sundul_enabled": int(goods.bumps < state.sundul_count),
        "is_vsl": state.users[goods.thread.userid].is_vsl,
        "payment_method": _payment_method(goods),
    }
    if not goods.is_lapak:
        return document
    for_sale = goods.thread.prefix_id == "WTS" and goods.by_escrow
    return document | {
        "payment_mechanism": list(goods.payment_mechanism),
        "can_buynow": int(for_sale),
        "can_nego": int(for_sale and "2" in goods.payment_mechanism),
        "is_instant_purchase": goods.instant,
        "free_shipping": int(goods.free_shipping),
        "sold_count": goods.sold,
        "sundul_count": goods.bumps,
        "sundul_count_remainder": max(state.sundul_count - goods.bumps, 0),
        "shipping": _shipping_of(state, goods),
    }


def listed_goods(state: KaskusState, goods: Goods) -> Document:
    """A thread of the marketplace in a listing."""
    publish(state, goods)
    return _without_heat(listed_thread(state, goods.thread))


def own_goods(state: KaskusState, goods: Goods) -> Document:
    """A lapak among those of its owner."""
    publish(state, goods)
    return _without_heat(own_thread(state, goods.thread)) | goods_part(goods.thread, _OWN_LAPAK)


def related_goods(state: KaskusState, goods: Goods) -> Document:
    """A thread that is shown beside another."""
    thread, full = goods.thread, goods_document(state, goods)
    return {
        "thread_id": thread.thread_id,
        "thread_title": thread.title,
        "post_title": state.board.first_post(thread).title,
        "thumbnail": full["resources"]["thumbnail"],
        "thread_type": thread.thread_type,
        "dateline": thread.dateline,
        "last_post": state.board.last_post(thread).dateline,
        "item_price": goods.price,
        "discount": goods.discount,
        "discounted_price": goods.discounted_price,
    }


def goods_line(goods: Goods) -> Document:
    """Goods in a cart, an offer or an invoice."""
    image = _thumbnail(goods.pictures[0]) if goods.pictures else NO_IMAGE
    return {"id": goods.thread.thread_id, "title": goods.thread.title, "image": image}


def address_document(address: Address) -> Document:
    """A saved address, without whether it is the default one."""
    return {
        "id": address.address_id,
        "name": address.title,
        "address": address.address,
        "owner_name": address.owner_name,
        "owner_phone": address.owner_phone,
        "province_id": address.province_id,
        "city_id": address.city_id,
        "area_id": address.area_id,
    }


def offer_document(offer: Offer) -> Document:
    """An offer in a listing."""
    return {
        "id": offer.offer_id,
        "status": _REPLY_NAMES[offer.reply],
        "price": offer.price,
        "item": {key: value for key, value in goods_line(offer.goods).items() if key != "id"},
    }


def offer_detail(offer: Offer) -> Document:
    """An offer by itself."""
    order = offer.order
    method = shipping.method_named(offer.goods, order.method_id)
    # What is empty comes as a list, as everywhere where PHP has an empty array.
    return {
        **offer_document(offer),
        "quantity": order.quantity,
        "shipping": {
            "cost": order.shipping_cost,
            "location": _destination(order.address) if order.address is not None else [],
            "method": shipping.method_document(method) if method is not None else [],
        },
        "reply": {"message": offer.reply_message, "status": offer.reply} if offer.reply else [],
    }


def invoice_document(state: KaskusState, invoice: Invoice) -> Document:
    """A purchase. What the vendor shows of one is not known."""
    order = invoice.order
    method = shipping.method_named(invoice.goods, order.method_id)
    return {
        "id": invoice.invoice_id,
        "offer_id": invoice.offer_id,
        "status_id": invoice.status.value,
        "status": STATUS_NAMES[invoice.status],
        "dateline": invoice.dateline,
        "buyer": _person(state, invoice.buyer_id),
        "seller": _person(state, invoice.seller_id),
        "item": {**goods_line(invoice.goods), "title": invoice.title},
        "quantity": order.quantity,
        "price": invoice.price,
        "shipping": {
            "cost": order.shipping_cost,
            "insurance_cost": order.insurance_cost,
            "location": _destination(order.address) if order.address is not None else [],
            "method": shipping.method_document(method) if method is not None else [],
            "shipping_date": invoice.sent,
            "tracking_number": invoice.tracking_number,
        },
        "tips": invoice.tips,
        "total": invoice.total,
        "buyer_name": invoice.buyer_name,
        "buyer_phone": invoice.buyer_phone,
        "message": order.message,
        "reply": invoice.seller_message,
        "payment_method": invoice.payment_method,
        "transfer": invoice.transfer or [],
        "checkout_url": checkout_url(invoice),
    }


def checkout_url(invoice: Invoice) -> str:
    """Where buyers pay, which the sandbox has no page for."""
    return f"http://fjb.kaskus.example/checkouts/{invoice.invoice_id}"


def feedback_document(state: KaskusState, feedback: Feedback) -> Document:
    """Feedback. What the vendor shows of it is not known."""
    return {
        "invoice_id": feedback.invoice_id,
        "from": _person(state, feedback.from_id),
        "response": feedback.response,
        "message": feedback.message,
        "dateline": feedback.dateline,
    }


def _shipping_of(state: KaskusState, goods: Goods) -> Document:
    address = state.market.origin_of(goods)
    keys = ("province_id", "city_id", "area_id")
    return {
        "weight": goods.weight,
        "methods": [str(method.number) for method in shipping.methods_for(state.market, goods)],
        "custom_methods": list(goods.custom_shipping),
        "shipping_types": [],
        # Where exactly a seller lives is nobody's business.
        "location": {key: address_document(address)[key] for key in keys} if address is not None else [],
    }


def _without_heat(document: Document) -> Document:
    """Nothing in the marketplace was seen to be hot or not."""
    return {key: value for key, value in document.items() if key != "hot_thread"}


def _payment_method(goods: Goods) -> Document | str | None:
    """In each of the spellings that were seen."""
    if "1" in goods.payment_mechanism:
        return {"COD": "1", "ESCROW": "2"} if goods.by_escrow else {"COD": "1"}
    return "2" if goods.by_escrow else None


def _destination(address: Address) -> Document:
    document = address_document(address)
    return {key: document[key] for key in document if key not in ("id", "name")}


def _person(state: KaskusState, userid: int) -> Document:
    return {"userid": userid, "username": state.users[userid].username}


def _thumbnail(picture: str) -> str:
    return f"{picture}?size=120"
