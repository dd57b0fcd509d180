"""The sessions of one event loop in one process, and what they share."""

from __future__ import annotations

import asyncio
import os
import ssl as ssl_module
import weakref
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import aiohttp
import attrs

from nusantara.checks import check_seconds
from nusantara.request import CallClass
from nusantara.transport.answer_guard import MAX_HEADERS
from nusantara.transport.connector import Connector
from nusantara.transport.descriptors import Sockets, affordable
from nusantara.transport.fork import keep_for_ever, unwatch_forks, watch_forks
from nusantara.transport.self_check import aiohttp_fits
from nusantara.transport.shortcut import Shortcut
from nusantara.transport.slots import Slots
from nusantara.transport.timers import Deadlines

__all__ = ["Connections", "Pool"]

KEEP_ALIVE = 15.0
KEEP_ALIVE_UNREPEATABLE = 2.0
MOST_WAYS = 1_000
DNS_CACHE = 10
"""Seconds that the addresses of a name are kept."""


@attrs.frozen(slots=True, kw_only=True)
class Connections:
    """How a client reaches the network. Shared by all copies of it that ``with_options`` makes."""

    max_connections: int = 100
    """Calls in flight at once; more of them queue."""
    max_connection_age: float | None = attrs.field(
        default=300.0, validator=lambda _, __, value: check_seconds("max_connection_age", value, or_none=True)
    )
    """Seconds after which a kept connection is replaced; None for never."""
    proxy: str | None = attrs.field(default=None, repr=False)
    """Proxy URL; may hold credentials, which go to the proxy only."""
    ssl: ssl_module.SSLContext | None = None
    """Verifies the server; None for the system's authorities (``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` count)."""
    session: aiohttp.ClientSession | None = attrs.field(default=None, repr=False)
    """The caller's own aiohttp session. It is never closed here; its connector, cookies and default headers apply."""


