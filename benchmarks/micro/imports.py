"""What it costs to import this SDK and to make the first client, next to ``import aiohttp``."""

from __future__ import annotations

import importlib.util
import resource
import subprocess
import sys

import attrs

from benchmarks.answers import OPERATIONS
from benchmarks.figures import AGAIN, Lap, Section, section
from benchmarks.processes import ROOT, environment, pinned
from benchmarks.run import Run

__all__ = ["COLUMN", "KEY", "PROGRAMS", "Imports"]

KEY = "import"
COLUMN = "import"

EXTRA_LAPS = 2
"""Laps beyond those of whole calls. Here each is a fresh start by itself."""

_PLACE = "base_url='{place}'"
_KASKUS = f"from kaskus_async import AsyncKaskus; kaskus = AsyncKaskus('kunci', 'rahasia', {_PLACE})"
_QISCUS = f"from qiscus_async import AsyncQiscus; qiscus = AsyncQiscus('toko', 'kunci', {_PLACE})"
_EVERY_GROUP = """
import functools
from kaskus_async.fjb.groups import Fjb
for owner in (kaskus, kaskus.fjb):
    for name, member in vars(type(owner)).items():
        if isinstance(member, functools.cached_property):
            getattr(owner, name)
"""
_COUNT = "\nimport sys; print(sum(name.startswith('kaskus_async.') for name in sys.modules))"

AIOHTTP = "import aiohttp"
ONE_GROUP = "first KASKUS client"
EVERY_GROUP = "KASKUS client with every group"
PROGRAMS = {
    AIOHTTP: "import aiohttp",
    "import qiscus_async": "import qiscus_async",
    "import kaskus_async": "import kaskus_async",
    "import bukalapak_async": "import bukalapak_async",
    "first Qiscus client": f"{_QISCUS}; qiscus.messages",
    ONE_GROUP: f"{_KASKUS}; kaskus.threads",
    "first Bukalapak client": (
        f"from bukalapak_async import AsyncBukalapak; AsyncBukalapak('1', 'kunci', {_PLACE}).messages"
    ),
    EVERY_GROUP: f"{_KASKUS}{_EVERY_GROUP}",
    "first sync Qiscus client": f"from qiscus_async import Qiscus; Qiscus('toko', 'kunci', {_PLACE}).messages",
    "first aiohttp call": """
import aiohttp, asyncio, json
async def main():
    async with aiohttp.ClientSession() as session, session.get('{place}{path}') as response:
        json.loads(await response.read())
asyncio.run(main())
""",
    "first KASKUS call": f"""
import asyncio
{_KASKUS}
async def main():
    async with kaskus:
        await kaskus.threads.hot()
asyncio.run(main())
""",
    "import requests": "import requests",
    "import httpx": "import httpx",
    AGAIN: "import aiohttp",
}
"""The clients are made, and the group of operations that is used is looked up."""
_PEERS = ("requests", "httpx")
_QUICK = (AIOHTTP, *list(PROGRAMS)[1:7], AGAIN)


@attrs.define(slots=True)
class Imports:
    """CPU of a new interpreter that runs a program, less that of one that does nothing."""

    key: str = attrs.field(default=KEY, init=False)
    title: str = attrs.field(default="Import and first client", init=False)
    quick: bool = attrs.field(default=True, init=False)
    once: bool = attrs.field(default=True, init=False)
    _laps: list[Lap] = attrs.field(factory=list, init=False)
    _missing: list[str] = attrs.field(factory=list, init=False)
    _notes: list[str] = attrs.field(factory=list, init=False)

    def start(self, run: Run) -> None:
        self._missing = [peer for peer in _PEERS if importlib.util.find_spec(peer) is None]
        programs = {
            name: _program(run, name)
            for name in (_QUICK if run.effort.quick else PROGRAMS)
            if name.removeprefix("import ") not in self._missing
        }
        laps = run.effort.laps + (0 if run.effort.quick else EXTRA_LAPS)
        with pinned(1):
            self._laps = [_lap(programs) for _ in range(1 + laps)][1:]
            few, many = (int(_run(_program(run, name) + _COUNT)) for name in (ONE_GROUP, EVERY_GROUP))
        self._notes = [f"With one group a KASKUS program loads {few} of its modules, with every group {many}."]

    def sections(self) -> list[Section]:
        return [
            attrs.evolve(
                section(self.key, f"{self.title}: CPU above a bare interpreter", "ms", 1e3, {COLUMN: [self._laps]}),
                notes=tuple(self._notes),
                missing=tuple(f"{peer}: it is not installed" for peer in self._missing),
            )
        ]


def _program(run: Run, name: str) -> str:
    operation = OPERATIONS["hot threads 1 KB"]
    place = run.server.base_url + operation.base_path
    return PROGRAMS[name].replace("{place}", place).replace("{path}", operation.path)


def _lap(programs: dict[str, str]) -> Lap:
    nothing = _cpu("pass")
    return {name: _cpu(program) - nothing for name, program in programs.items()}


def _cpu(program: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _run(program)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _run(program: str) -> str:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=ROOT,
        env=environment(),
        check=True,
        timeout=60,
        start_new_session=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
