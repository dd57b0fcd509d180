"""Posts are stored as BBCode and answered as plain text and HTML, too."""

from __future__ import annotations

import re
from html import escape

__all__ = ["as_html", "as_text", "images_in", "without_quotes"]

_TAG = re.compile(r"\[/?[a-z]+(?:=[^\]\n]{0,300})?\]", re.IGNORECASE)
_INNER_QUOTE = re.compile(r"\[quote(?:=[^\]\n]{0,300})?\](?:(?!\[/?quote).)*\[/quote\]\s*", re.IGNORECASE | re.DOTALL)
_IMAGE = re.compile(r"\[img\](https?://[^\[\]\s]+)\[/img\]", re.IGNORECASE)
_HTML = (
    (re.compile(r"\[(/?)([biu])\]", re.IGNORECASE), r"<\1\2>"),
    (re.compile(r"\[img\](https?://[^\[\]\s]+)\[/img\]", re.IGNORECASE), r'<img src="\1">'),
    (re.compile(r"\[url\](https?://[^\[\]\s]+)\[/url\]", re.IGNORECASE), r'<a href="\1">\1</a>'),
    (re.compile(r"\[url=(https?://[^\]\s]+)\](.*?)\[/url\]", re.IGNORECASE | re.DOTALL), r'<a href="\1">\2</a>'),
    (
        re.compile(r"\[quote(?:=([^\];\n]{0,100})(?:;[^\]\n]{0,100})?)?\]", re.IGNORECASE),
        r'<blockquote data-author="\1">',
    ),
    (re.compile(r"\[/quote\]", re.IGNORECASE), "</blockquote>"),
    (re.compile(r"\[(/?)code\]", re.IGNORECASE), r"<\1pre>"),
)


def as_text(source: str) -> str:
    """Without any markup."""
    return _TAG.sub("", _IMAGE.sub("", source)).strip()


def as_html(source: str) -> str:
    """What is known of the markup as HTML; the rest stays as it is."""
    text = escape(source)
    for pattern, replacement in _HTML:
        text = pattern.sub(replacement, text)
    return text.replace("\n", "<br>")


def without_quotes(source: str) -> str:
    """The source without what it quotes."""
    while (shorter := _INNER_QUOTE.sub("", source)) != source:
        source = shorter
    return source.strip()


def images_in(source: str) -> list[str]:
    """Addresses of the pictures."""
    return _IMAGE.findall(source)
