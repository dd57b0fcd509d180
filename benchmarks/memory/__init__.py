"""Memory, and the cost of what is too large to be held in it: calls in flight, files, long listings, imports."""

from __future__ import annotations

from benchmarks.memory.download import Downloads
from benchmarks.memory.in_flight import InFlight
from benchmarks.memory.listing import Listing
from benchmarks.memory.rows import Rows
from benchmarks.run import Measurement

__all__ = ["measurements"]


def measurements() -> list[Measurement]:
    """All of them."""
    return [InFlight(), Downloads(), Listing(), Rows()]
