"""Running the sandbox as a program of its own."""

from __future__ import annotations

import argparse
import asyncio
import errno
import json
import signal
import sys
from collections.abc import Callable, Collection
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
    describe: Callable[[Sandbox], str] | None = None,
) -> int:
    """Run the sandbox until SIGINT or SIGTERM; the exit code.

    Prints how to connect: for a person, with ``as_json`` as one JSON object on the first line of standard output, or
    what ``describe`` makes of the running sandbox. ``hosts`` and ``origins`` are those of
    :class:`~nusantara.sandbox.Sandbox`.

    Raises:
        OSError: Standard output cannot be written; the sandbox has ended.
    """
    try:
        sandbox = Sandbox(host=host, port=port, hosts=hosts, origins=origins)
    except InvalidParameter as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return asyncio.run(_serve(sandbox, f"{host}:{port}", describe or (_as_json if as_json else _for_a_person)))


_JSON = "-H 'Content-Type: application/json'"


async def _serve(sandbox: Sandbox, address: str, describe: Callable[[Sandbox], str]) -> int:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(signal_number, ended.set)
        except NotImplementedError:  # Windows
            signal.signal(signal_number, lambda *_: loop.call_soon_threadsafe(ended.set))
    try:
        await sandbox.start()
    except OSError as error:
        advice = "; --port 0 takes a free port" if error.errno == errno.EADDRINUSE else ""
        sys.stderr.write(f"cannot listen on {address}: {error.strerror or error}{advice}\n")
        return 1
    try:
        sys.stdout.write(f"{describe(sandbox)}\n")
        # A parent process waits for this on a pipe, which would hold it back.
        sys.stdout.flush()
        await ended.wait()
    finally:
        await sandbox.stop()
    return 0


def _as_json(sandbox: Sandbox) -> str:
    return json.dumps(sandbox.credentials)


def _for_a_person(sandbox: Sandbox) -> str:
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
    return "\n".join(lines)


def _listed(values: dict[str, Any], indent: str) -> list[str]:
    lines = []
    for name, value in values.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}", *_listed(value, indent + "  ")]
        else:
            lines.append(f"{indent}{name:<16} {value}")
    return lines
