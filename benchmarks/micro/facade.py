"""What the way from a thread to the event loop and back costs."""

from __future__ import annotations

import asyncio
import threading

from benchmarks.contenders import FACADE, SDK
from benchmarks.measure import Column, Run, Section, contest, section, tell
from benchmarks.micro.timing import Cases, timed

__all__ = ["cases", "measure"]


def cases() -> Cases:
    """The bare way there and back, with a coroutine that does nothing."""
    from nusantara.portal import Portal

    async def nothing() -> int:
        return 1

    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    portal = Portal()
    assert portal.run(nothing) == 1
    return {
        "run_coroutine_threadsafe": lambda: asyncio.run_coroutine_threadsafe(nothing(), loop).result(),
        "Portal.run": lambda: portal.run(nothing),
    }


def measure(run: Run) -> list[Section]:
    """The hop alone, and a sync call next to the same async call."""
    tell("Facade")
    columns = [Column("1 KB", 1), Column("20 KB", 1)]
    return [
        section("Facade, the hop alone: CPU", "us", 1e6, {"hop": timed(run, __name__)}),
        *contest(run, "Facade next to the async client (answer, one at a time)", (SDK, FACADE), columns)[:2],
    ]
