"""Functions timed in turns, in a process of their own.

A module that wants this has a function ``cases()`` that returns functions by name, the reference first. It is called
in that process, so that it may import what it likes, and checks what the functions return before it hands them out.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from collections.abc import Callable, Sequence

from benchmarks.measure import AGAIN, PATIENCE, Lap, Run
from benchmarks.processes import Child, end_in_time, pin

__all__ = ["Cases", "main", "timed"]

Cases = dict[str, Callable[[], object]]


def timed(run: Run, module: str, *, hidden: Sequence[str] = ()) -> list[list[Lap]]:
    """CPU seconds per call of the functions of ``module``, in laps, by start.

    Args:
        hidden: Packages that the process must not find.
    """
    effort = run.effort
    asked = {"module": module, "hidden": hidden, "laps": effort.laps, "seconds": effort.function_seconds}
    starts: list[list[Lap]] = []
    for _ in range(effort.starts):
        with Child("benchmarks.micro.timing") as child:
            starts.append(child.ask(asked, PATIENCE)["laps"])
    return starts


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


def main() -> None:
    """Answer one question."""
    end_in_time()
    pin(1)
    asked = json.loads(sys.stdin.readline())
    for name in asked["hidden"]:
        sys.modules[name] = None  # type: ignore[assignment]
    cases: Cases = importlib.import_module(asked["module"]).cases()
    cases[AGAIN] = next(iter(cases.values()))
    times = {name: _times(function, asked["seconds"]) for name, function in cases.items()}
    laps = []
    for _ in range(1 + asked["laps"]):
        lap = {}
        for name, function in cases.items():
            gc.collect()
            lap[name] = _seconds(function, times[name]) / times[name]
        laps.append(lap)
    print(json.dumps({"laps": laps[1:]}), flush=True)


if __name__ == "__main__":
    main()
