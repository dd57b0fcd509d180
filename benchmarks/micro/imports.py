"""What it costs to import this SDK and to make the first client, next to ``import aiohttp``."""

from __future__ import annotations

import importlib.util
import resource
import subprocess
import sys

import attrs

from benchmarks.measure import AGAIN, Lap, Run, Section, section, tell
from benchmarks.processes import ROOT, pinned

__all__ = ["measure"]

_NOTHING = "pass"
_CLIENT = "(1, 'token', base_url='http://127.0.0.1:9')"
_PROGRAMS = {
    "import aiohttp": "import aiohttp",
    "import bukalapak_async": "import bukalapak_async",
    "import qiscus_async": "import qiscus_async",
    "import kaskus_async": "import kaskus_async",
    "first KASKUS client": "from kaskus_async import AsyncKaskus; AsyncKaskus('key', 'secret').threads",
    "first async client": f"from bukalapak_async import AsyncBukalapak; AsyncBukalapak{_CLIENT}",
    "first sync client": f"from bukalapak_async import Bukalapak; Bukalapak{_CLIENT}",
    "import requests": "import requests",
    "import httpx": "import httpx",
    AGAIN: "import aiohttp",
}
_PEERS = ("requests", "httpx")


def measure(run: Run) -> list[Section]:
    """CPU of a new interpreter that does it, less that of one that does nothing."""
    tell("Import")
    missing = [peer for peer in _PEERS if importlib.util.find_spec(peer) is None]
    programs = {name: program for name, program in _PROGRAMS.items() if name.removeprefix("import ") not in missing}
    with pinned(1):
        laps = [_lap(programs) for _ in range(1 + run.effort.laps)][1:]
    compared = section("Import: CPU above a bare interpreter", "ms", 1e3, {"import": [laps]})
    return [attrs.evolve(compared, missing=tuple(f"{peer}: not installed" for peer in missing))]


def _lap(programs: dict[str, str]) -> Lap:
    nothing = _cpu(_NOTHING)
    return {name: _cpu(program) - nothing for name, program in programs.items()}


def _cpu(program: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], cwd=ROOT, check=True, timeout=60, start_new_session=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
