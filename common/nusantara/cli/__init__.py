"""The command ``nusantara``."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from nusantara import __version__
from nusantara.cli.parser import Parser, UsageError, did_you_mean

__all__ = ["main"]

COMMANDS = {
    "tour": "walk through all vendors in a local sandbox; needs no account and no network",
    "sandbox": "run the sandbox, a local server that behaves as the vendors do",
    "operations": "list every operation",
    "call": "call one operation",
}
"""Name and summary of each command. Its module here, of the same name, is loaded only when it is wanted."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit code, see :mod:`nusantara.cli.exits`."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        # Vendors send any character, terminals do not know all of them.
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_has_gone()
    except SystemExit as error:  # argparse has shown its help
        return error.code if isinstance(error.code, int) else 0
    except (Exception, KeyboardInterrupt) as error:
        from nusantara.cli.exits import report

        return report(error)
    return code


def _run(arguments: list[str]) -> int:
    if arguments and not arguments[0].startswith("-"):
        command, *arguments = arguments
        if command not in COMMANDS:
            raise UsageError(f"there is no command {command!r}", hint=did_you_mean(command, COMMANDS))
        code: int = import_module(f"nusantara.cli.{command}").run(arguments)
        return code
    parser = Parser(
        prog="nusantara",
        usage="nusantara [-h] [--version] COMMAND ...",
        description="KASKUS, Bukalapak and Qiscus from the command line.",
        epilog="\n".join(
            [
                "commands:",
                *(f"  {name:<12}{summary}" for name, summary in COMMANDS.items()),
                "",
                "'nusantara COMMAND --help' tells more about each.",
            ]
        ),
    )
    parser.add_argument("--version", action="version", version=f"nusantara {__version__}")
    parser.parse_args(arguments)
    parser.print_help()
    return 0


def _reader_has_gone() -> int:
    # The interpreter flushes standard output when it exits, which would fail again and be reported.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 128 + 13
