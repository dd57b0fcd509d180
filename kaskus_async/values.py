"""How KASKUS spells values in queries and forms. Callers give Python values; the spelling is ours."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from nusantara.errors import InvalidParameter
from nusantara.secret import HiddenText, Secret, reveal

__all__ = ["day", "flag", "joined", "json_text", "md5_of", "positive", "required", "unix_time"]


def flag(value: bool | None) -> str | None:
    """``"1"`` or ``"0"``."""
    return None if value is None else "1" if value else "0"


def joined(parameter: str, values: Iterable[str | int | enum.Enum] | None, separator: str = ",") -> str | None:
    """``"1,2,3"``. No value may hold the separator."""
    if values is None:
        return None
    if isinstance(values, str):
        raise InvalidParameter(parameter, "must be a list, not text")
    texts = [str(value.value if isinstance(value, enum.Enum) else value) for value in values]
    if not texts:
        raise InvalidParameter(parameter, "must not be empty")
    for text in texts:
        if not text or separator in text:
            raise InvalidParameter(parameter, f"{text!r} cannot be an element: it is empty or holds {separator!r}")
    return separator.join(texts)


def json_text(parameter: str, value: Any) -> str | None:
    """JSON inside a form field."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        value = dict(value)
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise InvalidParameter(parameter, f"has no JSON form: {error}") from None


def unix_time(parameter: str, moment: datetime | None) -> int | None:
    """Unix seconds. A moment without a time zone means different times in different places and is refused."""
    if moment is None:
        return None
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise InvalidParameter(parameter, "must be a datetime with a time zone")
    return int(moment.timestamp())


def day(parameter: str, value: date | None, pattern: str = "%Y-%m-%d") -> str | None:
    """A date in the spelling that the operation documents."""
    if value is None:
        return None
    if not isinstance(value, date):
        raise InvalidParameter(parameter, f"must be a date, not {type(value).__name__}")
    return value.strftime(pattern)


def md5_of(parameter: str, password: Secret | str) -> str:
    """The MD5 digest of a password, which KASKUS takes in place of the password. As secret as the password itself."""
    text = reveal(password)
    if not isinstance(text, str) or not text:
        raise InvalidParameter(parameter, "must be given")
    return HiddenText(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())


def required(parameter: str, value: str) -> str:
    """Text that must not be empty."""
    if not isinstance(value, str) or not value:
        raise InvalidParameter(parameter, "must be given, as text")
    return value


def positive(parameter: str, value: int | None) -> int | None:
    """A whole number from 1."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidParameter(parameter, f"must be a whole number from 1, not {value!r}")
    return value
