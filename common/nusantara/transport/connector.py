"""Which connection a request gets: a live one, not too old, and one at all while the process has descriptors left."""

from __future__ import annotations

import asyncio
import errno
import functools
import itertools
import os
import select
import socket
import weakref
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any

import aiohttp

from nusantara.errors import ConnectFailed
from nusantara.transport.answer_guard import AnswerGuard
from nusantara.transport.descriptors import NO_DESCRIPTOR, Sockets, is_one_of_the_last
from nusantara.transport.early_answer import EarlyAnswerGuard
from nusantara.transport.exchange import current
from nusantara.transport.shortcut import Shortcut

__all__ = ["Connector", "guard"]

PAUSE_WITHOUT_DESCRIPTOR = 0.02

# What to look for on a socket, besides errors. Windows has no poll. Only Linux tells an end from bytes, and on a new
# TLS connection there may be bytes.
_poll = getattr(select, "poll", None)
_END = getattr(select, "POLLRDHUP", 0)
_END_OR_BYTES = _END | getattr(select, "POLLIN", 0)


def guard(connector: aiohttp.TCPConnector, protocol: type[AnswerGuard]) -> None:
    """Have a connector use this class for its connections."""
    factory: Any = functools.partial(protocol, loop=asyncio.get_running_loop())
    connector._factory = factory


