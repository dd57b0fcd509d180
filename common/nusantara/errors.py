"""Everything that a call can raise, under two roots.

A call ends in one of three ways: with a result, with an answer that says no (:exc:`ApiError`), or without a usable
answer (:exc:`NoAnswer`). Every error says which call it was, what was tried, and whether anything left this machine
(:attr:`NusantaraError.sent`). Nothing here ever holds a credential or a request body.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import attrs

from nusantara.introspection import documented

__all__ = [
    "ApiError",
    "Attempt",
    "AuthFailed",
    "BadRequest",
    "BadResponse",
    "ClosedClient",
    "ConfigurationError",
    "ConnectFailed",
    "ConnectionLost",
    "DecodeError",
    "Forbidden",
    "InvalidParameter",
    "MalformedItems",
    "MissingExtra",
    "NoAnswer",
    "NotFound",
    "NusantaraError",
    "OutcomeUnknown",
    "PagingLoop",
    "Phase",
    "RateLimited",
    "Sent",
    "ServerError",
    "StoreUnavailable",
    "Timeout",
    "TooLarge",
    "UnsafeRedirect",
    "WriteFailed",
    "WrongLoop",
]


class Sent(enum.StrEnum):
    """Whether a call reached the network."""

    NO = "no"
    """Not one byte of the request left: it can be repeated without harm."""
    MAYBE = "maybe"
    """Bytes were handed to the network and no answer tells what became of them."""
    YES = "yes"
    """An answer came, from the server or from something on the way to it. What it tells is another question."""

    @classmethod
    def furthest(cls, several: Iterable[Sent]) -> Sent:
        """How far the one that got furthest came; NO for none."""
        return max(several, key=list(cls).index, default=cls.NO)


class Phase(enum.StrEnum):
    """The part of a call that ran out of time."""

    POOL = "pool"
    CONNECT = "connect"
    FIRST_BYTE = "first_byte"
    IDLE_READ = "idle_read"
    IDLE_WRITE = "idle_write"
    TOTAL = "total"


@documented
@attrs.frozen(slots=True, kw_only=True)
class Attempt:
    """One try of a call that did not end it well."""

    number: int
    """1 for the first try."""
    reason: str
    """What went wrong: :attr:`NusantaraError.reason` of the error of that try."""
    sent: Sent
    elapsed: float
    """Seconds from the start of this try to its failure."""
    status: int | None = None
    """HTTP status, where an answer came."""


def escaped(text: str) -> str:
    """A text from elsewhere as it may be shown: control characters could forge lines of a log or drive a terminal."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


T = TypeVar("T")


def even_half_made(shown: Callable[[T], str]) -> Callable[[T], str]:
    """Have a ``__repr__`` answer for an object whose making failed, as it stands in the traceback of that."""

    @functools.wraps(shown)
    def show(self: T) -> str:
        try:
            return shown(self)
        except AttributeError:
            return f"<{type(self).__name__}, not made>"

    return show


