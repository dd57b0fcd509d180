"""What it costs to import this SDK and to make the first client, next to ``import aiohttp``."""

from __future__ import annotations

import importlib.util
import resource
import subprocess
import sys

import attrs

from benchmarks.figures import AGAIN, Lap, Section, section
from benchmarks.processes import ROOT, environment, pinned
from benchmarks.run import Run

__all__ = ["COLUMN", "KEY", "Imports"]

KEY = "import"
COLUMN = "import"

LAPS_OF_ONE = 2
"""Laps for each lap of whole calls: here each is a fresh start by itself."""

_PLACE = "base_url='http://127.0.0.1:9'"
_KASKUS = f"from kaskus_async import AsyncKaskus; kaskus = AsyncKaskus('kunci', 'rahasia', {_PLACE})"
_EVERY_GROUP = (
    "import functools; from kaskus_async.fjb.groups import Fjb; "
    "touch = lambda one: [getattr(one, name) for name, member in vars(type(one)).items()"
    " if isinstance(member, functools.cached_property)]; touch(kaskus); touch(kaskus.fjb)"
)
_COUNT = "; import sys; print(sum(name.startswith('kaskus_async.') for name in sys.modules))"

_PROGRAMS = {
    "import aiohttp": "import aiohttp",
    "import qiscus_async": "import qiscus_async",
    "import kaskus_async": "import kaskus_async",
    "import bukalapak_async": "import bukalapak_async",
    "first Qiscus client": f"from qiscus_async import AsyncQiscus; AsyncQiscus('toko', 'kunci', {_PLACE}).messages",
    "first KASKUS client": f"{_KASKUS}; kaskus.threads",
    "first Bukalapak client": (
        f"from bukalapak_async import AsyncBukalapak; AsyncBukalapak('1', 'kunci', {_PLACE}).messages"
    ),
    "first sync Qiscus client": f"from qiscus_async import Qiscus; Qiscus('toko', 'kunci', {_PLACE}).messages",
    "KASKUS client with every group": f"{_KASKUS}; {_EVERY_GROUP}",
    "import requests": "import requests",
    "import httpx": "import httpx",
    AGAIN: "import aiohttp",
}
"""The clients are made, and the group of operations that is used is looked up."""
_PEERS = ("requests", "httpx")


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
            name: program
            for name, program in _PROGRAMS.items()
            if name.removeprefix("import ") not in self._missing
            and not (run.effort.quick and name in ("import requests", "import httpx", "first sync Qiscus client"))
        }
        laps = 1 + (run.effort.laps if run.effort.quick else run.effort.laps * LAPS_OF_ONE)
        with pinned(1):
            self._laps = [_lap(programs) for _ in range(laps)][1:]
            few, many = (int(_run(_PROGRAMS[name] + _COUNT)) for name in _COUNTED)
        self._notes = [f"With one group a KASKUS program loads {few} of its modules, with every group {many}."]

    def sections(self) -> list[Section]:
        return [
            attrs.evolve(
                section(self.key, f"{self.title}: CPU above a bare interpreter", "ms", 1e3, {COLUMN: [self._laps]}),
                notes=tuple(self._notes),
                missing=tuple(f"{peer}: it is not installed" for peer in self._missing),
            )
        ]


_COUNTED = ("first KASKUS client", "KASKUS client with every group")


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
