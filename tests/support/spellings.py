"""JSON documents as XML, in every way that a vendor may spell it."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

import attrs

__all__ = ["DIGITS", "ITEMS", "NOTHING", "WORDS", "Spelling"]


@attrs.frozen
class Spelling:
    """How JSON values are written as XML. Which spelling the vendor has is not documented."""

    repeat: bool
    """Lists as elements of one name; otherwise as one element with an ``item`` for each."""
    true: str
    false: str

    def write(self, document: Any) -> bytes:
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<return>{self._inner(document)}</return>'.encode()

    def _element(self, name: str, value: Any) -> str:
        if not re.fullmatch(r"[A-Za-z_][\w.-]*", name):
            name = "item"
        if isinstance(value, list) and value and self.repeat:
            return "".join(f"<{name}>{self._inner(item)}</{name}>" for item in value)
        return f"<{name}>{self._inner(value)}</{name}>"

    def _inner(self, value: Any) -> str:
        if isinstance(value, dict):
            return "".join(self._element(name, item) for name, item in value.items())
        if isinstance(value, list):
            return "".join(f"<item>{self._inner(item)}</item>" for item in value)
        if isinstance(value, bool):
            return self.true if value else self.false
        return "" if value is None else escape(str(value))


DIGITS = Spelling(True, "1", "0")
ITEMS = Spelling(False, "1", "0")
WORDS = Spelling(False, "true", "false")
NOTHING = Spelling(True, "1", "")
