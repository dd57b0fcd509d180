"""Whole calls of real operations, side by side: what a user of each library would write and get."""

from __future__ import annotations

from benchmarks.contenders import (
    AIOHTTP,
    AIOHTTP_ORJSON,
    AIOHTTP_UVLOOP,
    BARE,
    FACADES,
    HTTPX,
    HTTPX_SYNC,
    NIQUESTS,
    NIQUESTS_SYNC,
    REQUESTS,
    SDK,
    SDKS,
    Spec,
)
from benchmarks.contest import Column, Contest, Turn

__all__ = ["ASYNC", "SYNC", "async_key", "contests", "in_flight", "in_threads", "sync_key"]

ASYNC = "async"
SYNC = "sync"

HTTPX_AT_MOST = 100
"""With more calls in flight each call of httpx waits longer for its pool than a turn lasts."""


def async_key(operation: str) -> str:
    """Key of the section of an operation."""
    return f"{ASYNC} {operation}"


def sync_key(operation: str) -> str:
    """Key of the section of an operation."""
    return f"{SYNC} {operation}"


def in_flight(count: int) -> str:
    """Name of a column."""
    return f"{count:,} in flight"


def in_threads(count: int) -> str:
    """Name of a column."""
    return "1 thread" if count == 1 else f"{count} threads"


def contests() -> list[Contest]:
    """Calls on an event loop, calls that block their thread, and answers in XML."""
    return [
        *(
            Contest(
                async_key(operation),
                f"Async, {operation}",
                [
                    Column(
                        in_flight(concurrency),
                        _turns(operation, concurrency, _async(operation, concurrency)),
                        quick=(operation, concurrency) in _QUICK,
                        laps=0.5 if concurrency == 1000 else 1.0,
                    )
                    for concurrency in counts
                ],
                quick=any(name == operation for name, _ in _QUICK),
                wall=True,
            )
            for operation, counts in _OPERATIONS.items()
        ),
        *(
            Contest(
                sync_key(operation),
                f"Sync, {operation}",
                [
                    Column(
                        in_threads(threads),
                        _turns(operation, threads, _sync()),
                        quick=(operation, threads) in _QUICK_SYNC,
                    )
                    for threads in (1, 8)
                ],
                quick=any(name == operation for name, _ in _QUICK_SYNC),
                wall=True,
            )
            for operation in _SYNC_OPERATIONS
        ),
        Contest(
            "xml",
            "The same answer in XML",
            [
                Column(
                    in_flight(100),
                    (
                        Turn(AIOHTTP, "hot threads 20 KB", concurrency=100, name="aiohttp + json, JSON"),
                        Turn(SDK, "hot threads 20 KB", concurrency=100, name="this SDK, JSON"),
                        Turn(SDK, "hot threads XML", concurrency=100, name="this SDK, XML"),
                    ),
                )
            ],
            quick=False,
        ),
    ]


_OPERATIONS = {
    "hot threads 20 KB": (1, 100, 1000),
    "hot threads 1 KB": (1, 100),
    "comments 20 KB": (1, 100, 1000),
    "comments 1 KB": (100,),
    "inbox 20 KB": (1, 100, 1000),
}
_SYNC_OPERATIONS = ("hot threads 20 KB", "hot threads 1 KB", "comments 20 KB", "inbox 20 KB")
_QUICK = {
    ("hot threads 20 KB", 1),
    ("hot threads 20 KB", 100),
    ("hot threads 1 KB", 100),
    ("comments 20 KB", 100),
    ("comments 1 KB", 100),
}
_QUICK_SYNC = {("hot threads 20 KB", 1), ("hot threads 1 KB", 8)}


def _turns(operation: str, concurrency: int, specs: tuple[tuple[Spec, bool], ...]) -> tuple[Turn, ...]:
    return tuple(
        Turn(spec, operation, concurrency=concurrency, often=often, quick=often or concurrency == 1)
        for spec, often in specs
    )


def _async(operation: str, concurrency: int) -> tuple[tuple[Spec, bool], ...]:
    """Who takes part, and whether in every lap. The peers make the calls that all of them can make."""
    rivals: tuple[Spec, ...] = ()
    if operation.startswith("hot threads"):
        rivals = (AIOHTTP_ORJSON, AIOHTTP_UVLOOP, NIQUESTS, BARE)
    elif operation == "comments 20 KB":
        rivals = (NIQUESTS,)
    if rivals and concurrency <= HTTPX_AT_MOST:
        rivals = (HTTPX, *rivals)
    return ((AIOHTTP, True), *((spec, True) for spec in SDKS), *((spec, False) for spec in rivals))


def _sync() -> tuple[tuple[Spec, bool], ...]:
    return (
        (REQUESTS, True),
        *((spec, True) for spec in FACADES),
        *((spec, False) for spec in (HTTPX_SYNC, NIQUESTS_SYNC)),
    )
