"""Values that KASKUS spells in more than one way, beyond those that :mod:`nusantara.model` knows."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from nusantara.model import Mismatch, Via

__all__ = ["CompactDate", "Number", "PaymentCodes", "Percent"]

_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,9})?", re.ASCII).fullmatch


def _load_number(value: Any) -> int | None:
    if value == "":
        return None
    if type(value) is int:
        return value
    if type(value) is str and value.isascii() and value.removeprefix("-").isdecimal() and len(value) <= 400:
        return int(value)
    raise Mismatch('an integer, a string of digits or ""', value)


def _load_percent(value: Any) -> float | None:
    if value is False or value in ("", "false"):  # The text is what XML has in place of the flag.
        return None
    if type(value) in (int, float) or (type(value) is str and _NUMBER(value)):
        return float(value)
    raise Mismatch("a number or false", value)


def _load_payment_codes(value: Any) -> list[str] | None:
    if value == "":
        return None
    if type(value) is str:
        return [code.strip() for code in value.split(",") if code.strip()]
    codes = list(value.values()) if type(value) is dict else value
    if type(codes) is list and all(type(code) in (str, int) for code in codes):
        return [str(code) for code in codes]
    raise Mismatch("payment methods as text, an object or a list", value)


def _load_compact_date(value: Any) -> date | None:
    if value == "":
        return None
    text = str(value) if type(value) is int else value
    if type(text) is str and len(text) == 8 and text.isascii() and text.isdecimal():
        return date.fromisoformat(text)
    raise Mismatch("a date as YYYYMMDD", value)


def _same(value: Any) -> Any:
    return value


Number = Annotated[int, Via(_load_number, _same, plain=int)]
"""An integer or a string of digits; an empty string is None."""
Percent = Annotated[float, Via(_load_percent, _same, "a number or false", plain=float)]
"""A number; false, which was seen in its place, is None."""
PaymentCodes = Annotated[list[str], Via(_load_payment_codes, ",".join)]
"""``"1,2"``, ``{"COD": "1", "ESCROW": "2"}`` or a list, all of them ``["1", "2"]``: 1 is COD, 2 escrow."""
CompactDate = Annotated[date, Via(_load_compact_date, lambda value: value.strftime("%Y%m%d"), "a date as YYYYMMDD")]
"""``"20151201"``; an empty string is None."""
