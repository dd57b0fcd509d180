"""Scripts in processes of their own, under ``-W error -X dev``, and a loopback server for them to talk to."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

__all__ = ["Finish", "Server", "Start", "child_environment", "finish", "finish_fixture", "server", "start"]

ROOT = Path(__file__).resolve().parents[2]


class Server:
    """Answers in a thread of its own.

    ``/hold?seconds=`` takes its time and notes a caller that goes away; ``/gone`` is 404; the rest gives its query.
    """

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.holding = threading.Semaphore(0)
        """Released once for each ``/hold`` that has begun."""
        self.gone_at: list[float] = []
        """When a caller of ``/hold`` went away before its answer, by ``time.monotonic``."""
        self.gone = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="test-server")
        self._thread.start()
        assert self._ready.wait(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    def connections(self) -> int:
        """Connections that callers hold open now."""
        return len(self._runner.server.connections)  # type: ignore[union-attr]

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        app = web.Application()
        app.router.add_route("*", "/hold", self._hold)
        app.router.add_route("*", "/{path:.*}", self._echo)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port: int = self._runner.addresses[0][1]
        self._ready.set()
        await self._over.wait()
        await self._runner.cleanup()

    async def _echo(self, request: web.Request) -> web.Response:
        self.requests.append(request.path_qs)
        if request.path == "/gone":
            raise web.HTTPNotFound
        return web.json_response(dict(request.query))

    async def _hold(self, request: web.Request) -> web.Response:
        self.requests.append(request.path_qs)
        self.holding.release()
        try:
            await asyncio.sleep(float(request.query.get("seconds", "30")))
        except asyncio.CancelledError:
            self.gone_at.append(time.monotonic())
            self.gone.set()
            raise
        return web.json_response(dict(request.query))


@pytest.fixture
def server() -> Iterator[Server]:
    with closing(Server()) as running:
        yield running


Start = Callable[..., "subprocess.Popen[str]"]

PREAMBLE = """
import asyncio, os, sys, threading, time
import aiohttp
from nusantara.sync.portal import Portal, shared
URL = os.environ.get("TEST_URL", "")
async def fetch(path):
    async with aiohttp.ClientSession() as session, session.get(URL + path) as response:
        return await response.json()
def in_child(act, limit=5.0):
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            code = act() or 0
        except BaseException:
            import traceback
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    until = time.monotonic() + limit
    while time.monotonic() < until:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    return "hangs"
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a script under ``-W error -X dev``; :func:`finish` waits for it."""
    children: list[subprocess.Popen[str]] = []

    def start(source: str, *, url: str = "", env: dict[str, str] | None = None) -> subprocess.Popen[str]:
        script = tmp_path / f"script{len(children)}.py"
        # From 3.12 on a fork beside other threads is itself a warning; forking there is what these tests are about.
        forking = 'import warnings\nwarnings.filterwarnings("ignore", ".*fork.*", DeprecationWarning)\n'
        script.write_text(forking + PREAMBLE + textwrap.dedent(source))
        child = subprocess.Popen(
            [sys.executable, "-W", "error", "-X", "dev", str(script)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=child_environment(TEST_URL=url, **(env or {})),
            start_new_session=True,
        )
        children.append(child)
        return child

    yield start
    for child in children:
        # What a failed test has forked would otherwise keep the pipes open.
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


def child_environment(**more: str) -> dict[str, str]:
    path = os.pathsep.join([str(ROOT / "common"), str(ROOT), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path, **more}


_SLOW = re.compile(r"^Executing <.*> took [\d.]+ seconds\n", re.MULTILINE)
"""What asyncio's debug mode says of a busy machine."""


def finish(child: subprocess.Popen[str], *, within: float = 20.0, code: int = 0) -> str:
    """Wait for the end of a script that must leave its standard error empty; returns its standard output."""
    output, errors = child.communicate(timeout=within)
    errors = _SLOW.sub("", errors)
    assert errors == "", errors
    assert child.returncode == code, output
    return output


Finish = Callable[..., str]


@pytest.fixture(name="finish")
def finish_fixture() -> Callable[..., Any]:
    return finish
