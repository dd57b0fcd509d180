"""What a call asks for: its parameters, whatever they came in, and who asks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from kaskus_async.sandbox.refusals import Refused, Unauthorized
from nusantara.sandbox.call import Call, Part

if TYPE_CHECKING:
    from kaskus_async.sandbox.entities import User

__all__ = ["Asked", "to_number"]

_DIGITS = re.compile(r"[0-9]{1,18}").fullmatch
_TRUE = frozenset({"1", "true", "on", "yes"})

MOST_PER_PAGE = 100
"""No limit is documented."""


def to_number(text: str) -> int | None:
    """A whole number, not negative; ``None`` of any other text."""
    return int(text) if _DIGITS(text) else None


@attrs.frozen
class Asked:
    """Query, urlencoded form and multipart form are one; of several values of a name, the last counts."""

    call: Call
    user: User | None = None
    """Who is signed in; ``None`` where the application speaks for itself."""
    values: dict[str, str] = attrs.field(factory=dict)
    files: dict[str, Part] = attrs.field(factory=dict)

    @classmethod
    async def of(cls, call: Call, user: User | None) -> Asked:
        """Read them. Raises :exc:`Refused` where the body is not what it is said to be."""
        asked = cls(call, user, dict(call.query))
        if call.content_type == "application/x-www-form-urlencoded":
            asked.values.update(call.form())
        elif call.content_type == "multipart/form-data":
            try:
                parts = await call.parts()
            except ValueError as error:
                raise Refused(f"the body cannot be read: {error}") from error
            for part in parts:
                if part.filename is None:
                    asked.values[part.name] = part.data.decode("utf-8", "replace")
                else:
                    asked.files[part.name] = part
        return asked

    @property
    def me(self) -> User:
        """Who is signed in. Raises :exc:`Unauthorized` where nobody is."""
        if self.user is None:
            raise Unauthorized("a user has to sign in for this")
        return self.user

    def part(self, name: str) -> str:
        """What a placeholder of the path stands for."""
        return self.call.params[name]

    def number_in_path(self, name: str) -> int:
        """The same as a number; -1, which nothing has, where it is none."""
        text = self.part(name)
        return int(text) if _DIGITS(text.removeprefix("-")) else -1

    def text(self, name: str) -> str | None:
        """A parameter; an empty one counts as absent."""
        return self.values.get(name) or None

    def require(self, name: str) -> str:
        """A parameter that must be there. Raises :exc:`Refused`."""
        found = self.text(name)
        if found is None or not found.strip():
            raise Refused(f"{name} is required", details={name: "required"})
        return found

    def require_number(self, name: str) -> int:
        """A whole number, not negative, that must be there. Raises :exc:`Refused`."""
        found = to_number(self.require(name))
        if found is None:
            raise Refused(f"{name} must be a number", details={name: "number"})
        return found

    def number(self, name: str, default: int) -> int:
        """A number from 1; what makes no sense counts as absent."""
        return to_number(self.text(name) or "") or default

    def flag(self, name: str) -> bool:
        """Whether it is there and true, in any spelling."""
        return (self.text(name) or "").lower() in _TRUE

    def listed(self, name: str, separator: str = ",") -> list[str]:
        """The elements of ``1,2,3``, without the empty ones."""
        return [piece.strip() for piece in (self.text(name) or "").split(separator) if piece.strip()]

    def page(self) -> int:
        """The page asked for, from 1."""
        return self.number("page", 1)

    def limit(self, default: int) -> int:
        """How many a page is to have."""
        return min(self.number("limit", default), MOST_PER_PAGE)
