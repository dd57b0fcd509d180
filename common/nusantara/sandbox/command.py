"""Running the sandbox as a program of its own."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Collection
from typing import Any

from nusantara.errors import InvalidParameter
from nusantara.sandbox.server import Sandbox

__all__ = ["add_arguments", "serve"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command: those of :func:`serve`, by the same names."""
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    add("--port", type=int, default=0, metavar="N", help="port to listen on; 0, the default, takes a free one")
    add(
        "--json", action="store_true", dest="as_json", help="print how to connect as one JSON object, on the first line"
    )
    help = "name besides localhost under which it may be called, such as that of a container; may be repeated"
    add("--allow-host", action="append", default=[], metavar="NAME", dest="hosts", help=help)
    help = "origin of a web application whose pages may call the vendors' operations; may be repeated"
    add("--allow-origin", action="append", default=[], metavar="ORIGIN", dest="origins", help=help)


def serve(
    host: str = "127.0.0.1",
    port: int = 0,
    as_json: bool = False,
    *,
    hosts: Collection[str] = (),
    origins: Collection[str] = (),
) -> int:
    """Run the sandbox until SIGINT or SIGTERM; the exit code.

    Prints how to connect: for a person, or with ``as_json`` as one JSON object on the first line of standard output.
    ``hosts`` and ``origins`` are those of :class:`~nusantara.sandbox.Sandbox`.
    """
    try:
        sandbox = Sandbox(host=host, port=port, hosts=hosts, origins=origins)
    except InvalidParameter as error:
        sys.stderr.write(f"{error}\n")
        return 2
    try:
        asyncio.run(_serve(sandbox, as_json))
    except OSError as error:
        sys.stderr.write(f"cannot listen on {host}:{port}: {error.strerror or error}\n")
        return 1
    return 0


_JSON = "-H 'Content-Type: application/json'"


async def _serve(sandbox: Sandbox, as_json: bool) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(signal_number, ended.set)
        except NotImplementedError:  # Windows
            signal.signal(signal_number, lambda *_: loop.call_soon_threadsafe(ended.set))
    async with sandbox:
        text = json.dumps(sandbox.credentials) if as_json else "\n".join(_facts(sandbox))
        sys.stdout.write(f"{text}\n")
        # A parent process waits for this line on a pipe, which would hold it back.
        sys.stdout.flush()
        await ended.wait()


def _facts(sandbox: Sandbox) -> list[str]:
    lines = [f"The sandbox listens at {sandbox.base_url}. Stop it with Ctrl+C."]
    for name, vendor in sandbox.vendors.items():
        lines += ["", name, *_listed(vendor.credentials(), "  ")]
        for title, command in vendor.examples():
            lines += ["", f"  # {title}", f"  {command}"]
    lines += [
        "",
        "sandbox",
        "",
        "  # what came in",
        f"  curl {sandbox.base_url}/_sandbox/requests",
        "",
        "  # the next call is slow",
        f"""  curl {_JSON} -d '{{"kind": "latency", "seconds": 2, "times": 1}}' {sandbox.base_url}/_sandbox/faults""",
        "",
        "  # back to the first state",
        f"  curl -X POST {sandbox.base_url}/_sandbox/reset",
    ]
    return lines


def _listed(values: dict[str, Any], indent: str) -> list[str]:
    lines = []
    for name, value in values.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}", *_listed(value, indent + "  ")]
        else:
            lines.append(f"{indent}{name:<16} {value}")
    return lines
