"""The filters that stand between the words of a query in the marketplace: ``kamera condition:second price:<900000``."""

from __future__ import annotations

import re
from collections.abc import Callable

from kaskus_async.sandbox.entities import Thread, User

__all__ = ["fits", "split_query", "words_of"]

_FILTER = re.compile(r"\b(condition|location|fid|type|price|sellerverified|donatur|paymentescrow):(\S+)", re.IGNORECASE)
_PRICE = re.compile(r"(?:([<>~]?)(\d{1,15})|(\d{1,15})-(\d{1,15}))").fullmatch
_CONDITIONS = {"new": 1, "second": 2, "refurbish": 4}
_PREFIXES = {"sell": "WTS", "buy": "WTB", "sold": "SOLD"}
_TRUE = ("1", "true")


def words_of(query: str) -> list[str]:
    """The words to look for. A star stands for anything, so a query of stars alone is one of no words."""
    words = (word.strip("*") for word in query.casefold().split())
    return [word for word in words if word not in ("", ":")]


def split_query(query: str) -> tuple[str, dict[str, str]]:
    """The words, and the filters by name."""
    return _FILTER.sub(" ", query), {name.lower(): value.lower() for name, value in _FILTER.findall(query)}


def fits(thread: Thread, author: User, filters: dict[str, str]) -> bool:
    """Whether a thread passes all filters."""
    goods = thread.goods or {}
    checks: dict[str, Callable[[str], bool]] = {
        "condition": lambda value: goods.get("item_condition") in [_CONDITIONS.get(one) for one in value.split(",")],
        "location": lambda value: str(goods.get("item_location")) in value.split(","),
        "fid": lambda value: str(thread.forum_id) in value.split(","),
        "type": lambda value: thread.prefix_id in [_PREFIXES.get(one) for one in value.split(",")],
        "price": lambda value: _price_fits(goods.get("item_price", 0), value),
        "sellerverified": lambda value: author.is_vsl == (value in _TRUE),
        "donatur": lambda value: author.is_donatur == (value in _TRUE),
        "paymentescrow": lambda value: ("2" in goods.get("payment_mechanism", ())) == (value in _TRUE),
    }
    return all(checks[name](value) for name, value in filters.items())


def _price_fits(price: int, wanted: str) -> bool:
    """``10`` exactly, ``10-100`` between, ``<10``, ``>10``, ``~100`` from 90 to 110; anything else passes nothing."""
    match = _PRICE(wanted)
    if match is None:
        return False
    sign, amount, low, high = match.groups()
    if low is not None:
        return int(low) <= price <= int(high)
    bound = int(amount)
    match sign:
        case "<":
            return price < bound
        case ">":
            return price > bound
        case "~":
            return bound * 9 <= price * 10 <= bound * 11
    return price == bound
