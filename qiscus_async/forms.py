"""Forms of values that differ between editions of the reference, live answers and webhooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from nusantara.codec import dumps, loads, unstructure
from nusantara.errors import BadResponse, DecodeError
from nusantara.model import Mismatch, Via

__all__ = ["AvatarUrl", "JsonObject", "JsonText", "listing", "read_object"]


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


JsonObject = Annotated[dict[str, Any], Via(read_object, _write_object)]
"""An object, also where it comes as JSON text. Empty if there is none."""
JsonText = Annotated[dict[str, Any], Via(read_object, _write_text)]
"""An object that travels as JSON text. Empty if there is none, or if the text is something else."""
AvatarUrl = Annotated[str, Via(_read_avatar, _write_avatar)]
"""The URL in ``{"avatar": {"url": ...}}``, the live form, or ``{"url": ...}``, as reset_user_token is documented."""
