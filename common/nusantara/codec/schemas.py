"""What a type means in JSON, and the steps from a JSON value to the typed one."""

from __future__ import annotations

import enum
import functools
import json
import types
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import attrs

from nusantara.codec.codegen import Draft, ModelReader, Read, Schema, Step, schema_reader
from nusantara.codec.loose import is_nothing
from nusantara.codec.malformed import set_aside
from nusantara.codec.mismatches import JSON_TYPES
from nusantara.codec.models import ABSENT, BaseModel, EmptyObject, Mismatch, Via
from nusantara.errors import DecodeError

Cases = Mapping[type, Step | None]
EmptyMaker = Callable[[ModelReader], Callable[[], Any]]

__all__ = ["BAD_VALUE", "bare", "is_model", "schema_of", "via_of"]


def schema_of(annotation: Any, nullable: bool = False) -> Schema:
    """How the values of a type look in JSON. Raises :exc:`TypeError` if it cannot be read.

    Args:
        nullable: ``None`` is allowed beside it.
    """
    annotation = bare(annotation)
    if annotation is Any:
        return Schema("anything", None)
    if annotation is None:
        annotation = types.NoneType
    if annotation is bool:
        return Schema(JSON_TYPES[bool], {bool: None}, exact=False, flag=True)
    if annotation in (str, int, types.NoneType):
        return Schema(JSON_TYPES[annotation], {annotation: None})
    if annotation is float:
        return Schema(JSON_TYPES[float], {float: None, int: _int_to_float}, exact=False)
    if annotation is datetime:
        return Schema("an ISO 8601 date and time", {str: _date_step(datetime, nullable)}, exact=False)
    if annotation is date:
        return Schema("an ISO 8601 date", {str: _date_step(date, nullable)}, exact=False)
    if is_model(annotation):
        return Schema("an object", {dict: _model_step(annotation)}, empties={list: _empty_model(annotation)})
    if _is_enum(annotation):
        return _enum_schema(annotation, ())
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        via = via_of(annotation)
        return Schema(
            via.expected, None, _via_step(via, nullable), exact=False, nothing=nullable, exact_inside=not nullable
        )
    if origin is Literal:
        return _literal_schema(arguments)
    if origin in (Union, types.UnionType):
        return _union_schema(arguments)
    if (origin is list and arguments) or (origin is tuple and arguments[1:] == (...,)):
        item = schema_of(arguments[0])
        models = any(map(is_model, map(bare, get_args(arguments[0]) or arguments)))
        return _container("a list", {list: _list_step(item, origin, models)}, item, {dict: lambda _: origin})
    if origin is dict and arguments[:1] == (str,):
        item = schema_of(arguments[1])
        return _container("an object", {dict: _dict_step(item)}, item, {list: lambda _: dict})
    raise TypeError(f"{annotation} cannot be read from JSON; nusantara.codec lists the types that can")


def _container(expected: str, cases: Cases, item: Schema, empties: Mapping[type, EmptyMaker]) -> Schema:
    exact = item.exact and item.exact_inside
    return Schema(expected, cases, exact=exact, empties=empties, exact_inside=False)


def _empty_model(cls: type[BaseModel]) -> EmptyMaker:
    def make(model_reader: ModelReader) -> Callable[[], Any]:
        read = model_reader(cls)
        return lambda: read(EmptyObject())

    return make


def _union_schema(members: tuple[Any, ...]) -> Schema:
    members = tuple(map(bare, members))
    nullable = types.NoneType in members
    if len(members) == 2 and nullable:
        other = schema_of(next(member for member in members if member is not types.NoneType), nullable=True)
        if other.cases is None:
            return attrs.evolve(other, expected=f"{other.expected} or null")
    plain = [kind for kind in (str, int) if kind in members]
    cases: dict[type, Step | None] = {}
    empties: dict[type, EmptyMaker] = {}
    ranks: dict[type, int] = {}
    schemas = []
    for member in members:
        schema = _enum_schema(member, plain) if _is_enum(member) else schema_of(member, nullable)
        schemas.append(schema)
        empties |= schema.empties
        if schema.cases is None:
            raise TypeError(f"{member} can stand beside None only")
        for kind, step in schema.cases.items():
            rank = _rank(member, kind, plain)
            if kind in cases and (rank == ranks[kind] or _ALONE in (rank, ranks[kind])):
                raise TypeError(f"members of {members} cannot be told apart: two are {JSON_TYPES[kind]} in JSON")
            if rank > ranks.get(kind, -1):
                cases[kind], ranks[kind] = step, rank
    words = " or ".join(dict.fromkeys(schema.expected for schema in schemas))
    return Schema(
        words,
        cases,
        exact=all(schema.exact for schema in schemas),
        nothing=nullable,
        empties={kind: make for kind, make in empties.items() if kind not in cases},
        flag=bool in members and len(members) == 1 + nullable,
        exact_inside=not nullable and all(schema.exact_inside for schema in schemas),
    )


