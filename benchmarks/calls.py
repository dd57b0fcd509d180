"""Whole calls, side by side."""

from __future__ import annotations

from benchmarks.contenders import ASYNC, SYNC
from benchmarks.measure import Column, Run, Section, contest

__all__ = ["measure_async", "measure_sync"]


def measure_async(run: Run) -> list[Section]:
    """Calls on an event loop, by answer and number in flight."""
    columns = [Column(inbox, concurrency) for inbox in ("1 KB", "20 KB") for concurrency in (1, 100)]
    return contest(run, "Async calls (answer, in flight)", ASYNC, columns)


def measure_sync(run: Run) -> list[Section]:
    """Calls that block their thread, by answer and number of threads that share one client."""
    columns = [Column(inbox, threads) for inbox in ("1 KB", "20 KB") for threads in (1, 8)]
    return contest(run, "Sync calls (answer, threads)", SYNC, columns)
