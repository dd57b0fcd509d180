"""From Python values to the spelling of KASKUS in queries and forms, with a name for what cannot be sent."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from nusantara.checks import check_flag, check_whole
from nusantara.errors import InvalidParameter
from nusantara.secret import HiddenText, Secret, credential

__all__ = [
    "calendar_day",
    "day",
    "flag",
    "given",
    "is_on",
    "joined",
    "json_list",
    "json_object",
    "listed",
    "md5_of",
    "on_off",
    "positive",
    "required",
    "text",
    "true_false",
    "unix_time",
    "whole",
]


# --- Yes and no, which the reference spells in three ways


def flag(parameter: str, value: bool | None) -> str | None:
    """``"1"`` or ``"0"``."""
    return _switched(parameter, value, "1", "0")


def on_off(parameter: str, value: bool | None) -> str | None:
    """``"on"`` or ``"off"``."""
    return _switched(parameter, value, "on", "off")


def true_false(parameter: str, value: bool | None) -> str | None:
    """``"true"`` or ``"false"``."""
    return _switched(parameter, value, "true", "false")


def _switched(parameter: str, value: bool | None, yes: str, no: str) -> str | None:
    return None if value is None else yes if is_on(parameter, value) else no


def is_on(parameter: str, value: bool) -> bool:
    """A switch that is not sent itself."""
    check_flag(parameter, value)
    return value


# --- Text and credentials


def required(parameter: str, value: str) -> str:
    """Text that must not be empty."""
    if not isinstance(value, str) or not value:
        raise InvalidParameter(parameter, "must be given, as text")
    return _sendable(parameter, value)


def text(parameter: str, value: str | None) -> str | None:
    """Text, for a field that is called otherwise than the parameter."""
    if value is not None and not isinstance(value, str):
        raise InvalidParameter(parameter, f"must be text, not {type(value).__name__}")
    return value if value is None else _sendable(parameter, value)


def given(parameter: str, value: str | int | enum.Enum) -> str | int:
    """A number or text that must not be left out."""
    found = value.value if isinstance(value, enum.Enum) else value
    if isinstance(found, bool) or not isinstance(found, (str, int)) or found == "":
        raise InvalidParameter(parameter, "must be given, as a number or text")
    return _sendable(parameter, found) if isinstance(found, str) else found


def md5_of(parameter: str, password: Secret | str) -> str:
    """The MD5 digest of a password, which KASKUS takes in place of the password. As secret as the password itself."""
    return HiddenText(hashlib.md5(credential(parameter, password).encode(), usedforsecurity=False).hexdigest())


def _sendable(parameter: str, value: str) -> str:
    # Names the parameter; the field that it is sent in may be called otherwise.
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise InvalidParameter(parameter, "holds a lone surrogate, which has no UTF-8 form")
    return value


# --- Lists


def listed(parameter: str, values: Iterable[str | int | enum.Enum]) -> list[str | int]:
    """The elements of a list, each of them text or a number."""
    if isinstance(values, (str, bytes, bytearray, Mapping)) or not isinstance(values, Iterable):
        raise InvalidParameter(parameter, f"must be a list, not {type(values).__name__}")
    elements: list[str | int] = []
    for value in values:
        element = value.value if isinstance(value, enum.Enum) else value
        if isinstance(element, bool) or not isinstance(element, (str, int)):
            raise InvalidParameter(parameter, f"must hold text or numbers, not {type(element).__name__}")
        elements.append(_sendable(parameter, element) if isinstance(element, str) else element)
    return elements


def joined(parameter: str, values: Iterable[str | int | enum.Enum] | None, separator: str = ",") -> str | None:
    """``"1,2,3"``. No value may hold the separator."""
    if values is None:
        return None
    texts = [str(element) for element in listed(parameter, values)]
    if not texts:
        raise InvalidParameter(parameter, "must not be empty")
    for text in texts:
        if not text or separator in text:
            raise InvalidParameter(parameter, f"{text!r} cannot be an element: it is empty or holds {separator!r}")
    return separator.join(texts)


def json_list(parameter: str, values: Sequence[str | int | enum.Enum] | None) -> str | None:
    """A JSON array inside a form field."""
    return None if values is None else _json_text(parameter, listed(parameter, values))


def json_object(parameter: str, value: Mapping[str, Any] | None) -> str | None:
    """A JSON object inside a form field."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise InvalidParameter(parameter, f"must be a mapping, not {type(value).__name__}")
    return _json_text(parameter, dict(value))


def _json_text(parameter: str, value: Any) -> str:
    try:
        written = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidParameter(parameter, f"has no JSON form: {error}") from None
    return _sendable(parameter, written)


# --- Numbers and times


def whole(parameter: str, value: int, *, least: int = 0, most: int | None = None) -> int:
    """A whole number within bounds."""
    check_whole(parameter, value, least=least, most=most)
    return value


def positive(parameter: str, value: int | None) -> int | None:
    """A whole number from 1."""
    check_whole(parameter, value, or_none=True)
    return value


def unix_time(parameter: str, moment: datetime | None) -> int | None:
    """Unix seconds. A moment without a time zone means different times in different places and is refused."""
    if moment is None:
        return None
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise InvalidParameter(parameter, "must be a datetime with a time zone")
    seconds = int(moment.timestamp())
    if seconds < 0:
        raise InvalidParameter(parameter, "must not be before 1970, when Unix time begins")
    return seconds


def day(parameter: str, value: date | None) -> str | None:
    """``"2015-12-01"``."""
    value = calendar_day(parameter, value)
    return None if value is None else f"{value:%Y-%m-%d}"


def calendar_day(parameter: str, value: date | None) -> date | None:
    """A date whose year has four digits, as all spellings of dates have."""
    if value is None:
        return None
    if not isinstance(value, date):
        raise InvalidParameter(parameter, f"must be a date, not {type(value).__name__}")
    if value.year < 1000:
        raise InvalidParameter(parameter, f"must have a year of four digits, not {value.year}")
    return value