_ALONE: Final = 3


def _rank(member: Any, kind: type, plain: Collection[type]) -> int:
    """Which of two members of a union reads a JSON type that both can read: the higher, and none if one is alone."""
    if member is float and kind is int:
        return 0
    if member in plain:
        return 1
    if _is_enum(member) and kind in plain:
        return 2
    return _ALONE


def is_model(into: Any) -> bool:
    return isinstance(into, type) and issubclass(into, BaseModel)


def _is_enum(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, enum.Enum)


def _enum_schema(annotation: type[enum.Enum], open_to: Collection[type]) -> Schema:
    """``open_to``: the JSON types of which unknown values are kept."""
    members: dict[type, dict[Any, enum.Enum]] = {}
    for member in annotation.__members__.values():
        members.setdefault(type(member.value), {})[member.value] = member
    if not members or not members.keys() <= {str, int} or issubclass(annotation, enum.Flag):
        raise TypeError(f"{annotation} is not an enum of strings or integers")
    words = [JSON_TYPES[kind] for kind in members if kind in open_to]
    closed = [value for kind in members if kind not in open_to for value in members[kind]]
    if closed:
        words.append(_one_of(closed))
    steps = {kind: _member_step(values, kind in open_to) for kind, values in members.items()}
    return Schema(" or ".join(words), steps)


def _literal_schema(values: tuple[Any, ...]) -> Schema:
    cases: dict[type, Step | None] = {}
    for kind in dict.fromkeys(map(type, values)):
        if kind not in (str, int, bool, types.NoneType):
            raise TypeError(f"a literal {kind.__name__} cannot be read from JSON")
        cases[kind] = _choice_step(frozenset(value for value in values if type(value) is kind))
    return Schema(_one_of(values), cases, nothing=None in values, exact_inside=None not in values)


def _one_of(values: Collection[Any]) -> str:
    shown = [json.dumps(value) for value in values]
    if len(shown) > 8:
        shown[8:] = ["..."]
    return shown[0] if len(shown) == 1 else f"one of {', '.join(shown)}"


def bare(annotation: Any) -> Any:
    """The annotation without ``Annotated`` that has no :class:`Via`."""
    while get_origin(annotation) is Annotated and not any(isinstance(item, Via) for item in annotation.__metadata__):
        annotation = annotation.__origin__
    return annotation


def via_of(annotation: Any) -> Via:
    """What a bare annotation with ``Annotated`` is read and written with."""
    return next(item for item in annotation.__metadata__ if isinstance(item, Via))


def _int_to_float(draft: Draft, variable: str, other: str) -> None:
    with draft.block("try:"):
        draft.line(f"{variable} = float({variable})")
    with draft.block("except OverflowError:"):
        draft.line(f"{variable} = {other}({variable})")


def _date_step(kind: type[date], nullable: bool) -> Step:
    def read_stripped(other: Read, value: str) -> Any:
        text = value.strip()
        if text != value and len(text) >= shortest:
            with suppress(ValueError):
                parsed = kind.fromisoformat(text)
                return None if nullable and text < "0002" else parsed
        return other(value)

    # The parser of times would take a date alone for midnight.
    shortest = 11 if kind is datetime else 0

    def step(draft: Draft, variable: str, other: str) -> None:
        parsed = draft.variable()
        other = draft.bind(functools.partial(read_stripped, draft.names[other]), "other")
        with draft.block(f"if len({variable}) < {shortest}:" if shortest else None):
            if shortest:
                draft.line(f"{variable} = {other}({variable})")
        with draft.block("else:" if shortest else None):
            with draft.block("try:"):
                draft.line(f"{parsed} = {draft.bind(kind.fromisoformat, 'parse')}({variable})")
            with draft.block("except ValueError:"):
                draft.line(f"{variable} = {other}({variable})")
            with draft.block("else:"):
                never = f"None if {variable} < '0002' else " if nullable else ""
                draft.line(f"{variable} = {never}{parsed}")

    return step


