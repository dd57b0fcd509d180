"""What Qiscus says when it refuses, beyond the classes of :mod:`nusantara.errors`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from nusantara.errors import ApiError, BadRequest, NusantaraError, OutcomeUnknown, Sent

if TYPE_CHECKING:
    from qiscus_async.models.transfers import FileReport

__all__ = ["CommentOutcomeUnknown", "ExportFailed", "ImportStopped", "ValidationFailed"]


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
    def of(cls, error: OutcomeUnknown, unique_temp_id: str) -> Self:
        """The same error, with the mark."""
        made = cls(error.message, hint=f"look for unique_temp_id {unique_temp_id!r} before posting it again")
        made.method, made.template, made.sent = error.method, error.template, error.sent
        made.attempts, made.status, made.request_id = error.attempts, error.status, error.request_id
        made.unique_temp_id = unique_temp_id
        return made


class ExportFailed(ApiError):
    """An export ended without a file, or has none yet."""

    def __init__(self, unique_id: str, status: str, message: str) -> None:
        super().__init__(f"the export {unique_id} has no file: {message or f'its status is {status!r}'}")
        self.unique_id = unique_id


class ImportStopped(NusantaraError):
    """An import of several files ended before its last one. The files before the one that failed are handed in."""

    def __init__(
        self, file_number: int, first_row: int, reports: tuple[FileReport, ...], cause: NusantaraError
    ) -> None:
        super().__init__(
            f"file {file_number}, which begins with row {first_row}, was not handed in: {cause}",
            hint="look at the history of imports first: its fate is unknown"
            if isinstance(cause, OutcomeUnknown)
            else f"mend the cause and run the same rows again with skip_files={file_number}",
        )
        self.sent = Sent.YES if reports and cause.sent is Sent.NO else cause.sent
        self.file_number = file_number
        """The file that failed, from 0; what to give as ``skip_files``."""
        self.first_row = first_row
        """Number of its first row, from 0."""
        self.reports = reports
        """The files that this run handed in."""


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
