"""What to say of a value that does not fit."""

from __future__ import annotations

import json
import re
import types
from typing import Any, Final

from nusantara.codec.models import ABSENT, Mismatch
from nusantara.errors import DecodeError

__all__ = ["JSON_TYPES", "decode_error", "path_text"]

JSON_TYPES: Final = {
    str: "a string",
    int: "an integer",
    float: "a number",
    bool: "true or false",
    types.NoneType: "null",
    list: "a list",
    dict: "an object",
}
"""What the JSON types are called."""

_SECRET: Final = re.compile(
    r"token|secret|passw|passcode|pwd|credential|auth(?!or)|cookie|session|signature|private|api_?key|nonce|otp|cvv|\bpin\b",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_SHOWN: Final = 40
_LONGEST_PATH: Final = 300


def decode_error(mismatch: Mismatch) -> DecodeError:
    """Turn a mismatch into the error that says where it is. A value that may be secret is not shown."""
    path = mismatch.path[::-1]
    private = mismatch.private or any(isinstance(part, str) and _SECRET.search(part) for part in path)
    return DecodeError(path=path_text(path), expected=mismatch.expected, found=_found(mismatch.value, private))


def path_text(parts: list[str | int]) -> str:
    """Write a path, outermost part first: ``messages[0].id``."""
    text = ""
    for part in parts:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _NAME.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"['{_escaped(part)}']"
    return text if len(text) <= _LONGEST_PATH else f"{text[:_LONGEST_PATH]}..."


def _found(value: Any, private: bool) -> str:
    if value is ABSENT:
        return "no such key"
    kind = type(value)
    if kind not in JSON_TYPES:
        return f"a Python object of type {kind.__name__}"
    if kind is bool:
        return "a boolean" if private else json.dumps(value)
    words = JSON_TYPES[kind]
    if private:
        return words
    if kind is str:
        return f"{words} '{_escaped(value)}'"
    if kind is float or (kind is int and value.bit_length() <= 128):
        return f"{words} {value}"
    return words


def _escaped(text: str) -> str:
    shown = ascii(text[: _SHOWN + 1])[1:-1]
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 3] + "..."
