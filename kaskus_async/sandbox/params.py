"""What a call asks for, and who asks."""

from __future__ import annotations

from typing import ClassVar

import attrs

from kaskus_async.sandbox.entities import User
from kaskus_async.sandbox.refusals import Refused, Unauthorized
from nusantara.sandbox import params
from nusantara.sandbox.incoming import FormPart
from nusantara.sandbox.params import FORM, MULTIPART, ParamProblem, to_number

__all__ = ["Params", "to_number"]

MOST_PER_PAGE = 100
"""No limit is documented."""

_REFUSED = {ParamProblem.MISSING: ("is required", "required"), ParamProblem.NOT_NUMBER: ("must be a number", "number")}


@attrs.frozen
class Params(params.Params):
    """Query, urlencoded form and multipart form. No client was seen to send a JSON body."""

    body_types: ClassVar[frozenset[str]] = frozenset({FORM, MULTIPART})

    user: User | None = None
    """Who is signed in; ``None`` where the application speaks for itself."""

    def unreadable(self, reason: str) -> Exception:
        return Refused(f"the body cannot be read: {reason}")

    def refused(self, problems: dict[str, ParamProblem]) -> Exception:
        name, problem = next(iter(problems.items()))
        words, detail = _REFUSED[problem]
        return Refused(f"{name} {words}", details={name: detail})

    @property
    def me(self) -> User:
        """Who is signed in. Raises :exc:`Unauthorized` where nobody is."""
        if self.user is None:
            raise Unauthorized("a user has to sign in for this")
        return self.user

    def file(self, name: str) -> FormPart | None:
        """An upload; a field without a file name is none."""
        part = self.parts.get(name)
        return part if part is not None and part.filename is not None else None

    def page(self) -> int:
        """The page asked for, from 1."""
        return self.number("page", 1)

    def limit(self, default: int) -> int:
        """How many a page is to have."""
        return min(self.number("limit", default), MOST_PER_PAGE)
