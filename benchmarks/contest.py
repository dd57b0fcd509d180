"""Contenders that make whole calls, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from benchmarks.contenders import Spec
from benchmarks.figures import AGAIN, Lap, Section, section
from benchmarks.pool import Absent, Contender
from benchmarks.processes import ChildFailed
from benchmarks.run import Run, tell

__all__ = ["Column", "Contest", "Turn"]

SECONDS_EACH = 0.00015
"""What a turn lasts at least for each call in flight, so that every place has its share of calls."""
WARMING = 0.25
"""Length of a turn in the lap that is thrown away, as a share of the others."""


@attrs.frozen(slots=True)
class Turn:
    """Somebody's part in a lap."""

    spec: Spec
    operation: str
    concurrency: int = attrs.field(kw_only=True)
    """Calls in flight, or threads."""
    name: str = attrs.field(kw_only=True)
    """In the table."""
    inside_loop: bool = attrs.field(default=False, kw_only=True)
    """See :meth:`~benchmarks.pool.Contender.turn`, as for ``variables``."""
    variables: Mapping[str, str] = attrs.field(factory=dict, kw_only=True)
    often: bool = attrs.field(default=True, kw_only=True)
    """Whether it has a turn in every lap, or in every other."""
    quick: bool = attrs.field(default=True, kw_only=True)
    """Whether it is part of a quick run."""

    @name.default
    def _name_of_the_contender(self) -> str:
        return self.spec.name


@attrs.frozen(slots=True)
class Column:
    """Turns that are compared with the first of them."""

    name: str
    turns: tuple[Turn, ...]
    quick: bool = attrs.field(default=True, kw_only=True)
    """Whether it is part of a quick run."""
    laps: float = attrs.field(default=1.0, kw_only=True)
    """How many laps, as a multiple of the usual; more are for a full run only. With fewer than usual, because each is
    long by itself, none is thrown away."""
    differences: Mapping[str, tuple[str, str]] = attrs.field(factory=dict, kw_only=True)
    """Rows that are what the first of two others took beyond the second."""


@attrs.define(slots=True)
class Contest:
    """A measurement made of columns."""

    key: str
    title: str
    columns: Sequence[Column]
    quick: bool = attrs.field(default=True, kw_only=True)
    once: bool = attrs.field(default=False, init=False)
    wall: bool = attrs.field(default=False, kw_only=True)
    """Whether to show how long calls took, too."""
    _cpu: dict[str, list[list[Lap]]] = attrs.field(factory=dict, init=False)
    _wall: dict[str, list[list[Lap]]] = attrs.field(factory=dict, init=False)
    _busy: dict[str, float] = attrs.field(factory=dict, init=False)
    """The greatest share of its core that the server used, by row."""
    _missing: dict[str, str] = attrs.field(factory=dict, init=False)
    _failed: dict[str, None] = attrs.field(factory=dict, init=False)

    def start(self, run: Run) -> None:
        for column in self.columns:
            if column.quick or not run.effort.quick:
                self._measure(run, column)

    def _measure(self, run: Run, column: Column) -> None:
        laps = self._laps(run, column)
        if not laps:
            return
        tell(f"  {column.name}")
        cpu: list[dict[str, float]] = [{name: taken["cpu"] for name, taken in lap.items()} for lap in laps]
        for lap in cpu:
            for name, (more, less) in column.differences.items():
                if more in lap and less in lap:
                    lap[name] = lap[more] - lap[less]
        self._cpu.setdefault(column.name, []).append(list(cpu))
        wall: list[Lap] = [{name: taken["wall"] for name, taken in lap.items()} for lap in laps]
        self._wall.setdefault(column.name, []).append(wall)

    def _laps(self, run: Run, column: Column) -> list[dict[str, dict[str, float]]]:
        """Counted laps; none if the reference is not there."""
        reference = column.turns[0]
        turns: list[tuple[Turn, Contender]] = []
        for turn in (*column.turns, attrs.evolve(reference, name=AGAIN)):
            if run.effort.quick and not turn.quick:
                continue
            try:
                contender = run.pool.get(turn.spec, twin=turn.name == AGAIN)
                contender.prove(turn.operation, turn.variables)
            except Absent as absent:
                self._missing[turn.name] = str(absent)
                if turn is reference:
                    return []
            except ChildFailed as error:
                if self._fail(column, turn, error):
                    return []
            else:
                turns.append((turn, contender))
        laps: list[dict[str, dict[str, float]]] = []
        counted = run.effort.laps * (min(1.0, column.laps) if run.effort.quick else column.laps)
        for number in range(1 if column.laps < 1 else 0, 1 + max(1, round(counted))):
            lap: dict[str, dict[str, float]] = {}
            for turn, contender in list(turns):
                if not turn.often and number and not number % 2:
                    continue
                seconds = max(run.effort.seconds, turn.concurrency * SECONDS_EACH) * (1 if number else WARMING)
                try:
                    taken = _take(run, contender, turn, seconds)
                except ChildFailed as error:
                    if self._fail(column, turn, error):
                        return []
                    turns.remove((turn, contender))
                    continue
                lap[turn.name] = taken
                self._busy[turn.name] = max(self._busy.get(turn.name, 0.0), taken["busy"])
            if number:
                laps.append(lap)
        return laps

    def _fail(self, column: Column, turn: Turn, error: ChildFailed) -> bool:
        """Write down who broke, and say whether it was the reference, without which nothing can be said."""
        self._failed[f"{turn.name} at {column.name}: {error}"] = None
        return turn.name in (column.turns[0].name, AGAIN)

    def sections(self) -> list[Section]:
        compared = attrs.evolve(
            section(self.key, f"{self.title}: CPU per call", "us", 1e6, self._cpu),
            reference=self.columns[0].turns[0].name,
            notes=(_server_note(self._busy),) if self._busy else (),
            missing=tuple(f"{name}: {reason}" for name, reason in self._missing.items()),
            failed=tuple(self._failed),
        )
        if not self.wall:
            return [compared]
        return [compared, section(f"{self.key} wall", f"{self.title}: wall time per call", "us", 1e6, self._wall)]


def _take(run: Run, contender: Contender, turn: Turn, seconds: float) -> dict[str, float]:
    before = run.server.clock()
    taken = contender.turn(
        turn.operation, turn.concurrency, seconds, inside_loop=turn.inside_loop, variables=turn.variables
    )
    served = run.server.clock() - before
    count = taken["count"]
    # The contender warms up with one call for each in flight, which the server serves, too.
    busy = served * count / (count + turn.concurrency) / taken["wall"]
    return {"cpu": taken["cpu"] / count, "wall": taken["wall"] / count, "busy": busy}


def _server_note(busy: Mapping[str, float]) -> str:
    shares = ", ".join(f"{name} {share:.0%}" for name, share in busy.items() if name != AGAIN)
    return f"The server's core was busy at most: {shares}."
