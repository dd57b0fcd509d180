"""From the text of an argument to the value that a method takes."""

from __future__ import annotations

import enum
import json
import math
import os
import re
import types
import typing
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Union

from nusantara import codec
from nusantara.errors import BadResponse, InvalidParameter
from nusantara.model import Model
from nusantara.options import NotGiven
from nusantara.secret import Secret

__all__ = ["can_be_given", "convert", "convert_list", "expected", "is_flag", "is_list", "is_secret"]

_INTEGER = re.compile(r"[+-]?[0-9]{1,400}").fullmatch
_YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_JSON_TYPES = (dict, Mapping, object)


def is_secret(annotation: Any) -> bool:
    """Whether the parameter takes a credential."""
    return Secret in _members(annotation)


def is_flag(annotation: Any) -> bool:
    """Whether the parameter is true or false and nothing else."""
    return _members(annotation) == [bool]


def is_list(annotation: Any) -> bool:
    """Whether the parameter takes several values."""
    return _item(annotation) is not None


def can_be_given(annotation: Any) -> bool:
    """Whether there is a way to write the value as text."""
    if (item := _item(annotation)) is not None:
        return can_be_given(item)
    return is_secret(annotation) or any(_name(member) for member in _members(annotation))


def expected(annotation: Any) -> str:
    """What the text has to be, in a few words."""
    if (item := _item(annotation)) is not None:
        return f"a list of: {expected(item)}"
    members = _members(annotation)
    several_enums = sum(map(_is_enum, members)) > 1
    names = []
    for member in members:
        if _is_enum(member) and several_enums:  # the same name may stand in several of them
            name: str | None = f"{member.__name__}.NAME ({', '.join(each.name.lower() for each in member)})"
        elif _is_model(member) and len(members) > 1:
            name = f"{member.__name__}{{...}}"
        else:
            name = _name(member)
        if name and not (name == "text" and any(map(_is_path, members))):
            names.append(name)
    return " or ".join(dict.fromkeys(names))


def convert(parameter: str, annotation: Any, text: str) -> Any:
    """The value that a text stands for, by the type of the parameter.

    A model is written as JSON; where other things can be given too, with its name before it: ``Card{"title": ...}``.

    Raises:
        InvalidParameter: It stands for none, or for more than one.
    """
    members = _members(annotation)
    found = _enum_member(parameter, [member for member in members if _is_enum(member)], text, plain=int in members)
    if found is not None:
        return found
    for member in members:
        if typing.get_origin(member) is Literal and text in map(str, typing.get_args(member)):
            return next(choice for choice in typing.get_args(member) if str(choice) == text)
    name, brace, rest = text.partition("{")
    for member in members:
        # Written before the JSON, the name tells a model from text and from other models.
        if brace and _is_model(member) and name == member.__name__:
            return _structured(parameter, member, brace + rest)
    # Text fits everything, so that "007" stays what it is wherever text is taken.
    for member in sorted(members, key=lambda member: member is not str):
        if _is_model(member) and len(members) > 1:
            continue
        value = _plain(parameter, member, text)
        if value is not None:
            return value
    raise InvalidParameter(parameter, f"must be {expected(annotation)}, not {text[:80]!r}")


def convert_list(parameter: str, annotation: Any, texts: Iterable[str]) -> list[Any]:
    """The values that several texts stand for; each text is one value, several with commas between, or a JSON list."""
    item = _item(annotation)
    values = []
    for text in texts:
        pieces: list[Any]
        if text.startswith("["):
            pieces = _json(parameter, text)
        else:
            pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
        values += [
            convert(parameter, item, piece if isinstance(piece, str) else json.dumps(piece, ensure_ascii=False))
            for piece in pieces
        ]
    return values


