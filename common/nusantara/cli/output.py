"""Results on standard output: JSON for programs, a table for people."""

from __future__ import annotations

import enum
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import attrs

from nusantara.cli.streams import width
from nusantara.cli.text import one_line, table
from nusantara.model import Model
from nusantara.secret import MASK, Secret

__all__ = ["write_json", "write_json_lines", "write_table"]

_LEFT_BY_JSON = re.compile("[\x7f-\x9f\u2028\u2029]")
"""Line ends and control characters that JSON allows, but that break lines and drive terminals."""
WIDEST_CELL = 40
"""Characters of a cell in a list."""
SHORTEST_SECRET = 6
"""Shorter credentials are masked only where they are a whole value, not within other text."""


def write_json(value: Any, *, show_secrets: bool) -> None:
    """One JSON document."""
    sys.stdout.write(_json_text(value, show_secrets, indent=2))


def write_json_lines(values: Sequence[Any], *, show_secrets: bool) -> None:
    """A JSON document for each value, in a line of its own."""
    for value in values:
        sys.stdout.write(_json_text(value, show_secrets, separators=(",", ":")))
    sys.stdout.flush()


def _json_text(value: Any, show_secrets: bool, **style: Any) -> str:
    # What the stream cannot encode would become an escape that JSON does not have.
    ascii_only = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    text = json.dumps(_document(value, show_secrets), ensure_ascii=ascii_only, **style)
    return _LEFT_BY_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def write_table(value: Any) -> None:
    """A list as a table with a line for each item, anything else as a table of its fields. Secrets are masked."""
    if value is None:
        sys.stdout.write("done\n")
        return
    if not isinstance(value, list):
        _draw(None, [[name, _cell(part)] for name, part in _parts(value).items()])
        return
    items = [{name: _brief(part) for name, part in _parts(item).items()} for item in value]
    columns = list(dict.fromkeys(name for item in items for name in item))
    if not columns:
        sys.stdout.write("nothing\n")
        return
    rows = [[item.get(name, "") for name in columns] for item in items]
    shown = _fitting(columns, rows, width())
    _draw([columns[index] for index in shown], [[row[index] for index in shown] for row in rows])
    if hidden := [name for index, name in enumerate(columns) if index not in shown]:
        sys.stdout.write(f"not shown: {', '.join(hidden)} (--json shows all)\n")


def _draw(columns: list[str] | None, rows: list[list[str]]) -> None:
    """Rows under column titles, if there are any; with lines and colours where rich is installed."""
    try:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ImportError:
        sys.stdout.write(table(rows if columns is None else [columns, *rows]))
        return
    drawn = Table(show_header=columns is not None, header_style="bold")
    for name in columns or ("", ""):
        drawn.add_column(name, overflow="fold")
    for row in rows:
        drawn.add_row(*map(Text, row))
    Console(file=sys.stdout, width=width()).print(drawn)


def _fitting(columns: list[str], rows: list[list[str]], width: int) -> list[int]:
    """The columns that fit into the width, as many as possible of those that tell the rows apart."""
    by_column = list(zip(*rows, strict=True))
    alike = [len(rows) > 1 and len(set(cells)) == 1 for cells in by_column]
    shown: list[int] = []
    for index in sorted(range(len(columns)), key=alike.__getitem__):
        needed = max(map(len, (columns[index], *by_column[index]))) + 3
        if needed < width or not shown:
            shown.append(index)
            width -= needed
        elif alike[index]:
            break
    return sorted(shown)


def _parts(value: Any) -> dict[str, Any]:
    """Name and value of each field that has one."""
    if isinstance(value, Model):
        fields = {field.name: getattr(value, field.name) for field in attrs.fields(type(value)) if field.name != "raw"}
        secrets = _secrets(value)
        fields |= {name: _masked(part, secrets) for name, part in value.extra.items()}
    elif isinstance(value, Mapping):
        fields = {str(name): part for name, part in value.items()}
    elif attrs.has(type(value)):
        fields = _fields(value)
    else:
        fields = {"result": value}
    return {name: part for name, part in fields.items() if part is not None}


def _brief(value: Any) -> str:
    """A value in a list: short, so that more columns fit."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    text = _cell(value)
    return text if len(text) <= WIDEST_CELL else f"{text[: WIDEST_CELL - 3]}..."


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, enum.Enum):
        return value.name.lower()
    if isinstance(value, (date, int, float, Secret)):
        return str(value)
    return one_line(json.dumps(_document(value, show_secrets=False), ensure_ascii=False))


def _fields(value: Any) -> dict[str, Any]:
    """What an object of our own, which is no vendor's answer, holds."""
    return {field.name: getattr(value, field.name) for field in attrs.fields(type(value))}


def _document(value: Any, show_secrets: bool) -> Any:
    """A result as JSON values."""
    if isinstance(value, Model):
        document = value.to_document()
        return document if show_secrets else _masked(document, _secrets(value))
    if isinstance(value, Secret):
        return value.reveal() if show_secrets else MASK
    if isinstance(value, Mapping):
        return {str(name): _document(part, show_secrets) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_document(part, show_secrets) for part in value]
    if attrs.has(type(value)):
        return _document(_fields(value), show_secrets)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


def _secrets(value: Any) -> list[str]:
    """The texts of all credentials within a result, longest first, since one may be part of another."""
    return sorted(filter(None, set(_find_secrets(value))), key=len, reverse=True)


def _find_secrets(value: Any) -> Iterator[str]:
    if isinstance(value, Secret):
        yield value.reveal()
    elif isinstance(value, Model):
        for field in attrs.fields(type(value)):
            if field.name != "raw":
                yield from _find_secrets(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _find_secrets(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _find_secrets(part)


def _masked(document: Any, secrets: list[str]) -> Any:
    """A document without these texts, wherever the vendor put them."""
    if not secrets:
        return document
    if isinstance(document, str):
        for secret in secrets:
            if document == secret or len(secret) >= SHORTEST_SECRET:
                document = document.replace(secret, MASK)
        return document
    if isinstance(document, Mapping):
        return {name: _masked(part, secrets) for name, part in document.items()}
    if isinstance(document, list):
        return [_masked(part, secrets) for part in document]
    return document
