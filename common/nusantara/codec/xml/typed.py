"""XML documents as the tree that JSON would give.

The root stands for the document, whatever it is called; an element for a key, and elements of one name for a list. An
element that has only ``item`` elements in it is a list as well. What an element means is told by the type that is asked
for, because XML itself does not tell ``5`` from ``"5"``, nor a list of one from its item: :func:`structure_xml`.
Without a type, all text stays text: :func:`loads_xml`.

Only plain documents are read. A document type, and so any entity of its own, is refused unread, and nothing is ever
fetched.
"""

from __future__ import annotations

import enum
import re
import threading
import types
import typing
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin, overload

import attrs

from nusantara import codec
from nusantara.codec.charset import declared_charset
from nusantara.errors import BadResponse, TooLarge
from nusantara.model import Model, Via, field_keys

__all__ = ["MAX_ATTRIBUTES", "MAX_ELEMENTS", "loads_xml", "structure_xml"]

T = TypeVar("T")
Element = Any
"""An element of lxml, which types the names of elements as more than the text that they are after parsing."""

MAX_ELEMENTS: Final = 200_000
"""How many elements a document may have; comments and CDATA sections count too."""
MAX_ATTRIBUTES: Final = 50_000
"""How many attributes a document may have; what looks like one in its text counts too."""
ELEMENT_ATTRIBUTES: Final = 100
"""How many attributes an element may have, where they are read: lxml finds each by going through all before it."""
SMALL: Final = 4 * min(MAX_ELEMENTS, MAX_ATTRIBUTES)
"""Bytes. A document no larger has no room for as many elements or attributes."""


def loads_xml(body: bytes, *, charset: str | None = None) -> Any:
    """Read an XML document without knowing its types. Every failure is :exc:`~nusantara.errors.BadResponse`.

    An element with neither text nor elements is ``""``. Attributes, of which JSON has none, become keys with an ``@``
    before their names, and text beside them or beside elements becomes the key ``#text``. Comments and processing
    instructions are passed over, and so are namespaces.

    Args:
        charset: The one that HTTP declares, if it does. See :mod:`nusantara.codec.charset`; nothing is guessed here.
    """
    return _untyped(_root(body, charset), 1)


@overload
def structure_xml(body: bytes, into: type[T], *, charset: str | None = None) -> T: ...
@overload
def structure_xml(body: bytes, into: Any, *, charset: str | None = None) -> Any: ...
def structure_xml(body: bytes, into: Any, *, charset: str | None = None) -> Any:
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
    plan = _plans.get(into) or _plan(into)
    return codec.structure(plan.of_root(_root(body, charset)), into)


# --- Bytes to elements ---


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
    raise _not_usable(problem)


