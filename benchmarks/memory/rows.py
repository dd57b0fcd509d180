"""An import of a million rows, and reading the rows of a fetched export: how much memory they take."""

from __future__ import annotations

from typing import Any

import attrs

from benchmarks.errand import run_errand
from benchmarks.figures import Section, section
from benchmarks.processes import PLAIN_HEAP, ChildFailed
from benchmarks.run import Run
from benchmarks.site import FILE_ROWS

__all__ = ["KEY", "Rows"]

KEY = "rows"
ROWS = 1_000_000
PATIENCE = 300.0


@attrs.define(slots=True)
class Rows:
    """Growth of the resident set and CPU, by themselves: there is nothing to compare them with."""

    key: str = attrs.field(default=KEY, init=False)
    title: str = attrs.field(default="A million rows", init=False)
    quick: bool = attrs.field(default=False, init=False)
    once: bool = attrs.field(default=True, init=False)
    _notes: list[str] = attrs.field(factory=list, init=False)
    _failed: list[str] = attrs.field(factory=list, init=False)

    def start(self, run: Run) -> None:
        base_url = run.server.base_url
        self._measure(
            f"import of {ROWS:,} comments",
            "benchmarks.memory.handing_in:hand_in",
            {"count": ROWS, "base_url": base_url},
        )
        self._measure(
            f"reading the {FILE_ROWS:,} rows of an export of 200 MB",
            "benchmarks.memory.download:fetch",
            {"way": "sdk_rows", "install": "base", "base_url": base_url},
        )

    def _measure(self, what: str, function: str, arguments: dict[str, Any]) -> None:
        try:
            taken = run_errand(function, arguments, timeout=PATIENCE, variables=PLAIN_HEAP)
        except ChildFailed as error:
            self._failed.append(f"{what}: {error}")
        else:
            self._notes.append(f"{what}: the peak grew by {taken['growth']:.1f} MB, {taken['cpu']:.1f} s of CPU")

    def sections(self) -> list[Section]:
        return [
            attrs.evolve(
                section(KEY, "Rows in and out", "MB", 1, {}), notes=tuple(self._notes), failed=tuple(self._failed)
            )
        ]
