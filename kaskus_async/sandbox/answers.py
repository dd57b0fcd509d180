"""Documents in the format that is asked for: JSON or XML.

``output=json`` in the query or ``Return-Type: text/json`` asks for JSON; without either, the reference says, the answer
is XML. Of XML it is known that the root is ``<return>`` and that keys become names of elements. How lists are spelled
is not known: here, as ``<item>`` elements within the element of the list. Nor are the media types.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from nusantara.sandbox.answer import Answer, Headers
from nusantara.sandbox.incoming import Incoming

__all__ = ["form_answer", "rendered", "wants_json", "xml_bytes"]

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*").fullmatch


def rendered(call: Incoming, document: Any, *, status: int = 200, headers: Headers = ()) -> Answer:
    """A document as the call wants it."""
    if wants_json(call):
        return Answer.json(document, status=status, headers=headers)
    return Answer(status, (("Content-Type", "text/xml; charset=utf-8"), *headers), xml_bytes(document))


def form_answer(fields: Mapping[str, str | int]) -> Answer:
    """An urlencoded form: what ``/token`` and ``/accesstoken`` answer whatever is asked for."""
    return Answer.text(urlencode(fields), content_type="text/html")


def wants_json(call: Incoming) -> bool:
    """Whether the call asks for JSON; the query wins over the header."""
    output = dict(call.query).get("output", "").lower()
    if output in ("json", "xml"):
        return output == "json"
    return "json" in (call.header("Return-Type") or "").lower()


def xml_bytes(document: Any) -> bytes:
    """A document as XML. A flag is 1 or 0, nothing an empty element; a key that is no name becomes an attribute."""
    root = ET.Element("return")
    _fill(root, document)
    encoded: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return encoded


def _fill(element: ET.Element, value: Any) -> None:
    match value:
        case Mapping():
            for key, part in value.items():
                if _NAME(key):
                    _fill(ET.SubElement(element, key), part)
                else:
                    _fill(ET.SubElement(element, "item", {"key": _NOT_IN_XML.sub("", key)}), part)
        case list() | tuple():
            for part in value:
                _fill(ET.SubElement(element, "item"), part)
        case bool():
            element.text = "1" if value else "0"
        case None:
            pass
        case _:
            element.text = _NOT_IN_XML.sub("", str(value))
