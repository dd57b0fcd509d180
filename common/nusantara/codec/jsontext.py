"""Bytes to JSON values, and what is refused of them."""

from __future__ import annotations

import codecs
import functools
import gc
import itertools
import json
import logging
import math
import re
from collections.abc import Callable, Iterable
from typing import Any, Final, NoReturn

from nusantara.errors import BadResponse, TooLarge

__all__ = [
    "MAX_CONTAINERS",
    "MAX_DEPTH",
    "MAX_DIGITS",
    "count_repeated_keys",
    "loads",
    "may_have_long_integers",
    "read_at",
    "repair_bytes",
    "tell_of_repair",
]

log = logging.getLogger("nusantara.codec")

MAX_CONTAINERS: Final = 500_000
"""How many lists and objects a document may have. They are what costs: empty lists take twenty times as long to read
as ordinary rows of the same size, and thirty times their size in memory."""
MAX_DEPTH: Final = 100
"""How deep lists and objects may be nested."""
MAX_DIGITS: Final = 400
"""How many digits an integer may have."""


def loads(body: bytes, *, strict: bool = False) -> Any:
    """Read a JSON document. Every failure is :exc:`~nusantara.errors.BadResponse`.

    The body is UTF-8, with or without a byte order mark, or UTF-16 or UTF-32 with one. Refused are ``NaN``, infinities
    and numbers too large for a float, integers of more than 400 digits, nesting deeper than 100, and, before anything
    is read, more than 500,000 lists and objects (:exc:`~nusantara.errors.TooLarge`). Other integers are exact, whatever
    their size. Of repeated keys the last one wins, see :func:`count_repeated_keys`. The result is the same with and
    without orjson.

    Half of a surrogate pair, as a text has that was cut in the middle of an emoji, is read as U+FFFD, and so are bytes
    that are not UTF-8. One warning is logged for such a document.

    Args:
        strict: Refuse such text.
    """
    openers = len(body.translate(None, _NOT_OPENING))
    if openers > MAX_CONTAINERS:
        _check_count(body)
    parse = _parse or _choose_parser()
    value, problem = None, None
    try:
        value = parse(body)
    except BadResponse as error:
        problem = error
    if problem is not None:
        value = _parse_repaired(parse, body, problem, strict)
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

    decoder = _decoder(_int, note)
    try:
        _parse_with_json(body, decoder)
    except BadResponse:
        count = 0
        _parse_with_json(_repaired(body) or body, decoder)
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
        if text.find("\\u", place, end) >= 0 and _has_lone_surrogate(text[place:end]):
            value = _READ_COUNTING_DIGITS.decode(_repair_surrogates(text[place:end]))
            tell_of_repair()
        return value, end
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
_BEFORE: Final = re.compile(rb"(?:\xef\xbb\xbf|[ \t\r\n])++").match
_TOO_DEEP: Final = f"it is nested deeper than {MAX_DEPTH}"
_LONE_SURROGATE: Final = "it has a lone surrogate"
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_LONE: Final = re.compile(  # One beginning for both halves: the engine looks for that alone, which is twice as fast.
    r"\\u[dD](?:[89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|[c-fC-F][0-9a-fA-F]{2}(?<!\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}))"
)


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


def _parse_repaired(parse: Callable[[bytes], Any], body: bytes, problem: BadResponse, strict: bool) -> Any:
    """Read what is JSON but for text that is no Unicode; ``problem`` says why it was not read as it is."""
    repaired = None if strict else _repaired(body)
    if repaired is not None:
        try:
            value = parse(repaired)
        except BadResponse:
            pass
        else:
            tell_of_repair()
            return value
    raise problem


def tell_of_repair() -> None:
    """Log that a document was read in part."""
    log.warning("a document holds text that is no Unicode, which was read as U+FFFD")


def _repaired(body: bytes) -> bytes | None:
    """The document in UTF-8, with U+FFFD for what is no Unicode in it; None if there is nothing of that."""
    if body.startswith(_BYTE_ORDER_MARKS) and not body.startswith(codecs.BOM_UTF8):
        return None
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = repair_bytes(body)
    else:
        if not _SURROGATE.search(text):
            return None
    return _repair_surrogates(text).encode()


def repair_bytes(body: bytes) -> str:
    """Text from bytes of which some are not UTF-8."""
    try:
        # Both halves of a pair, each in UTF-8 of its own (CESU-8), are the character that they mean.
        halves = body.decode(errors="surrogatepass")
    except UnicodeDecodeError:
        return body.decode(errors="replace")
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _repair_surrogates(text: str) -> str:
    """JSON text with U+FFFD for each escape that is half of a surrogate pair, without the other half."""
    if "\0" in text:
        return text  # It is not JSON.
    # With NUL in the place of escaped backslashes, every backslash left begins an escape.
    return _LONE.sub("\ufffd", text.replace("\\\\", "\0")).replace("\0", "\\\\")


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
    if encoding == "utf-8":
        before = _BEFORE(body)
        # Each of the files that a page was put together from may have left its mark, and blank lines.
        mark = before[0] if before and codecs.BOM_UTF8 in before[0] else b""
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
    return _LONE.search(text.replace("\\\\", " ")) is not None


_BLOCK: Final = 64 * 1024


def _check_count(body: bytes) -> None:
    """Refuse too many lists and objects. Brackets in text do not count, but in UTF-16 and UTF-32."""
    count, in_text, begun = 0, 0, b""
    plain = not body.startswith(_BYTE_ORDER_MARKS) or body.startswith(codecs.BOM_UTF8)
    for start in range(0, len(body), _BLOCK):
        outside = body[start : start + _BLOCK]
        if plain:
            # With escaped backslashes and quotes gone, every quote left begins or ends a text.
            block = (begun + outside).replace(b"\\\\", b"")
            begun = block[-1:] if block.endswith(b"\\") else b""
            pieces = block[: len(block) - len(begun)].replace(b'\\"', b"").split(b'"')
            outside = b"".join(pieces[in_text::2])
            in_text ^= ~len(pieces) & 1
        count += len(outside.translate(None, _NOT_OPENING))
        if count > MAX_CONTAINERS:
            raise TooLarge(f"the answer is too large: it has more than {MAX_CONTAINERS} lists and objects")


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
