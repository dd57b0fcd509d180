"""Running the sandbox as a program of its own."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from typing import Any

from nusantara.sandbox.server import Sandbox

__all__ = ["serve"]


def serve(host: str = "127.0.0.1", port: int = 0, as_json: bool = False) -> int:
    """Run the sandbox until SIGINT or SIGTERM; the exit code.

    Prints how to connect: for a person, or with ``as_json`` as one JSON object on the first line of standard output.
    """
    try:
        asyncio.run(_serve(host, port, as_json))
    except OSError as error:
        sys.stderr.write(f"cannot listen on {host}:{port}: {error.strerror or error}\n")
        return 1
    return 0


async def _serve(host: str, port: int, as_json: bool) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(signal_number, ended.set)
        except NotImplementedError:  # Windows
            signal.signal(signal_number, lambda *_: loop.call_soon_threadsafe(ended.set))
    async with Sandbox(host=host, port=port) as sandbox:
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
        f"""  curl -d '{{"kind": "latency", "seconds": 2, "times": 1}}' {sandbox.base_url}/_sandbox/faults""",
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
