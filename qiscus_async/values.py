"""From Python values to the spelling of Qiscus, with a name for what cannot be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from nusantara.checks import check_whole
from nusantara.codec import dumps
from nusantara.errors import InvalidParameter
from qiscus_async.enums import ExportKind

__all__ = [
    "export_kind",
    "extras_of",
    "flag",
    "given",
    "optional",
    "options_text",
    "page_size",
    "room",
    "rooms",
    "switch",
    "text",
    "users",
]


def text(parameter: str, value: str) -> str:
    """Text that must not be empty: the server answers an empty one with a nameless "Validation error"."""
    if not isinstance(value, str) or not value:
        raise InvalidParameter(parameter, "must be given, as text")
    return _sendable(parameter, value)


def optional(parameter: str, value: str | None) -> str | None:
    """Text that may be empty or left out."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidParameter(parameter, f"must be text, not {type(value).__name__}")
    return _sendable(parameter, value)


def _sendable(parameter: str, value: str) -> str:
    # Names the parameter; the key that it is sent under may be called otherwise.
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise InvalidParameter(parameter, "holds a lone surrogate, which has no UTF-8 form")
    return value


def users(parameter: str, values: Sequence[str]) -> list[str]:
    """User ids, at least one. They need not be e-mail addresses, so only emptiness is checked."""
    if isinstance(values, (str, bytes, bytearray)) or not isinstance(values, Sequence):
        raise InvalidParameter(parameter, "must be a list of user ids")
    if not values:
        raise InvalidParameter(parameter, "must hold at least one user id")
    return [text(f"{parameter}[{index}]", value) for index, value in enumerate(values)]


def room(value: int | str, parameter: str = "room_id") -> str:
    """A room's number or unique id. Sent as text: the older edition says integer, the newer one text, both work."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value:
        raise InvalidParameter(parameter, "must be the number or the unique id of a room")
    return _sendable(parameter, value)


def rooms(parameter: str, values: Sequence[int | str]) -> list[str]:
    """Room numbers, as text."""
    if isinstance(values, (str, bytes, bytearray)) or not isinstance(values, Sequence):
        raise InvalidParameter(parameter, "must be a list of rooms")
    return [room(value, f"{parameter}[{index}]") for index, value in enumerate(values)]


def page_size(value: int | None) -> int | None:
    """Items wanted in a page."""
    check_whole("per_page", value, or_none=True)
    return value


def export_kind(value: str) -> str:
    """What to export or import."""
    if value not in get_args(ExportKind):
        raise InvalidParameter("kind", f"must be users, rooms or comments, not {value!r}")
    return value


def flag(parameter: str, value: bool) -> str | None:
    """A switch in a query, which is left out while it is off, as the server's default is."""
    return "true" if switch(parameter, value) else None


def switch(parameter: str, value: bool) -> bool | None:
    """The same in a JSON body."""
    if not isinstance(value, bool):
        raise InvalidParameter(parameter, f"must be True or False, not {type(value).__name__}")
    return value or None


def extras_of(extras: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Data of the program's own."""
    _json_text("extras", extras)
    return extras


def options_text(options: Mapping[str, Any] | None) -> str | None:
    """Options of a room as the JSON text that the server wants even inside a JSON body."""
    return _json_text("options", options)


def _json_text(parameter: str, value: Mapping[str, Any] | None) -> str | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise InvalidParameter(parameter, f"must be a mapping, not {type(value).__name__}")
    try:
        return dumps(value).decode()
    except ValueError as error:
        raise InvalidParameter(parameter, str(error)) from None


def given(document: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON body without what was not given. A null would be an absent optional too, or an invalid required one."""
    return {key: value for key, value in document.items() if value is not None}
