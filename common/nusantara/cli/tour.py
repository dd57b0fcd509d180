"""``nusantara tour [--vendor VENDOR]``

A vendor takes part with a module ``tour`` in its package: ``async def walk(stage)`` and ``def walk_sync(stage)``.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nusantara import __version__
from nusantara.catalogue.vendors import VENDORS
from nusantara.cli.operations import check_vendor
from nusantara.cli.parser import Parser, UsageError
from nusantara.cli.stage import Stage

if TYPE_CHECKING:
    from nusantara.sandbox import Sandbox

__all__ = ["run"]


def run(argv: Sequence[str]) -> int:
    """Walk through all vendors; the exit code."""
    parser = Parser(
        prog="nusantara tour",
        description="Starts the sandbox and makes real calls to it over a real socket, async and sync.",
        epilog="""\
Each step shows the code, then what happens when it runs:
   -> a request as the sandbox received it <- the HTTP status that it answered
   =  what the code got from it""",
    )
    parser.add_argument("--vendor", metavar="VENDOR", help=f"only one of {', '.join(VENDORS)}")
    wanted: str | None = parser.parse_args(argv).vendor
    if wanted is not None:
        check_vendor(wanted)
    parts = {vendor: part for vendor in VENDORS if wanted in (None, vendor) and (part := _part(vendor)) is not None}
    if not parts:
        raise UsageError(f"{wanted or 'no vendor'} has no tour in this version")

    # The tour is the same for everybody, whatever is configured for real calls.
    for variable in (
        "HTTP_PROXY",
        "http_proxy",
        "ALL_PROXY",
        "all_proxy",
        "NUSANTARA_TIMEOUT",
        "NUSANTARA_MAX_ATTEMPTS",
    ):
        os.environ.pop(variable, None)
    from nusantara.sandbox import Sandbox

    started = time.perf_counter()
    with Sandbox(vendors=list(parts)).in_thread() as sandbox:
        sys.stdout.write(f"nusantara {__version__}: the sandbox listens at {sandbox.base_url}\n")
        steps = sum(_walk(sandbox, vendor, part) for vendor, part in parts.items())
    elapsed = time.perf_counter() - started
    sys.stdout.write(f"\n{steps} steps in {elapsed:.1f} s, all of them in this process and on this machine.\n")
    return 0


def _part(vendor: str) -> Any:
    package = VENDORS[vendor].name
    if importlib.util.find_spec(package) is None or importlib.util.find_spec(f"{package}.tour") is None:
        return None
    return importlib.import_module(f"{package}.tour")


def _walk(sandbox: Sandbox, vendor: str, part: Any) -> int:
    """One vendor, async and then sync, each from the sandbox's first state; the number of steps."""
    steps = 0
    for title, sync in (("async", False), ("sync: the same names, no await", True)):
        sandbox.reset()
        stage = Stage(sandbox, vendor, sys.stdout)
        sys.stdout.write(f"\n\n{vendor}, {title}\n")
        if sync:
            part.walk_sync(stage)
        else:
            asyncio.run(part.walk(stage))
        steps += stage.steps
        sys.stdout.write(f"\n   {len(sandbox.requests)} requests over {sandbox.connection_count} connections\n")
    return steps
