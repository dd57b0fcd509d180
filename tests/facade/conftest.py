"""A server on the loopback interface, scripts in child processes that talk to it, and a made-up vendor package."""

from __future__ import annotations

import asyncio
import importlib
import os
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

from nusantara import syncgen
from nusantara.portal import Portal

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


@pytest.fixture
def portal() -> Iterator[Portal]:
    with closing(Portal()) as own:
        yield own


Start = Callable[..., "subprocess.Popen[str]"]

PREAMBLE = """
import asyncio, os, sys, threading, time
import aiohttp
from nusantara.portal import Portal, shared
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


def finish(child: subprocess.Popen[str], *, within: float = 20.0, code: int = 0) -> str:
    """Wait for the end of a script that must leave its standard error empty; returns its standard output."""
    output, errors = child.communicate(timeout=within)
    assert errors == ""
    assert child.returncode == code, output
    return output


@pytest.fixture(name="finish")
def finish_fixture() -> Callable[..., Any]:
    return finish


# --- A vendor package

TOY = {
    "__init__.py": "",
    "kinds.py": """
        from __future__ import annotations

        import enum


        class Colour(enum.StrEnum):
            RED = "red"
            BLUE = "blue"
        """,
    "client.py": '''
        """The toy client."""

        from __future__ import annotations

        import os
        from functools import cached_property
        from typing import TYPE_CHECKING, Any, Self, Unpack

        from nusantara.asyncmark import async_only
        from nusantara.auth import HeaderAuth
        from nusantara.client import AsyncClient, Settings
        from nusantara.secret import Secret

        if TYPE_CHECKING:
            from collections.abc import AsyncIterator

            from toy_async.groups.teams import Teams
            from toy_async.notes import Notes

        __all__ = ["AsyncToy"]


        class AsyncToy(AsyncClient):
            """A vendor that does not exist.

            Args:
                key: Secret of the user.
                base_url: Where it is.
            """

            vendor = "toy"

            def __init__(self, key: Secret | str, *, base_url: str | None = None, **settings: Unpack[Settings]) -> None:
                """Open nothing yet."""
                super().__init__(base_url or "https://toy.example", HeaderAuth({"X-Key": key}), settings)
                self.colours: tuple[str, ...] = ("red", "blue")

            @classmethod
            def from_env(cls, **settings: Unpack[Settings]) -> Self:
                """A client from ``TOY_KEY`` and ``TOY_BASE_URL``."""
                return cls(os.environ["TOY_KEY"], base_url=os.environ["TOY_BASE_URL"], **settings)

            @cached_property
            def notes(self) -> Notes:
                """Notes, short ones."""
                from toy_async.notes import Notes

                return Notes(self)

            @cached_property
            def teams(self) -> Teams:
                """Teams."""
                from toy_async.groups.teams import Teams

                return Teams(self)

            @property
            def shouted(self) -> str:
                """The vendor's name in capitals."""
                return self.vendor.upper()

            @async_only
            def events(self) -> AsyncIterator[Any]:
                raise NotImplementedError

            async def _fetch(self, path: str) -> dict[str, str]:
                answer: dict[str, str] = (await self.request("GET", path)).json()
                return answer
        ''',
    "notes.py": '''
        """Notes."""

        from __future__ import annotations

        import datetime as dt
        from collections.abc import Mapping, Sequence
        from typing import TYPE_CHECKING, Literal, TypeVar

        from nusantara.client import Resource
        from nusantara.pagination import Page, Pager
        from nusantara.request import Params
        from toy_async.kinds import Colour

        if TYPE_CHECKING:
            from decimal import Decimal

            from toy_async.client import AsyncToy

        __all__ = ["Notes"]

        T = TypeVar("T")

        DEFAULT_SIZE = 3
        Order = Literal["old", "new"]


        class _Base(Resource):
            _client: AsyncToy

            async def ping(self) -> None:
                """Inherited from a private base."""
                await self._client.request("GET", "/ping")


        class Notes(_Base):
            """Short texts."""

            async def get(self, number: int, /) -> dict[str, str]:
                """Read one.

                ``GET /notes`` - a line that is long enough to be broken by a formatter if it looked at docstrings.
                """
                answer = await self._client.request("GET", "/notes", params={"number": number})
                document: dict[str, str] = answer.json()
                return document

            async def create(
                self,
                text: str,
                *tags: str,
                colour: Colour = Colour.RED,
                order: Literal["first", "last"] = "last",
                when: dt.datetime | None = None,
                price: Decimal | None = None,
                extra: Mapping[str, str] | None = None,
            ) -> tuple[str, ...]:
                """Write one."""
                params: Params = {"text": text, "tags": list(tags), "colour": colour, "order": order}
                answer = await self._client.request("POST", "/notes", params=params)
                return tuple(str(part) for part in sorted(answer.json().items()))

            def all(self, *, size: int = DEFAULT_SIZE, order: Order = "new", limit: int = 5) -> Pager[int]:
                """List the numbers of all notes."""

                async def fetch(token: str | None) -> Page[int]:
                    start = int(token or 0)
                    await self._client.request("GET", "/list", params={"start": start})
                    after = start + size
                    return Page(items=list(range(start, min(after, limit))), next=str(after) if after < limit else None)

                return Pager(fetch)

            async def cast(self, into: type[T], values: Sequence[str]) -> list[T]:
                """Make something of each value."""
                return [into(value) for value in values]  # type: ignore[call-arg]

            async def fail(self) -> None:
                await self._client.request("GET", "/gone")

            async def hold(self, seconds: float = 30) -> dict[str, str]:
                """Wait for an answer."""
                answer = await self._client.request("GET", "/hold", params={"seconds": seconds})
                document: dict[str, str] = answer.json()
                return document

            def where(self, number: int) -> str:
                """Address of a note."""
                return f"{self._client.base_url}/notes/{number}"

            @staticmethod
            def parse(text: str) -> int:
                return int(text)
        ''',
    "groups/__init__.py": "",
    "groups/teams.py": '''
        """Teams and who is in them."""

        from __future__ import annotations

        from functools import cached_property

        from nusantara.client import Resource

        __all__ = ["Players", "Teams"]


        class Players(Resource):
            """People in a team."""

            async def of(self, team: str) -> str:
                """Whoever is in a team."""
                answer = await self._client.request("GET", "/players", params={"team": team})
                name: str = answer.json()["team"]
                return name


        class Teams(Resource):
            """Teams."""

            @cached_property
            def players(self) -> Players:
                """People in a team."""
                return Players(self._client)
        ''',
}


def write_package(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"))


@pytest.fixture(scope="session")
def toy_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of ``toy_async``, a vendor package with its sync twin, importable for the whole session."""
    root = tmp_path_factory.mktemp("toy")
    write_package(root / "toy_async", TOY)
    sys.path.insert(0, str(root))
    importlib.invalidate_caches()
    try:
        assert syncgen.main(["toy_async"]) == 0
        importlib.invalidate_caches()
        yield root
    finally:
        sys.path.remove(str(root))
        for name in [name for name in sys.modules if name.partition(".")[0] == "toy_async"]:
            del sys.modules[name]