def _plain(parameter: str, member: Any, text: str) -> Any:
    """The value of one type, None if the text is not of it."""
    if member is str:
        return text
    if member is bool:
        return _YES_NO.get(text.lower())
    if member is int:
        return int(text) if _INTEGER(text) else None
    if member is float:
        return _finite(text)
    if member in (datetime, date):
        return _moment(member, text)
    if _is_path(member):
        return Path(text)
    if _is_model(member):
        return _structured(parameter, member, text)
    if _is_json(member):
        document = _json(parameter, text)
        wants_object = (typing.get_origin(member) or member) in (dict, Mapping)
        return document if isinstance(document, dict) or not wants_object else None
    return None


def _structured(parameter: str, cls: type[Model], text: str) -> Model:
    try:
        return codec.structure(_json(parameter, text), cls)
    except BadResponse as error:
        raise InvalidParameter(parameter, error.message) from None


def _finite(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _moment(kind: type[date], text: str) -> date | None:
    try:
        return kind.fromisoformat(text)
    except ValueError:
        return None


def _json(parameter: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidParameter(parameter, f"is not JSON: {error}") from None


def _enum_member(parameter: str, enums: list[type[enum.Enum]], text: str, *, plain: bool) -> enum.Enum | None:
    """The member that a text names: ``QUESTION`` in any case, ``CategoryV2.QUESTION``, or a value."""
    wanted = text.replace("-", "_").lower()
    named = [
        member
        for each in enums
        for name, member in each.__members__.items()
        if wanted in (name.lower(), f"{each.__name__}.{name}".lower())
    ]
    valued = [member for each in enums for member in each if str(member.value) == text]
    # A number that several enums know is sent as it is, where the method takes numbers.
    found = named or ([] if plain and len(valued) > 1 else valued)
    if len(found) > 1:
        choices = " or ".join(f"{type(member).__name__}.{member.name}" for member in found)
        raise InvalidParameter(parameter, f"{text!r} means different things: write {choices}")
    return found[0] if found else None


def _union(annotation: Any) -> list[Any]:
    """The types of a union, or the only one."""
    if typing.get_origin(annotation) is Annotated:
        return _union(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (Union, types.UnionType):
        return [member for each in typing.get_args(annotation) for member in _union(each)]
    return [annotation]


def _members(annotation: Any) -> list[Any]:
    """The types that can be given; not those that stand for "left out"."""
    return [member for member in _union(annotation) if member not in (types.NoneType, NotGiven)]


def _item(annotation: Any) -> Any:
    """The type of the items, where the parameter takes a list and nothing else; else None."""
    members = _members(annotation)
    if len(members) != 1:
        return None
    origin = typing.get_origin(members[0]) or members[0]
    if not isinstance(origin, type) or issubclass(origin, (str, bytes, Mapping)):
        return None
    if not issubclass(origin, Collection) and origin is not Iterable:
        return None
    if issubclass(origin, enum.Enum) or _is_json(members[0]):
        return None
    return (typing.get_args(members[0]) or (Any,))[0]


def _is_enum(member: Any) -> bool:
    return isinstance(member, type) and issubclass(member, enum.Enum)


def _is_path(member: Any) -> bool:
    origin = typing.get_origin(member) or member
    return isinstance(origin, type) and origin in (Path, os.PathLike)


def _is_json(member: Any) -> bool:
    origin = typing.get_origin(member) or member
    return member is Any or origin in _JSON_TYPES or typing.is_typeddict(origin)


def _is_model(member: Any) -> bool:
    return isinstance(member, type) and issubclass(member, Model)


def _name(member: Any) -> str | None:
    """What a text of this type is called; None if there is no such text."""
    if typing.get_origin(member) is Literal:
        return " or ".join(map(str, typing.get_args(member)))
    if _is_enum(member):
        return f"one of {', '.join(each.name.lower() for each in member)}"
    if member is bool:
        return "true or false"
    if member is datetime:
        return "a date and time such as 2024-05-01T09:30:00+07:00"
    if member is date:
        return "a date such as 2024-05-01"
    if _is_path(member):
        return "a file"
    if _is_json(member) or _is_model(member):
        return "JSON"
    return {str: "text", int: "a whole number", float: "a number"}.get(member)
