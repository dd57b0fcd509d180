"""Threads in which files are read.

Reading may never end: a pipe to which nobody writes, a file on a server that is gone. In the event loop's own executor
such a read would hold up what else is waited for there, the look-up of names among it, and the end of the program.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["FILES", "STREAMS", "Threads"]

T = TypeVar("T")
Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any]]


class Threads:
    """A few threads that are started when they are needed and end with the program, whatever they do then.

    Args:
        most: Threads at once; what is more waits for one.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._started = 0

    async def run(self, act: Callable[[], T]) -> T:
        """Call a function in one of them. A wait that is cancelled leaves it to its end."""
        if self._pid != os.getpid():  # A fork has none of its parent's threads.
            self._begin()
        loop = asyncio.get_running_loop()
        result: asyncio.Future[T] = loop.create_future()
        self._jobs.put((loop, result, act))
        if not self._idle.acquire(blocking=False) and self._started < self._most:
            self._started += 1
            threading.Thread(target=self._work, name="nusantara-file", daemon=True).start()
        return await result

    def _work(self) -> None:
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                self._idle.release()
                job = self._jobs.get()
            _do(*job)
            del job  # It may hold a megabyte, and the wait for the next one may be long.


def _do(loop: asyncio.AbstractEventLoop, result: asyncio.Future[Any], act: Callable[[], Any]) -> None:
    value: Any = None
    error: BaseException | None = None
    try:
        value = act()
    except BaseException as raised:
        error = raised

    def tell() -> None:
        if result.done():
            return
        if error is None:
            result.set_result(value)
        else:
            result.set_exception(error)

    with contextlib.suppress(RuntimeError):  # The loop is closed.
        loop.call_soon_threadsafe(tell)


FILES = Threads(4)
"""For files of the file system."""
STREAMS = Threads(16)
"""For what may keep a thread waiting for long."""
