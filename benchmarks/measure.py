"""Turns of several contenders, and what they say: ratios to a reference that was measured in the same moments.

In a lap everybody has a turn, A B C, then comes the next lap, A B C. The first lap of a start is thrown away. A ratio
is taken within a lap, where the machine was in the same mood for both; the median over the laps stands for a start, the
median over the starts for the run. The reference takes part twice, as two processes: how far these two differ is the
noise, and where they differ by more than :data:`VOID_FROM` the run says nothing.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from http.client import HTTPConnection

import attrs

from benchmarks.answers import INBOXES
from benchmarks.contenders import Spec
from benchmarks.processes import Child, ChildFailed
from benchmarks.server import CLOCK_PATH

__all__ = [
    "AGAIN",
    "VOID_FROM",
    "Column",
    "Effort",
    "Figure",
    "Lap",
    "Run",
    "Section",
    "Server",
    "contest",
    "section",
    "tell",
]

VOID_FROM = 0.05
AGAIN = "the reference, again"
PATIENCE = 60.0
"""Seconds that a turn may take longer than asked for."""

Lap = Mapping[str, float]
"""What a turn of each contender came to, in seconds or MB."""


@attrs.frozen(slots=True, kw_only=True)
class Effort:
    """How long to measure."""

    starts: int
    """Fresh starts of every process."""
    laps: int
    """Laps that count, in each start."""
    seconds: float
    """Length of a turn of a contender that makes calls."""
    function_seconds: float
    """Length of a turn of a single function."""


@attrs.frozen(slots=True, kw_only=True)
class Figure:
    """What a contender came to in a column."""

    ratio: float
    """To the reference; the median."""
    low: float
    """The lowest ratio of a single lap."""
    high: float
    value: float
    """The quantity itself, in the section's unit; the median. It belongs to the machine of the run."""


