"""Saying no, in the two shapes that public tests have seen."""

from __future__ import annotations

from typing import Any

import attrs

from nusantara.sandbox.answer import Answer

__all__ = ["Invalid", "NotThere", "Refused", "Unauthorized"]


@attrs.define
class Refused(Exception):
    """A refusal with nothing but a message."""

    message: str
    status: int = 400

    def answer(self) -> Answer:
        """The answer that says so."""
        return Answer.json(self.document(), status=self.status)

    def document(self) -> dict[str, Any]:
        """The body."""
        return {"error": {"message": self.message}, "status": self.status}


@attrs.define
class Unauthorized(Refused):
    """A wrong secret. Its status is not known."""

    def answer(self) -> Answer:
        return Answer.json(self.document(), status=self.status).undocumented()


@attrs.define
class NotThere(Refused):
    """Of something other than a user. Neither status nor shape is known."""

    message: str = "Data not found"
    status: int = 404

    def answer(self) -> Answer:
        return Answer.json(self.document(), status=self.status).undocumented()


@attrs.define(init=False)
class Invalid(Refused):
    """Parameters that do not pass, by name."""

    problems: dict[str, str] = attrs.field(factory=dict)

    def __init__(self, **problems: str) -> None:
        super().__init__("Validation error")
        self.problems = problems

    def answer(self) -> Answer:
        # Which keys there are is known. What stands in them is not.
        return Answer.json(self.document(), status=self.status).undocumented()

    def document(self) -> dict[str, Any]:
        error = {
            "message": self.message,
            "detailed_messages": [f"{name} {problem}" for name, problem in self.problems.items()],
            "errors": {name: [problem] for name, problem in self.problems.items()},
        }
        return {"error": error, "status": self.status}
