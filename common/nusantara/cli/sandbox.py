"""``nusantara sandbox [--host HOST] [--port PORT] [--json]``"""

from __future__ import annotations

from collections.abc import Sequence

from nusantara.cli.parser import Parser, UsageError

__all__ = ["run"]


def run(argv: Sequence[str]) -> int:
    """Run the sandbox until it is interrupted; the exit code."""
    parser = Parser(
        prog="nusantara sandbox",
        description="Runs a local server that behaves as the vendors do, with accounts and data made up for it.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=0, metavar="N", help="port to listen on; 0, the default, takes a free one"
    )
    parser.add_argument(
        "--json", action="store_true", help="print how to connect as one JSON object, on the first line"
    )
    arguments = parser.parse_args(argv)
    if not 0 <= arguments.port <= 65535:
        raise UsageError(f"--port must be from 0 to 65535, not {arguments.port}")
    from nusantara.sandbox import serve

    return serve(arguments.host, arguments.port, arguments.json)
