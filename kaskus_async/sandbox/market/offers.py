"""Offers: making them, answering them, and buying for what was agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from kaskus_async.sandbox import market_trade
from kaskus_async.sandbox.asked import Asked
from kaskus_async.sandbox.market_documents import checkout_url, offer_detail, offer_document
from kaskus_async.sandbox.market_entities import Offer
from kaskus_async.sandbox.market_fields import price_field, wrong
from kaskus_async.sandbox.market_orders import buyer_of, read_order
from kaskus_async.sandbox.market_payments import PAYMENT_METHODS
from kaskus_async.sandbox.operation import Operation
from kaskus_async.sandbox.paging import cut_at_cursor

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]


def _show(state: KaskusState, asked: Asked) -> Document:
    return offer_detail(_offer(state, asked))


def _make(state: KaskusState, asked: Asked) -> Document:
    goods = state.market.lapak(asked.part("lapak_id"))
    asked.require("offer_price")
    price = price_field(asked, "offer_price") or 0
    market_trade.check_for_sale(goods, asked.me.userid, asked.require_number("quantity"))
    order = read_order(state, asked, goods, custom_shipping=True)
    return offer_detail(market_trade.make_offer(state.market, goods, asked.me.userid, price, order, state.now()))


def _approve(state: KaskusState, asked: Asked) -> Document:
    offer, cost = _offer(state, asked), price_field(asked, "shipping_cost")
    order = offer.order if cost is None else attrs.evolve(offer.order, shipping_cost=cost)
    message = asked.text("message") or ""
    market_trade.answer_offer(state.market, offer, asked.me.userid, order, message, state.now())
    return offer_detail(offer)


def _reject(state: KaskusState, asked: Asked) -> Document:
    offer, message = _offer(state, asked), asked.text("message") or ""
    market_trade.answer_offer(state.market, offer, asked.me.userid, None, message, state.now())
    return offer_detail(offer)


def _made(state: KaskusState, asked: Asked) -> Document:
    return _listing(asked, [one for one in state.market.offers.values() if one.buyer_id == asked.me.userid])


def _received(state: KaskusState, asked: Asked) -> Document:
    return _listing(asked, [one for one in state.market.offers.values() if one.seller_id == asked.me.userid])


def _check_out(state: KaskusState, asked: Asked) -> Document:
    offer = _offer(state, asked)
    name, phone = buyer_of(asked, offer.order)
    payment_method = asked.text("payment_method") or ""
    if payment_method and payment_method not in PAYMENT_METHODS:
        raise wrong("payment_method", "be a payment method")
    invoice = market_trade.check_out(
        state.market,
        offer,
        asked.me.userid,
        buyer_name=name,
        buyer_phone=phone,
        tips=price_field(asked, "tips") or 0,
        payment_method=payment_method,
        at=state.now(),
    )
    return {"checkout_url": checkout_url(invoice)}


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/v1/fjb/offers/{offer_id}", _show),
    Operation("POST", "/v1/fjb/lapak/{lapak_id}/offers", _make, documented=False),
    Operation("POST", "/v1/fjb/offers/{offer_id}/approval", _approve, documented=False),
    Operation("POST", "/v1/fjb/offers/{offer_id}/rejection", _reject, documented=False),
    Operation("GET", "/v1/fjb/offers/buyer", _made),
    Operation("GET", "/v1/fjb/offers/seller", _received, documented=False),
    Operation("POST", "/v1/fjb/checkouts/{offer_id}", _check_out),
)


def _offer(state: KaskusState, asked: Asked) -> Offer:
    return state.market.offer(asked.part("offer_id"), asked.me.userid)


def _listing(asked: Asked, found: list[Offer]) -> Document:
    page = cut_at_cursor(asked, found[::-1])
    return {"data": [offer_document(offer) for offer in page.items], **page.fields()}
