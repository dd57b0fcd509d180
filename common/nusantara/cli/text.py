"""Text for terminals."""

from __future__ import annotations

from nusantara.errors import escaped

__all__ = ["one_line", "table"]


def one_line(text: str) -> str:
    """The text in one line, with what would drive the terminal escaped."""
    return escaped(" ".join(text.split()))


def table(rows: list[list[str]]) -> str:
    """Columns side by side, each as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(f"{cell:<{size}}" for cell, size in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)
