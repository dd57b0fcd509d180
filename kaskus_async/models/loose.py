"""Values that KASKUS spells in more than one way, beyond those that :mod:`nusantara.model` knows.

The same count is a number in one answer and digits in another, and ``""`` where there is none, as for an author without
a profile. Which answer has which is no rule, so every optional number and time of the models takes all of these forms.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated, Any

from nusantara.codec import structure, unstructure
from nusantara.model import Mismatch, Model, Via

__all__ = [
    "CompactDate",
    "JakartaDay",
    "JakartaTime",
    "Moment",
    "Number",
    "PaymentCodes",
    "Percent",
    "Text",
    "or_nothing",
]

_INTEGER = re.compile(r"\s*(-?[0-9]{1,400})?\s*").fullmatch
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,9})?", re.ASCII).fullmatch

_SECONDS = 'seconds since 1970, an integer, a string of digits or ""'
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_JAKARTA = timezone(timedelta(hours=7), "WIB")
_FARTHEST_EAST = timedelta(hours=9)
"""What Jakarta's clocks have been ahead of UTC at most, in the forties: no day of a birth has begun earlier."""


def or_nothing(kind: type[Model]) -> Via:
    """Reads an object; an empty list, which is how PHP writes an object without keys, and ``""`` are None."""

    def load(value: Any) -> Model | None:
        return None if value in ([], "") else structure(value, kind)

    return Via(load, unstructure)


def _load_number(value: Any) -> int | None:
    if type(value) is int:
        return value
    if type(value) is str and (digits := _INTEGER(value)):
        return int(digits[1]) if digits[1] else None
    raise Mismatch('an integer, a string of digits or ""', value)


def _load_time(value: Any, zone: timezone = UTC) -> datetime | None:
    try:
        seconds = value if type(value) is int else _load_number(value)
        return None if seconds is None else datetime.fromtimestamp(seconds, zone)
    except (ValueError, OverflowError, OSError):
        raise Mismatch(_SECONDS, value) from None


def _load_jakarta_time(value: Any) -> datetime | None:
    return _load_time(value, _JAKARTA)


def _dump_time(value: datetime) -> int:
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    return (value - _EPOCH) // timedelta(seconds=1)


def _load_jakarta_day(value: Any) -> date | None:
    try:
        seconds = _load_number(value)
        return None if seconds is None else (_EPOCH + timedelta(seconds=seconds) + _FARTHEST_EAST).date()
    except (ValueError, OverflowError):
        raise Mismatch(_SECONDS, value) from None


def _dump_jakarta_day(value: date) -> int:
    return _dump_time(datetime(value.year, value.month, value.day, tzinfo=_JAKARTA))


def _load_text(value: Any) -> str | None:
    if value is False:
        return None
    if type(value) is str:
        return value
    raise Mismatch("text or false", value)


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
Moment = Annotated[datetime, Via(_load_time, _dump_time)]
"""Whole seconds since 1970, in a form of :data:`Number`; an aware datetime in UTC."""
JakartaTime = Annotated[datetime, Via(_load_jakarta_time, _dump_time)]
"""The same with the offset of Jakarta, +07:00, for what may be a day: it is sent as the midnight with which the day
begins there, which in UTC belongs to the day before."""
JakartaDay = Annotated[date, Via(_load_jakarta_day, _dump_jakarta_day)]
"""A day, sent as the second since 1970 with which it begins in Jakarta."""
Percent = Annotated[float, Via(_load_percent, _same, "a number or false", plain=float)]
"""A number; false, which was seen in its place, is None."""
Text = Annotated[str, Via(_load_text, _same, "text or false", plain=str)]
"""Text; false, which was seen in its place, is None."""
PaymentCodes = Annotated[list[str], Via(_load_payment_codes, ",".join)]
"""``"1,2"``, ``{"COD": "1", "ESCROW": "2"}`` or a list, all of them ``["1", "2"]``: 1 is COD, 2 escrow."""
CompactDate = Annotated[date, Via(_load_compact_date, lambda value: value.strftime("%Y%m%d"), "a date as YYYYMMDD")]
"""``"20151201"``; an empty string is None."""
