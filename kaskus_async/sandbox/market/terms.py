"""The fields by which sellers describe their goods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from kaskus_async.sandbox.market.fields import (
    attributes_field,
    elements,
    flag_field,
    links_field,
    number_field,
    numbers_field,
    price_field,
    wrong,
)
from kaskus_async.sandbox.market.shipping import METHODS
from kaskus_async.sandbox.params import Params

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState
    from kaskus_async.sandbox.stores.goods import Goods

__all__ = ["Terms", "read_terms"]

CONDITIONS = (1, 2, 4)
MOST_LOCATION = 35
"""The reference says 32; a later list of provinces goes on."""
MOST_PICTURES = 5
PREFIXES = ("WTB", "WTS", "SOLD")


@attrs.frozen
class Terms:
    """What a call says of goods; ``None`` where it says nothing."""

    prefix: str | None
    tags: list[str] | None
    values: dict[str, Any]
    """By attribute of :class:`~kaskus_async.sandbox.stores.goods.Goods`."""

    def apply(self, goods: Goods) -> None:
        """Change what the call says."""
        for name, value in self.values.items():
            setattr(goods, name, value)
        if self.prefix is not None:
            goods.thread.prefix_id = self.prefix
        if self.tags is not None:
            goods.thread.tags = self.tags


def read_terms(state: KaskusState, params: Params, *, lapak: bool) -> Terms:
    """Read and check them; an older thread has only some. Raises :exc:`Refused`."""
    values: dict[str, Any] = {
        "price": price_field(params, "price"),
        "condition": _among(params, "condition", CONDITIONS),
        "location": _among(params, "location", range(1, MOST_LOCATION + 1)),
    }
    if lapak:
        values |= _lapak_values(state, params)
    tags = params.listed("search_tags") if params.text("search_tags") else None
    return Terms(prefix_field(params, "prefix"), tags, {key: it for key, it in values.items() if it is not None})


def prefix_field(params: Params, name: str) -> str | None:
    """``wts``, ``wtb`` or ``sold``, in the upper case of answers. Raises :exc:`Refused`."""
    prefix = params.text(name)
    if prefix is not None and prefix.upper() not in PREFIXES:
        raise wrong(name, "be wtb, wts or sold")
    return None if prefix is None else prefix.upper()


def _lapak_values(state: KaskusState, params: Params) -> dict[str, Any]:
    mechanisms = elements(params, "payment_mechanism")
    if mechanisms is not None and not set(mechanisms) <= {"1", "2", "3"}:
        raise wrong("payment_mechanism", "be 1, 2 or 3")
    methods = numbers_field(params, "shipping_method")
    if methods is not None and not set(methods) <= set(METHODS):
        raise wrong("shipping_method", "be shipping methods")
    address_id = number_field(params, "address_id")
    if address_id is not None and address_id not in state.market.things(params.me.userid).addresses:
        raise wrong("address_id", "be an address of one's own")
    return {
        "discount": _among(params, "discount", range(101)),
        "extra_attributes": attributes_field(params, "extra_attributes"),
        "pictures": links_field(params, "pictures", MOST_PICTURES),
        "payment_mechanism": mechanisms,
        "shipping_methods": methods,
        "custom_shipping": elements(params, "custom_shipping_method"),
        "address_id": address_id,
        "weight": number_field(params, "weight"),
        "insurance": flag_field(params, "insurance"),
        "free_shipping": flag_field(params, "free_shipping"),
    }


def _among(params: Params, name: str, allowed: range | tuple[int, ...]) -> int | None:
    number = number_field(params, name)
    if number is not None and number not in allowed:
        if isinstance(allowed, range):
            raise wrong(name, f"be {allowed[0]} to {allowed[-1]}")
        raise wrong(name, f"be one of {', '.join(map(str, allowed))}")
    return number
