"""Form fields in the spellings of the marketplace."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.refusals import Forbidden, Refused

if TYPE_CHECKING:
    from kaskus_async.sandbox.params import Params

__all__ = [
    "attributes_field",
    "check_password",
    "elements",
    "flag_field",
    "links_field",
    "number_field",
    "numbers_field",
    "price_field",
    "wrong",
]

_FLAGS = {"1": True, "true": True, "0": False, "false": False}
MOST_RUPIAH = 999_999_999_999


def wrong(name: str, must: str) -> Refused:
    """The refusal of a field."""
    return Refused(f"{name} must {must}", details={name: must})


def number_field(params: Params, name: str) -> int | None:
    """A whole number, or ``None`` where the field is absent. Raises :exc:`Refused`."""
    return None if params.text(name) is None else params.require_number(name)


def price_field(params: Params, name: str) -> int | None:
    """Whole rupiah, from 0, or ``None`` where the field is absent. Raises :exc:`Refused`."""
    amount = number_field(params, name)
    if amount is not None and amount > MOST_RUPIAH:
        raise wrong(name, f"be at most {MOST_RUPIAH}")
    return amount


def flag_field(params: Params, name: str) -> bool | None:
    """``1``, ``0``, ``true`` or ``false``, or ``None`` where the field is absent. Raises :exc:`Refused`."""
    text = params.text(name)
    if text is None:
        return None
    if text.lower() not in _FLAGS:
        raise wrong(name, "be 1 or 0, true or false")
    return _FLAGS[text.lower()]


def elements(params: Params, name: str) -> list[str] | None:
    """The elements of ``[1,2]``, ``["gojek","PHD"]`` or ``1,2``; ``None`` where the field is absent.

    Raises :exc:`Refused`.
    """
    text = params.text(name)
    if text is None or not text.strip().startswith("["):
        return None if text is None else params.listed(name)
    value = _json(name, text)
    if not all(type(element) in (str, int) for element in value):
        raise wrong(name, "be a JSON list of numbers or text")
    return [str(element) for element in value]


def numbers_field(params: Params, name: str) -> list[int] | None:
    """The same, all of them numbers. Raises :exc:`Refused`."""
    texts = elements(params, name)
    if texts is not None and not all(text.isascii() and text.isdecimal() and len(text) < 10 for text in texts):
        raise wrong(name, "be a list of numbers")
    return None if texts is None else [int(text) for text in texts]


def links_field(params: Params, name: str, most: int) -> list[str] | None:
    """Addresses of pictures. The reference puts ``{...}`` around them. Raises :exc:`Refused`."""
    text = (params.text(name) or "").strip()
    if text.startswith("["):
        links = elements(params, name) or []
    else:
        links = [link.strip() for link in text.removeprefix("{").removesuffix("}").split(",") if link.strip()]
    if len(links) > most:
        raise wrong(name, f"be at most {most}")
    if not all(link.startswith(("http://", "https://")) for link in links):
        raise wrong(name, "be addresses of pictures")
    return links if params.text(name) is not None else None


def attributes_field(params: Params, name: str) -> dict[str, str] | None:
    """``{"warna":"biru"}`` or ``warna:biru;ukuran:besar,kecil``: the reference asks for JSON and shows neither.

    Raises :exc:`Refused`.
    """
    text = params.text(name)
    if text is None:
        return None
    if not text.strip().startswith("{"):
        pairs = [piece.partition(":") for piece in text.split(";") if piece.strip()]
        if not all(key.strip() and colon for key, colon, _ in pairs):
            raise wrong(name, "be a JSON object")
        return {key.strip(): value.strip() for key, _, value in pairs}
    value = _json(name, text)
    if not isinstance(value, Mapping) or not all(type(part) in (str, int, float) for part in value.values()):
        raise wrong(name, "be a JSON object of texts")
    return {key: str(part) for key, part in value.items()}


def check_password(params: Params) -> None:
    """The MD5 digest of the user's password. Raises :exc:`Refused`."""
    if params.require("password").lower() != params.me.password_md5:
        raise Forbidden("the password is wrong")


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise wrong(name, "be JSON") from None
