"""Answers that carry tokens of OAuth 1.0a (RFC 5849 section 2): urlencoded forms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl

from nusantara.errors import BadResponse
from nusantara.secret import HiddenText

__all__ = ["parse_token_answer"]

# Not oauthlib's urldecode: that takes a field twice and text that is not UTF-8, and repeats the answer in its errors.

MAX_TOKEN_ANSWER: Final = 8 * 1024
_ENCODED: Final = re.compile(rb"(?:[^\0-\x20\x7f-\xff%]|%[0-9A-Fa-f]{2})*").fullmatch


def parse_token_answer(body: bytes) -> dict[str, str]:
    """The fields of an answer to a token request, as in ``oauth_token=...&oauth_token_secret=...``.

    Which fields there have to be, and which of them say no, is the vendor's rule. The values do not show in a repr.

    Raises:
        BadResponse: It is not an urlencoded form, or has a field twice.
    """
    problem = None
    pairs: list[tuple[str, str]] = []
    text = body.strip()
    if not text:
        problem = "it is empty"
    elif len(text) > MAX_TOKEN_ANSWER:
        problem = f"it is longer than {MAX_TOKEN_ANSWER} bytes"
    elif not _ENCODED(text) or not all(b"=" in piece for piece in text.split(b"&")):
        problem = "it is not an urlencoded form"
    else:
        try:
            pairs = parse_qsl(text.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict")
        except ValueError:
            problem = "its text is not UTF-8"
        else:
            problem = _problem_of(pairs)
    if problem is not None:
        raise BadResponse(f"the answer to a token request cannot be used: {problem}")
    return {name: HiddenText(value) for name, value in pairs}


def _problem_of(pairs: Iterable[tuple[str, str]]) -> str | None:
    seen: set[str] = set()
    for name, value in pairs:
        if not name or not name.isprintable():
            return "a field has no proper name"
        if name in seen:
            return "it has a field twice"
        if not value.isprintable() and name.startswith("oauth_"):
            return "a token holds control characters"
        seen.add(name)
    return None
