"""Offers: making them, answering them, and buying for what was agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from kaskus_async.sandbox.market import trade
from kaskus_async.sandbox.market.documents import checkout_url, offer_detail, offer_document
from kaskus_async.sandbox.market.fields import price_field, wrong
from kaskus_async.sandbox.market.orders import buyer_of, read_order
from kaskus_async.sandbox.market.payments import PAYMENT_METHODS
from kaskus_async.sandbox.operation import Operation
from kaskus_async.sandbox.paging import cut_at_cursor
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.stores.goods import Offer

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]


def _show(state: KaskusState, params: Params) -> Document:
    return offer_detail(_offer(state, params))


def _make(state: KaskusState, params: Params) -> Document:
    goods = state.market.lapak(params.in_path("lapak_id"))
    params.require("offer_price")
    price = price_field(params, "offer_price") or 0
    trade.check_for_sale(goods, params.me.userid, params.require_number("quantity"))
    order = read_order(state, params, goods, custom_shipping=True)
    return offer_detail(trade.make_offer(state.market, goods, params.me.userid, price, order, state.now()))


def _approve(state: KaskusState, params: Params) -> Document:
    offer, cost = _offer(state, params), price_field(params, "shipping_cost")
    order = offer.order if cost is None else attrs.evolve(offer.order, shipping_cost=cost)
    message = params.text("message") or ""
    trade.answer_offer(state.market, offer, params.me.userid, order, message, state.now())
    return offer_detail(offer)


def _reject(state: KaskusState, params: Params) -> Document:
    offer, message = _offer(state, params), params.text("message") or ""
    trade.answer_offer(state.market, offer, params.me.userid, None, message, state.now())
    return offer_detail(offer)


def _made(state: KaskusState, params: Params) -> Document:
    return _listing(params, [one for one in state.market.offers.values() if one.buyer_id == params.me.userid])


def _received(state: KaskusState, params: Params) -> Document:
    return _listing(params, [one for one in state.market.offers.values() if one.seller_id == params.me.userid])


def _check_out(state: KaskusState, params: Params) -> Document:
    offer = _offer(state, params)
    name, phone = buyer_of(params, offer.order)
    payment_method = params.text("payment_method") or ""
    if payment_method and payment_method not in PAYMENT_METHODS:
        raise wrong("payment_method", "be a payment method")
    invoice = trade.check_out(
        state.market,
        offer,
        params.me.userid,
        buyer_name=name,
        buyer_phone=phone,
        tips=price_field(params, "tips") or 0,
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


def _offer(state: KaskusState, params: Params) -> Offer:
    return state.market.offer(params.in_path("offer_id"), params.me.userid)


def _listing(params: Params, found: list[Offer]) -> Document:
    page = cut_at_cursor(params, found[::-1])
    return {"data": [offer_document(offer) for offer in page.items], **page.fields()}