@attrs.frozen(slots=True, kw_only=True)
class Section:
    """One table."""

    title: str
    reference: str
    unit: str
    rows: dict[str, dict[str, Figure]]
    """Figures by contender and column; the reference is the first."""
    noise: dict[str, float]
    """By column, how far the reference was from its own twin, as a share."""
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Who could not take part, and why."""
    failed: tuple[str, ...] = ()
    """Who took part and broke, and where."""

    @property
    def columns(self) -> list[str]:
        return list(self.noise)

    @property
    def void(self) -> list[str]:
        """Columns that say nothing."""
        return [column for column, noise in self.noise.items() if noise > VOID_FROM]


class Server:
    """The benchmark server's process, as the controller sees it."""

    def __init__(self, process: Child) -> None:
        self._port = process.read(PATIENCE)["port"]
        self.base_url = f"http://127.0.0.1:{self._port}"

    def clock(self) -> float:
        """CPU seconds that the server has used."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            connection.request("GET", CLOCK_PATH)
            return float(connection.getresponse().read())
        finally:
            connection.close()


@attrs.frozen(slots=True, kw_only=True)
class Run:
    """What every measurement gets."""

    effort: Effort
    server: Server


@attrs.frozen(slots=True)
class Column:
    """An answer and a number of calls in flight (or of threads)."""

    inbox: str
    concurrency: int

    def __str__(self) -> str:
        return f"{self.inbox}, {self.concurrency}"


def section(
    title: str,
    unit: str,
    scale: float,
    columns: Mapping[str, Sequence[Sequence[Lap]]],
) -> Section:
    """Compare laps.

    Args:
        unit: Of the values that are shown.
        scale: What a lap's value is multiplied by to get them.
        columns: Starts, and in them the laps, by column. The first name of a lap is the reference; :data:`AGAIN` is
            its twin.
    """
    rows: dict[str, dict[str, Figure]] = {}
    noise: dict[str, float] = {}
    reference = ""
    for column, starts in columns.items():
        reference, *_ = starts[0][0]
        for name in starts[0][0]:
            # One that failed in a later start has fewer of them.
            laps = [[lap for lap in start if name in lap] for start in starts]
            figure = _figure([start for start in laps if start], name, reference, scale)
            if name == AGAIN:
                noise[column] = abs(figure.ratio - 1)
            else:
                rows.setdefault(name, {})[column] = figure
    return Section(title=title, reference=reference, unit=unit, rows=rows, noise=noise)


def _figure(starts: Sequence[Sequence[Lap]], name: str, reference: str, scale: float) -> Figure:
    ratios = [[lap[name] / lap[reference] for lap in start] for start in starts]
    return Figure(
        ratio=statistics.median(statistics.median(start) for start in ratios),
        low=min(min(start) for start in ratios),
        high=max(max(start) for start in ratios),
        value=scale * statistics.median(statistics.median(lap[name] for lap in start) for start in starts),
    )


@attrs.define(slots=True)
class _Starts:
    """The laps of all starts, by column."""

    cpu: dict[str, list[list[Lap]]] = attrs.field(factory=dict)
    wall: dict[str, list[list[Lap]]] = attrs.field(factory=dict)
    memory: list[list[Lap]] = attrs.field(factory=list)
    busy: dict[str, float] = attrs.field(factory=dict)
    """The greatest share of its core that the server used, by contender."""
    missing: dict[str, str] = attrs.field(factory=dict)
    """What is not installed, by contender."""
    failed: list[str] = attrs.field(factory=list)

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(f"{name}: {package} is not installed" for name, package in self.missing.items() if name != AGAIN)


def contest(run: Run, title: str, specs: Sequence[Spec], columns: Sequence[Column]) -> list[Section]:
    """Have contenders make calls; the first one is the reference. Gives CPU and wall time per call, and memory."""
    taken = _Starts()
    for number in range(run.effort.starts):
        tell(f"{title}: start {number + 1} of {run.effort.starts}")
        with ExitStack() as stack:
            contenders = _started(run, stack, specs, taken)
            if AGAIN not in contenders:
                return [
                    Section(title=title, reference=specs[0].name, unit="us", rows={}, noise={}, missing=taken.reasons)
                ]
            for column in columns:
                laps = _laps(run, contenders, column, taken)
                taken.cpu.setdefault(str(column), []).append(
                    [{n: turn["cpu"] for n, turn in lap.items()} for lap in laps]
                )
                taken.wall.setdefault(str(column), []).append(
                    [{n: turn["wall"] for n, turn in lap.items()} for lap in laps]
                )
            taken.memory.append([{name: turn["peak_rss"] for name, turn in laps[-1].items()}])
    busiest, share = max(taken.busy.items(), key=lambda item: item[1])
    others = max((share for name, share in taken.busy.items() if name != busiest), default=0.0)
    return [
        attrs.evolve(
            section(f"{title}: CPU per call", "us", 1e6, taken.cpu),
            notes=(
                f"The server used at most {share:.0%} of its core (for: {busiest}), and {others:.0%} for any other.",
            ),
            missing=taken.reasons,
            failed=tuple(taken.failed),
        ),
        section(f"{title}: wall time per call", "us", 1e6, taken.wall),
        section(f"{title}: peak memory", "MB", 1.0, {"MB": taken.memory}),
    ]


def _started(run: Run, stack: ExitStack, specs: Sequence[Spec], taken: _Starts) -> dict[str, Child]:
    """The contenders that are there, each seen to read the answers right."""
    contenders: dict[str, Child] = {}
    for name, spec in [*((spec.name, spec) for spec in specs), (AGAIN, specs[0])]:
        child = stack.enter_context(Child("benchmarks.contenders.worker"))
        who = {
            "module": spec.module,
            "needs": spec.needs,
            "hidden": spec.hidden,
            "loop": spec.loop,
            "base_url": run.server.base_url,
        }
        missing = child.ask(who, PATIENCE).get("missing")
        if missing is not None:
            taken.missing[name] = missing
            continue
        for inbox in INBOXES.values():
            shown = child.ask({"inbox": inbox.name, "concurrency": 1, "seconds": 0}, PATIENCE)["rows"]
            if shown != inbox.rows():
                raise ChildFailed(f"{name} does not read the {inbox.name} answer right")
        contenders[name] = child
    return contenders


def _laps(run: Run, contenders: dict[str, Child], column: Column, taken: _Starts) -> list[dict[str, dict[str, float]]]:
    laps: list[dict[str, dict[str, float]]] = []
    for _ in range(1 + run.effort.laps):
        lap: dict[str, dict[str, float]] = {}
        for name, child in list(contenders.items()):
            try:
                lap[name] = _turn(run, child, column)
            except ChildFailed as error:
                if name == AGAIN or not lap:
                    raise  # Without the reference nothing can be said.
                taken.failed.append(f"{name} at {column}: {error}")
                del contenders[name]
                continue
            taken.busy[name] = max(taken.busy.get(name, 0.0), lap[name]["busy"])
        laps.append(lap)
    return laps[1:]


def _turn(run: Run, child: Child, column: Column) -> dict[str, float]:
    before = run.server.clock()
    asked = {"inbox": column.inbox, "concurrency": column.concurrency, "seconds": run.effort.seconds}
    taken = child.ask(asked, run.effort.seconds + PATIENCE)
    served = run.server.clock() - before
    count = taken["count"]
    # The contender warms up with one call for each in flight, which the server serves, too.
    busy = served * count / (count + column.concurrency) / taken["wall"]
    return {
        "cpu": taken["cpu"] / count,
        "wall": taken["wall"] / count,
        "peak_rss": taken["peak_rss"],
        "busy": busy,
    }


def tell(what: str) -> None:
    """Say how far the run is; standard output is for the result."""
    print(what, file=sys.stderr, flush=True)
