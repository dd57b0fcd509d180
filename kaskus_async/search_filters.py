"""Filters of the marketplace searches, which stand in the query beside the words::

    query = classified_query("kamera", condition=[Condition.SECOND], price=Price.between(500_000, 900_000))
    kaskus.search.classified(query)      # kamera condition:second price:500000-900000

A query may as well be written by hand. Text from elsewhere should go through here: no way to quote it is documented, so
words that the vendor would take for a filter are refused.

Reference: "GET search/classified", "GET search/lapak".
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence

import attrs

from kaskus_async.values import joined, whole
from nusantara.errors import InvalidParameter
from nusantara.introspection import documented

__all__ = ["Condition", "ListingKind", "Price", "classified_query", "lapak_query"]


class Condition(enum.StrEnum):
    """The state of goods."""

    NEW = "new"
    SECOND = "second"
    REFURBISHED = "refurbish"


class ListingKind(enum.StrEnum):
    """What a thread is for."""

    SELLING = "sell"
    BUYING = "buy"
    SOLD = "sold"


@documented
@attrs.frozen
class Price:
    """A condition on the price, in whole rupiah."""

    text: str
    """As it stands in the query."""

    @classmethod
    def exactly(cls, rupiah: int) -> Price:
        """This price."""
        return cls(_rupiah(rupiah))

    @classmethod
    def between(cls, low: int, high: int) -> Price:
        """From ``low`` to ``high``."""
        text = f"{_rupiah(low)}-{_rupiah(high)}"
        if low > high:
            raise InvalidParameter("price", f"nothing is between {low} and {high}")
        return cls(text)

    @classmethod
    def below(cls, rupiah: int) -> Price:
        """Less than this."""
        return cls("<" + _rupiah(rupiah))

    @classmethod
    def above(cls, rupiah: int) -> Price:
        """More than this."""
        return cls(">" + _rupiah(rupiah))

    @classmethod
    def around(cls, rupiah: int) -> Price:
        """This and about ten percent less or more."""
        return cls("~" + _rupiah(rupiah))


def classified_query(
    words: str = "",
    *,
    condition: Sequence[Condition | str] | None = None,
    location: Sequence[int] | None = None,
    forum_ids: Sequence[int] | None = None,
    kind: Sequence[ListingKind | str] | None = None,
    price: Price | None = None,
    seller_verified: bool = False,
    donatur: bool = False,
    payment_escrow: bool = False,
) -> str:
    """A query for ``search.classified``.

    Args:
        location: Province ids.
        seller_verified: Only verified sellers.
        donatur: Only sellers who are KaskusPlus members.
        payment_escrow: Only what can be paid through escrow (Brankas).
    """
    return _query(
        words,
        {
            "condition": _values("condition", condition),
            "location": _values("location", location),
            "fid": _values("forum_ids", forum_ids),
            "type": _values("kind", kind),
            "price": price.text if price else None,
            "sellerverified": "1" if seller_verified else None,
            "donatur": "1" if donatur else None,
            "paymentescrow": "1" if payment_escrow else None,
        },
    )


def lapak_query(
    words: str = "",
    *,
    condition: Sequence[Condition | str] | None = None,
    location: Sequence[int] | None = None,
    forum_ids: Sequence[int] | None = None,
    kind: Sequence[ListingKind | str] | None = None,
    price: Price | None = None,
    donatur: bool = False,
) -> str:
    """A query for ``search.lapak``.

    Args:
        location: Province ids.
        donatur: Only sellers who are KaskusPlus members.
    """
    return _query(
        words,
        {
            "condition": _values("condition", condition),
            "location": _values("location", location),
            "fid": _values("forum_ids", forum_ids),
            "type": _values("kind", kind),
            "price": price.text if price else None,
            "donatur": "true" if donatur else None,
        },
    )


# Anywhere in the words, because it is not known where in a query the vendor looks for filters.
_FILTER = re.compile("(condition|location|fid|type|price|sellerverified|donatur|paymentescrow):", re.IGNORECASE).search
_SEPARATOR = re.compile(r"[\s:]").search


def _query(words: str, filters: dict[str, str | None]) -> str:
    if not isinstance(words, str):
        raise InvalidParameter("words", f"must be text, not {type(words).__name__}")
    if found := _FILTER(words):
        raise InvalidParameter(
            "words",
            f"{found[0]!r} would be taken for a filter",
            hint="use the parameter for it, or leave out the colon",
        )
    # A word of its own, so that the end of the words cannot become part of a filter.
    pieces = [words] if words.strip() else []
    pieces += [f"{name}:{value}" for name, value in filters.items() if value is not None]
    if not pieces:
        raise InvalidParameter("words", "must be given where there is no filter")
    return " ".join(pieces)


def _values(parameter: str, values: Sequence[str | int] | None) -> str | None:
    text = joined(parameter, values)
    if text is not None and _SEPARATOR(text):
        raise InvalidParameter(parameter, "holds a blank or a colon, which would end the filter")
    return text


def _rupiah(amount: int) -> str:
    return str(whole("price", amount))
