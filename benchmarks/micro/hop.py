"""The way from a thread to the event loop and back, with a coroutine that does nothing."""

from __future__ import annotations

import asyncio
import threading

from benchmarks.micro.timing import Cases

__all__ = ["hop"]


def hop() -> Cases:
    """asyncio's own way, and this SDK's."""
    from nusantara.sync.portal import Portal

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
