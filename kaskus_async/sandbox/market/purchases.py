"""Buying at the asking price, and purchases from there to their feedback."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.market import trade
from kaskus_async.sandbox.market.documents import (
    STATUS_NAMES,
    checkout_url,
    feedback_document,
    invoice_document,
    publish,
)
from kaskus_async.sandbox.market.fields import flag_field, number_field, price_field, wrong
from kaskus_async.sandbox.market.orders import buyer_of, read_order
from kaskus_async.sandbox.market.payments import BANKS, KASKUS_BANKS
from kaskus_async.sandbox.operation import PUBLIC, Operation
from kaskus_async.sandbox.paging import cut_at_cursor
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import NotThere
from kaskus_async.sandbox.stores.goods import Feedback, Invoice, Status

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]

_RESPONSES = ("positive", "neutral", "negative")
_TRANSFER = ("name", "origin_bank", "account_number", "destination_bank", "date", "image")


def _buy(state: KaskusState, params: Params) -> Document:
    goods = state.market.lapak(params.in_path("lapak_id"))
    # Before the address: who cannot buy needs none.
    trade.check_for_sale(goods, params.me.userid, params.require_number("quantity"))
    order = read_order(state, params, goods, custom_shipping=False)
    name, phone = buyer_of(params, order)
    invoice = trade.buy(
        state.market,
        goods,
        params.me.userid,
        order,
        buyer_name=name,
        buyer_phone=phone,
        tips=price_field(params, "tips") or 0,
        at=state.now(),
    )
    return {"checkout_url": checkout_url(invoice)}


def _approve(state: KaskusState, params: Params) -> Document:
    invoice, message = _invoice(state, params), params.text("message") or ""
    sold = bool(flag_field(params, "mark_as_sold"))
    trade.approve(state.market, invoice, params.me.userid, message, mark_as_sold=sold, at=state.now())
    publish(state, invoice.goods)
    return invoice_document(state, invoice)


def _reject(state: KaskusState, params: Params) -> Document:
    invoice = _invoice(state, params)
    trade.reject(state.market, invoice, params.me.userid, params.text("message") or "", state.now())
    return invoice_document(state, invoice)


def _show(state: KaskusState, params: Params) -> Document:
    return invoice_document(state, _invoice(state, params))


def _pay(state: KaskusState, params: Params) -> Document:
    """Which of the fields are needed is not known; those that are there are checked."""
    invoice = _invoice(state, params)
    if params.text("origin_bank") not in (None, *BANKS):
        raise wrong("origin_bank", "be a bank")
    if params.text("destination_bank") not in (None, *KASKUS_BANKS):
        raise wrong("destination_bank", "be a bank that KASKUS has an account at")
    number_field(params, "date")
    transfer = {name: value for name in _TRANSFER if (value := params.text(name)) is not None}
    trade.pay(state.market, invoice, params.me.userid, transfer, state.now())
    return invoice_document(state, invoice)


def _send(state: KaskusState, params: Params) -> Document:
    invoice, number = _invoice(state, params), params.require("tracking_number")
    sent = number_field(params, "shipping_date") or state.now()
    trade.send(state.market, invoice, params.me.userid, number, sent, state.now())
    return invoice_document(state, invoice)


def _receive(state: KaskusState, params: Params) -> Document:
    invoice = _invoice(state, params)
    trade.receive(state.market, invoice, params.me.userid, state.now())
    return invoice_document(state, invoice)


def _give_feedback(state: KaskusState, params: Params) -> Document:
    invoice, response = _invoice(state, params), _response(params.require("response"))
    message = params.text("message") or ""
    given = trade.give_feedback(state.market, invoice, params.me.userid, response, message, state.now())
    return feedback_document(state, given)


def _feedbacks(state: KaskusState, params: Params) -> Document:
    return _feedback_list(state, _invoice(state, params).feedbacks.values())


def _feedbacks_of_user(state: KaskusState, params: Params) -> Document:
    user, response = state.user(params.number_in_path("user_id")), params.text("response")
    found = state.market.feedbacks_for(user.userid)
    if response is not None:
        wanted = _response(response)
        found = [feedback for feedback in found if feedback.response == wanted]
    return _feedback_list(state, found[::-1])


def _selling(state: KaskusState, params: Params) -> Document:
    return _listing(state, params, [one for one in state.market.invoices.values() if one.seller_id == params.me.userid])


def _buying(state: KaskusState, params: Params) -> Document:
    return _listing(state, params, [one for one in state.market.invoices.values() if one.buyer_id == params.me.userid])


def _statuses(state: KaskusState, params: Params) -> Document:
    return {"data": [_status_document(status) for status in Status]}


def _status(state: KaskusState, params: Params) -> Document:
    number = params.number_in_path("status_id")
    if number not in list(Status):
        raise NotThere("invoice status not found")
    return _status_document(Status(number))


ROUTES: tuple[Operation, ...] = (
    Operation("POST", "/v1/fjb/lapak/{lapak_id}/buy_now", _buy),
    Operation("POST", "/v1/fjb/buy_now/{invoice_id}/approval", _approve, documented=False),
    Operation("POST", "/v1/fjb/buy_now/{invoice_id}/rejection", _reject, documented=False),
    Operation("GET", "/v1/fjb/invoices/{invoice_id}", _show, documented=False),
    Operation("POST", "/v1/fjb/invoices/{invoice_id}/transfer_confirmation", _pay, documented=False),
    Operation("POST", "/v1/fjb/invoices/{invoice_id}/shipping_information", _send, documented=False),
    Operation("POST", "/v1/fjb/invoices/{invoice_id}/product_confirmation", _receive, documented=False),
    Operation("POST", "/v1/fjb/invoices/{invoice_id}/feedbacks", _give_feedback, documented=False),
    Operation("GET", "/v1/fjb/invoices/{invoice_id}/feedbacks", _feedbacks, documented=False),
    Operation("GET", "/v1/user/{user_id}/feedbacks", _feedbacks_of_user, PUBLIC, documented=False),
    Operation("GET", "/v1/fjb/selling_invoices", _selling, documented=False),
    Operation("GET", "/v1/fjb/buying_invoices", _buying, documented=False),
    Operation("GET", "/v1/fjb/invoice_status", _statuses, PUBLIC, documented=False),
    Operation("GET", "/v1/fjb/invoice_status/{status_id}", _status, PUBLIC, documented=False),
)


def _invoice(state: KaskusState, params: Params) -> Invoice:
    return state.market.invoice(params.in_path("invoice_id"), params.me.userid)


def _listing(state: KaskusState, params: Params, found: list[Invoice]) -> Document:
    status, invoice_id = number_field(params, "status"), params.text("invoice_id")
    if status is not None:
        found = [invoice for invoice in found if invoice.status == status]
    if invoice_id is not None:
        found = [invoice for invoice in found if invoice.invoice_id == invoice_id.upper()]
    page = cut_at_cursor(params, found[::-1])
    return {"data": [invoice_document(state, invoice) for invoice in page.items], **page.fields()}


def _response(text: str) -> str:
    if text.lower() not in _RESPONSES:
        raise wrong("response", "be positive, neutral or negative")
    return text.lower()


def _feedback_list(state: KaskusState, feedbacks: Iterable[Feedback]) -> Document:
    return {"data": [feedback_document(state, feedback) for feedback in feedbacks]}


def _status_document(status: Status) -> Document:
    return {"id": status.value, "name": STATUS_NAMES[status]}
