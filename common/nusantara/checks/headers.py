"""Headers of requests: which a caller may give, and how those of several givers become one set.

Names are compared without case, and ``_`` counts as ``-``: so does every server behind CGI, WSGI or PHP, and what is
two headers here must not be one there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from nusantara.errors import InvalidParameter
from nusantara.secret import HiddenText, Secret, check_credential, is_mask, reveal

__all__ = ["check_headers", "encode_head", "with_headers"]

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+").fullmatch
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*").fullmatch
_NOT_THE_CALLERS = {
    **dict.fromkeys(
        ("content-length", "transfer-encoding", "content-encoding", "trailer", "expect"), "the body says it itself"
    ),
    **dict.fromkeys(
        ("connection", "keep-alive", "te", "upgrade", "http2-settings"),
        "it belongs to the connection (RFC 9110, 7.6.1)",
    ),
    "host": "it is what base_url says, and what is signed",
}


def check_headers(headers: Mapping[str, Secret | str]) -> dict[str, str]:
    """Names and values that may be sent, the values hidden.

    Raises:
        InvalidParameter: A name or value is none, a name comes twice, or it is not the caller's to set.
    """
    if not isinstance(headers, Mapping):
        raise InvalidParameter("headers", f"must be a mapping of names to values, not {type(headers).__name__}")
    checked: dict[str, str] = {}
    seen: dict[str, str] = {}
    for name, text in [(name, _hidden(value)) for name, value in headers.items()]:
        if not isinstance(name, str) or not _NAME(name):
            raise InvalidParameter("headers", f"{name!r} is not a header name")
        parameter, key = f"headers[{name!r}]", _key(name)
        why = "it belongs to the proxy" if key.startswith("proxy-") else _NOT_THE_CALLERS.get(key)
        if why is not None:
            raise InvalidParameter(parameter, f"cannot be given: {why}")
        if key in seen:
            raise InvalidParameter(parameter, f"is the same header as {seen[key]!r}, which is given too")
        if isinstance(headers[name], Secret) or (isinstance(text, str) and is_mask(text)):
            check_credential(parameter, text)
        if not isinstance(text, str) or not _VALUE(text):
            raise InvalidParameter(parameter, "holds a line break, a control character or no text")
        seen[key], checked[name] = name, text
    return checked


def with_headers(headers: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """Headers with others added, or put in the place of those of the same name."""
    replaced = {_key(name) for name in more}
    return {**{name: value for name, value in headers.items() if _key(name) not in replaced}, **more}


def encode_head(start: str, headers: Mapping[str, str], end: str) -> bytes:
    """The head of a request, with its headers between what comes before and behind them, whoever gave them.

    Raises:
        InvalidParameter: One would be more than a line.
    """
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    if lines.count("\n") != len(headers) or lines.count("\r") != len(headers) or "\0" in lines:
        raise InvalidParameter("headers", "a value holds a line break or NUL")
    try:
        return f"{start}{lines}{end}".encode()
    except UnicodeEncodeError:
        pass
    # Raised here, because the exception above holds the lines.
    raise InvalidParameter("headers", "a value holds a lone surrogate, which has no UTF-8 form")


def _hidden(value: Secret | str) -> str:
    text = reveal(value)
    return HiddenText(text) if isinstance(text, str) else text


def _key(name: str) -> str:
    return name.lower().replace("_", "-")
