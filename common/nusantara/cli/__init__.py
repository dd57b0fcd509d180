"""The command ``nusantara``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

from nusantara import __version__
from nusantara.cli.parser import Parser, UsageError, did_you_mean
from nusantara.cli.streams import prepare_streams, silence

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
    try:
        prepare_streams()
        try:
            code = _run(arguments)
        except SystemExit as error:  # argparse has shown its help
            code = error.code if isinstance(error.code, int) else 0
        sys.stdout.flush()
    except BrokenPipeError:
        silence(sys.stdout)
        return 128 + 13
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
    parser.add_argument("--version", action="store_true", help="show the version")
    if parser.parse_args(arguments).version:
        sys.stdout.write(f"nusantara {__version__}\n")
    else:
        parser.print_help()
    return 0
