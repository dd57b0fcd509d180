"""A run and what it is made of: measurements, each made anew in every start."""

from __future__ import annotations

import sys
import time
from http.client import HTTPConnection
from typing import Protocol

import attrs

from benchmarks.figures import Section
from benchmarks.pool import Pool
from benchmarks.processes import PATIENCE, Child, ChildFailed
from benchmarks.site import CLOCK_PATH

__all__ = ["FULL", "QUICK", "Effort", "Measurement", "Run", "Server", "tell"]


@attrs.frozen(slots=True, kw_only=True)
class Effort:
    """How long to measure."""

    quick: bool
    """Whether to leave out what a first look does not need."""
    starts: int
    """Fresh starts of every process."""
    laps: int
    """Laps that count, in each start."""
    seconds: float
    """Length of a turn of a contender that makes calls."""
    function_seconds: float
    """Length of a turn of a single function."""


FULL = Effort(quick=False, starts=3, laps=4, seconds=0.07, function_seconds=0.03)
QUICK = Effort(quick=True, starts=1, laps=3, seconds=0.05, function_seconds=0.01)


class Server:
    """The benchmark server's process, as the controller sees it."""

    def __init__(self, process: Child) -> None:
        started = process.read(PATIENCE)
        self._port = started["port"]
        self.loop: str = started["loop"]
        self.base_url = f"http://127.0.0.1:{self._port}"

    def clock(self) -> float:
        """CPU seconds that the server has used.

        Raises:
            ChildFailed: It does not answer.
        """
        connection = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            connection.request("GET", CLOCK_PATH)
            return float(connection.getresponse().read())
        except OSError as error:
            raise ChildFailed(f"the server does not answer: {error}") from error
        finally:
            connection.close()


@attrs.frozen(slots=True, kw_only=True)
class Run:
    """What every measurement gets, for one start."""

    effort: Effort
    server: Server
    pool: Pool


class Measurement(Protocol):
    """Something to measure, which remembers what came of each start."""

    @property
    def key(self) -> str:
        """Unlike any other; begins with the group that it belongs to, see :func:`~benchmarks.figures.group_of`."""
        ...

    @property
    def title(self) -> str: ...

    @property
    def quick(self) -> bool:
        """Whether it is part of a quick run."""
        ...

    @property
    def once(self) -> bool:
        """Whether one start is enough."""
        ...

    def start(self, run: Run) -> None:
        """Measure in a fresh start."""
        ...

    def sections(self) -> list[Section]:
        """What came of all starts."""
        ...


def tell(what: str) -> None:
    """Say how far the run is, and after how many seconds; standard output is for the result."""
    print(f"{time.monotonic() - _BEGUN:5.0f}  {what}", file=sys.stderr, flush=True)


_BEGUN = time.monotonic()