class Pool:
    """Opened by the first call in a loop."""

    __slots__ = (
        "__weakref__",
        "_fresh",
        "_guard",
        "_main",
        "_reused",
        "_settings",
        "_sockets",
        "deadlines",
        "guarded",
        "loop",
        "owned",
        "pid",
        "slots",
        "ways",
    )

    def __init__(self, settings: Connections) -> None:
        self.loop = asyncio.get_running_loop()
        self.pid = os.getpid()
        self.deadlines = Deadlines(self.loop)
        self.slots = Slots(affordable(settings.max_connections))
        self.guarded = aiohttp_fits()
        """Whether our own connector serves, and not aiohttp's plain one."""
        self._settings = settings
        self._sockets = Sockets()
        self._reused = False
        self.owned = settings.session is None
        self._main = settings.session or self._make(KEEP_ALIVE)
        self._fresh = settings.session
        self.ways: dict[str, Shortcut] = {}
        """The shorter way of ordinary calls to each base URL, longest known first."""
        self._guard = self._close_with_loop()
        # Its first step, which awaits nothing, makes it known to the loop.
        next(self._guard.__anext__().__await__(), None)
        if self.owned:
            watch_forks(self)

    async def _close_with_loop(self) -> AsyncIterator[None]:
        """A loop that ends, as that of ``asyncio.run``, closes its asynchronous generators, and so these sessions."""
        sessions = weakref.WeakMethod(self.close_sessions)
        try:
            yield
        finally:
            close = sessions()
            if close is not None:
                await close()

    async def close_sessions(self) -> None:
        unwatch_forks(self)
        await asyncio.gather(*(session.close() for session in self.sessions))

    def session_for(self, call_class: CallClass) -> aiohttp.ClientSession:
        """Unrepeatable and keyed calls get a session of their own.

        A connection that has been idle may be closed by the server just when a request is written to it. A safe call
        is then repeated unseen; an unrepeatable one cannot be, and a keyed one only after a long look for what it may
        have made, so they only ever meet young connections.
        """
        if call_class in (CallClass.SAFE, CallClass.REPEATABLE):
            return self._main
        if self._fresh is None:
            self._fresh = self._make(KEEP_ALIVE_UNREPEATABLE)
        return self._fresh

    def way_to(self, base_url: str) -> Shortcut:
        """The shorter way there, made on its first use. Only so many are known at a time."""
        way = self.ways[base_url] = Shortcut(self._main, base_url)
        if len(self.ways) > MOST_WAYS:
            del self.ways[next(iter(self.ways))]
        return way

    def connector_for(self, call_class: CallClass) -> Connector:
        """Our own connector for a class of calls, on the shorter way."""
        connector = self.session_for(call_class).connector
        assert isinstance(connector, Connector)
        return connector

    def close_idle(self, call_class: CallClass, way: Shortcut | None) -> None:
        """Close what idles beside a connection that was found dead: it is no better.

        Of the connections that aiohttp's session keeps, nobody knows where they lead.
        """
        connector = self.session_for(call_class).connector
        if not isinstance(connector, Connector):
            return
        if way is None:
            connector.close_idle()
        else:
            connector.close_kept(way)

    def _make(self, keep_alive: float) -> aiohttp.ClientSession:
        settings: dict[str, Any] = {
            "limit": 0,  # Slots holds the limit.
            "ttl_dns_cache": DNS_CACHE,
            "ssl": self._settings.ssl if self._settings.ssl is not None else True,
        }
        connector: aiohttp.TCPConnector
        if self.guarded:
            connector = Connector(
                keep_alive=keep_alive,
                max_age=self._settings.max_connection_age,
                make_room=self._make_room,
                keep_within_limit=self._keep_within_limit,
                sockets=self._sockets,
                **settings,
            )
        else:
            connector = aiohttp.TCPConnector(keepalive_timeout=keep_alive, socket_factory=self._sockets, **settings)
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(loop=self.loop),
            trust_env=False,
            max_line_size=MAX_HEADERS,
            max_field_size=MAX_HEADERS,
            trace_configs=None if self.guarded else [self._tracing()],
        )

    def _tracing(self) -> aiohttp.TraceConfig:
        """Tells an exchange whether a connection was handed to it, where our own connector cannot."""

        async def begun(_: aiohttp.ClientSession, context: SimpleNamespace, params: object) -> None:
            context.trace_request_ctx.connected = False

        async def reached(_: aiohttp.ClientSession, context: SimpleNamespace, params: object) -> None:
            context.trace_request_ctx.connected = True

        async def reused(_: aiohttp.ClientSession, context: SimpleNamespace, params: object) -> None:
            self._reused = context.trace_request_ctx.kept = True

        tracing = aiohttp.TraceConfig()
        tracing.on_connection_create_start.append(begun)
        tracing.on_connection_create_end.append(reached)
        tracing.on_connection_reuseconn.append(reused)
        return tracing

    @property
    def _connectors(self) -> list[Connector]:
        return [session.connector for session in self.sessions if isinstance(session.connector, Connector)]

    def _make_room(self) -> bool:
        closed = [connector.close_idle() for connector in self._connectors]
        return any(closed) or self.slots.in_use > sum(connector.starving for connector in self._connectors)

    def _keep_within_limit(self) -> None:
        """See that with the connections of all calls in flight there are no more than the limit."""
        idle = {connector: len(connector.idle) for connector in self._connectors}
        for _ in range(self.slots.in_use + sum(idle.values()) - self.slots.limit):
            most = max(idle, key=lambda connector: idle[connector])
            most.close_longest_idle()
            idle[most] -= 1

    @property
    def answered(self) -> bool:
        """Whether the server is known to speak our protocol."""
        return not self.owned or self._reused or any(connector.reused for connector in self._connectors)

    @property
    def sessions(self) -> list[aiohttp.ClientSession]:
        if not self.owned:
            return []
        return [session for session in (self._main, self._fresh) if session is not None]

    def drop(self) -> None:
        """Close every socket at once, from a place that cannot wait."""
        unwatch_forks(self)
        for own in self._connectors:
            own.close_kept()
        for session in self.sessions:
            connector = session.connector
            session.detach()
            if connector is not None and not self.loop.is_closed():
                # The first step closes, the others would wait until it is done.
                next(connector.close().__await__(), None)

    def forget(self) -> None:
        """In a forked child: never touch the parent's sockets or its loop again, not even by a destructor."""
        self._sockets.disown()
        for session in self.sessions:
            connector = session.connector
            session.detach()
            keep_for_ever(connector)
        keep_for_ever(self, self._guard, self.loop)
