"""Tables of what objects show of themselves.

An object says what that is in ``_shown()``, as its repr does, so that a table never shows more than a repr.
"""

from __future__ import annotations

import enum
import html
import reprlib
from collections.abc import Iterable
from typing import Any, Final

from nusantara.errors import escaped

__all__ = ["fields_table"]

MOST_FIELDS: Final = 100
LONGEST_FIELD: Final = 400
LONGEST_NAME: Final = 60
"""Characters."""


def fields_table(one: Any) -> str | None:
    """One object: a line for each of its fields. None, for which its repr is shown, if it was not made to its end."""
    try:
        fields = one._shown()
    except AttributeError:
        return None
    rows = [
        _row([_cell("th", name, LONGEST_NAME), _cell("td", value, LONGEST_FIELD)])
        for name, value in list(fields.items())[:MOST_FIELDS]
    ]
    return _table(type(one).__name__, rows, _left_out("fields", len(fields) - len(rows)))


def _table(title: str, rows: Iterable[str], left_out: str) -> str:
    foot = f"<p>{left_out}</p>" if left_out else ""
    return f"<table><caption>{html.escape(title)}</caption>{''.join(rows)}</table>{foot}"


def _left_out(what: str, number: int) -> str:
    return f"{number} more {what}" if number > 0 else ""


def _row(cells: Iterable[str]) -> str:
    return f"<tr>{''.join(cells)}</tr>"


def _cell(tag: str, value: Any, longest: int) -> str:
    text = _text(value, longest)
    if len(text) > longest:
        text = f"{text[: longest - 3]}..."
    return f'<{tag} style="text-align: left">{html.escape(escaped(text))}</{tag}>'


def _text(value: Any, longest: int) -> str:
    if isinstance(value, enum.Enum):
        value = value.value
    # A subclass of str may be one that hides its text.
    if type(value) is str:
        return value[: longest + 1]
    short = reprlib.Repr()
    short.maxlevel, short.maxother, short.maxstring = 3, longest, longest
    return short.repr(value)
