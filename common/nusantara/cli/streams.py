"""The standard streams, whatever the program that started this one has made of them."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TextIO

from nusantara.cli.parser import UsageError

__all__ = ["prepare_streams", "silence", "width"]

NARROWEST = 20
"""Columns. Narrower terminals show what is made for this width as well as they can."""


def prepare_streams() -> None:
    """Have all three streams, and let the output write any character, of which terminals do not know all.

    Raises:
        UsageError: Standard output is closed, so that whatever is done could not be told.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - for as long as the process lives
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    closed = sys.stdout is None
    if closed:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    if closed:
        raise UsageError("standard output is closed", hint="if the result does not matter, send it to /dev/null")


def silence(stream: TextIO) -> None:
    """Let the interpreter not try again, when it exits, to write what could not be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def width() -> int:
    """Columns of the terminal; ``COLUMNS`` counts if it makes sense."""
    return max(shutil.get_terminal_size().columns, NARROWEST)
