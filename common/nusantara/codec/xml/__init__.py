"""XML documents as the tree that JSON would give.

The root stands for the document, whatever it is called; an element for a key, and elements of one name for a list. An
element that has only ``item`` elements in it is a list as well. What an element means is told by the type that is asked
for, because XML itself does not tell ``5`` from ``"5"``, nor a list of one from its item: :func:`structure_xml`.
Without a type, all text stays text: :func:`loads_xml`.

Only plain documents are read. A document type, and so any entity of its own, is refused unread, and nothing is ever
fetched.
"""

from __future__ import annotations

from typing import Any, TypeVar, overload

from nusantara.codec.reading import structure
from nusantara.codec.xml.elements import MAX_ATTRIBUTES, MAX_ELEMENTS, root_of
from nusantara.codec.xml.elements import repaired as repaired
from nusantara.codec.xml.tree import untyped
from nusantara.codec.xml.typed import plan_of

__all__ = ["MAX_ATTRIBUTES", "MAX_ELEMENTS", "loads_xml", "structure_xml"]

T = TypeVar("T")


def loads_xml(body: bytes, *, charset: str | None = None, strict: bool = False) -> Any:
    """Read an XML document without knowing its types. Every failure is :exc:`~nusantara.errors.BadResponse`.

    An element with neither text nor elements is ``""``. Attributes, of which JSON has none, become keys with an ``@``
    before their names, and text beside them or beside elements becomes the key ``#text``. Comments and processing
    instructions are passed over, and so are namespaces.

    Args:
        charset: The one that HTTP declares, if it does. See :mod:`nusantara.codec.charset`; nothing is guessed here.
        strict: Refuse text that is no Unicode, for which U+FFFD is read otherwise, as :func:`nusantara.codec.loads`
            does it.
    """
    return untyped(root_of(body, charset, strict=strict), 1)


@overload
def structure_xml(body: bytes, into: type[T], *, charset: str | None = None, strict: bool = False) -> T: ...
@overload
def structure_xml(body: bytes, into: Any, *, charset: str | None = None, strict: bool = False) -> Any: ...
def structure_xml(body: bytes, into: Any, *, charset: str | None = None, strict: bool = False) -> Any:
    """Turn an XML document into a model or another type that :mod:`nusantara.codec` can read.

    Text becomes what the type wants: a number, a flag (``1`` or ``true``, ``0`` or ``false`` or nothing) or text. An
    element with nothing in it is an empty text, list or object; where the type allows ``None`` and neither text nor a
    list, it is ``None``. A list may be spelled as elements that repeat, or as one element with the items in it,
    whatever those are called. Attributes of elements that become text or lists are passed over, as is text between the
    parts of an object. What no type says anything about is read as by :func:`loads_xml`.

    Raises:
        BadResponse: It is not well-formed XML, or not safe; with line and column.
        DecodeError: It is not of that type.
    """
    return structure(plan_of(into).of_root(root_of(body, charset, strict=strict)), into)
