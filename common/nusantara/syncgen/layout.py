"""Calls and signatures as the formatter lays them out."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

__all__ = ["WIDTH", "CallText", "signature"]

WIDTH = 120


@attrs.frozen
class CallText:
    """A call to be laid out: ``prefix`` ends with its opening bracket."""

    prefix: str
    items: Sequence[str | CallText]
    suffix: str = ")"

    def flat(self) -> str:
        """On one line, however long."""
        return (
            self.prefix + ", ".join(item if isinstance(item, str) else item.flat() for item in self.items) + self.suffix
        )

    def lines(self, indent: int, *, trailing_comma: bool | None = None) -> list[str]:
        """On one line, or the arguments on one line, or one line each: what the formatter makes of it.

        Args:
            trailing_comma: Whether the last argument on a line of its own gets one; by default unless it is alone.
        """
        pad, inner = " " * indent, " " * (indent + 4)
        if len(pad + self.flat()) <= WIDTH:
            return [pad + self.flat()]
        items = [item if isinstance(item, str) else item.flat() for item in self.items]
        if len(inner + ", ".join(items)) <= WIDTH:
            return [pad + self.prefix, inner + ", ".join(items), pad + self.suffix]
        comma = "," if (len(items) > 1 if trailing_comma is None else trailing_comma) else ""
        spread: list[str] = []
        for item in self.items:
            if isinstance(item, str):
                spread.append(f"{inner}{item}{comma}")
            else:
                spread += attrs.evolve(item, suffix=item.suffix + comma).lines(indent + 4)
        return [pad + self.prefix, *spread, pad + self.suffix]


def signature(name: str, parameters: list[str], returns: str) -> list[str]:
    """The head of a method, inside its class."""
    return CallText(f"def {name}(", parameters, f") -> {returns}:").lines(4, trailing_comma=True)
