"""The cart, which the reference calls checkout items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.market.documents import goods_line
from kaskus_async.sandbox.market.fields import wrong
from kaskus_async.sandbox.market.trade import check_for_sale
from kaskus_async.sandbox.operation import Operation
from kaskus_async.sandbox.paging import cut_at_cursor
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import NotThere
from kaskus_async.sandbox.stores.goods import CartItem

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]

_BUY_NOW = "1"


def _items(state: KaskusState, params: Params) -> Document:
    """Newest first. How an offer gets into a cart is not known; here all is bought at the asking price."""
    found = list(_cart(state, params).values())[::-1]
    thread_id, offer_type = params.text("thread_id"), params.text("offer_type")
    if offer_type not in (None, "0", _BUY_NOW):
        raise wrong("offer_type", "be 0 or 1")
    if offer_type == "0":
        found = []
    if thread_id is not None:
        found = [item for item in found if item.goods.thread.thread_id == thread_id]
    page = cut_at_cursor(params, found)
    return {"data": [_document(item) for item in page.items], **page.fields()}


def _count(state: KaskusState, params: Params) -> Document:
    return {"count": len(_cart(state, params))}


def _add(state: KaskusState, params: Params) -> Document:
    goods = state.market.lapak(params.require("thread_id"))
    quantity = params.require_number("quantity")
    check_for_sale(goods, params.me.userid, quantity)
    item = CartItem(item_id=state.market.new_id(), goods=goods, quantity=quantity, dateline=state.now())
    _cart(state, params)[item.item_id] = item
    return _document(item)


def _change(state: KaskusState, params: Params) -> Document:
    item, quantity = _item(state, params), params.require_number("quantity")
    check_for_sale(item.goods, params.me.userid, quantity)
    item.quantity = quantity
    return _document(item)


def _remove(state: KaskusState, params: Params) -> Document:
    del _cart(state, params)[_item(state, params).item_id]
    return {"result": True}


def _clear(state: KaskusState, params: Params) -> Document:
    _cart(state, params).clear()
    return {"result": True}


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/v1/fjb/checkout_items", _items),
    Operation("POST", "/v1/fjb/checkout_items", _add, documented=False),
    Operation("GET", "/v1/fjb/checkout_items/count", _count, documented=False),
    Operation("POST", "/v1/fjb/checkout_items/{checkout_item_id}", _change, documented=False),
    Operation("DELETE", "/v1/fjb/checkout_items/{checkout_item_id}", _remove, documented=False),
    Operation("DELETE", "/v1/fjb/checkout_items/all", _clear, documented=False),
)


def _cart(state: KaskusState, params: Params) -> dict[str, CartItem]:
    return state.market.things(params.me.userid).cart


def _item(state: KaskusState, params: Params) -> CartItem:
    cart, item_id = _cart(state, params), params.in_path("checkout_item_id")
    if item_id not in cart:
        raise NotThere("checkout item not found")
    return cart[item_id]


def _document(item: CartItem) -> Document:
    return {
        "id": item.item_id,
        "quantity": item.quantity,
        "item": {**goods_line(item.goods), "discounted_price": item.goods.discounted_price},
    }