_DOCTYPE: Final = re.compile(rb"(?>\s++|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL).match
_LOOKS_LIKE_ATTRIBUTE: Final = re.compile(rb"=\s*+[\"']")


def _root(body: bytes, charset: str | None) -> Element:
    """The root of a document that is well-formed, harmless, and of a bearable size."""
    from lxml import etree

    document = _as_utf8(body, charset)
    if not document.strip():
        raise _not_usable("it is empty")
    # Looked for before parsing, because what stands in a document type costs time and memory to read.
    may_have_type = b"<!DOCTYPE" in document
    if may_have_type and _DOCTYPE(document):
        raise _not_usable("it has a document type (DOCTYPE)")
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
            raise _not_usable("it has a document type (DOCTYPE)")
        if _local(root.tag).lower() == "html":
            raise _not_usable("it is an HTML page")
        return root
    # Raised here, because the exception above may hold pieces of the body.
    raise _not_usable(problem)


def _not_usable(problem: str) -> BadResponse:
    return BadResponse(f"the answer is not usable XML: {problem}")


def _describe(error: Any) -> str:
    # The parser's own words may quote the body, which may hold a token. The kind of the error quotes nothing.
    line, column = error.position
    entry = error.error_log.last_error if error.error_log is not None else None
    kind = (entry.type_name if entry is not None else "ERR_SYNTAX").removeprefix("ERR_").lower().replace("_", " ")
    return f"{kind} at line {line}, column {column}"


def _local(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2] if tag[0] == "{" else tag


# --- Elements to JSON values, without types ---

_LIST_ITEM: Final = "item"


def _untyped(element: Element, depth: int) -> Any:
    attributes = _attributes(element) if element.keys() else {}
    text = element.text or ""
    children = element[:]
    if not children:
        return {**attributes, "#text": text} if attributes else text
    if depth > codec.MAX_DEPTH:
        raise _too_deep()
    depth += 1
    names: list[str] = []
    values: list[Any] = []
    for child in children:
        name = child.tag
        names.append(_local(name) if name[0] == "{" else name)
        # Most are nothing but text, which is not worth a call each.
        values.append(_untyped(child, depth) if len(child) or child.keys() else child.text or "")
        if child.tail:
            text += child.tail
    text = text.strip()
    if not attributes and not text and names == [_LIST_ITEM] * len(names):
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


def _attributes(element: Element) -> dict[str, Any]:
    if len(element.keys()) > ELEMENT_ATTRIBUTES:
        raise TooLarge(f"the answer is too large: an element has more than {ELEMENT_ATTRIBUTES} attributes")
    return {f"@{_local(str(name))}": str(value) for name, value in element.attrib.items()}


def _too_deep() -> BadResponse:
    return _not_usable(f"it is nested deeper than {codec.MAX_DEPTH}")


# --- Elements to JSON values, as types want them ---

_Leaf = Callable[[str], Any]
"""Turns the text of an element without elements into a JSON value. It does not judge: what is not of the type is left
as it is, for :func:`nusantara.codec.structure` to refuse in its own words."""
_Inner = Callable[[Any, int], Any]
"""Turns an element with elements in it, at a depth, into a JSON value."""
_Fits = Callable[[Any], bool]
"""Whether an element with elements in it can itself be of the type, rather than be a list of it."""


def _never(element: Element) -> bool:
    return False


@attrs.frozen(eq=False)
class _Plan:
    """How the elements of a type are read."""

    kind: Literal["any", "text", "time", "integer", "number", "flag", "choice", "nothing", "object", "list"]
    leaf: _Leaf | None = None
    """``None`` leaves text as it is."""
    inner: _Inner = _untyped
    empty: Any = ""
    """What an element with nothing in it is; ``list`` or ``dict`` for a new one."""
    fits: _Fits = _never
    item: _Plan | None = None
    """How the items are read, if it may be a list."""

    def read(self, element: Element, depth: int) -> Any:
        if len(element) or self is _ANYTHING:
            return self.inner(element, depth)
        return self.of_text(element.text)

    def of_text(self, text: str | None) -> Any:
        if text is None:
            return self.empty() if self.empty is list or self.empty is dict else self.empty
        return text if self.leaf is None else self.leaf(text)

    def of_root(self, root: Element) -> Any:
        if self.item is None or not len(root) or self.fits(root):
            return self.read(root, 1)
        # The root of a list is never its only item.
        return [self.item.read(child, 2) for child in root]


_plans: Final[dict[Any, _Plan]] = {}
_making: Final = threading.Lock()


def _plan(into: Any) -> _Plan:
    with _making:
        models = dict(_plans)
        plan = _planned(into, models)
        _plans.update(models)
        return _plans.setdefault(into, plan)


def _planned(annotation: Any, models: dict[Any, _Plan]) -> _Plan:
    """``models`` has those that are planned already, perhaps not to the end."""
    custom = False
    while get_origin(annotation) is Annotated:
        custom = custom or any(isinstance(part, Via) for part in annotation.__metadata__)
        annotation = annotation.__origin__
    if annotation in _SIMPLE:
        return _SIMPLE[annotation]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is list or origin is tuple:
        plan = _planned_list(_planned(arguments[0], models))
        return attrs.evolve(plan, leaf=None) if custom else plan
    if custom:
        # It is read by a function of its own, which knows best what to do with text.
        return _ANYTHING
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return models[annotation] if annotation in models else _planned_model(annotation, models)
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return _planned_choice(member.value for member in annotation)
    if origin is Literal:
        return _planned_choice(arguments)
    if origin is dict:
        value = _field(_planned(arguments[1], models))
        return _planned_object(lambda name: value, _is_no_list)
    if origin in (Union, types.UnionType):
        return _planned_union([_planned(member, models) for member in arguments])
    return _ANYTHING


def _planned_model(cls: type[Model], models: dict[Any, _Plan]) -> _Plan:
    fields: dict[str, _Field | None] = {}

    def fits(element: Element) -> bool:
        names = {_local(child.tag) for child in element}
        return names != {_LIST_ITEM} and not names.isdisjoint(fields)

    plan = models[cls] = _planned_object(fields.get, fits)
    try:
        annotations = typing.get_type_hints(cls, include_extras=True)
    except NameError:
        return plan  # The codec will say what is wrong with it.
    for attribute in attrs.fields(cls):
        if attribute.name != "raw":
            field = _field(_planned(annotations[attribute.name], models))
            fields.update(dict.fromkeys(field_keys(attribute), field))
    return plan


_Field = tuple[_Leaf | None, _Inner, _Plan]
"""What the hot loop needs of a plan, and the plan."""


def _field(plan: _Plan) -> _Field | None:
    """``None`` if the type says nothing."""
    return None if plan is _ANYTHING else (plan.leaf, plan.inner, plan)


def _plan_of(field: _Field | None) -> _Plan:
    return _ANYTHING if field is None else field[2]


def _planned_object(find: Callable[[str], _Field | None], fits: _Fits) -> _Plan:
    return _Plan("object", _object_of_text, _object_reader(find), dict, fits)


def _object_reader(find: Callable[[str], _Field | None]) -> _Inner:
    def read(element: Element, depth: int) -> dict[str, Any]:
        if depth > codec.MAX_DEPTH:
            raise _too_deep()
        depth += 1
        document: dict[str, Any] = {}
        children = element[:]
        # The hot loop of this module.
        for child in children:
            name = child.tag
            field = find(name)
            if field is None:
                if len(child) or child.keys() or name[0] == "{":
                    name = _local(name)
                    document[name] = _plan_of(find(name)).read(child, depth)
                else:
                    document[name] = child.text or ""
                continue
            leaf, inner, plan = field
            if len(child):
                if name in document:
                    break  # It is a list, and the rest would be read in vain.
                document[name] = inner(child, depth)
            else:
                text = child.text
                if text is None:
                    document[name] = plan.of_text(None)
                else:
                    document[name] = text if leaf is None else leaf(text)
        if len(document) < len(children):
            document = _grouped(children, depth, find)
        if element.keys():
            document |= _attributes(element)
        return document

    return read


def _grouped(children: Iterable[Element], depth: int, find: Callable[[str], _Field | None]) -> dict[str, Any]:
    """The parts of an object that has lists, spelled as several elements of one name."""
    by_name: dict[str, list[Element]] = {}
    for child in children:
        by_name.setdefault(_local(child.tag), []).append(child)
    document: dict[str, Any] = {}
    for name, several in by_name.items():
        plan = _plan_of(find(name))
        if len(several) > 1:
            plan = plan.item or plan
            document[name] = [plan.read(child, depth) for child in several]
        else:
            document[name] = plan.read(several[0], depth)
    return document


def _object_of_text(text: str) -> Any:
    return {} if text.isspace() else text


def _planned_list(item: _Plan) -> _Plan:
    def leaf(text: str) -> list[Any]:
        return [] if text.isspace() else [item.of_text(text)]

    def inner(element: Element, depth: int) -> list[Any]:
        if depth > codec.MAX_DEPTH:
            raise _too_deep()
        # An element that cannot be told from a list with one item is a list.
        if item.fits(element):
            return [item.inner(element, depth + 1)]
        return [item.read(child, depth + 1) for child in element[:]]

    return _Plan("list", leaf, inner, list, item=item)


def _is_no_list(element: Element) -> bool:
    """Whether its elements are not just several of one name, nor one or more ``item``."""
    names = [_local(child.tag) for child in element]
    return names != names[:1] * len(names) or (len(names) == 1 and names[0] != _LIST_ITEM)


def _planned_choice(values: Iterable[Any]) -> _Plan:
    words = _Words({_word(value): value for value in values})
    return _Plan("choice", words.__getitem__, empty=words.get("", ""))


def _word(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _planned_union(members: list[_Plan]) -> _Plan:
    of: dict[str, _Plan] = {plan.kind: plan for plan in members if plan.kind != "nothing"}
    nullable = len(of) < len(members)
    object_, listing = of.get("object"), of.get("list")
    # Where nothing may be several things, it is what vendors mean most often by it.
    plain = of.get("text") or listing
    empty = plain.empty if plain else None if nullable else members[0].empty
    # Text is turned into what it certainly is; where it may be text, nothing else is certain.
    leaves = [plan.leaf for plan in members if plan.kind == "choice"]
    if "flag" in of:
        leaves.append((_FLAGS if of.keys() == {"flag"} else _FLAG_WORDS).__getitem__)
    if "text" not in of:
        leaves += [of[kind].leaf for kind in ("integer", "number", "list", "object") if kind in of]
    container = object_ or listing or of.get("any") or members[0]
    inner, fits = container.inner, container.fits
    if object_ and listing:
        inner, fits = _either(object_, listing)
    return _Plan("any", _first_of([leaf for leaf in leaves if leaf]), inner, empty, fits, listing and listing.item)


def _either(object_: _Plan, listing: _Plan) -> tuple[_Inner, _Fits]:
    def is_object(element: Element) -> bool:
        return object_.fits(element) or _is_no_list(element)

    def inner(element: Element, depth: int) -> Any:
        return (object_ if is_object(element) else listing).inner(element, depth)

    return inner, is_object


def _first_of(leaves: list[_Leaf]) -> _Leaf | None:
    """Ask one after the other, until one makes something of the text."""
    if len(leaves) < 2:
        return leaves[0] if leaves else None

    def leaf(text: str) -> Any:
        return next((value for ask in leaves if (value := ask(text)) is not text), text)

    return leaf


# JSON's own spellings, with white space around them.
_INTEGER: Final = re.compile(rf"\s*-?[0-9]{{1,{codec.MAX_DIGITS}}}\s*").fullmatch
_NUMBER: Final = re.compile(r"\s*-?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?\s*").fullmatch


class _Words(dict[str, Any]):
    """Values by their spelling. Looking one up is faster than calling a function."""

    def __missing__(self, text: str) -> Any:
        word = text.strip()
        return self.get(word, text)


_FLAGS: Final = _Words({"1": True, "true": True, "0": False, "false": False})
_FLAG_WORDS: Final = _Words(true=True, false=False)


class _Integers(dict[str, int]):
    """Integers by their spelling. The short ones are kept: they come again and again, and there are few."""

    def __missing__(self, text: str) -> int | str:
        # All but a few are plain digits, which is quicker to see than what else an integer may be.
        if not (text.isdigit() and text.isascii() and len(text) <= codec.MAX_DIGITS) and not _INTEGER(text):
            return text
        value = int(text)
        if len(text) <= _KEPT:
            self[text] = value
        return value


_KEPT: Final = 4
"""Characters."""
_INTEGERS: Final = _Integers()


def _number(text: str) -> int | float | str:
    found = _NUMBER(text)
    if found is None:
        return text
    return float(text) if found.lastindex else int(text)


_ANYTHING: Final = _Plan("any", fits=_is_no_list)
_SIMPLE: Final[dict[Any, _Plan]] = {
    str: _Plan("text"),
    datetime: _Plan("time"),
    date: _Plan("time"),
    int: _Plan("integer", _INTEGERS.__getitem__),
    float: _Plan("number", _number),
    bool: _Plan("flag", _FLAGS.__getitem__, empty=False),
    None: _Plan("nothing", empty=None),
    types.NoneType: _Plan("nothing", empty=None),
}
