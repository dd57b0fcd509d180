"""A listing of 100,000 items, read to its end: what its pages cost, and how much memory it takes."""

from __future__ import annotations

import asyncio
import gc
import time
from typing import Any

import attrs

from benchmarks.answers.comments import APP_ID, ROOM, SECRET_KEY
from benchmarks.errand import run_errand
from benchmarks.figures import AGAIN, Lap, Section, section
from benchmarks.memory.resident import forget_peak, peak, resident
from benchmarks.processes import PLAIN_HEAP, ChildFailed
from benchmarks.run import Run
from benchmarks.site import LISTING_BASE, LISTING_PAGES, LISTING_PER_PAGE

__all__ = ["KEY", "Listing", "walk"]

KEY = "listing"
WARM = 50
"""Pages that count for nothing: by then the program has run through all of its code."""
SAMPLE = 50
"""Pages whose median stands for a place in the listing."""
FIRST = f"pages {WARM + 1} to {WARM + SAMPLE}"
NEXT = f"pages {WARM + SAMPLE + 1} to {WARM + 2 * SAMPLE}"
LAST = f"pages {LISTING_PAGES - SAMPLE + 1} to {LISTING_PAGES}"
COLUMN = f"{LISTING_PAGES * LISTING_PER_PAGE:,} items"


@attrs.define(slots=True)
class Listing:
    """CPU of the last pages next to the first, and the growth of the resident set."""

    key: str = attrs.field(default=KEY, init=False)
    title: str = attrs.field(default=f"A listing of {LISTING_PAGES * LISTING_PER_PAGE:,} items", init=False)
    quick: bool = attrs.field(default=False, init=False)
    once: bool = attrs.field(default=False, init=False)
    _starts: list[list[Lap]] = attrs.field(factory=list, init=False)
    _growth: list[float] = attrs.field(factory=list, init=False)
    _failed: dict[str, None] = attrs.field(factory=dict, init=False)

    def start(self, run: Run) -> None:
        try:
            taken = run_errand(
                "benchmarks.memory.listing:walk", {"base_url": run.server.base_url}, variables=PLAIN_HEAP
            )
        except ChildFailed as error:
            self._failed[str(error)] = None
        else:
            self._starts.append([taken["cost"]])
            self._growth.append(taken["growth"])

    def sections(self) -> list[Section]:
        columns = {COLUMN: self._starts} if self._starts else {}
        compared = section(KEY, f"{self.title}: CPU per page of {LISTING_PER_PAGE}", "us", 1e6, columns)
        notes: tuple[str, ...] = ()
        if self._growth:
            notes = (f"From page {WARM} to the last the peak grew by at most {max(self._growth):.1f} MB.",)
        return [attrs.evolve(compared, notes=notes, failed=tuple(self._failed))]


def walk(base_url: str) -> dict[str, Any]:
    """Read the listing to its end."""
    return asyncio.run(_walk(base_url))


async def _walk(base_url: str) -> dict[str, Any]:
    from qiscus_async import AsyncQiscus

    costs: list[float] = []
    items = 0
    before = 0.0
    async with AsyncQiscus(APP_ID, SECRET_KEY, base_url=base_url + LISTING_BASE) as qiscus:
        pages = qiscus.messages.load(ROOM, per_page=LISTING_PER_PAGE).pages()
        cpu = time.process_time()
        while len(costs) < LISTING_PAGES:
            page = await pages.next_page()
            assert page is not None
            items += len(page.items)
            now = time.process_time()
            costs.append(now - cpu)
            if len(costs) == WARM:
                gc.collect()
                forget_peak()
                before = resident()
                now = time.process_time()
            cpu = now
        growth = peak() - before
    assert items == LISTING_PAGES * LISTING_PER_PAGE
    return {
        "cost": {
            FIRST: _mean(costs[WARM : WARM + SAMPLE]),
            LAST: _mean(costs[-SAMPLE:]),
            AGAIN: _mean(costs[WARM + SAMPLE : WARM + 2 * SAMPLE]),
        },
        "growth": growth,
    }


def _mean(costs: list[float]) -> float:
    return sum(costs) / len(costs)
