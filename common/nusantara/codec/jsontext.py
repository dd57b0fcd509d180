"""Bytes to JSON values, and what is refused of them."""

from __future__ import annotations

import codecs
import functools
import gc
import itertools
import json
import math
import re
from collections.abc import Callable, Iterable
from typing import Any, Final, NoReturn

from nusantara.errors import BadResponse

__all__ = ["MAX_DEPTH", "MAX_DIGITS", "count_repeated_keys", "loads", "may_have_long_integers", "read_at"]

MAX_DEPTH: Final = 100
"""How deep lists and objects may be nested."""
MAX_DIGITS: Final = 400
"""How many digits an integer may have."""


def loads(body: bytes) -> Any:
    """Read a JSON document. Every failure is :exc:`~nusantara.errors.BadResponse`.

    The body is UTF-8, with or without a byte order mark, or UTF-16 or UTF-32 with one. Refused are ``NaN``, infinities
    and numbers too large for a float, lone surrogates, integers of more than 400 digits, and nesting deeper than 100.
    Other integers are exact, whatever their size. Of repeated keys the last one wins, see :func:`count_repeated_keys`.
    The result is the same with and without orjson.
    """
    value = (_parse or _choose_parser())(body)
    openers = len(body.translate(None, _NOT_OPENING))
    if openers > MAX_DEPTH:
        _check_depth(value, openers)
    return value


def count_repeated_keys(body: bytes) -> int:
    """How many keys of a document come again in the same object, where :func:`loads` takes the last one.

    Reads the document once more: who wants to know pays for it.
    """
    count = 0

    def note(pairs: list[tuple[str, Any]]) -> None:
        nonlocal count
        count += len(pairs) - len({key for key, _ in pairs})

    _parse_with_json(body, _decoder(_int, note))
    return count


def read_at(text: str, place: int, *, count_digits: bool) -> tuple[Any, int]:
    """Read the value that begins at a place in a text, as strictly as :func:`loads`; gives it and where it ends.

    Args:
        count_digits: Say so if there may be integers of more than 400 digits.

    Raises:
        ValueError: It is cut short, or not JSON.
        BadResponse: It goes beyond what is read of JSON.
    """
    try:
        value, end = (_READ_COUNTING_DIGITS if count_digits else _READ).raw_decode(text, place)
    except _Refused as error:
        problem = str(error)
    except RecursionError:
        problem = _TOO_DEEP
    else:
        openers = text.count("[", place, end) + text.count("{", place, end)
        if openers > MAX_DEPTH:
            _check_depth(value, openers)
        if text.find("\\u", place, end) < 0 or not _has_lone_surrogate(text[place:end]):
            return value, end
        problem = _LONE_SURROGATE
    raise _not_usable(problem)


_parse: Callable[[bytes], Any] | None = None

_NOT_OPENING: Final = bytes(set(range(256)) - set(b"[{"))
_DIGITS_AS_0: Final = bytes(ord("0") if byte in b"-0123456789" else ord(" ") for byte in range(256))
_LARGE: Final = b"0" * 20
"""20 digits, or 19 and a minus, of what :data:`_DIGITS_AS_0` gives."""
_ENCODINGS: Final = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",  # begins with the mark of UTF-16
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_BYTE_ORDER_MARKS: Final = tuple(_ENCODINGS)
_TOO_DEEP: Final = f"it is nested deeper than {MAX_DEPTH}"
_LONE_SURROGATE: Final = "it has a lone surrogate"
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE_PAIR: Final = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


def _choose_parser() -> Callable[[bytes], Any]:
    global _parse
    try:
        import orjson
    except ImportError:
        _parse = _parse_with_json
    else:
        _parse = functools.partial(_parse_with_orjson, orjson.loads)
    return _parse


def _parse_with_orjson(orjson_loads: Callable[[bytes], Any], body: bytes) -> Any:
    if _may_have_large_integers(body):
        return _parse_with_json(body)
    try:
        return orjson_loads(body)
    except ValueError:
        pass
    # Either this refuses it too, in the words used without orjson, or it can be read after all: a byte order mark.
    return _parse_with_json(body)


