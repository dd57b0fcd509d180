"""Exit codes, and what an error says on the terminal."""

from __future__ import annotations

import os
import sys
import traceback

from nusantara.cli.parser import UsageError
from nusantara.cli.streams import silence
from nusantara.cli.text import one_line
from nusantara.errors import (
    ApiError,
    AuthFailed,
    BadResponse,
    Forbidden,
    NoAnswer,
    NotFound,
    NusantaraError,
    OutcomeUnknown,
    PagingLoop,
    RateLimited,
)

__all__ = ["EXIT_CODES", "exit_code", "report"]

EXIT_CODES = """\
exit codes:
    0  done
    1  an error that should not happen, or the output cannot be written
    2  the command line, a value or the configuration is wrong; nothing was sent
    3  the vendor does not accept the credentials, or they are not good for this
    4  there is no such thing
    5  any other refusal, and errors of the server
    6  too many requests
    7  no answer: no connection, a timeout, or the connection was lost; nothing was changed
    8  no answer, and the call may or may not have been carried out: look before trying again
    9  an answer came that cannot be used
  130  interrupted
  141  the reader of the output has gone

NUSANTARA_DEBUG=1 in the environment shows where an error comes from."""

_BY_CLASS: tuple[tuple[type[BaseException], int], ...] = (
    (KeyboardInterrupt, 130),
    (UsageError, 2),
    (AuthFailed, 3),
    (Forbidden, 3),
    (NotFound, 4),
    (RateLimited, 6),
    (ApiError, 5),
    (OutcomeUnknown, 8),
    (BadResponse, 9),
    (PagingLoop, 9),
    (NoAnswer, 7),
    (NusantaraError, 2),
)


def exit_code(error: BaseException) -> int:
    """The exit code for an error."""
    return next((code for cls, code in _BY_CLASS if isinstance(error, cls)), 1)


def report(error: BaseException) -> int:
    """Say on standard error what went wrong, in one or two lines; the exit code."""
    if os.environ.get("NUSANTARA_DEBUG", "0") not in ("", "0"):
        traceback.print_exception(error)
    lines = [f"error: {one_line(_message(error))}"]
    hint, seconds = getattr(error, "hint", None), getattr(error, "retry_after", None)
    if hint and not (seconds and isinstance(error, RateLimited)):  # Its hint is that wait.
        lines.append(f"hint: {one_line(hint)}")
    if seconds is not None:
        lines.append(f"note: the server asks to wait {seconds:g} s")
    lines += [f"note: {one_line(note)}" for note in getattr(error, "__notes__", ())]
    try:
        sys.stderr.write("\n".join(lines) + "\n")
    except OSError:
        silence(sys.stderr)  # The code has to say it alone.
    if isinstance(error, OSError) and not isinstance(error, NusantaraError):
        silence(sys.stdout)
    return exit_code(error)


def _message(error: BaseException) -> str:
    if isinstance(error, NusantaraError):
        return str(error).removesuffix(f" - {error.hint}")
    if isinstance(error, UsageError):
        return error.message
    if isinstance(error, KeyboardInterrupt):
        return str(error) or "interrupted"
    if isinstance(error, OSError):  # Of all else that the system refuses, the clients make errors of their own.
        return f"the output cannot be written: {error.strerror or error}"
    return f"{type(error).__name__}: {error}"
