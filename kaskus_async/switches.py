"""Two more spellings of yes and no, for the operations whose reference shows them."""

from __future__ import annotations

__all__ = ["on_off", "true_false"]


def on_off(value: bool | None) -> str | None:
    """``"on"`` or ``"off"``."""
    return None if value is None else "on" if value else "off"


def true_false(value: bool | None) -> str | None:
    """``"true"`` or ``"false"``."""
    return None if value is None else "true" if value else "false"
