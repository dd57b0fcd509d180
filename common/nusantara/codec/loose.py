"""Types for values that vendors spell in more than one way."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, TypeVar

from nusantara.codec.models import Mismatch, Via
from nusantara.secret import Secret, reveal

__all__ = ["LooseBool", "LooseInt", "LooseStr", "SecretStr", "UnixTime", "is_nothing", "load_bool"]

T = TypeVar("T")

_INTEGER: Final = re.compile(r"[ \t\r\n]*-?[0-9]{1,400}[ \t\r\n]*")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_from_timestamp: Final = datetime.fromtimestamp


def _load_int(value: Any) -> int:
    if type(value) is int:
        return value
    if type(value) is str and _INTEGER.fullmatch(value):
        return int(value)
    raise Mismatch("an integer or a string of digits", value)


def _load_str(value: Any) -> str:
    if type(value) is str:
        return value
    if type(value) is int:
        return str(value)
    raise Mismatch("a string or an integer", value)


_FLAGS: Final = {"0": False, "1": True, "false": False, "true": True}


def load_bool(value: Any) -> bool:
    """A flag in any of its spellings."""
    if type(value) is bool:
        return value
    if type(value) is int and value in (0, 1):
        return value == 1
    if type(value) is str and value.strip() in _FLAGS:
        return _FLAGS[value.strip()]
    raise Mismatch("true or false, also as 0, 1 or text", value)


def is_nothing(value: Any) -> bool:
    """Whether it is one of the spellings that PHP has for nothing beside null: ``""`` and false, in XML as text."""
    return value is False or (type(value) is str and value.strip() in ("", "false"))


def _load_unix(value: Any) -> datetime:
    try:
        return _from_timestamp(value if type(value) is int else _load_int(value), UTC)
    except (ValueError, OverflowError, OSError):
        raise Mismatch("seconds since 1970, an integer or a string of digits", value) from None


def _dump_unix(value: datetime) -> int:
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    return (value - _EPOCH) // timedelta(seconds=1)


def _load_secret(value: Any) -> Secret:
    if isinstance(value, str):
        return Secret(str.__str__(value))
    mismatch = Mismatch("a string", value)
    mismatch.private = True
    raise mismatch


def _same(value: T) -> T:
    return value


# For vendors that send one thing in two spellings. Changed values are written in the plain spelling (a number, a
# string, a boolean); unchanged ones as they came.
UnixTime = Annotated[datetime, Via(_load_unix, _dump_unix)]
"""Whole seconds since 1970, as an integer or a string of digits; an aware datetime in UTC. Written as an integer."""
LooseInt = Annotated[int, Via(_load_int, _same, plain=int)]
"""An integer, or a string of digits with or without a minus."""
LooseStr = Annotated[str, Via(_load_str, _same, plain=str)]
"""A string, or an integer, which becomes a string."""
LooseBool = Annotated[bool, Via(load_bool, _same, plain=bool)]
"""The same as ``bool``: true, false, 0, 1, or one of these as text."""
SecretStr = Annotated[Secret, Via(_load_secret, reveal)]
"""A string that is a credential. It is shown neither in the model's repr nor in errors; in ``raw`` it is text with a
masked repr."""
