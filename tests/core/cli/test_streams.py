"""Streams that are closed, full, gone or narrow: told as what they are."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

import pytest

from .conftest import COMMAND, Command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its shells close no streams, and it has no /dev/full")

INBOX = ("call", "bukalapak", "messages.inbox", "--sandbox", "--limit", "2")
CREATE = ("call", "bukalapak", "messages.create", "155218", "Halo", "--sandbox")


def run(command: Command, arguments: Sequence[str], redirection: str, **variables: str) -> tuple[int, str, str]:
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {redirection}', "sh", *COMMAND, *arguments],
        env=command.with_variables(**variables).environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "arguments", [("operations", "bukalapak"), INBOX, CREATE, ("tour",), ("--help",), ("sandbox",)]
)
def test_a_closed_output_is_told_before_anything_is_done(command: Command, arguments: Sequence[str]) -> None:
    code, _, error = run(command, arguments, ">&-")
    assert (code, error.splitlines()[0]) == (2, "error: standard output is closed")
    assert run(command, arguments, ">&- 2>&- <&-") == (2, "", "")


def test_without_an_input_nobody_is_asked(bare_command: Command) -> None:
    code, _, error = run(bare_command, ("call", "bukalapak", "messages.inbox"), "<&-")
    assert (code, error.startswith("error: this call needs credentials")) == (2, True)


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"])
def test_without_a_place_for_errors_the_code_tells(command: Command, redirection: str) -> None:
    assert run(command, ("call", "bukalapak", "nope"), redirection)[0] == 2


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", [("operations",), INBOX, CREATE, ("--help",), ("--version",), ("tour", "--help")])
def test_a_full_disk_is_told(command: Command, arguments: Sequence[str], unbuffered: str) -> None:
    code, _, error = run(command, arguments, ">/dev/full", PYTHONUNBUFFERED=unbuffered)
    first, *more = error.splitlines()
    assert (code, first) == (1, "error: the output cannot be written: No space left on device")
    # What was done is not undone, and whoever repeats it does it again.
    assert more == (["note: the call itself was carried out"] if arguments == CREATE else [])


@pytest.mark.parametrize("columns", ["0", "1", "-3", "many", "100000"])
def test_a_terminal_of_any_width_shows_something(command: Command, columns: str) -> None:
    result = command.on_terminal(*INBOX, columns=columns)
    assert result.code == 0
    assert "5623a0c427273b50fe1584d7"[:8] in result.out
