"""The parameters of a call, as this vendor reads them and says no to them."""

from __future__ import annotations

from typing import ClassVar

import attrs

from nusantara.sandbox import params
from nusantara.sandbox.params import Problem
from qiscus_async.sandbox.refusals import Invalid, Refused

__all__ = ["Params"]

_REFUSED = {
    Problem.MISSING: "can't be blank",
    Problem.NOT_TEXT: "must be a text",
    Problem.NOT_NUMBER: "must be a number",
    Problem.NOT_JSON: "must be a valid JSON",
    Problem.NOT_OBJECT: "must be a JSON object",
}


@attrs.frozen
class Params(params.Params):
    """Everything is read: clients send JSON, forms and queries. Lists come with brackets and without."""

    brackets: ClassVar[bool] = True
    objects_as_text: ClassVar[frozenset[str]] = frozenset({"options", "room_options"})

    def unreadable(self, reason: str) -> Exception:
        return Refused(f"the body cannot be read: {reason}")

    def refused(self, problems: dict[str, Problem]) -> Exception:
        return Invalid(**{name: _REFUSED[problem] for name, problem in problems.items()})
