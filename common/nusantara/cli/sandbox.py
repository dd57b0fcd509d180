"""``nusantara sandbox [--host HOST] [--port PORT] [--json]``"""

from __future__ import annotations

from collections.abc import Sequence

from nusantara.cli.parser import Parser, UsageError

__all__ = ["run"]


def run(argv: Sequence[str]) -> int:
    """Run the sandbox until it is interrupted; the exit code."""
    from nusantara.sandbox import add_arguments, serve

    parser = Parser(
        prog="nusantara sandbox",
        description="Runs a local server that behaves as the vendors do, with accounts and data made up for it.",
    )
    add_arguments(parser)
    arguments = parser.parse_args(argv)
    if not 0 <= arguments.port <= 65535:
        raise UsageError(f"--port must be from 0 to 65535, not {arguments.port}")
    return serve(**vars(arguments))