def _may_have_large_integers(body: bytes) -> bool:
    """Whether there may be integers beyond 64 bits, which orjson turns into floats; there often are none then."""
    digits = body.translate(_DIGITS_AS_0)
    place = digits.find(_LARGE)
    while place >= 0:
        # Identifiers of so many digits are text, and begin behind a quote or a letter.
        if place == 0 or body[place - 1] in b":,[ \t\r\n":
            return True
        place = digits.find(_LARGE, digits.find(b" ", place))
    return False


def _parse_with_json(body: bytes, decoder: json.JSONDecoder | None = None) -> Any:
    mark, encoding = b"", "utf-8"
    if body.startswith(_BYTE_ORDER_MARKS):
        mark, encoding = next(item for item in _ENCODINGS.items() if body.startswith(item[0]))
    try:
        text = body[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        problem = f"invalid {encoding.upper()} at byte {len(mark) + error.start}"
    else:
        if decoder is None:
            # A mark is rare, and may mean several bytes a digit.
            decoder = _READ_COUNTING_DIGITS if mark or may_have_long_integers(body) else _READ
        try:
            value = decoder.decode(text)
        except json.JSONDecodeError as error:
            problem = _describe(error, len(mark), encoding)
        except _Refused as error:
            problem = str(error)
        except RecursionError:
            problem = _TOO_DEEP
        else:
            if "\\" not in text or not _has_lone_surrogate(text):
                return value
            problem = _LONE_SURROGATE
    # Raised here, because the exceptions above hold the body: a traceback must not lead to a token in it.
    raise _not_usable(problem)


def _not_usable(problem: str) -> BadResponse:
    return BadResponse(f"the answer is not usable JSON: {problem}")


def _describe(error: json.JSONDecodeError, skipped: int, encoding: str) -> str:
    # Nothing of the body is shown: one that is form-encoded, or JSON cut short, may hold a token.
    if not error.doc.strip():
        return "it is empty"
    byte = skipped + len(error.doc[: error.pos].encode(encoding))
    return f"{error.msg} at line {error.lineno}, byte {byte}"


class _Refused(Exception):
    """Good for the standard library, but not for us."""


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise _Refused("a number is too large")
    return value


def _int(text: str) -> int:
    if len(text) > MAX_DIGITS + text.startswith("-"):
        raise _Refused(f"an integer has more than {MAX_DIGITS} digits")
    return int(text)


def _constant(text: str) -> NoReturn:
    raise _Refused(f"it has {text}")


def _decoder(
    read_int: Callable[[str], int] | None = None, read_object: Callable[[list[tuple[str, Any]]], Any] | None = None
) -> json.JSONDecoder:
    return json.JSONDecoder(
        parse_float=_float, parse_int=read_int, parse_constant=_constant, object_pairs_hook=read_object
    )


_READ: Final = _decoder()
_READ_COUNTING_DIGITS: Final = _decoder(_int)


def may_have_long_integers(body: bytes) -> bool:
    """Whether there may be an integer of more than 400 digits in it. Often there is none where this says so."""
    # A run of 401 digits covers eight of every fiftieth bytes.
    return b"0" * 8 in body[::50].translate(_DIGITS_AS_0)


def _has_lone_surrogate(text: str) -> bool:
    if not _SURROGATE.search(text):
        return False
    # Backslashes pair up from the left; with those pairs gone, every \u left is an escape.
    text = _SURROGATE_PAIR.sub(" ", text.replace("\\\\", " "))
    return _SURROGATE.search(text) is not None


def _check_depth(value: Any, openers: int) -> None:
    """Refuse too deep a value. There are at most ``openers`` lists and objects in it."""
    level = [value]
    for depth in range(1, MAX_DEPTH):
        openers -= len(level)
        if depth + openers <= MAX_DEPTH or not level:
            return
        # The fastest way to leave out strings and numbers. It also leaves out dicts with nothing else in them, which
        # matters on the last level only.
        level = [*filter(gc.is_tracked, itertools.chain.from_iterable(map(_items, level)))]
    if any(type(item) in (dict, list) for container in level for item in _items(container)):
        raise _not_usable(_TOO_DEEP)


def _items(container: Any) -> Iterable[Any]:
    return container.values() if type(container) is dict else container
