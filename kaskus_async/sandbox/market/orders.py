"""What a buyer says of how many to send, where to and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.sandbox.market.fields import flag_field, wrong
from kaskus_async.sandbox.market.shipping import cost, custom_methods, insurance_cost, method_named, methods_for
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.stores.goods import Goods, Order

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState
    from kaskus_async.sandbox.stores.goods import Address
    from kaskus_async.sandbox.stores.market import Market

__all__ = ["buyer_of", "make_order", "read_order"]


def read_order(state: KaskusState, params: Params, goods: Goods, *, custom_shipping: bool) -> Order:
    """Read and check the order of a call. Raises :exc:`Refused`.

    :param custom_shipping: whether the seller's own ways of sending will do, for which he has to tell the price.
    """
    quantity, message = params.require_number("quantity"), params.text("message") or ""
    if goods.instant:
        return Order(quantity=quantity, message=message)
    addresses = state.market.things(params.me.userid).addresses
    address_id = params.require_number("address_id")
    if address_id not in addresses:
        raise wrong("address_id", "be an address of one's own")
    method_id = params.require_number("shipping_agent")
    methods = [*methods_for(state.market, goods), *(custom_methods(goods) if custom_shipping else ())]
    allowed = [method.number for method in methods]
    if method_id not in allowed:
        raise wrong("shipping_agent", f"be one of the lapak's: {', '.join(map(str, allowed))}")
    insured = flag_field(params, "insurance") or goods.insurance
    return make_order(state.market, goods, quantity, addresses[address_id], method_id, message, insured=insured)


def make_order(
    market: Market, goods: Goods, quantity: int, address: Address, method_id: int, message: str, *, insured: bool
) -> Order:
    """An order with the costs of today."""
    method = method_named(goods, method_id)
    assert method is not None
    return Order(
        quantity=quantity,
        address=address,
        method_id=method_id,
        shipping_cost=cost(market, method, goods, address.area_id, quantity),
        insurance_cost=insurance_cost(goods.discounted_price * quantity) if insured else 0,
        message=message,
    )


def buyer_of(params: Params, order: Order) -> tuple[str, str]:
    """Name and telephone number of who gets it: as the call, the address or the account has it."""
    me, address = params.me, order.address
    name = params.text("buyer_name") or (address.owner_name if address else "") or me.username
    phone = params.text("buyer_phone") or (address.owner_phone if address else "") or me.phone
    return name, phone
