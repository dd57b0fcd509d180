"""Elements to JSON values, without types."""

from __future__ import annotations

from typing import Any, Final

from nusantara.codec.jsontext import MAX_DEPTH
from nusantara.codec.xml.elements import ELEMENT_ATTRIBUTES, Element, local, not_usable
from nusantara.errors import BadResponse, TooLarge

__all__ = ["LIST_ITEM", "attributes_of", "too_deep", "untyped"]

LIST_ITEM: Final = "item"


def untyped(element: Element, depth: int) -> Any:
    attributes = attributes_of(element) if element.keys() else {}
    text = element.text or ""
    children = element[:]
    if not children:
        return {**attributes, "#text": text} if attributes else text
    if depth > MAX_DEPTH:
        raise too_deep()
    depth += 1
    names: list[str] = []
    values: list[Any] = []
    for child in children:
        name = child.tag
        names.append(local(name) if name[0] == "{" else name)
        # Most are nothing but text, which is not worth a call each.
        values.append(untyped(child, depth) if len(child) or child.keys() else child.text or "")
        if child.tail:
            text += child.tail
    text = text.strip()
    if not attributes and not text and names == [LIST_ITEM] * len(names):
        return values
    document = dict(zip(names, values, strict=True))
    if len(document) < len(names):
        several: dict[str, list[Any]] = {}
        for name, value in zip(names, values, strict=True):
            several.setdefault(name, []).append(value)
        document |= {name: values for name, values in several.items() if len(values) > 1}
    if text:
        document["#text"] = text
    return attributes | document if attributes else document


def attributes_of(element: Element) -> dict[str, Any]:
    if len(element.keys()) > ELEMENT_ATTRIBUTES:
        raise TooLarge(f"the answer is too large: an element has more than {ELEMENT_ATTRIBUTES} attributes")
    return {f"@{local(str(name))}": str(value) for name, value in element.attrib.items()}


def too_deep() -> BadResponse:
    return not_usable(f"it is nested deeper than {MAX_DEPTH}")
