"""The parameters of a call, whatever they came in: query, JSON, urlencoded or multipart.

The brackets of ``emails[]`` are the form's spelling of a list and no part of the name.
"""

from __future__ import annotations

import json
import re
from typing import Any

import attrs

from nusantara.sandbox.call import Call, Part
from qiscus_async.sandbox.refusals import Invalid, Refused

__all__ = ["Params"]

_BRACKETS = re.compile(r"\[\d*\]$")
_DIGITS = re.compile(r"[0-9]{1,18}").fullmatch
_TRUE = frozenset({"true", "1"})


@attrs.frozen(slots=True)
class Params:
    """Null counts as absent, and so does an empty text, which form clients send for it."""

    call: Call
    values: dict[str, list[Any]] = attrs.field(factory=dict)
    files: dict[str, Part] = attrs.field(factory=dict)

    @classmethod
    async def of(cls, call: Call) -> Params:
        """Read them. Raises :exc:`Refused` where the body is not what it is said to be."""
        params = cls(call)
        for name, value in call.query:
            params._add(name, value)
        if not call.body:
            return params
        try:
            match call.content_type:
                case "multipart/form-data":
                    for part in await call.parts():
                        if part.filename is None:
                            params._add(part.name, part.data.decode())
                        params.files[part.name] = part
                case "application/x-www-form-urlencoded":
                    for name, value in call.form():
                        params._add(name, value)
                case "application/json":
                    document = call.json()
                    for name, value in document.items() if isinstance(document, dict) else ():
                        params._add(name, value)
        except ValueError as error:
            raise Refused(f"the body cannot be read: {error}") from error
        return params

    def _add(self, name: str, value: Any) -> None:
        name = _BRACKETS.sub("", name)
        if value is not None:
            self.values.setdefault(name, []).extend(value if isinstance(value, list) else [value])

    def text(self, name: str) -> str | None:
        """One text; numbers count as text. Raises :exc:`Invalid`."""
        found = self.texts(name)
        return found[-1] if found else None

    def texts(self, name: str) -> list[str]:
        """A list of texts, in order. Raises :exc:`Invalid`."""
        texts = [_text(name, value) for value in self.values.get(name, ()) if value is not None]
        return [text for text in texts if text]

    def require(self, *names: str) -> list[str]:
        """One text for each name. Raises :exc:`Invalid` with all that are missing."""
        found = [self.text(name) or "" for name in names]
        if not all(found):
            raise Invalid(**{name: "can't be blank" for name, text in zip(names, found, strict=True) if not text})
        return found

    def require_texts(self, name: str) -> list[str]:
        """A list that is not empty, without repetitions. Raises :exc:`Invalid`."""
        found = list(dict.fromkeys(self.texts(name)))
        if not found:
            raise Invalid(**{name: "can't be blank"})
        return found

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean in any spelling."""
        text = self.text(name)
        return default if text is None else text.lower() in _TRUE

    def number(self, name: str, default: int) -> int:
        """A number above 0; what makes no sense counts as absent."""
        text = self.text(name)
        if text is None or not _DIGITS(text):
            return default
        return int(text) or default

    def document(self, name: str) -> dict[str, Any] | None:
        """A JSON object, as such or as its text; nothing and an empty list count as absent. Raises :exc:`Invalid`."""
        values = self.values.get(name) or [None]
        value = values[-1]
        if isinstance(value, str) and value.strip():
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                raise Invalid(**{name: "must be a valid JSON"}) from None
        if value is None or value == [] or value == "":
            return None
        if not isinstance(value, dict):
            raise Invalid(**{name: "must be a JSON object"})
        return value


def _text(name: str, value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | float():
            return str(value)
        case dict() if name in ("options", "room_options"):
            return json.dumps(value)
    raise Invalid(**{name: "must be a text"})
