"""The connections of a client and its copies, from the first call until they are closed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import warnings
from collections.abc import Callable

from nusantara.errors import ClosedClient, WrongLoop
from nusantara.transport.pool import Connections, Pool
from nusantara.transport.shortcut import Shortcut
from nusantara.transport.slots import Slots

__all__ = ["Session"]

CLOSING_GRACE = 5.0


class Session:
    """The connections of a client and its copies. Opened by its first call, in the event loop of that call."""

    def __init__(self, connections: Connections, *, owner: str, package: str) -> None:
        self.connections = connections
        self.goes_directly = connections.session is None and Shortcut.is_wanted()
        self._opened: Pool | None = None
        self._closed = False
        self.owner = owner
        """Class of the client, as the program knows it; for errors and warnings."""
        self._made_at = _caller({"nusantara", package})

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def slots(self) -> Slots | None:
        """The limit on calls in flight, once the session is open."""
        return None if self._opened is None else self._opened.slots

    def refuse_if_closed(self) -> None:
        """Raise :exc:`ClosedClient` if this is closed."""
        if self._closed:
            raise ClosedClient(f"{self.owner} is closed", hint="make a new client; a closed one stays closed")

    def open(self) -> Pool:
        """The sessions of the running loop, made on first use."""
        self.refuse_if_closed()
        opened = self._opened
        loop = asyncio.get_running_loop()
        if opened is not None:
            if opened.loop is loop:
                return opened
            if opened.pid == os.getpid():
                if not opened.loop.is_closed():
                    raise WrongLoop(
                        f"this {self.owner} belongs to another event loop, which is still open",
                        hint="make one client per loop, or use the sync client, which any thread may call",
                    )
                opened.drop()
        self._opened = Pool(self.connections)
        return self._opened

    def ended(self) -> Session:
        """One that is closed, in the place of this one."""
        other = Session(self.connections, owner=self.owner, package="nusantara")
        other.abandon()
        return other

    async def aclose(self) -> None:
        """Refuse new calls, give running ones five seconds, close everything. May be called again."""
        self._closed = True
        opened, self._opened = self._opened, None
        if opened is None or not opened.owned or opened.pid != os.getpid():
            return
        if opened.loop is not asyncio.get_running_loop():
            if opened.loop.is_closed():
                opened.drop()
                return
            self._opened = opened
            raise WrongLoop(f"this {self.owner} belongs to another event loop", hint="close it where it was used")
        deadline = opened.loop.time() + CLOSING_GRACE
        try:
            while opened.slots.in_use and opened.loop.time() < deadline:
                await asyncio.sleep(0.01)
        finally:
            await asyncio.shield(opened.close_sessions())

    def abandon(self) -> None:
        """Count as closed: its loop has ended, and with it its connections."""
        self._closed, self._opened = True, None

    def __del__(self, _finalizing: Callable[[], bool] = sys.is_finalizing) -> None:
        opened = getattr(self, "_opened", None)
        if opened is None or not opened.owned or opened.pid != os.getpid() or _finalizing():
            return
        if opened.loop.is_closed() or _running_loop() is opened.loop:
            opened.drop()
        else:
            with contextlib.suppress(RuntimeError):
                opened.loop.call_soon_threadsafe(opened.drop)
        warnings.warn(  # Last, because a filter may turn it into an exception.
            f"{self.owner} made at {self._made_at} was never closed: use it in a with block or close it",
            ResourceWarning,
            stacklevel=2,
            source=self,
        )


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _caller(own: set[str]) -> str:
    """File and line of the first frame outside this library, for the warning about an unclosed client."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").split(".")[0] in own:
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
