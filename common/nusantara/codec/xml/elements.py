"""Bytes to elements, and what is refused of them."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any, Final

from nusantara.codec.charset import declared_charset, find_charset
from nusantara.codec.jsontext import repair_bytes, tell_of_repair
from nusantara.errors import BadResponse, TooLarge

__all__ = [
    "ELEMENT_ATTRIBUTES",
    "MAX_ATTRIBUTES",
    "MAX_ELEMENTS",
    "SMALL",
    "Element",
    "local",
    "not_usable",
    "repaired",
    "root_of",
]

Element = Any
"""An element of lxml, which types the names of elements as more than the text that they are after parsing."""

MAX_ELEMENTS: Final = 200_000
"""How many elements a document may have; comments and CDATA sections count too."""
MAX_ATTRIBUTES: Final = 50_000
"""How many attributes a document may have; what looks like one in its text counts too."""
ELEMENT_ATTRIBUTES: Final = 100
"""How many attributes an element may have, where they are read: lxml finds each by going through all before it."""
MAX_REFERENCES: Final = 100_000
"""How many references to characters a document may have in which there may be some to repair."""
SMALL: Final = 4 * min(MAX_ELEMENTS, MAX_ATTRIBUTES)
"""Bytes. A document no larger has no room for as many elements or attributes."""


def root_of(body: bytes, declared: str | None, *, strict: bool) -> Element:
    """The root of a document that is well-formed, harmless, and of a bearable size.

    Args:
        strict: Refuse text that is no Unicode.
    """
    problem: BadResponse
    try:
        return _parse(_as_utf8(body, declared))
    except TooLarge:
        raise
    except BadResponse as error:
        problem = error
    if not strict:
        with suppress(BadResponse):
            document = repaired(body, declared)
            if document is not None:
                root = _parse(document)
                tell_of_repair()
                return root
    raise problem


def repaired(body: bytes, declared: str | None) -> bytes | None:
    """The document in UTF-8, with U+FFFD for what is no Unicode in it; None if there is nothing of that.

    That are bytes that are not UTF-8, and references to half of a surrogate pair.
    """
    charset = find_charset(body, declared)
    damaged = False
    try:
        text = body.decode(charset.name)
    except UnicodeDecodeError:
        if not charset.name.startswith("utf-8"):
            return None
        text, damaged = repair_bytes(body), True
    references = text.count("&#")
    if references > MAX_REFERENCES:
        return None
    if references:
        text, count = _HALVES.subn(_joined, text)
        damaged = damaged or count > 0
    return text.encode() if damaged and not charset.guessed else None


_HALVES: Final = re.compile(
    r"(?:&#(?:x0*+[dD][89a-fA-F][0-9a-fA-F]{2}"
    r"|0*+5(?:529[6-9]|5[3-9][0-9]{2}|6[0-9]{3}|7[0-2][0-9]{2}|73[0-3][0-9]|734[0-3]));)++"
)
"""References to halves of surrogate pairs, U+D800 to U+DFFF."""


def _joined(references: re.Match[str]) -> str:
    numbers = [part.lstrip("&#") for part in references[0].split(";")[:-1]]
    halves = "".join(chr(int(part[1:], 16) if part[0] == "x" else int(part)) for part in numbers)
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _as_utf8(body: bytes, declared: str | None) -> bytes:
    """The document in UTF-8, checked, without a byte order mark."""
    charset = declared_charset(body, declared)
    try:
        text = body.decode(charset or "utf-8")
    except UnicodeDecodeError as error:
        problem = f"invalid {(charset or 'utf-8').upper()} at byte {error.start}"
        if charset is None:
            problem += ", and it declares no other charset"
    else:
        return body if charset in (None, "utf-8") else text.encode("utf-8")
    raise not_usable(problem)


_BEFORE_DECLARATION: Final = re.compile(rb"(?:\xef\xbb\xbf|\s){1,1000}+(?=<\?xml\b)").match
_DOCTYPE: Final = re.compile(rb"(?>\s++|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL).match
_LOOKS_LIKE_ATTRIBUTE: Final = re.compile(rb"=\s*+[\"']")


def _parse(document: bytes) -> Element:
    from lxml import etree

    # The files that a page was put together from may have left blank lines and marks of their own.
    before = _BEFORE_DECLARATION(document)
    if before:
        document = document[before.end() :]
    if not document.strip():
        raise not_usable("it is empty")
    # Looked for before parsing, because what stands in a document type costs time and memory to read.
    may_have_type = b"<!DOCTYPE" in document
    if may_have_type and _DOCTYPE(document):
        raise not_usable("it has a document type (DOCTYPE)")
    if len(document) > SMALL:
        if document.count(b"<") - document.count(b"</") > MAX_ELEMENTS:
            raise TooLarge(f"the answer is too large: it has more than {MAX_ELEMENTS} elements")
        if document.count(b"=") > MAX_ATTRIBUTES and len(_LOOKS_LIKE_ATTRIBUTE.findall(document)) > MAX_ATTRIBUTES:
            raise TooLarge(f"the answer is too large: it has more than {MAX_ATTRIBUTES} attributes")
    # Made anew each time: a parser is no place to share between threads, and it costs next to nothing. Each setting is
    # written down, so that no process-wide default parser can change it.
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
        collect_ids=False,
    )
    try:
        root: Element = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        problem = _describe(error)
    else:
        # The parser passes over a second byte order mark, behind which the one above was not seen.
        if may_have_type and root.getroottree().docinfo.internalDTD is not None:
            raise not_usable("it has a document type (DOCTYPE)")
        if local(root.tag).lower() == "html":
            raise not_usable("it is an HTML page")
        return root
    # Raised here, because the exception above may hold pieces of the body.
    raise not_usable(problem)


def not_usable(problem: str) -> BadResponse:
    return BadResponse(f"the answer is not usable XML: {problem}")


def _describe(error: Any) -> str:
    # The parser's own words may quote the body, which may hold a token. The kind of the error quotes nothing.
    line, column = error.position
    entry = error.error_log.last_error if error.error_log is not None else None
    kind = (entry.type_name if entry is not None else "ERR_SYNTAX").removeprefix("ERR_").lower().replace("_", " ")
    return f"{kind} at line {line}, column {column}"


def local(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2] if tag[0] == "{" else tag