class Connector(aiohttp.TCPConnector):
    """Looks at the socket itself before it hands a connection over.

    aiohttp learns of a close when the event loop next polls. In a busy loop that is after the request was written, and
    then nobody can tell whether it was carried out.

    Args:
        keep_alive: Seconds that a connection may be idle.
        max_age: Seconds after which a kept connection is replaced, so that a changed address of the server is noticed.
        make_room: Called when the process has no descriptor left: closes idle connections, tells whether waiting helps.
        keep_within_limit: Called before a connection is made: closes idle ones where there would be too many.
    """

    def __init__(
        self,
        *,
        keep_alive: float,
        max_age: float | None,
        make_room: Callable[[], bool],
        keep_within_limit: Callable[[], None],
        sockets: Sockets,
        **settings: Any,
    ) -> None:
        super().__init__(keepalive_timeout=keep_alive, socket_factory=self._socket, **settings)
        guard(self, EarlyAnswerGuard)
        self._keep_alive = keep_alive
        self._max_age = max_age
        self._make_room = make_room
        self._keep_within_limit = keep_within_limit
        self._sockets = sockets
        self._into_reserve = 0
        self.starving = 0
        """Calls that wait for a descriptor."""
        self.reused = False
        """Whether a connection was ever kept after an answer."""
        self._kept: dict[Shortcut, deque[EarlyAnswerGuard]] = {}
        """Connections of :mod:`nusantara.transport.shortcut` between two calls, by where they lead, oldest first."""
        self._released: weakref.WeakSet[EarlyAnswerGuard] = weakref.WeakSet()
        """Those that aiohttp itself keeps between two calls."""
        self._sweeper: asyncio.TimerHandle | None = None

    async def connect(self, req: Any, traces: Any, timeout: Any) -> Any:
        while True:
            connection = await self._connect(req, traces, timeout)
            protocol = connection.protocol
            if not isinstance(protocol, EarlyAnswerGuard):
                connection.close()
                raise TypeError("the connection has a protocol of aiohttp's own")
            self._released.discard(protocol)
            connection.add_callback(functools.partial(self._released.add, protocol))
            if protocol.is_new:
                protocol.is_new = False
                if not _noticed(protocol, _END):
                    break
                connection.close()
                raise ConnectFailed(
                    "the server accepted the connection and closed it at once", hint="check the base URL and the server"
                )
            self.reused = True
            too_old = self._max_age is not None and monotonic() - protocol.made_at > self._max_age
            if not too_old and not _noticed(protocol, _END_OR_BYTES):  # Between two calls nothing may come.
                protocol.was_kept = True
                break
            connection.close()
        exchange = current.get()
        if exchange is not None:
            exchange.connected = True
            exchange.kept = protocol.was_kept
            exchange.transport = connection.transport
        return connection

    async def _connect(self, req: Any, traces: Any, timeout: Any) -> Any:
        """Connect, and wait for a descriptor as long as other calls will give theirs back."""
        loop = asyncio.get_running_loop()
        deadline = None if timeout.connect is None else loop.time() + timeout.connect
        try:
            return await super().connect(req, traces, timeout)
        except aiohttp.ClientConnectorError as error:
            if error.errno not in NO_DESCRIPTOR:
                raise
        async with asyncio.timeout_at(deadline):
            while True:
                self.starving += 1
                try:
                    alone = not self._make_room()
                    if not alone:
                        await asyncio.sleep(PAUSE_WITHOUT_DESCRIPTOR)
                finally:
                    self.starving -= 1
                self._into_reserve += alone
                try:
                    return await super().connect(req, traces, timeout)
                except aiohttp.ClientConnectorError as error:
                    if error.errno not in NO_DESCRIPTOR or alone:
                        raise
                finally:
                    self._into_reserve -= alone

    # --- For calls that go directly

    def take(self, way: Shortcut) -> EarlyAnswerGuard | None:
        """A connection that is open and idle and leads there: the one that was used last."""
        kept = self._kept.get(way)
        if kept is None:
            return None
        now = monotonic()
        while kept:
            line = kept.pop()
            self.reused = True
            idle, age = now - line.idle_since, now - line.made_at
            if (
                idle <= self._keep_alive
                and (self._max_age is None or age <= self._max_age)
                and not line.should_close
                and not _noticed(line, _END_OR_BYTES)
            ):
                return line
            line.hang_up()
        return None

    async def open(self, target: aiohttp.ClientRequest, timeout: aiohttp.ClientTimeout) -> EarlyAnswerGuard:
        """A connection to where this request would go."""
        try:
            connection = await self.connect(target, [], timeout)
        except TimeoutError:
            raise aiohttp.ConnectionTimeoutError from None
        line: EarlyAnswerGuard = connection.protocol
        line.connection = connection
        return line

    def keep(self, line: EarlyAnswerGuard, way: Shortcut) -> None:
        """Hold a connection for the next call, if it is fit for one."""
        if line.should_close or not line.is_connected() or self.closed:
            line.hang_up()
            return
        line.idle_since = monotonic()
        kept = self._kept.get(way)
        if kept is None:
            kept = self._kept[way] = deque()
        kept.append(line)
        if self._sweeper is None:
            self._sweeper = asyncio.get_running_loop().call_later(self._keep_alive, self._sweep)

    def _sweep(self) -> None:
        """Close what has been idle for too long, though nobody asks for it."""
        oldest = monotonic() - self._keep_alive
        for way, kept in list(self._kept.items()):
            while kept and kept[0].idle_since < oldest:
                kept.popleft().hang_up()
            if not kept:
                del self._kept[way]
        self._sweeper = asyncio.get_running_loop().call_later(self._keep_alive, self._sweep) if self._kept else None

    def close_kept(self, way: Shortcut | None = None) -> None:
        """Close what is held for the next call, to one place or to all."""
        if way is None and self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        for kept in list(self._kept.values()) if way is None else [self._kept.get(way, deque())]:
            while kept:
                kept.pop().hang_up()
        if way is None:
            self._kept.clear()

    def close(self, **how: Any) -> Any:
        self.close_kept()
        return super().close(**how)

    # --- For all

    def _socket(self, address: Any) -> socket.socket:
        """A new socket, unless it takes one of the last descriptors and others of our calls will give theirs back."""
        self._keep_within_limit()
        made = self._sockets(address)
        if not self._into_reserve and is_one_of_the_last(made.fileno()):
            made.close()
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return made

    @property
    def idle(self) -> list[EarlyAnswerGuard]:
        """The connections that no call uses."""
        released = [protocol for protocol in self._released if protocol.is_connected()]
        return [*released, *itertools.chain(*self._kept.values())]

    def close_longest_idle(self) -> None:
        """Close the connection that no call has used for longest, as far as that is known."""
        for protocol in self._released:
            if protocol.transport is not None and protocol.is_connected():
                protocol.transport.abort()
                return
        kept = min(filter(None, self._kept.values()), key=lambda lines: lines[0].idle_since, default=None)
        if kept is not None:
            kept.popleft().hang_up()

    def close_idle(self) -> bool:
        """Close the connections that no call uses; whether there were any."""
        idle = self.idle
        for protocol in idle:
            if protocol.transport is not None:
                protocol.transport.abort()
        self.close_kept()
        return bool(idle)


def _noticed(protocol: Any, events: int) -> bool:
    """Whether the connection is closed, or its socket has one of these events (or an error) to tell."""
    transport = protocol.transport
    if transport is None or transport.is_closing():
        return True
    if _poll is None:
        return False
    poll = _poll()
    poll.register(transport.get_extra_info("socket").fileno(), events)
    return bool(poll.poll(0))
