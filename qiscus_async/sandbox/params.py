"""The parameters of a call, as this vendor reads them and says no to them."""

from __future__ import annotations

from typing import ClassVar

import attrs

from nusantara.sandbox import params
from nusantara.sandbox.params import ParamProblem
from qiscus_async.sandbox.refusals import Invalid, Refused

__all__ = ["Params"]

_REFUSED = {
    ParamProblem.MISSING: "can't be blank",
    ParamProblem.NOT_TEXT: "must be a text",
    ParamProblem.NOT_NUMBER: "must be a number",
    ParamProblem.NOT_JSON: "must be a valid JSON",
    ParamProblem.NOT_OBJECT: "must be a JSON object",
}


@attrs.frozen
class Params(params.Params):
    """Everything is read: clients send JSON, forms and queries. Lists come with brackets and without."""

    brackets: ClassVar[bool] = True
    objects_as_text: ClassVar[frozenset[str]] = frozenset({"options", "room_options"})

    def unreadable(self, reason: str) -> Exception:
        return Refused(f"the body cannot be read: {reason}")

    def refused(self, problems: dict[str, ParamProblem]) -> Exception:
        return Invalid(**{name: _REFUSED[problem] for name, problem in problems.items()})
