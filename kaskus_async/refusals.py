"""What KASKUS says when it says no, whatever the status of the answer, in a document of either format.

A refusal is an object with some of ``error``, ``errorcode``, ``errormessage`` and ``errordetails``; one of OAuth 2 has
``error`` and ``error_description``. What the values look like nobody has documented, nor where the object stands, nor
how XML spells it. So names count without their case, ``_``, ``-`` and the ``@`` of an attribute, texts count with or
without attributes beside them, and what may be wrapped around an answer is looked into. A document with a ``status`` of
``error`` or ``fail`` is a refusal, too, if it has nothing but words beside it.
"""

from __future__ import annotations

import functools
import re
from typing import Any, Final

import attrs

from nusantara.model import Model, wire_keys
from nusantara.response import excerpt_of

__all__ = ["Refusal", "has_any_key", "may_refuse", "message_of", "refusal_in", "said_instead"]

_KEYS = frozenset({"error", "errorcode", "errormessage", "errordetails", "errordescription"})
_WRAPPERS = frozenset({"return", "response", "result", "results", "data", "item", "items", "meta", "error", "errors"})
_DEEPEST = 4
_NO: Final[tuple[Any, ...]] = (None, "", "0", "false", 0, False, [], {})
"""What ``error`` and ``errorcode`` are where there is no error."""

_FAILED = frozenset({"error", "fail", "failed", "failure"})
_WORDS = frozenset({"status", "message", "code"})
"""Keys of a document that fails by its ``status``, and has nothing of an answer."""

UNKNOWN_FORM = "the server's message has an unknown form"


@attrs.frozen
class Refusal:
    """What the vendor says of it."""

    message: str | None
    code: str | int | None


def refusal_in(document: Any) -> Refusal | None:
    """The refusal that a document is; None for an answer."""
    return _search(document, 0) or _failed(document)


_SIGN_IN_XML = re.compile(
    rb"<(?:[^\s<>/]*:)?error|\serror[\w.:-]*\s*=|<status\b[^<>]*>\s*(?:<!\[cdata\[\s*)?(?:error|fail)"
).search


def may_refuse(body: bytes) -> bool:
    """Whether XML has an element or attribute that :func:`refusal_in` would look at, as hardly any answer has."""
    text = body.replace(b"\0", b"").lower()  # Of UTF-16 that leaves what is looked for.
    return (b"error" in text or b"fail" in text) and _SIGN_IN_XML(text) is not None


def message_of(document: Any) -> str | None:
    """What a document that is no answer says in its ``message``."""
    return _text(document.get("message")) if isinstance(document, dict) else None


def said_instead(document: Any) -> str | None:
    """The hint for an answer that is not the documented one: what the vendor says in it."""
    said = message_of(document)
    return None if said is None else f"the answer says: {excerpt_of(said)}"


def has_any_key(answer: Model) -> bool:
    """Whether anything that is known of an answer was in its document."""
    cls: Any = type(answer)  # Which mypy does not take for hashable.
    return not _known_keys(cls).isdisjoint(answer.raw or ())


@functools.cache
def _known_keys(cls: type[Model]) -> frozenset[str]:
    return frozenset(key for keys in wire_keys(cls).values() for key in keys)


def _search(document: Any, depth: int) -> Refusal | None:
    if depth > _DEEPEST:
        return None
    if isinstance(document, list):
        # What is in a list is all of one kind.
        return _search(document[0], depth + 1) if document else None
    if not isinstance(document, dict):
        return None
    if "error" in "\n".join(document).lower() and (found := _read(document, depth)):
        return found
    for name in _WRAPPERS.intersection(document):
        inner = document[name]
        if isinstance(inner, (dict, list)) and (found := _search(inner, depth + 1)):
            return found
    return None


def _read(document: dict[str, Any], depth: int) -> Refusal | None:
    said = {name: value for key, value in document.items() if (name := _plain(key)) in _KEYS}
    message = said.get("errormessage", said.get("errordescription"))
    codes = [_flat(said[name]) for name in ("error", "errorcode") if name in said]
    if _flat(message) in _NO:
        # Further in, an error without a message may be a part of an answer.
        failed = depth == 0 and any(code not in _NO for code in codes)
        if not failed and not _says_nothing_else(document, said, codes):
            return None
        inner = said.get("error")
        if isinstance(inner, (dict, list)) and (found := _search(inner, depth + 1)):
            return found
        message = message_of(document) or message_of(inner) or _flat(document.get("#text"))
    code = said.get("errorcode")
    if code is None and "errordescription" in said:
        code = said.get("error")
    code = _flat(code)
    return Refusal(
        message if message is None else _text(message) or UNKNOWN_FORM,
        code if isinstance(code, (str, int)) and not isinstance(code, bool) else None,
    )


def _failed(document: Any) -> Refusal | None:
    if not isinstance(document, dict) or "status" not in document:
        return None
    status = _flat(document["status"])
    if not isinstance(status, str) or status.lower() not in _FAILED:
        return None
    if any(_flat(value) not in _NO for name, value in document.items() if name not in _WORDS):
        return None
    code = _flat(document.get("code"))
    return Refusal(message_of(document), code if type(code) in (str, int) else None)


def _says_nothing_else(document: dict[str, Any], said: dict[str, Any], codes: list[Any]) -> bool:
    """Whether there is a message, if an empty one, but neither an answer nor a word that there is no error."""
    denied = any(code in _NO and code not in (None, "") for code in codes)
    return "errormessage" in said and len(said) == len(document) and not denied


def _plain(key: str) -> str:
    return key.lower().lstrip("@").replace("_", "").replace("-", "")


def _flat(value: Any) -> Any:
    """The value itself, of what has attributes beside it or white space around it."""
    if isinstance(value, dict) and all(name.startswith(("@", "#")) for name in value):
        value = value.get("#text", "")
    return value.strip() if isinstance(value, str) else value


def _text(value: Any) -> str | None:
    """Text, or the first of texts that are told apart by attributes, such as those of their languages."""
    if isinstance(value, list) and value and (len(value) == 1 or all(isinstance(one, dict) for one in value)):
        value = value[0]
    value = _flat(value)
    return value if isinstance(value, str) and value else None
