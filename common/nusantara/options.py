"""Settings of a client and of a single call. Call beats client, client beats environment."""

from __future__ import annotations

import enum
import math
import os
from collections.abc import Mapping
from typing import Final

import attrs

from nusantara.checks import check_flag, check_headers, check_seconds, check_whole, with_headers
from nusantara.errors import ConfigurationError, InvalidParameter
from nusantara.introspection import documented, suggesting
from nusantara.secret import Secret

__all__ = ["NOT_GIVEN", "NotGiven", "Options", "Timeouts"]


class NotGiven(enum.Enum):
    """The type of :data:`NOT_GIVEN`, which tells "left out" from ``None`` where ``None`` means something."""

    NOT_GIVEN = "NOT_GIVEN"

    def __repr__(self) -> str:
        return "NOT_GIVEN"


NOT_GIVEN: Final = NotGiven.NOT_GIVEN


def _phase(_: object, field: attrs.Attribute[float], value: float | None) -> None:
    check_seconds(f"timeout.{field.name}", value, or_none=True)


@suggesting
@documented
@attrs.frozen(slots=True, kw_only=True)
class Timeouts:
    """Seconds that each phase of a call may take; ``None`` leaves a phase unbounded.

    Every phase but ``total`` counts anew for each attempt. ``total`` bounds the whole call: waiting for a free
    connection, all attempts, and the pauses between them.
    """

    pool: float | None = attrs.field(default=None, validator=_phase)
    """Wait for a free connection; by default as long as the whole call may take."""
    connect: float | None = attrs.field(default=5.0, validator=_phase)
    """Name look-up, TCP and TLS."""
    first_byte: float | None = attrs.field(default=30.0, validator=_phase)
    """From the last byte of the request to the end of the answer's headers."""
    idle_read: float | None = attrs.field(default=15.0, validator=_phase)
    """Silence while the body arrives."""
    idle_write: float | None = attrs.field(default=15.0, validator=_phase)
    """Silence while a large request body leaves."""
    total: float | None = attrs.field(default=60.0, validator=_phase)
    """Everything."""


def _timeouts(_: object, __: object, value: object) -> None:
    if not isinstance(value, Timeouts):
        raise InvalidParameter("timeout", f"must be Timeouts, not {type(value).__name__}")


@documented
@attrs.frozen(slots=True, kw_only=True)
class Options:
    """What may differ from call to call."""

    timeout: Timeouts = attrs.field(default=Timeouts(), validator=_timeouts)
    max_attempts: int = attrs.field(default=3, validator=lambda _, __, value: check_whole("max_attempts", value))
    """Tries in all, the first included. 1 switches retries off, aiohttp's own hidden one too."""
    headers: Mapping[str, str] = attrs.field(
        factory=dict, converter=check_headers, repr=lambda headers: repr([*headers])
    )
    """Extra headers. Their values may be credentials, so no repr shows them."""
    max_body: int = attrs.field(default=16 * 1024 * 1024, validator=lambda _, __, value: check_whole("max_body", value))
    """Largest answer accepted, in bytes after decompression."""
    max_retry_after: float = attrs.field(
        default=60.0, validator=lambda _, __, value: check_seconds("max_retry_after", value, zero=True)
    )
    """Longest wait asked for by a server that is obeyed; beyond it the call fails at once and says the wait."""
    strict: bool = attrs.field(default=False, validator=lambda _, __, value: check_flag("strict", value))
    """Refuse answers that can be read in two ways, or not whole, see
    :meth:`~nusantara.response.Response.refuse_ambiguity`."""

    def merged(
        self,
        *,
        timeout: Timeouts | float | NotGiven | None = NOT_GIVEN,
        max_attempts: int | None = None,
        headers: Mapping[str, Secret | str] | None = None,
        max_body: int | None = None,
        max_retry_after: float | None = None,
        strict: bool | None = None,
    ) -> Options:
        """A copy with some settings replaced; a bare number as ``timeout`` is the total, headers are added."""
        if timeout is NOT_GIVEN and (max_attempts, headers, max_body, max_retry_after, strict) == (None,) * 5:
            return self
        if isinstance(timeout, NotGiven):
            timeouts = self.timeout
        elif isinstance(timeout, Timeouts):
            timeouts = timeout
        else:
            timeouts = attrs.evolve(self.timeout, total=timeout)
        return Options(
            timeout=timeouts,
            max_attempts=self.max_attempts if max_attempts is None else max_attempts,
            headers=self.headers if headers is None else with_headers(self.headers, check_headers(headers)),
            max_body=self.max_body if max_body is None else max_body,
            max_retry_after=self.max_retry_after if max_retry_after is None else max_retry_after,
            strict=self.strict if strict is None else strict,
        )

    @classmethod
    def from_environment(cls) -> Options:
        """Defaults, as changed by ``NUSANTARA_TIMEOUT`` (seconds in all) and ``NUSANTARA_MAX_ATTEMPTS``."""
        options = cls()
        if text := os.environ.get("NUSANTARA_TIMEOUT"):
            options = options.merged(timeout=_number("NUSANTARA_TIMEOUT", text))
        if text := os.environ.get("NUSANTARA_MAX_ATTEMPTS"):
            options = options.merged(max_attempts=int(_number("NUSANTARA_MAX_ATTEMPTS", text)))
        return options


def _number(variable: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise ConfigurationError(f"the environment variable {variable} is {text!r}, not a number above 0")
    return number
