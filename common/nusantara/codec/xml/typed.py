"""Elements to JSON values, as types want them."""

from __future__ import annotations

import enum
import re
import threading
import types
import typing
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import attrs

from nusantara.codec.jsontext import MAX_DEPTH, MAX_DIGITS
from nusantara.codec.models import BaseModel, Via, field_keys
from nusantara.codec.xml.elements import Element, local
from nusantara.codec.xml.tree import LIST_ITEM, attributes_of, too_deep, untyped

__all__ = ["Plan", "plan_of"]

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
class Plan:
    """How the elements of a type are read."""

    kind: Literal["any", "text", "time", "integer", "number", "flag", "choice", "nothing", "object", "list"]
    leaf: _Leaf | None = None
    """``None`` leaves text as it is."""
    inner: _Inner = untyped
    empty: Any = ""
    """What an element with nothing in it is; ``list`` or ``dict`` for a new one."""
    fits: _Fits = _never
    item: Plan | None = None
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


_plans: Final[dict[Any, Plan]] = {}
_making: Final = threading.Lock()


def plan_of(into: Any) -> Plan:
    """How a type is read. Made when it is first asked for."""
    return _plans.get(into) or _make_plan(into)


def _make_plan(into: Any) -> Plan:
    with _making:
        models = dict(_plans)
        plan = _planned(into, models)
        _plans.update(models)
        return _plans.setdefault(into, plan)


def _planned(annotation: Any, models: dict[Any, Plan]) -> Plan:
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
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return models[annotation] if annotation in models else _planned_model(annotation, models)
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return _planned_choice(member.value for member in annotation)
    if origin is Literal:
        return _planned_choice(arguments)
    if origin is dict:
        value = _known(_planned(arguments[1], models))
        return _planned_object(lambda name: value, _is_no_list)
    if origin in (Union, types.UnionType):
        return _planned_union([_planned(member, models) for member in arguments])
    return _ANYTHING


def _planned_model(cls: type[BaseModel], models: dict[Any, Plan]) -> Plan:
    fields: dict[str, _Known | None] = {}

    def fits(element: Element) -> bool:
        names = {local(child.tag) for child in element}
        return names != {LIST_ITEM} and not names.isdisjoint(fields)

    plan = models[cls] = _planned_object(fields.get, fits)
    try:
        annotations = typing.get_type_hints(cls, include_extras=True)
    except NameError:
        return plan  # The codec will say what is wrong with it.
    for attribute in attrs.fields(cls):
        if attribute.name != "raw":
            field = _known(_planned(annotations[attribute.name], models))
            fields.update(dict.fromkeys(field_keys(attribute), field))
    return plan


_Known = tuple[_Leaf | None, _Inner, Plan]
"""What the hot loop needs of a plan, and the plan."""


def _known(plan: Plan) -> _Known | None:
    """``None`` if the type says nothing."""
    return None if plan is _ANYTHING else (plan.leaf, plan.inner, plan)


def _plan_in(field: _Known | None) -> Plan:
    return _ANYTHING if field is None else field[2]


def _planned_object(find: Callable[[str], _Known | None], fits: _Fits) -> Plan:
    return Plan("object", _object_of_text, _object_reader(find), dict, fits)


def _object_reader(find: Callable[[str], _Known | None]) -> _Inner:
    def read(element: Element, depth: int) -> dict[str, Any]:
        if depth > MAX_DEPTH:
            raise too_deep()
        depth += 1
        document: dict[str, Any] = {}
        children = element[:]
        # The hot loop of this module.
        for child in children:
            name = child.tag
            field = find(name)
            if field is None:
                if len(child) or child.keys() or name[0] == "{":
                    name = local(name)
                    document[name] = _plan_in(find(name)).read(child, depth)
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
            document |= attributes_of(element)
        return document

    return read


def _grouped(children: Iterable[Element], depth: int, find: Callable[[str], _Known | None]) -> dict[str, Any]:
    """The parts of an object that has lists, spelled as several elements of one name."""
    by_name: dict[str, list[Element]] = {}
    for child in children:
        by_name.setdefault(local(child.tag), []).append(child)
    document: dict[str, Any] = {}
    for name, several in by_name.items():
        plan = _plan_in(find(name))
        if len(several) > 1:
            plan = plan.item or plan
            document[name] = [plan.read(child, depth) for child in several]
        else:
            document[name] = plan.read(several[0], depth)
    return document


def _object_of_text(text: str) -> Any:
    return {} if text.isspace() else text


def _planned_list(item: Plan) -> Plan:
    def leaf(text: str) -> list[Any]:
        return [] if text.isspace() else [item.of_text(text)]

    def inner(element: Element, depth: int) -> list[Any]:
        if depth > MAX_DEPTH:
            raise too_deep()
        # An element that cannot be told from a list with one item is a list.
        if item.fits(element):
            return [item.inner(element, depth + 1)]
        return [item.read(child, depth + 1) for child in element[:]]

    return Plan("list", leaf, inner, list, item=item)


def _is_no_list(element: Element) -> bool:
    """Whether its elements are not just several of one name, nor one or more ``item``."""
    names = [local(child.tag) for child in element]
    return names != names[:1] * len(names) or (len(names) == 1 and names[0] != LIST_ITEM)


def _planned_choice(values: Iterable[Any]) -> Plan:
    words = _Words({_word(value): value for value in values})
    return Plan("choice", words.__getitem__, empty=words.get("", ""))


def _word(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _planned_union(members: list[Plan]) -> Plan:
    of: dict[str, Plan] = {plan.kind: plan for plan in members if plan.kind != "nothing"}
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
    return Plan("any", _first_of([leaf for leaf in leaves if leaf]), inner, empty, fits, listing and listing.item)


def _either(object_: Plan, listing: Plan) -> tuple[_Inner, _Fits]:
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
_INTEGER: Final = re.compile(rf"\s*-?[0-9]{{1,{MAX_DIGITS}}}\s*").fullmatch
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
        if not (text.isdigit() and text.isascii() and len(text) <= MAX_DIGITS) and not _INTEGER(text):
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


_ANYTHING: Final = Plan("any", fits=_is_no_list)
_SIMPLE: Final[dict[Any, Plan]] = {
    str: Plan("text"),
    datetime: Plan("time"),
    date: Plan("time"),
    int: Plan("integer", _INTEGERS.__getitem__),
    float: Plan("number", _number),
    bool: Plan("flag", _FLAGS.__getitem__, empty=False),
    None: Plan("nothing", empty=None),
    types.NoneType: Plan("nothing", empty=None),
}