def _member_step(members: dict[Any, enum.Enum], is_open: bool) -> Step:
    def step(draft: Draft, variable: str, other: str) -> None:
        if is_open:
            draft.line(f"{variable} = {draft.bind(members.get, 'member')}({variable}, {variable})")
            return
        with draft.block("try:"):
            draft.line(f"{variable} = {draft.bind(members, 'members')}[{variable}]")
        with draft.block("except KeyError:"):
            draft.line(f"{variable} = {other}({variable})")

    return step


def _choice_step(values: frozenset[Any]) -> Step:
    def step(draft: Draft, variable: str, other: str) -> None:
        with draft.block(f"if {variable} not in {draft.bind(values, 'choices')}:"):
            draft.line(f"{variable} = {other}({variable})")

    return step


def _model_step(cls: type[BaseModel]) -> Step:
    def step(draft: Draft, variable: str, other: str) -> None:
        draft.line(f"{variable} = {draft.bind(draft.model_reader(cls), 'read')}({variable})")

    return step


def _via_step(via: Via, nullable: bool) -> Step:
    def complain(value: Any, mismatch: Mismatch) -> None:
        if not nullable or not is_nothing(value):
            if mismatch.value is ABSENT:
                mismatch.value = value
            raise mismatch

    def step(draft: Draft, variable: str, other: str) -> None:
        with (
            draft.block(f"if type({variable}) is not {via.plain.__name__}:" if via.plain else None),
            draft.block(f"if {variable} is not None:" if nullable else None),
        ):
            with draft.block("try:"):
                draft.line(f"{variable} = {draft.bind(via.load, 'load')}({variable})")
            with draft.block("except Mismatch as error:"):
                draft.line(f"{variable} = {draft.bind(complain, 'complain')}({variable}, error)")
            with draft.block(f"except {draft.bind(BAD_VALUE, 'bad_value')}:"):
                draft.line(f"{variable} = {other}({variable})")

    return step


BAD_VALUE: Final = (ValueError, TypeError, AttributeError, ArithmeticError, LookupError)
"""What functions raise that were written for good values only."""


def _each_step(draft: Draft, item: Schema, head: str, each: str, keep: str, place: str) -> None:
    """Write the loop over a container: ``head`` names ``each`` item, ``keep`` takes the typed one, at ``place``."""
    with draft.block("try:"), draft.block(head):
        draft.read(item, each)
        draft.line(keep)
    with draft.block("except Mismatch as error:"):
        draft.line(f"error.at({place})")
        draft.line("raise")


def _list_step(item: Schema, origin: type, models: bool) -> Step:
    def step(draft: Draft, variable: str, other: str) -> None:
        made, each = draft.variable(), draft.variable()
        draft.line(f"{made} = []")
        if draft.element_reader and models and origin is list:
            read = draft.bind(schema_reader("an element", item, draft.element_reader), "read")
            with draft.block(f"for {each} in {variable}:"):
                with draft.block("try:"):
                    draft.line(f"{made}.append({read}({each}))")
                with draft.block(f"except (Mismatch, {draft.bind(DecodeError, 'inner')}) as error:"):
                    draft.line(f"{made}.append({draft.bind(set_aside, 'set_aside')}({each}, error, {made}))")
        else:
            _each_step(draft, item, f"for {each} in {variable}:", each, f"{made}.append({each})", f"len({made})")
        draft.line(f"{variable} = {made}" if origin is list else f"{variable} = {draft.bind(tuple, 'tuple')}({made})")

    return step


def _dict_step(item: Schema) -> Step:
    def step(draft: Draft, variable: str, other: str) -> None:
        made, key, each = draft.variable(), draft.variable(), draft.variable()
        draft.line(f"{made} = {{}}")
        head = f"for {key}, {each} in {variable}.items():"
        _each_step(draft, item, head, each, f"{made}[{key}] = {each}", key)
        draft.line(f"{variable} = {made}")

    return step
