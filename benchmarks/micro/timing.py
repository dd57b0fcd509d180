"""Functions timed in turns, in a process of their own.

A group is a function that returns functions by name, the reference first. It is called in that process, so that it may
import what it likes, and checks what the functions return before it hands them out.
"""

from __future__ import annotations

import gc
import importlib
import time
from collections.abc import Callable, Sequence

import attrs

from benchmarks.errand import run_errand
from benchmarks.figures import AGAIN, Lap, Section, section
from benchmarks.installs import BASE, INSTALLS, Install, missing_package
from benchmarks.processes import ChildFailed
from benchmarks.run import Run

__all__ = ["Cases", "Group", "Timing", "time_groups"]

Cases = dict[str, Callable[[], object]]

EXTRA_LAPS = 3
"""Laps beyond those of whole calls; these are short."""


@attrs.frozen(slots=True)
class Group:
    """A column."""

    column: str
    function: str
    """``module:name`` of the function that returns the cases."""
    install: Install = BASE


@attrs.define(slots=True)
class Timing:
    """A measurement of functions."""

    key: str
    title: str
    groups: Sequence[Group]
    quick: bool = attrs.field(default=True, init=False)
    once: bool = attrs.field(default=False, init=False)
    _laps: dict[str, list[list[Lap]]] = attrs.field(factory=dict, init=False)
    _missing: dict[str, None] = attrs.field(factory=dict, init=False)
    _failed: dict[str, None] = attrs.field(factory=dict, init=False)

    def start(self, run: Run) -> None:
        for install in INSTALLS.values():
            groups = [group for group in self.groups if group.install is install]
            if not groups:
                continue
            missing = missing_package(install.packages)
            if missing is not None:
                self._missing[f"{'; '.join(group.column for group in groups)}: {missing} is not installed"] = None
                continue
            arguments = {
                "functions": [group.function for group in groups],
                "laps": run.effort.laps + EXTRA_LAPS,
                "seconds": run.effort.function_seconds,
            }
            try:
                found = run_errand("benchmarks.micro.timing:time_groups", arguments, install=install)
            except ChildFailed as error:
                self._failed[f"{'; '.join(group.column for group in groups)}: {error}"] = None
                continue
            for group in groups:
                self._laps.setdefault(group.column, []).append(found[group.function])

    def sections(self) -> list[Section]:
        return [
            attrs.evolve(
                section(self.key, f"{self.title}: CPU", "us", 1e6, self._laps),
                missing=tuple(self._missing),
                failed=tuple(self._failed),
            )
        ]


def time_groups(functions: Sequence[str], laps: int, seconds: float) -> dict[str, list[Lap]]:
    """CPU seconds per call of the functions of each group, in laps."""
    return {function: _time_group(function, laps, seconds) for function in functions}


def _time_group(function: str, laps: int, seconds: float) -> list[Lap]:
    module, _, name = function.partition(":")
    cases: Cases = getattr(importlib.import_module(module), name)()
    cases[AGAIN] = next(iter(cases.values()))
    times = {name: _times(case, seconds) for name, case in cases.items()}
    taken: list[Lap] = []
    for _ in range(1 + laps):
        gc.collect()
        taken.append({name: _seconds(case, times[name]) / times[name] for name, case in cases.items()})
    return taken[1:]


def _seconds(function: Callable[[], object], times: int) -> float:
    before = time.process_time()
    for _ in range(times):
        function()
    return time.process_time() - before


def _times(function: Callable[[], object], seconds: float) -> int:
    """How often to call a function to fill a turn."""
    times = 1
    while (taken := _seconds(function, times)) < seconds / 8:
        times *= 2
    return max(1, round(times * seconds / taken))