@documented
class NusantaraError(Exception):
    """Root of all errors of this library.

    The attributes below are filled in as far as they are known when the error is raised.
    """

    method: str | None = None
    """HTTP verb of the call."""
    template: str | None = None
    """Path of the call with its placeholders, so that no identifier is repeated: ``/v1/messages/{id}.json``."""
    sent: Sent = Sent.NO
    """Whether any attempt of the call reached the network."""
    attempts: tuple[Attempt, ...] = ()
    """Every failed try, oldest first, the last one included."""
    status: int | None = None
    """HTTP status of the last answer, if there was one."""
    request_id: str | None = None
    """The server's own id of the request (``X-Request-Id``), if it sent one."""
    hint: str | None = None
    """What to do about it, where that is known."""
    made: Any = None
    """What an earlier step of the same operation made at the vendor, such as the export that could not be fetched."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        documented(cls)

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if hint is not None:
            self.hint = hint

    _longest_reason = 400

    @property
    def reason(self) -> str:
        """The message as it may be logged: in one line, escaped, and cut if it is long."""
        text = self.message
        if not text.isprintable():
            text = " ".join(text.split())
        return escaped(text if len(text) <= self._longest_reason else f"{text[: self._longest_reason - 3]}...")

    def __str__(self) -> str:
        text = self.reason
        if self.method:
            text = f"{self.method} {self.template}: {text}"
        if len(self.attempts) > 1:
            text += f" ({len(self.attempts)} attempts)"
        if self.hint:
            text += f" - {self.hint}"
        return text

    def __reduce__(self) -> tuple[Any, ...]:
        # Exception pickles by calling the class with .args; keyword-only details live in __dict__.
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(cls: type[NusantaraError], args: tuple[Any, ...], state: dict[str, Any]) -> NusantaraError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class InvalidParameter(NusantaraError, ValueError):
    """A value given by the caller cannot be sent. Raised before a byte leaves."""

    parameter: str

    def __init__(self, parameter: str, problem: str, *, hint: str | None = None) -> None:
        super().__init__(f"{parameter}: {problem}", hint=hint)
        self.parameter = parameter


class ConfigurationError(NusantaraError):
    """A client cannot be made or used with these settings."""


class MissingExtra(ConfigurationError, ImportError):
    """A feature needs a package that is not installed. The message says which to install."""


class StoreUnavailable(ConfigurationError):
    """The store of a token cannot be used, and a call needs it: there is no token in use that is good.

    The cause (``__cause__``) is what the store raised, unless that shows a token.
    """


class ClosedClient(NusantaraError, RuntimeError):
    """The client was closed before this call, or while a read was under way."""


class WrongLoop(NusantaraError, RuntimeError):
    """An async client was used from another event loop than the one its connections belong to."""


class WriteFailed(NusantaraError):
    """A file on this machine could not be written. What was begun is removed."""


class PagingLoop(NusantaraError):
    """The server handed out the same page cursor again, so paging would never end."""


class NoAnswer(NusantaraError):
    """No usable answer came. :attr:`sent` tells whether the request may have been carried out."""


class ConnectFailed(NoAnswer):
    """No connection could be made: wrong name, refused, TLS failure, proxy failure. Nothing was sent."""

    permanent: bool = False
    """Whether another attempt would fail alike, as with a certificate that is not trusted."""


class ConnectionLost(NoAnswer):
    """The connection broke before a whole answer was read. Raised for calls that are safe to repeat."""

    kept: bool = False
    """Whether the connection was kept from an earlier call: servers close such ones when they have been idle."""


class Timeout(NoAnswer, TimeoutError):
    """A phase of the call took too long; see :attr:`phase`."""

    phase: Phase

    def __init__(self, phase: Phase, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.phase = phase


class OutcomeUnknown(NoAnswer):
    """The request left and no whole answer came back, and repeating it could do harm twice.

    Raised for every call that is not :attr:`~nusantara.request.CallClass.SAFE`. The cause (``__cause__``) is what hid
    the outcome: a :exc:`Timeout`, :exc:`ConnectionLost`, :exc:`BadResponse` or :exc:`ClosedClient`, for a keyed call
    also an :exc:`ApiError` that leaves it open. Look at the vendor's data before trying again.
    """


class BadResponse(NoAnswer):
    """An answer came that cannot be used: not HTTP, cut short, wrong encoding, not the promised document."""

    excerpt: str = ""
    """The start of the body, escaped, at most 200 characters."""
    incomplete: bool = False
    """Whether the answer was broken on its way (cut short, not HTTP) rather than sent whole by the server."""


class DecodeError(BadResponse):
    """The document is well-formed but not of the documented shape."""

    path: str
    """Where, as in ``inbox[3].updated_at``; empty for the document itself."""
    expected: str
    found: str

    def __init__(self, *, path: str, expected: str, found: str) -> None:
        super().__init__(f"{path or 'the document'}: expected {expected}, found {found}")
        self.path, self.expected, self.found = path, expected, found


class MalformedItems(DecodeError):
    """Items of a page are not of the documented shape. The error says what is wrong with the first of them.

    ``pager.starting_at(error.page.next)`` goes on behind the page, and
    :meth:`~nusantara.pagination.Pager.skipping_malformed` reads on without raising this.
    """

    page: Any
    """The :class:`~nusantara.pagination.Page` as far as it could be read."""


class TooLarge(BadResponse):
    """The answer is larger than the cap on bodies allows."""


class UnsafeRedirect(BadResponse):
    """The server redirected an API call. It is not followed: credentials and body would go elsewhere."""


class ApiError(NusantaraError):
    """The vendor answered, and the answer is no."""

    sent = Sent.YES
    _longest_reason = 160
    code: str | int | None = None
    """The vendor's own error code, where it has them."""
    details: Any = None
    """What else the error body says, as the vendor sent it."""
    body: bytes = b""
    """The raw error body, at most 8 KiB."""
    retry_after: float | None = None
    """Seconds the server asked to wait, if it did."""


class BadRequest(ApiError):
    """The vendor refused the request as malformed or invalid (400, 405, 409, 410, 422 and other 4xx)."""


class AuthFailed(ApiError):
    """The vendor does not accept the credentials (401, or a failed login)."""


class Forbidden(ApiError):
    """The credentials are good but not for this (403)."""


class NotFound(ApiError):
    """There is no such thing (404)."""


class RateLimited(ApiError):
    """Too many requests (429); :attr:`retry_after` has the wait the server asked for."""


class ServerError(ApiError):
    """The vendor's side failed (5xx)."""
