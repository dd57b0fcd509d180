"""Where bytes travel: one request in, one whole answer out, every failure named.

What is switched off in aiohttp, and why:

- its hidden repeat of GET, PUT, DELETE and others after a dropped connection: a user who asks for one attempt gets one;
- redirects: they would carry credentials or bodies to another place;
- cookies: they would tie the calls of different users of one client together;
- ``trust_env``: it reads netrc, and costs more than a whole request each time. :mod:`nusantara.transport.proxy` finds
  proxies.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import ssl as ssl_module
import sys
import warnings
import weakref
from collections.abc import AsyncIterator, Callable, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import aiohttp
import attrs
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from nusantara.checks import check_seconds
from nusantara.errors import (
    ClosedClient,
    ConnectFailed,
    ConnectionLost,
    NusantaraError,
    Sent,
    WrongLoop,
)
from nusantara.headers import encode_head, with_headers
from nusantara.limits import Slots
from nusantara.options import Options
from nusantara.request import CallClass, Request
from nusantara.response import Response
from nusantara.transport import shortcut as direct
from nusantara.transport.answer_guard import MAX_HEADERS
from nusantara.transport.connector import Connector, affordable
from nusantara.transport.early_answer import Handler
from nusantara.transport.failures import lost_text, through_proxy, translate
from nusantara.transport.read_answer import read_response
from nusantara.transport.send_body import Pace, in_memory
from nusantara.transport.timers import Deadlines

if TYPE_CHECKING:
    from aiohttp import ClientHandlerType

__all__ = ["Connections", "Exchange", "Session"]

KEEP_ALIVE = 15.0
KEEP_ALIVE_UNREPEATABLE = 2.0
CLOSING_GRACE = 5.0


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


class Exchange:
    """One attempt in the making: what is known of it if it fails."""

    __slots__ = ("connected", "kept", "request", "transport")

    def __init__(self, request: Request) -> None:
        self.request = request
        self.connected = False
        """Whether a connection was handed to the request, so that bytes may have left."""
        self.kept = False
        """Whether that connection was used before."""
        self.transport: asyncio.Transport | None = None

    @property
    def sent(self) -> Sent:
        return Sent.MAYBE if self.connected else Sent.NO

    async def __call__(self, request: aiohttp.ClientRequest, handler: ClientHandlerType) -> aiohttp.ClientResponse:
        """Run as aiohttp's innermost middleware: the place where its hidden repeat can be kept from happening.

        aiohttp repeats on exactly the two exception types below when they reach its request loop. Raised as our own
        error they pass through it.
        """
        try:
            return await handler(request)
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
            if isinstance(error, (aiohttp.ServerTimeoutError, aiohttp.ClientSSLError)):
                raise
            raise ConnectionLost(lost_text(error)) from None


_current: ContextVar[Exchange | None] = ContextVar("nusantara_exchange", default=None)


class _Connector(Connector):
    async def connect(self, req: Any, traces: Any, timeout: Any) -> Any:
        connection = await super().connect(req, traces, timeout)
        exchange = _current.get()
        if exchange is not None:
            exchange.connected = True
            exchange.kept = connection.protocol.was_kept
            exchange.transport = connection.transport
        return connection


class _Opened:
    """The sessions of one event loop in one process."""

    __slots__ = (
        "__weakref__",
        "_fresh",
        "_guard",
        "_main",
        "_settings",
        "deadlines",
        "direct",
        "loop",
        "owned",
        "pid",
        "slots",
    )

    def __init__(self, settings: Connections, base_url: str, directly: bool) -> None:
        self.loop = asyncio.get_running_loop()
        self.pid = os.getpid()
        self.deadlines = Deadlines(self.loop)
        self.slots = Slots(affordable(settings.max_connections))
        self._settings = settings
        self.owned = settings.session is None
        self._main = settings.session or self._make(KEEP_ALIVE)
        self._fresh = settings.session
        self.direct = direct.Way(self._main, base_url) if directly else None
        """The shorter way of ordinary calls, where there is one."""
        self._guard = self._close_with_loop()
        # Its first step, which awaits nothing, makes it known to the loop.
        next(self._guard.__anext__().__await__(), None)

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
        _all_opened.discard(self)
        await asyncio.gather(*(session.close() for session in self.sessions))

    def connector_for(self, call_class: CallClass) -> _Connector:
        """Our own connector for a class of calls."""
        connector = self.session_for(call_class).connector
        assert isinstance(connector, _Connector)
        return connector

    def session_for(self, call_class: CallClass) -> aiohttp.ClientSession:
        """Unrepeatable and keyed calls get a pool of their own.

        A connection that has been idle may be closed by the server just when a request is written to it. A safe call
        is then repeated unseen; an unrepeatable one cannot be, and a keyed one only after a long look for what it may
        have made, so they only ever meet young connections.
        """
        if call_class in (CallClass.SAFE, CallClass.REPEATABLE):
            return self._main
        if self._fresh is None:
            self._fresh = self._make(KEEP_ALIVE_UNREPEATABLE)
        return self._fresh

    def _make(self, keep_alive: float) -> aiohttp.ClientSession:
        connector = _Connector(
            max_age=self._settings.max_connection_age,
            make_room=self._make_room,
            limit=0,  # nusantara.limits.Slots holds the limit.
            keep_alive=keep_alive,
            ssl=self._settings.ssl if self._settings.ssl is not None else True,
        )
        connector._factory = functools.partial(Handler, loop=self.loop)  # type: ignore[assignment]
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(loop=self.loop),
            trust_env=False,
            max_line_size=MAX_HEADERS,
            max_field_size=MAX_HEADERS,
        )

    @property
    def _connectors(self) -> list[_Connector]:
        return [session.connector for session in self.sessions if isinstance(session.connector, _Connector)]

    def _make_room(self) -> bool:
        closed = [connector.close_idle() for connector in self._connectors]
        return any(closed) or self.slots.in_use > sum(connector.starving for connector in self._connectors)

    @property
    def answered(self) -> bool:
        """Whether the server is known to speak our protocol."""
        return not self.owned or any(connector.reused for connector in self._connectors)

    @property
    def sessions(self) -> list[aiohttp.ClientSession]:
        if not self.owned:
            return []
        return [session for session in (self._main, self._fresh) if session is not None]

    def drop(self) -> None:
        """Close every socket at once, from a place that cannot wait."""
        _all_opened.discard(self)
        for own in self._connectors:
            own.close_kept()
        for session in self.sessions:
            connector = session.connector
            session.detach()
            if connector is not None and not self.loop.is_closed():
                # The base class closes at once and returns what could be awaited; asking for its iterator tells it
                # that nobody will.
                aiohttp.BaseConnector.close(connector, abort_ssl=True).__await__()

    def forget(self) -> None:
        """In a forked child: never touch the parent's sockets or its loop again, not even by a destructor.

        The loop's selector is shared with the parent, so that unregistering a socket here would deafen the parent.
        """
        import ctypes

        for own in self._connectors:
            own.disown()
        for session in self.sessions:
            connector = session.connector
            session.detach()
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(connector))
        for kept in (self, self._guard, self.loop):
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(kept))


# Strong references: when a dropped client is collected as part of a cycle, aiohttp's destructors could otherwise run
# before ours and warn of objects that the user has never seen.
_all_opened: set[_Opened] = set()


def _forget_all() -> None:
    for opened in list(_all_opened):
        opened.forget()
    _all_opened.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)


class Session:
    """Sends requests to one base URL. Opened by its first call, in the event loop of that call."""

    def __init__(self, base_url: str, connections: Connections, *, owner: str) -> None:
        self.base_url = base_url
        self.connections = connections
        self._proxy = connections.proxy
        # Proxies and foreign sessions need more than the shorter way knows.
        foreign = connections.session is not None or connections.proxy is not None
        self._goes_directly = direct.is_wanted() and not foreign and direct.is_possible()
        self._opened: _Opened | None = None
        self._closed = False
        self.owner = owner
        """Class of the client, as the program knows it; for errors and warnings."""
        self._made_at = _caller()

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def slots(self) -> Slots | None:
        """The limit on calls in flight, once the session is open."""
        return None if self._opened is None else self._opened.slots

    def open(self) -> _Opened:
        """The sessions of the running loop, made on first use."""
        if self._closed:
            raise ClosedClient(f"{self.owner} is closed", hint="make a new client; a closed one stays closed")
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
        opened = self._opened = _Opened(self.connections, self.base_url, self._goes_directly)
        if opened.owned:
            _all_opened.add(opened)
        return opened

    def begin(self, request: Request) -> Exchange:
        """A record of one attempt."""
        return Exchange(request)

    async def exchange(
        self, opened: _Opened, exchange: Exchange, headers: Mapping[str, str], options: Options
    ) -> Response:
        """Send one attempt and read its whole answer. The caller holds a slot."""
        pace: Pace | None = None
        body: Any = None
        way = opened.direct if direct.suits(exchange.request) else None
        if way is None:  # Where the body cannot be made, nothing has left, and the failure is that of its maker.
            pace, headers, body = await self._prepared(opened, exchange, headers, options)
        try:
            if way is not None:
                return await self._directly(opened, way, exchange, headers, options)
            if pace is None:
                return await self._exchange(opened, exchange, headers, body, options)
            async with pace:
                response = await self._exchange(opened, exchange, headers, body, options)
            if response.status < 300 and not pace.done:  # A session of the caller's has no hold on early answers.
                raise ConnectionLost("the server answered before the whole body had left, which was cut off")
            return response
        except (
            NusantaraError,
            aiohttp.ClientError,
            HttpProcessingError,
            OSError,
            UnicodeError,
            RuntimeError,
        ) as error:
            own = None if pace is None else pace.failure
            if own is not None and not isinstance(own, NusantaraError):
                raise own from None  # Of the caller's own file or function.
            failure = self._named(own or error, options.timeout.connect)
            if failure is None:
                raise
            if self._proxy is not None and not exchange.connected:
                failure = through_proxy(failure)
            elif isinstance(failure, ConnectionLost) and self.base_url.startswith("http:") and not opened.answered:
                failure.hint = "if the server speaks TLS, base_url must begin with https://"
            if isinstance(failure, ConnectionLost) and exchange.kept:
                failure.kept = True
                opened.connector_for(exchange.request.call_class).close_idle()  # What idles beside it is no better.
            if not isinstance(failure, ConnectFailed):
                failure.sent = Sent.furthest((failure.sent, exchange.sent))
            # The frames of aiohttp hold whole requests in their variables: they do not belong in a user's traceback.
            raise failure.with_traceback(None) from None

    async def _directly(
        self, opened: _Opened, way: direct.Way, exchange: Exchange, headers: Mapping[str, str], options: Options
    ) -> Response:
        request, timeouts = exchange.request, options.timeout
        connector = opened.connector_for(request.call_class)
        line = connector.take()
        exchange.kept = line is not None
        if line is None:
            line = await connector.open(way.target, _aiohttp_timeout(timeouts.connect, None))
            exchange.kept = line.was_kept
        try:
            message = way.message(request, headers)
            exchange.connected = True
            line.ask(message, request.method)
            del message  # It holds credentials, and this frame may be seen in a traceback.
            deadlines, first_byte = opened.deadlines, timeouts.first_byte
            if first_byte is not None:
                deadlines.begin(first_byte, line)
            try:
                answer, content = await line.read()
            finally:
                if first_byte is not None:
                    deadlines.end(first_byte, line)
            if not content.is_eof():
                line.read_timeout = timeouts.idle_read
                line.start_timeout()
            response = await read_response(request.method, answer.code, answer.headers, content, options)
        except BaseException:
            line.hang_up()
            raise
        connector.keep(line)
        return response

    async def _prepared(
        self, opened: _Opened, exchange: Exchange, headers: Mapping[str, str], options: Options
    ) -> tuple[Pace | None, Mapping[str, str], Any]:
        """Headers and body as aiohttp's session takes them."""
        request, idle_write = exchange.request, options.timeout.idle_write
        encode_head("", headers, "")  # aiohttp refuses some of them with errors of its own.
        body, pace = request.body, None
        if request.files:
            from nusantara.transport.multipart import Form

            form = await Form.of(request)
            pace = Pace(idle_write, exchange, form.close)
            headers = with_headers(headers, {"Content-Type": form.content_type})
            if form.length is not None:
                headers["Content-Length"] = str(form.length)
            chunks: Any = pace.chunks(form.pieces())
        elif body is not None and len(body) > direct.LARGE_BODY:
            pace = Pace(idle_write, exchange)
            headers = {**headers, "Content-Length": str(len(body))}
            chunks = pace.chunks(in_memory(body))
        else:
            chunks = body
        # With the caller's own session we cannot see when a connection is made: from here on, bytes may have left.
        exchange.connected = not opened.owned
        _current.set(exchange)
        return pace, headers, chunks

    async def _exchange(
        self, opened: _Opened, exchange: Exchange, headers: Mapping[str, str], body: Any, options: Options
    ) -> Response:
        request = exchange.request
        timeouts = options.timeout
        answer = await opened.session_for(request.call_class).request(
            request.method,
            URL(self.base_url + request.target, encoded=True),
            data=body,
            headers=headers,
            timeout=_aiohttp_timeout(timeouts.connect, timeouts.first_byte),
            allow_redirects=False,
            proxy=self._proxy,
            auto_decompress=False,
            middlewares=(exchange,),
        )
        try:
            connection = answer.connection
            if connection is not None and connection.protocol is not None:  # None once the body is here already.
                connection.protocol.read_timeout = timeouts.idle_read
                connection.protocol.start_timeout()
            return await read_response(request.method, answer.status, answer.headers, answer.content, options)
        except BaseException:
            answer.close()
            raise
        finally:
            answer.release()

    def _named(self, error: Exception, connect: float | None) -> NusantaraError | None:
        if self._closed and isinstance(error, (ConnectionLost, aiohttp.ClientError, RuntimeError)):
            return ClosedClient(f"{self.owner} was closed during the call")
        return error if isinstance(error, NusantaraError) else translate(error, connect)

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


_timeouts: dict[tuple[float | None, float | None], aiohttp.ClientTimeout] = {}


def _aiohttp_timeout(connect: float | None, first_byte: float | None) -> aiohttp.ClientTimeout:
    """Made once per pair. ``total`` is ours: it spans attempts. The threshold stops rounding to whole seconds."""
    timeout = _timeouts.get((connect, first_byte))
    if timeout is None:
        if len(_timeouts) > 256:
            _timeouts.clear()
        timeout = _timeouts[connect, first_byte] = aiohttp.ClientTimeout(
            total=None, connect=connect, sock_read=first_byte, ceil_threshold=86_400
        )
    return timeout


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _caller() -> str:
    """File and line of the first frame outside this library, for the warning about an unclosed client."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").split(".")[0] in _OWN_PACKAGES:
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


_OWN_PACKAGES = frozenset({"nusantara", "kaskus_async", "bukalapak_async", "qiscus_async"})
