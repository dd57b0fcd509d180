"""Forms of values that differ between editions of the reference, live answers and webhooks."""

from __future__ import annotations

import enum
import math
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from nusantara.codec import dumps, loads, unstructure
from nusantara.errors import BadResponse, DecodeError
from nusantara.model import Mismatch, Via

__all__ = [
    "AnyNumber",
    "AnyText",
    "AnyTextOrNone",
    "AnyWhole",
    "AvatarUrl",
    "JsonObject",
    "JsonText",
    "listing",
    "member_or_text",
    "read_object",
]

T = TypeVar("T")


def read_object(value: Any) -> dict[str, Any]:
    """An object that comes as such or as JSON text. Empty for null, ``""`` and what is no object."""
    if type(value) is str and value:
        try:
            value = loads(value.encode())
        except (BadResponse, ValueError):
            return {}
    return value if type(value) is dict else {}


def _write_text(value: dict[str, Any]) -> str:
    return dumps(value).decode()


def _write_object(value: dict[str, Any]) -> dict[str, Any]:
    return value


def _read_avatar(value: Any) -> str | None:
    while type(value) is dict:
        value = value["avatar"] if "avatar" in value else value.get("url")
    return value if type(value) is str else None


def _write_avatar(value: str) -> dict[str, Any]:
    return {"avatar": {"url": value}}


def listing(read: Callable[[Any], Any]) -> Via:
    """A list whose items are read one by one, where null stands for an empty one."""

    def load(value: Any) -> list[Any]:
        if value is None:
            return []
        if type(value) is not list:
            raise Mismatch("a list", value)
        try:
            return [read(item) for item in value]
        except DecodeError as error:
            problem = error.message
        raise Mismatch(f"a list of known items ({problem})", value)

    return Via(load, unstructure)


# Scalars of payloads, which come from whoever posted them: any scalar that says the same is taken, and null, "" and
# false for nothing, so that one odd value does not cost the others.


def _load_text(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    if value is None or value is False:
        return ""
    if type(value) in (int, float, bool):
        return dumps(value).decode()
    raise Mismatch("a text", value)


def _load_text_or_none(value: Any) -> str | None:
    return None if value is None or value is False else _load_text(value)


def _load_number(value: Any) -> float | None:
    if type(value) in (int, float):
        number: float = value
        return number
    if value is None or value is False or (type(value) is str and not value.strip()):
        return None
    try:
        number = float(value) if type(value) is str and len(value) < 100 else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Mismatch("a number", value)
    return number


def _load_whole(value: Any) -> int | None:
    if type(value) is str and value.strip().isdecimal() and len(value) <= 400:
        return int(value)
    number = _load_number(value)
    if number is None or type(number) is int:
        return number
    if not number.is_integer():
        raise Mismatch("a whole number", value)
    return int(number)


def _same(value: T) -> T:
    return value


def member_or_text(kind: type[enum.StrEnum]) -> Via:
    """A member of a vocabulary, or the text that is none; ``""`` for nothing."""
    members = {str(member): member for member in kind}

    def load(value: Any) -> Any:
        text = _load_text(value)
        return members.get(text, text)

    return Via(load, _same)


AnyText = Annotated[str, Via(_load_text, _same, plain=str)]
"""A text; ``""`` for nothing."""
AnyTextOrNone = Annotated[str | None, Via(_load_text_or_none, _same)]
"""A text; None for nothing."""
AnyNumber = Annotated[float | None, Via(_load_number, _same)]
"""A number, also as text; None for nothing."""
AnyWhole = Annotated[int | None, Via(_load_whole, _same)]
"""A whole number, also as text; None for nothing."""
JsonObject = Annotated[dict[str, Any], Via(read_object, _write_object)]
"""An object, also where it comes as JSON text. Empty if there is none."""
JsonText = Annotated[dict[str, Any], Via(read_object, _write_text)]
"""An object that travels as JSON text. Empty if there is none, or if the text is something else."""
AvatarUrl = Annotated[str, Via(_read_avatar, _write_avatar)]
"""The URL in ``{"avatar": {"url": ...}}``, the live form, or ``{"url": ...}``, as reset_user_token is documented."""
