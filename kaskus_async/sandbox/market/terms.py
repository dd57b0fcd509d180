"""The fields by which sellers describe their goods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from kaskus_async.sandbox.asked import Asked
from kaskus_async.sandbox.market_fields import (
    attributes_field,
    elements,
    flag_field,
    links_field,
    number_field,
    numbers_field,
    price_field,
    wrong,
)
from kaskus_async.sandbox.market_shipping import METHODS

if TYPE_CHECKING:
    from kaskus_async.sandbox.market_entities import Goods
    from kaskus_async.sandbox.state import KaskusState

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
    """By attribute of :class:`~kaskus_async.sandbox.market_entities.Goods`."""

    def apply(self, goods: Goods) -> None:
        """Change what the call says."""
        for name, value in self.values.items():
            setattr(goods, name, value)
        if self.prefix is not None:
            goods.thread.prefix_id = self.prefix
        if self.tags is not None:
            goods.thread.tags = self.tags


def read_terms(state: KaskusState, asked: Asked, *, lapak: bool) -> Terms:
    """Read and check them; an older thread has only some. Raises :exc:`Refused`."""
    values: dict[str, Any] = {
        "price": price_field(asked, "price"),
        "condition": _among(asked, "condition", CONDITIONS),
        "location": _among(asked, "location", range(1, MOST_LOCATION + 1)),
    }
    if lapak:
        values |= _lapak_values(state, asked)
    tags = asked.listed("search_tags") if asked.text("search_tags") else None
    return Terms(prefix_field(asked, "prefix"), tags, {key: it for key, it in values.items() if it is not None})


def prefix_field(asked: Asked, name: str) -> str | None:
    """``wts``, ``wtb`` or ``sold``, in the upper case of answers. Raises :exc:`Refused`."""
    prefix = asked.text(name)
    if prefix is not None and prefix.upper() not in PREFIXES:
        raise wrong(name, "be wtb, wts or sold")
    return None if prefix is None else prefix.upper()


def _lapak_values(state: KaskusState, asked: Asked) -> dict[str, Any]:
    mechanisms = elements(asked, "payment_mechanism")
    if mechanisms is not None and not set(mechanisms) <= {"1", "2", "3"}:
        raise wrong("payment_mechanism", "be 1, 2 or 3")
    methods = numbers_field(asked, "shipping_method")
    if methods is not None and not set(methods) <= set(METHODS):
        raise wrong("shipping_method", "be shipping methods")
    address_id = number_field(asked, "address_id")
    if address_id is not None and address_id not in state.market.things(asked.me.userid).addresses:
        raise wrong("address_id", "be an address of one's own")
    return {
        "discount": _among(asked, "discount", range(101)),
        "extra_attributes": attributes_field(asked, "extra_attributes"),
        "pictures": links_field(asked, "pictures", MOST_PICTURES),
        "payment_mechanism": mechanisms,
        "shipping_methods": methods,
        "custom_shipping": elements(asked, "custom_shipping_method"),
        "address_id": address_id,
        "weight": number_field(asked, "weight"),
        "insurance": flag_field(asked, "insurance"),
        "free_shipping": flag_field(asked, "free_shipping"),
    }


def _among(asked: Asked, name: str, allowed: range | tuple[int, ...]) -> int | None:
    number = number_field(asked, name)
    if number is not None and number not in allowed:
        if isinstance(allowed, range):
            raise wrong(name, f"be {allowed[0]} to {allowed[-1]}")
        raise wrong(name, f"be one of {', '.join(map(str, allowed))}")
    return number
