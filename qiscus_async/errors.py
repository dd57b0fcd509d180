"""What Qiscus says when it refuses, beyond the classes of :mod:`nusantara.errors`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self

from nusantara.errors import BadRequest, NusantaraError, OutcomeUnknown

__all__ = ["CommentOutcomeUnknown", "ValidationFailed", "describe"]


class ValidationFailed(BadRequest):
    """The server names what is wrong with the request, parameter by parameter.

    Unknown users and rooms are refused in this way too; only a user's profile is :exc:`~nusantara.errors.NotFound`.
    """

    @property
    def detailed_messages(self) -> tuple[str, ...]:
        """What is wrong, a sentence each."""
        return _texts(self._error.get("detailed_messages"))

    @property
    def errors(self) -> Mapping[str, Any]:
        """What is wrong by parameter. No public source shows the form of the values."""
        errors = self._error.get("errors")
        return MappingProxyType(errors if isinstance(errors, dict) else {})

    @property
    def _error(self) -> dict[str, Any]:
        return self.details if isinstance(self.details, dict) else {}


class CommentOutcomeUnknown(OutcomeUnknown):
    """A comment was sent, and neither the answer nor the room tells whether it was stored."""

    unique_temp_id: str = ""
    """The mark that the comment carries, to look for among the room's comments."""

    @classmethod
    def of(cls, error: NusantaraError, unique_temp_id: str, message: str | None = None) -> Self:
        """The same error, with the mark."""
        made = cls(message or error.message, hint=f"look for unique_temp_id {unique_temp_id!r} before posting it again")
        made.method, made.template, made.sent = error.method, error.template, error.sent
        made.attempts, made.status, made.request_id = error.attempts, error.status, error.request_id
        made.unique_temp_id = unique_temp_id
        return made


def describe(error: object) -> str | None:
    """The ``error`` of an answer in one line: its message, then the detailed ones, which say what was meant."""
    if isinstance(error, str):
        return error or None
    if not isinstance(error, dict):
        return None
    message = error.get("message")
    heading = message if isinstance(message, str) else ""
    details = "; ".join(detail for detail in _texts(error.get("detailed_messages")) if detail != heading)
    return ": ".join(filter(None, (heading, details))) or None


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
