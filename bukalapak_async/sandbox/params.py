"""The parameters of a call, as this vendor reads them, and who makes it."""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar

import attrs

from bukalapak_async.sandbox.state import Edition, User
from nusantara.sandbox import params
from nusantara.sandbox.params import FORM, JSON, ParamProblem

__all__ = ["Params"]

_RAILS_KEY = re.compile(r"instant_message\[(\w+)\]").fullmatch


@attrs.frozen
class Params(params.Params):
    """The query, and the body as JSON under whatever media type, as the documentation's samples send it, or as a form.

    A body that cannot be read is one without parameters; nothing here is refused for its type.
    """

    body_types: ClassVar[frozenset[str]] = frozenset({FORM, JSON})

    user: User | None = None
    edition: Edition = Edition.SECOND

    @property
    def me(self) -> User:
        """Whose credentials the call has; only for operations that need them."""
        assert self.user is not None
        return self.user

    def unreadable(self, reason: str) -> Exception:
        return ValueError(reason)

    def refused(self, problems: dict[str, ParamProblem]) -> Exception:
        return ValueError(", ".join(problems))

    def optional(self, name: str) -> str | None:
        """Text, or a number as text: the documentation quotes numbers, clients do not always."""
        return _text((self.values.get(name) or [None])[-1])

    def message(self) -> dict[str, str | None]:
        """The fields of ``instant_message``."""
        given = (self.values.get("instant_message") or [None])[-1]
        return {name: _text(value) for name, value in given.items()} if isinstance(given, dict) else {}

    async def _read_body(self) -> None:
        if self.call.content_type == FORM and not self.call.body.lstrip().startswith(b"{"):
            message: dict[str, str] = {}
            for name, value in self.call.form():
                match = _RAILS_KEY(name)
                if match is not None:
                    message[match.group(1)] = value
                elif name not in self.values:
                    self._add(name, value)
            self._add("instant_message", message)
            return
        try:
            document = json.loads(self.call.body)
        except (ValueError, RecursionError):
            return
        for name, value in document.items() if isinstance(document, dict) else ():
            self._add(name, value)


def _text(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value)
