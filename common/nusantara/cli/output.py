"""Results on standard output: JSON for programs, a table for people."""

from __future__ import annotations

import enum
import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from nusantara.cli.text import one_line, table
from nusantara.model import Model
from nusantara.secret import MASK, Secret

__all__ = ["write_json", "write_json_lines", "write_table"]

SHORTEST_SECRET = 6
"""Shorter credentials are masked only where they are a whole value, not within other text."""


def write_json(value: Any, *, show_secrets: bool) -> None:
    """One JSON document."""
    sys.stdout.write(json.dumps(_document(value, show_secrets), indent=2, ensure_ascii=_ascii_only()) + "\n")


def write_json_lines(values: Sequence[Any], *, show_secrets: bool) -> None:
    """A JSON document for each value, in a line of its own."""
    for value in values:
        document = _document(value, show_secrets)
        sys.stdout.write(json.dumps(document, separators=(",", ":"), ensure_ascii=_ascii_only()) + "\n")
    sys.stdout.flush()


def _ascii_only() -> bool:
    # What the stream cannot encode would become an escape that JSON does not have.
    return not (sys.stdout.encoding or "utf-8").lower().startswith("utf")


def write_table(value: Any) -> None:
    """A list as a table with a line for each item, anything else as a table of its fields. Secrets are masked."""
    if not isinstance(value, list):
        _write(["field", "value"], [[name, cell] for name, cell in _cells(value).items()], whole=True)
        return
    items = [_cells(item) for item in value]
    columns = list(dict.fromkeys(name for item in items for name in item))
    if not columns:
        sys.stdout.write("nothing\n")
        return
    _write(columns, [[item.get(name, "") for name in columns] for item in items], whole=False)


def _write(columns: list[str], rows: list[list[str]], *, whole: bool) -> None:
    """Show rows; ``whole`` wraps long cells instead of cutting them."""
    try:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ImportError:
        width = None if whole else shutil.get_terminal_size().columns
        sys.stdout.write(table(rows if whole else [columns, *rows], width=width))
        return
    console = Console(file=sys.stdout)
    shown = columns if whole else columns[: max(console.width // 12, 1)]
    drawn = Table(show_header=not whole, header_style="bold")
    for name in shown:
        drawn.add_column(name, overflow="fold" if whole else "ellipsis", no_wrap=not whole)
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row[: len(shown)]))
    console.print(drawn)
    if hidden := columns[len(shown) :]:
        console.print(Text(f"not shown: {', '.join(hidden)} (--json shows all)"), style="dim")


def _cells(value: Any) -> dict[str, str]:
    """Name and text of each field that has a value."""
    if isinstance(value, Model):
        fields = {field.name: getattr(value, field.name) for field in attrs.fields(type(value)) if field.name != "raw"}
        secrets = _secrets(value)
        fields |= {name: _masked(part, secrets) for name, part in value.extra.items()}
    elif isinstance(value, Mapping):
        fields = {str(name): part for name, part in value.items()}
    else:
        fields = {"result": value}
    return {name: _cell(part) for name, part in fields.items() if part is not None}


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, enum.Enum):
        return value.name.lower()
    if isinstance(value, date):
        return str(value)
    if isinstance(value, (int, float, Secret)):
        return str(value)
    return one_line(json.dumps(_document(value, show_secrets=False), ensure_ascii=False))


def _document(value: Any, show_secrets: bool) -> Any:
    """A result as JSON values."""
    if isinstance(value, Model):
        document = value.to_dict()
        return document if show_secrets else _masked(document, _secrets(value))
    if isinstance(value, Secret):
        return value.reveal() if show_secrets else MASK
    if isinstance(value, Mapping):
        return {str(name): _document(part, show_secrets) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_document(part, show_secrets) for part in value]
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


def _secrets(value: Any) -> set[str]:
    """The texts of all credentials within a result."""
    return set(filter(None, _find_secrets(value)))


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


def _masked(document: Any, secrets: set[str]) -> Any:
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
