"""A JSON document as XML in the manner of KASKUS: an element for a key, ``item`` elements for a list."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

__all__ = ["to_xml"]


def to_xml(document: Any) -> bytes:
    """The document below a root element."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<return>{_inner(document)}</return>'.encode()


def _inner(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(f"<{name}>{_inner(item)}</{name}>" for name, item in value.items())
    if isinstance(value, list):
        return "".join(f"<item>{_inner(item)}</item>" for item in value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return escape(str(value))
