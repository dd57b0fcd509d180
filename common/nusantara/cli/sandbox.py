"""``nusantara sandbox [--host HOST] [--port PORT] [--json | --env]``"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nusantara.cli.parser import Parser, UsageError

if TYPE_CHECKING:
    from nusantara.sandbox import Sandbox

__all__ = ["run"]


def run(argv: Sequence[str]) -> int:
    """Run the sandbox until it is interrupted; the exit code."""
    from nusantara.sandbox import add_arguments, serve

    parser = Parser(
        prog="nusantara sandbox",
        description="Runs a local server that behaves as the vendors do, with accounts and data made up for it.",
    )
    add_arguments(parser)
    help = "print the environment variables that from_env() reads, as lines for a shell: --env > env.sh &"
    parser.add_argument("--env", action="store_true", help=help)
    arguments = parser.parse_args(argv)
    if arguments.env and arguments.as_json:
        raise UsageError("--env is not allowed with --json", hint="run it with one of them")
    if not 0 <= arguments.port <= 65535:
        raise UsageError(f"--port must be from 0 to 65535, not {arguments.port}")
    settings = vars(arguments)
    return serve(describe=_export_lines if settings.pop("env") else None, **settings)


def _export_lines(sandbox: Sandbox) -> str:
    from nusantara.catalogue.vendors import VENDORS

    facts = sandbox.credentials
    return "\n".join(
        f"export {name}={shlex.quote(value)}"
        for vendor, package in VENDORS.items()
        if vendor in facts
        for name, value in package.environment(facts["base_url"], facts[vendor]).items()
    )
