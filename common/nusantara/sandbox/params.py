"""The parameters of a call, whatever they came in: query, urlencoded form, multipart form and JSON are one."""

from __future__ import annotations

import enum
import json
import re
from typing import Any, ClassVar, Self

import attrs

from nusantara.sandbox.incoming import FormPart, Incoming

__all__ = ["FORM", "JSON", "MULTIPART", "Params", "ParamProblem", "to_number"]

FORM, MULTIPART, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"

_BRACKETS = re.compile(r"\[\d*\]$")
_DIGITS = re.compile(r"[0-9]{1,18}").fullmatch
_TRUE = frozenset({"1", "true", "on", "yes"})


def to_number(text: str) -> int | None:
    """A whole number, not negative; ``None`` of any other text."""
    return int(text) if _DIGITS(text) else None


class ParamProblem(enum.Enum):
    """What may be wrong with a parameter. How that is said is the vendor's."""

    MISSING = enum.auto()
    NOT_TEXT = enum.auto()
    NOT_NUMBER = enum.auto()
    NOT_JSON = enum.auto()
    NOT_OBJECT = enum.auto()


@attrs.frozen
class Params:
    """Each vendor has a class of its own below this one, which says what its server reads and how it refuses.

    Null counts as absent, and so does an empty text, which form clients send for it. Where one value is meant, the last
    one that is not empty counts.
    """

    body_types: ClassVar[frozenset[str]] = frozenset({FORM, MULTIPART, JSON})
    """Media types of bodies that are read; any other body is no parameters."""
    brackets: ClassVar[bool] = False
    """Whether the brackets of ``emails[]`` are a form's spelling of a list and no part of the name."""
    objects_as_text: ClassVar[frozenset[str]] = frozenset()
    """Parameters that are texts and of which a JSON object is kept as its text."""

    call: Incoming
    values: dict[str, list[Any]] = attrs.field(factory=dict)
    parts: dict[str, FormPart] = attrs.field(factory=dict)
    """The parts of a multipart body, those without a file name included."""

    @classmethod
    async def of(cls, call: Incoming, **known: Any) -> Self:
        """Read them; ``known`` is what the vendor's class has besides. Raises what :meth:`unreadable` gives."""
        params = cls(call, **known)
        for name, value in call.query:
            params._add(name, value)
        if call.body:
            try:
                await params._read_body()
            except ValueError as error:
                raise params.unreadable(str(error)) from error
        return params

    def unreadable(self, reason: str) -> Exception:
        """What to raise of a body that is not what it is said to be."""
        raise NotImplementedError

    def refused(self, problems: dict[str, ParamProblem]) -> Exception:
        """What to raise of parameters that do not pass, by name."""
        raise NotImplementedError

    async def _read_body(self) -> None:
        match self.call.content_type:
            case kind if kind not in self.body_types:
                pass
            case "multipart/form-data":
                for part in await self.call.parts():
                    if part.filename is None:
                        self._add(part.name, part.data.decode())
                    self.parts[part.name] = part
            case "application/x-www-form-urlencoded":
                for name, value in self.call.form():
                    self._add(name, value)
            case _:
                document = self.call.json()
                for name, value in document.items() if isinstance(document, dict) else ():
                    self._add(name, value)

    def _add(self, name: str, value: Any) -> None:
        if self.brackets:
            name = _BRACKETS.sub("", name)
        if value is not None:
            self.values.setdefault(name, []).extend(value if isinstance(value, list) else [value])

    def in_path(self, name: str) -> str:
        """What a placeholder of the path stands for."""
        return self.call.params[name]

    def number_in_path(self, name: str) -> int:
        """The same as a number; -1, which nothing has, where it is none."""
        text = self.in_path(name)
        return int(text) if _DIGITS(text.removeprefix("-")) else -1

    def sent(self, name: str) -> str | None:
        """The last value as it was sent, an empty one included; ``None`` where there is none."""
        values = [value for value in self.values.get(name, ()) if value is not None]
        return self._text(name, values[-1]) if values else None

    def text(self, name: str) -> str | None:
        """One text; numbers count as text."""
        found = self.texts(name)
        return found[-1] if found else None

    def texts(self, name: str) -> list[str]:
        """A list of texts, in order, without the empty ones."""
        texts = [self._text(name, value) for value in self.values.get(name, ()) if value is not None]
        return [text for text in texts if text]

    def require(self, name: str) -> str:
        """A text that must be there and not blank."""
        [found] = self.require_all(name)
        return found

    def require_all(self, *names: str) -> list[str]:
        """One such text for each name; all that are missing are told at once."""
        found = [self.text(name) or "" for name in names]
        missing = {name: ParamProblem.MISSING for name, text in zip(names, found, strict=True) if not text.strip()}
        if missing:
            raise self.refused(missing)
        return found

    def require_texts(self, name: str) -> list[str]:
        """A list that is not empty, without repetitions."""
        found = list(dict.fromkeys(self.texts(name)))
        if not found:
            raise self.refused({name: ParamProblem.MISSING})
        return found

    def require_number(self, name: str) -> int:
        """A whole number, not negative, that must be there."""
        found = to_number(self.require(name))
        if found is None:
            raise self.refused({name: ParamProblem.NOT_NUMBER})
        return found

    def number(self, name: str, default: int) -> int:
        """A number from 1; what makes no sense counts as absent."""
        return to_number(self.text(name) or "") or default

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean in any spelling."""
        text = self.text(name)
        return default if text is None else text.lower() in _TRUE

    def listed(self, name: str, separator: str = ",") -> list[str]:
        """The elements of ``1,2,3``, without the empty ones."""
        return [piece.strip() for piece in (self.text(name) or "").split(separator) if piece.strip()]

    def document(self, name: str) -> dict[str, Any] | None:
        """A JSON object, as such or as its text; nothing and an empty list count as absent."""
        values = self.values.get(name) or [None]
        value = values[-1]
        if isinstance(value, str) and value.strip():
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                raise self.refused({name: ParamProblem.NOT_JSON}) from None
        if value is None or value == [] or value == "":
            return None
        if not isinstance(value, dict):
            raise self.refused({name: ParamProblem.NOT_OBJECT})
        return value

    def _text(self, name: str, value: Any) -> str:
        match value:
            case bool():
                return "true" if value else "false"
            case str():
                return value
            case int() | float():
                return str(value)
            case dict() if name in self.objects_as_text:
                return json.dumps(value)
        raise self.refused({name: ParamProblem.NOT_TEXT})
