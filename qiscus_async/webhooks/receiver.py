"""The receiver: how a request comes to it, from whatever server, and how long it lives."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Unpack, cast

import attrs

from nusantara import codec
from nusantara.errors import ClosedClient, InvalidParameter, even_half_made
from nusantara.introspection import check_keywords, show_keywords
from nusantara.secret import HiddenText, Secret, credential, hide_in
from qiscus_async.webhooks.events import Event
from qiscus_async.webhooks.handling import ErrorHook, EventHandler, Handling
from qiscus_async.webhooks.requests import Headers, Refused, Reply, Rules
from qiscus_async.webhooks.secret_path import HidingFilter, SecretPath
from qiscus_async.webhooks.settings import (
    DEFAULTS,
    Counts,
    ReceiverSettings,
    seconds,
    seconds_or_none,
    whole,
    whole_or_none,
)

if TYPE_CHECKING:
    import ssl

    from aiohttp import web

    from qiscus_async.webhooks.asgi import ASGIApp

__all__ = ["Receiver"]

log = logging.getLogger("nusantara.qiscus.webhooks")

SERVER_LOGS = (
    "aiohttp.access",
    "aiohttp.server",
    "uvicorn.access",
    "uvicorn.asgi",
    "uvicorn.error",
    "hypercorn.access",
    "hypercorn.error",
    "gunicorn.access",
    "gunicorn.error",
    "daphne.http_protocol",
    "django.request",
    "django.server",
    "werkzeug",
)
"""Loggers in which servers show the path of a request."""
FULL_LOOK = 0.05
"""Seconds between looks for room in the queue."""


class Receiver:
    """The webhook of an app: an HTTP endpoint with an unguessable path. Async only; see :func:`parse_event` and
    :func:`verify` for use in a synchronous program.

    By itself, with TLS or behind a proxy that has it::

        receiver = Receiver(handle, path_secret=os.environ["WEBHOOK_SECRET"])
        async with receiver.serving(host="0.0.0.0", port=8080):
            await forever

    In a program of Starlette, FastAPI, Litestar, Quart, Django or anything else that speaks ASGI::

        async def lifespan(app):
            async with receiver.running():
                yield

        app = FastAPI(lifespan=lifespan)
        app.mount("/qiscus", receiver.asgi())

    In an aiohttp application, at ``receiver.path``, or as a sub-application under a path of yours::

        receiver.attach(app)
        app.add_subapp("/chat", receiver.application())

    In any other, with :meth:`running` around its life and :meth:`receive` for each request.

    An event is acknowledged before it is handled, so a slow handler does not make the sender repeat it. Events of one
    room are handled one after the other in the order they came, those of different rooms side by side.

    =======  ====================================================================================
    answer   when
    =======  ====================================================================================
    200      accepted
    400      not JSON, or no event
    401      wrong secret in the path; signature missing, wrong or given twice; too old
    405      not a POST
    408      the body took too long to arrive
    413      body too large
    415      declared as something else than JSON, or compressed
    503      the room has its share of the queue, all bytes are used, or the program is ending
    =======  ====================================================================================

    The server of its own also answers 400 to what is not HTTP and 431 to a head of more than 32 KiB, and bounds its
    connections.

    What is acknowledged and waits is lost if the process dies, unless it comes again: a store of repeats does not hold
    it back for longer than ``dedup_lease``. If the process ends in order, it is handled within the grace period or
    given to ``on_error`` as :exc:`EventDropped`.

    A handler gets the event and nothing of the request, and runs in the context that the receiver was started in: tools
    that report errors with the request they happened in cannot show the path, whose end is a secret.

    Args:
        handler: Handles one event.
        on_error: Called with what a handler raised; by default that is logged.
        path_secret: The end of the path, which only Qiscus is told; see :func:`make_path_secret`. By default a new one
            each time.
        prefix: What stands before it (``/qiscus``).
        signature_key: Refuse events that are not signed with this token. By default none is expected: the references
            know no signature, so that the secret path alone tells Qiscus from strangers.
        max_age: Refuse signed events that say they are older, in seconds, or from more than a minute ahead, or that do
            not say it. For a sender that signs; it also refuses what such a sender delivers late. By default they may
            be of any age.
        dedup_store: Handle an event that comes again once. One whose handling failed may come again. By default each
            one that comes is handled. Receivers at one path know each other's events there; those at others, as two
            bots, have their own.
        dedup_ttl: Seconds for which an event is remembered (3600), from when it came.
        dedup_window: The same for an event without an id, that is recognised by its body (20): two people, or one, may
            well say the same twice.
        dedup_lease: Seconds after which a receiver whose process died no longer has a claim on the events it had
            accepted (30): when they come again, they are handled. A living one renews its claims.
        queue_size: Events accepted and not handled yet that one room alone may have (1000). Several share the number
            equally, each with room for one at least; one that has its share gets 503, which holds up no other.
        queue_bytes: Bytes of all these events (64 MiB), with 2 KiB for each beside its body: the bound for all rooms
            together. A room may have as many as it leaves to the others, so that half of them is the most for one
            alone.
        concurrency: Events being handled at once (50).
        handler_timeout: Seconds that the handling of one event may take (300), None for no bound. It holds up its room
            that long.
        grace: Seconds for what is accepted to be handled when the program ends (5).
        max_body: Largest body, in bytes (1 MiB).
        read_timeout: Seconds for a body to arrive (10). On the server of its own, the head before it has as long.
        max_connections: Connections to the server of its own (2000), or as many as the system lets a process have. One
            more closes the oldest that has no request under way.
        max_connections_per_address: The same for one address; one more is refused. By default half of all for an
            address on the internet, and no bound for one in the local network, where a proxy is.
        clock: Seconds since 1970, for ``max_age`` (``time.time``); for events that waited elsewhere.
    """

    def __init__(
        self, handler: EventHandler, *, on_error: ErrorHook | None = None, **settings: Unpack[ReceiverSettings]
    ) -> None:
        hide_in(settings, "path_secret", "signature_key")
        check_keywords(type(self), settings, ReceiverSettings)
        settings = {**DEFAULTS, **settings}
        self._path = SecretPath(settings["prefix"], settings["path_secret"])
        key = settings["signature_key"]
        if key is not None:
            key = Secret(credential("signature_key", key))
        max_age = seconds_or_none("max_age", settings["max_age"])
        if max_age is not None and key is None:
            raise InvalidParameter("max_age", "needs a signature_key: without it anybody can write any time")
        clock = settings["clock"]
        if not callable(clock):
            raise InvalidParameter("clock", f"must be a function, not {type(clock).__name__}")
        self._rules = Rules(
            self._path,
            signature_key=key,
            max_age=max_age,
            max_body=whole("max_body", settings["max_body"]),
            clock=clock,
        )
        self._grace = seconds("grace", settings["grace"])
        self._read_timeout = seconds("read_timeout", settings["read_timeout"])
        self._max_connections = whole("max_connections", settings["max_connections"])
        self._max_per_address = whole_or_none("max_connections_per_address", settings["max_connections_per_address"])
        self._counts = Counts()
        self._handling = Handling(
            handler, on_error, self._counts, settings, name=type(self).__name__, scope=self._path.digest
        )
        self._reading = 0
        """Requests that are being read."""
        self._hiding: HidingFilter | None = None
        self._running = False
        self._closed = False

    @property
    def path(self) -> HiddenText:
        """The path with its secret. Its ``repr`` is masked; whoever prints it shows it."""
        return self._path.text

    @property
    def counts(self) -> Counts:
        """What it has seen so far: a copy."""
        return attrs.evolve(self._counts, refused=dict(self._counts.refused))

    @property
    def waiting(self) -> int:
        """Events accepted and not handled yet, those being handled included."""
        return len(self._handling)

    # --- Mounting

    def asgi(self) -> ASGIApp:
        """An ASGI application with nothing but this, to be served alone or mounted in another.

        It answers at ``receiver.path``, and mounted at a path of yours at that and the secret. Served alone it begins
        and ends with its server. Where it is mounted nobody tells it of the end: see :meth:`running`.
        """
        from qiscus_async.webhooks.asgi import asgi

        return asgi(self.receive, self.running, self._path.prefix)

    def attach(self, app: web.Application) -> None:
        """Add the path to an aiohttp application, and handle what is waiting when that shuts down.

        The server's own limits apply until the head of a request is read, so its ``keepalive_timeout`` should be short
        if it meets the internet without a proxy.
        """
        app.router.add_route("*", self._path.prefix + "/{secret:[^/]*}", self.handle)
        app.on_startup.append(self._begin)
        app.on_shutdown.append(self._end)
        app.on_cleanup.append(self._cleaned_up)

    def application(self) -> web.Application:
        """A new aiohttp application with nothing but this, to be a sub-application of another."""
        from aiohttp import web

        app = web.Application()
        self.attach(app)
        return app

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request of aiohttp: a handler for a route of your own that ends in ``/{secret}``.

        Such an application needs :meth:`running` around its life. :meth:`attach` does both.
        """
        from qiscus_async.webhooks.aiohttp_app import answer

        return await answer(self.receive, request, request.match_info.get("secret", ""))

    def hiding_filter(self) -> logging.Filter:
        """A filter that masks the secret in the records of a log, for a logger or a handler: the access log of another
        server or a proxy in this process."""
        return self._path.hiding_filter()

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Accept events until the block ends, then handle what is waiting: what belongs into the life span of the
        program that the receiver is mounted in.

        While it runs, the secret is kept out of the loggers in which aiohttp, uvicorn, hypercorn, gunicorn, daphne,
        Django and Werkzeug show paths. For another log see :meth:`hiding_filter`; what writes none, such as a proxy or
        a tool that traces requests, has to be told itself.
        """
        self._open()
        try:
            yield
        finally:
            try:
                await self.aclose()
            finally:
                self._show_again()

    @asynccontextmanager
    async def serving(
        self, *, host: str = "127.0.0.1", port: int = 0, ssl_context: ssl.SSLContext | None = None
    ) -> AsyncGenerator[HiddenText]:
        """Listen until the block ends, then handle what is waiting. Gives the URL with its secret.

        Args:
            host: Address to listen at.
            port: 0 takes a free one.
            ssl_context: Serve https with it.

        Raises:
            OSError: The address cannot be had.
        """
        from qiscus_async.webhooks.server import Server

        server = Server(
            self._route,
            read_timeout=self._read_timeout,
            max_connections=self._max_connections,
            max_per_address=self._max_per_address,
        )
        self._open()
        try:
            base_url = await server.listen(host, port, ssl_context)
        except BaseException:
            self._running = False
            self._show_again()
            raise
        log.info("listening for events at %s%s", base_url, self._path.prefix)
        try:
            yield HiddenText(base_url + self.path)
        finally:
            server.stop_listening()
            try:
                await self.aclose()
            finally:
                self._show_again()
                await server.close()

    async def idle(self) -> None:
        """Wait until every event accepted so far is handled."""
        await self._handling.idle()

    async def aclose(self, grace: float | None = None) -> None:
        """Refuse new events and wait until the accepted ones are handled. Calling it twice is fine.

        What is not done within the grace period, or when the waiting itself is cancelled, is cancelled and reported.

        Args:
            grace: Seconds, instead of those in the settings.
        """
        self._closed = True
        try:
            async with asyncio.timeout(self._grace if grace is None else grace):
                while self._reading or len(self._handling):
                    await self._handling.idle()
                    if self._reading:
                        await asyncio.sleep(0.01)
        except TimeoutError:
            pass
        finally:
            self._running = False
            await self._handling.abandon()

    @even_half_made
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._path!r}, {self.waiting} waiting{', closed' if self._closed else ''}>"

    # --- A request

    async def receive(
        self,
        method: str,
        secret: str,
        headers: Headers | Iterable[tuple[str, str]] | Mapping[str, str],
        body: bytes | AsyncIterable[bytes],
    ) -> Reply:
        """Answer a request that came to any server. Nothing but its answer is raised.

        Args:
            method: HTTP verb.
            secret: What stands in the path where the secret should: its last segment.
            headers: As the server has them.
            body: All of it, or its pieces as they come, so that no more is read than is wanted. What these raise means
                that it broke off.
        """
        if not (self._running or self._closed):
            self._running = True
            log.warning("what waits when the program ends will be lost: put running() of the receiver around its life")
            self._hide()
        self._reading += 1
        try:
            # From here on it counts: a request that began before the end is accepted.
            closed = self._closed
            raw = _raw(headers)
            self._rules.check_head(method, secret, raw)
            if closed:
                raise Refused(503, "the program is ending")
            whole_body = await self._read(body)
            event = self._rules.read(raw, whole_body)
            if not self._handling.accept(event, whole_body):
                raise Refused(503, "the program is ending" if self._closed else "its room has its share of the queue")
        except Refused as refusal:
            status = refusal.status
            log.log(refusal.level, "answered %d: %s", status, refusal)
        except Exception:
            # Not accepted, so that the sender should try again.
            log.exception("a request failed")
            status = 503
        else:
            self._counts.accepted += 1
            return Reply(200)
        finally:
            self._reading -= 1
        self._counts.refused[status] = self._counts.refused.get(status, 0) + 1
        return Reply(status, {"Allow": "POST"} if status == 405 else {}, closes=True)

    async def submit(self, event: Event) -> None:
        """Have an event handled that was read elsewhere, as from a queue: in its turn among those of its room, and
        told from a repeat. Returns when it is accepted; while the queue is full, that waits.

        Raises:
            ClosedClient: The receiver is ending or has ended.
        """
        if not isinstance(event, Event):
            raise InvalidParameter("event", f"must be an event, as parse_event() gives it, not {type(event).__name__}")
        body = event.body or codec.dumps(codec.to_document(event))
        while not self._closed:
            if self._handling.accept(event, body):
                self._counts.accepted += 1
                return
            await asyncio.sleep(FULL_LOOK)
        raise ClosedClient("the receiver is ending: the event was not accepted")

    async def _read(self, body: bytes | AsyncIterable[bytes]) -> bytes:
        if isinstance(body, bytes):
            self._rules.check_size(len(body))
            return body
        collected = bytearray()
        try:
            async with asyncio.timeout(self._read_timeout):
                async for piece in body:
                    collected += piece
                    self._rules.check_size(len(collected))
        except Refused:
            raise
        except TimeoutError:
            raise Refused(408, f"the body took more than {self._read_timeout:g} s") from None
        except Exception as error:
            raise Refused(400, f"the body broke off ({type(error).__name__})") from None
        return bytes(collected)

    async def _route(self, request: web.BaseRequest) -> web.Response:
        """Answer a request to the server of our own."""
        from qiscus_async.webhooks.aiohttp_app import answer

        prefix, _, given = request.path.rpartition("/")
        return await answer(self.receive, request, given if prefix == self._path.prefix else "")

    # --- Life

    def _open(self) -> None:
        if self._running:
            raise RuntimeError(f"this {type(self).__name__} is running already")
        self._running, self._closed = True, False
        self._handling.open()
        self._hide()

    async def _begin(self, _: web.Application) -> None:
        self._open()

    async def _end(self, _: web.Application) -> None:
        await self.aclose()

    async def _cleaned_up(self, _: web.Application) -> None:
        self._show_again()

    def _hide(self) -> None:
        self._show_again()
        self._hiding = self._path.hiding_filter()
        for name in SERVER_LOGS:
            logging.getLogger(name).addFilter(self._hiding)

    def _show_again(self) -> None:
        if self._hiding is not None:
            for name in SERVER_LOGS:
                logging.getLogger(name).removeFilter(self._hiding)
            self._hiding = None


show_keywords(Receiver, ReceiverSettings, DEFAULTS)


def _raw(headers: Headers | Iterable[tuple[str, str]] | Mapping[str, str]) -> Headers:
    pairs: Iterable[tuple[str | bytes, str | bytes]] = (
        cast(Mapping[str, str], headers).items() if isinstance(headers, Mapping) else headers
    )
    return [(_bytes(name), _bytes(value)) for name, value in pairs]


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1", "backslashreplace")
