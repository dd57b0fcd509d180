"""Receives events over HTTP: checks them, acknowledges them at once, and has them handled afterwards."""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

import aiohttp
import attrs
from aiohttp import web

from nusantara.errors import InvalidParameter
from nusantara.secret import HiddenText, Secret, reveal
from qiscus_async.webhooks.dedup import DedupStore, EventKey, event_key
from qiscus_async.webhooks.errors import EventDropped, InvalidEvent
from qiscus_async.webhooks.events import CommentPosted, Event, parse_event
from qiscus_async.webhooks.lanes import Lanes
from qiscus_async.webhooks.secret_path import SecretPath
from qiscus_async.webhooks.signature import SIGNATURE_HEADER, verify

if TYPE_CHECKING:
    import ssl

__all__ = ["Counts", "ErrorHook", "EventHandler", "Receiver", "ReceiverSettings"]

log = logging.getLogger("nusantara.qiscus.webhooks")

EventHandler = Callable[[Event], Awaitable[None]]
ErrorHook = Callable[[Event, Exception], Awaitable[None] | None]

STORE_TIMEOUT: Final = 2.0
REPORT_TIMEOUT: Final = 2.0
"""Seconds in all for reporting what is dropped."""
FUTURE: Final = 60.0
"""Seconds that the sender's clock may be ahead of ours."""
CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_SIGNATURE: Final = SIGNATURE_HEADER.lower().encode()
_ACCESS_LOG: Final = logging.getLogger("aiohttp.access")


class ReceiverSettings(TypedDict, total=False):
    """Keyword settings of a receiver, all of them optional."""

    path_secret: Secret | str | None
    """The end of the path, which only Qiscus is told; see :func:`make_path_secret`. By default a new one each time."""
    prefix: str
    """What stands before it (``/qiscus``)."""
    signature_key: Secret | str | None
    """Refuse events that are not signed with this token. By default none is expected: the references know no
    signature, so that the secret path alone tells Qiscus from strangers."""
    max_age: float | None
    """Refuse signed events that say they are older, in seconds, or from more than a minute ahead, or that do not say
    it. For a sender that signs; it also refuses what such a sender delivers late."""
    dedup_store: DedupStore | None
    """Handle an event that comes again once. One whose handling failed may come again. By default each one that comes
    is handled."""
    dedup_ttl: float
    """Seconds for which an event is remembered (3600)."""
    dedup_window: float
    """The same for an event without an id, that is recognised by its body (20): two people, or one, may well say the
    same twice."""
    queue_size: int
    """Events accepted and not handled yet (1000); more of them are answered with 503."""
    concurrency: int
    """Events being handled at once (50)."""
    handler_timeout: float | None
    """Seconds that the handling of one event may take (300), None for no bound. It holds up its room that long."""
    grace: float
    """Seconds for what is accepted to be handled when the program ends (5)."""
    max_body: int
    """Largest body, in bytes (1 MiB)."""
    read_timeout: float
    """Seconds for a whole request to arrive (10)."""
    clock: Callable[[], float]
    """Seconds since 1970, for :attr:`max_age`; for events that waited elsewhere."""


@attrs.define(slots=True)
class Counts:
    """What a receiver has seen since it was made."""

    accepted: int = 0
    """Acknowledged with 200; each of them ends in one of the next four."""
    handled: int = 0
    failed: int = 0
    """The handler raised or took too long."""
    repeats: int = 0
    """Came before, and were not handled again."""
    dropped: int = 0
    """Not handled because the program ended."""
    refused: dict[int, int] = attrs.field(factory=dict)
    """By status."""
    store_failures: int = 0
    """The store failed or was too slow; the event was handled as a new one."""


@attrs.frozen(slots=True, eq=False)
class _Accepted:
    event: Event
    key: EventKey | None
    is_new: asyncio.Task[bool] | None
    """The answer of the store. None without one."""


class _Refused(Exception):
    def __init__(self, status: int, problem: str, *, level: int = logging.WARNING) -> None:
        super().__init__(problem)
        self.status = status
        self.level = level


class Receiver:
    """The webhook of an app: an HTTP endpoint with an unguessable path. Async only; see :func:`parse_event` and
    :func:`verify` for use in another server.

    By itself, with TLS or behind a proxy that has it::

        receiver = Receiver(handle, path_secret=os.environ["WEBHOOK_SECRET"])
        async with receiver.serving(host="0.0.0.0", port=8080):
            await forever

    In an aiohttp application, at ``receiver.path``, or as a sub-application under a path of yours::

        receiver.attach(app)
        app.add_subapp("/chat", receiver.application())

    An event is acknowledged before it is handled, so a slow handler does not make the sender repeat it. Events of one
    room are handled one after the other in the order they came, those of different rooms side by side.

    =======  ===========================================================================
    answer   when
    =======  ===========================================================================
    200      accepted
    400      not JSON, or no event
    401      wrong secret in the path; signature missing, wrong or given twice; too old
    405      not a POST
    408      the body took too long to arrive
    413      body too large
    415      declared as something else than JSON, or compressed
    503      the queue is full, or the program is ending
    =======  ===========================================================================

    What is acknowledged and waits is lost if the process dies; if it ends in order, it is handled within the grace
    period or given to ``on_error`` as :exc:`EventDropped`.

    Args:
        handler: Handles one event.
        on_error: Called with what a handler raised; by default that is logged.
        settings: See :class:`ReceiverSettings`.
    """

    def __init__(
        self, handler: EventHandler, *, on_error: ErrorHook | None = None, **settings: Unpack[ReceiverSettings]
    ) -> None:
        unknown = settings.keys() - ReceiverSettings.__annotations__.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no setting {', '.join(sorted(unknown))}")
        self._handler = handler
        self._on_error = on_error
        self._path = SecretPath(settings.get("prefix", "/qiscus"), settings.get("path_secret"))
        key = settings.get("signature_key")
        if key is not None and not reveal(key):
            raise InvalidParameter("signature_key", "must not be empty")
        self._signature_key = None if key is None else Secret(reveal(key))
        self._max_age = _seconds_or_none("max_age", settings.get("max_age"))
        if self._max_age is not None and self._signature_key is None:
            raise InvalidParameter("max_age", "needs a signature_key: without it anybody can write any time")
        self._store = settings.get("dedup_store")
        self._ttl = _seconds("dedup_ttl", settings.get("dedup_ttl", 3600.0))
        self._window = _seconds("dedup_window", settings.get("dedup_window", 20.0))
        self._handler_timeout = _seconds_or_none("handler_timeout", settings.get("handler_timeout", 300.0))
        self._grace = _seconds("grace", settings.get("grace", 5.0))
        self._max_body = _whole("max_body", settings.get("max_body", 1024 * 1024))
        self._read_timeout = _seconds("read_timeout", settings.get("read_timeout", 10.0))
        self._clock = settings.get("clock", time.time)
        self._queue_size = _whole("queue_size", settings.get("queue_size", 1000))
        self._concurrency = _whole("concurrency", settings.get("concurrency", 50))
        self._reading = 0
        """Requests that are being read."""
        self._counts = Counts()
        self._hiding: logging.Filter | None = None
        self._open()

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
        return len(self._lanes)

    # --- Mounting

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request: a handler for a route of your own that ends in ``/{secret}``.

        Such an application has to call :meth:`aclose` when it shuts down. :meth:`attach` does both.
        """
        return await self.answer(request, request.match_info.get("secret", ""))

    def attach(self, app: web.Application) -> None:
        """Add the path to an application, and handle what is waiting when that shuts down.

        The secret is kept out of aiohttp's access log. The server's own limits apply until the head of a request is
        read, so its ``keepalive_timeout`` should be short if it meets the internet without a proxy.
        """
        app.router.add_route("*", self._path.prefix + "/{secret:[^/]*}", self.handle)
        app.on_startup.append(self._begin)
        app.on_shutdown.append(self._end)
        app.on_cleanup.append(self._show_again)

    def application(self) -> web.Application:
        """A new application with nothing but this, to be a sub-application of another."""
        app = web.Application()
        self.attach(app)
        return app

    @asynccontextmanager
    async def serving(
        self, *, host: str = "127.0.0.1", port: int = 0, ssl_context: ssl.SSLContext | None = None
    ) -> AsyncIterator[HiddenText]:
        """Listen until the block ends, then handle what is waiting. Gives the URL with its secret.

        Args:
            host: Address to listen at.
            port: 0 takes a free one.
            ssl_context: Serve https with it.

        Raises:
            OSError: The address cannot be had.
        """
        from qiscus_async.webhooks.server import Server

        self._open()
        server = Server(self._route, read_timeout=self._read_timeout)
        base_url = await server.listen(host, port, ssl_context)
        log.info("listening for events at %s%s", base_url, self._path.prefix)
        try:
            yield HiddenText(base_url + self.path)
        finally:
            server.stop_listening()
            try:
                await self.aclose()
            finally:
                await server.close()

    async def idle(self) -> None:
        """Wait until every event accepted so far is handled."""
        await self._lanes.idle()

    async def aclose(self, grace: float | None = None) -> None:
        """Refuse new events and wait until the accepted ones are handled. Calling it twice is fine.

        What is not done within the grace period, or when the waiting itself is cancelled, is cancelled and reported.

        Args:
            grace: Seconds, instead of those in the settings.
        """
        self._closed = True
        try:
            async with asyncio.timeout(self._grace if grace is None else grace):
                while self._reading or len(self._lanes):
                    await self._lanes.idle()
                    if self._reading:
                        await asyncio.sleep(0.01)
        except TimeoutError:
            pass
        finally:
            left = await self._lanes.abandon()
            if left:
                log.error("ending with %d events not handled", len(left))
            try:
                async with asyncio.timeout(REPORT_TIMEOUT):
                    await asyncio.gather(*map(self._drop, left))
            except TimeoutError:
                log.error("reporting them took too long")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._path!r}, {self.waiting} waiting{', closed' if self._closed else ''}>"

    # --- A request

    async def _route(self, request: web.BaseRequest) -> web.Response:
        """Answer a request to the server of our own."""
        prefix, _, given = request.path.rpartition("/")
        return await self.answer(request, given if prefix == self._path.prefix else "")

    async def answer(self, request: web.BaseRequest, secret: str) -> web.Response:
        """Answer a request to any server, which has found this to be the secret in its path."""
        self._reading += 1
        try:
            # From here on it counts: a request that began before the end is accepted.
            closed = self._closed
            self._check_head(request, secret)
            if closed:
                raise _Refused(503, "the program is ending")
            body = await self._read(request)
            self._accept(body, request)
        except _Refused as refusal:
            status = refusal.status
            log.log(refusal.level, "answered %d: %s", status, refusal)
        except Exception:
            # Not accepted, so that the sender should try again.
            log.exception("a request failed")
            status = 503
        else:
            self._counts.accepted += 1
            return web.Response()
        finally:
            self._reading -= 1
        self._counts.refused[status] = self._counts.refused.get(status, 0) + 1
        response = web.Response(status=status, headers={"Allow": "POST"} if status == 405 else None)
        response.force_close()
        return response

    def _check_head(self, request: web.BaseRequest, secret: str) -> None:
        if not self._path.matches(secret):
            # No warning: strangers could fill the log with them.
            raise _Refused(401, "wrong secret in the path", level=logging.INFO)
        if request.method != "POST":
            raise _Refused(405, "not a POST")
        length = request.content_length
        if length is not None and length > self._max_body:
            raise _Refused(413, f"a body of {length} bytes")
        kinds = _header(request, b"content-type")
        # The vendor documents no content type. One that is declared has to be right.
        if kinds and not (len(kinds) == 1 and _is_json(kinds[0])):
            raise _Refused(415, "declared as something else than JSON")
        if any(coding.strip().lower() not in (b"", b"identity") for coding in _header(request, b"content-encoding")):
            raise _Refused(415, "compressed")

    async def _read(self, request: web.BaseRequest) -> bytes:
        in_application = isinstance(request, web.Request)
        if not in_application and request.headers.get("Expect", "").lower() == "100-continue" and request.transport:
            # The router of an application has done so already.
            request.transport.write(CONTINUE)
        body = bytearray()
        try:
            async with asyncio.timeout(self._read_timeout):
                while chunk := await request.content.readany():
                    body += chunk
                    if len(body) > self._max_body:
                        raise _Refused(413, f"a body of more than {self._max_body} bytes")
        except TimeoutError:
            raise _Refused(408, f"the body took more than {self._read_timeout:g} s") from None
        except (web.RequestPayloadError, aiohttp.ClientError, OSError):
            raise _Refused(400, "the body broke off") from None
        return bytes(body)

    def _accept(self, body: bytes, request: web.BaseRequest) -> None:
        if self._signature_key is not None:
            signatures = _header(request, _SIGNATURE)
            if len(signatures) != 1 or not verify(body, signatures[0], self._signature_key):
                raise _Refused(401, "signature missing, wrong or given twice")
        try:
            event = parse_event(body)
        except InvalidEvent as error:
            raise _Refused(400, error.message) from None
        if self._max_age is not None:
            self._check_age(event, self._max_age)
        if self._lanes.full:
            raise _Refused(503, "the program is ending" if self._closed else "the queue is full")
        key = is_new = None
        if self._store is not None:
            # Asked now, because it is the moment of arrival that counts, and answered while the event waits.
            key = event_key(event, body)
            is_new = asyncio.get_running_loop().create_task(self._ask(self._store, key))
        lane = f"room {event.room.id}" if isinstance(event, CommentPosted) else object()
        self._lanes.put(lane, _Accepted(event, key, is_new))

    def _check_age(self, event: Event, max_age: float) -> None:
        posted = event.message.posted_at if isinstance(event, CommentPosted) else None
        if posted is None:
            raise _Refused(401, "signed, but does not say when it was posted")
        age = self._clock() - posted.timestamp()
        if not -FUTURE <= age <= max_age:
            raise _Refused(401, f"signed, but {age:.0f} s old")

    # --- An accepted event

    async def _handle(self, accepted: _Accepted) -> None:
        if accepted.is_new is not None and not await accepted.is_new:
            self._counts.repeats += 1
            log.debug("an event of type %r came again", accepted.event.type)
            return
        failure: Exception
        try:
            async with asyncio.timeout(self._handler_timeout) as scope:
                await self._handler(accepted.event)
        except Exception as error:
            failure = TimeoutError(f"not done within {self._handler_timeout:g} s") if scope.expired() else error
            failure.__cause__ = None if failure is error else error
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            # Something that the handler waited for was cancelled, not the handler.
            failure = RuntimeError("something that the handler waited for was cancelled")
            failure.__cause__ = error
        else:
            self._counts.handled += 1
            return
        self._counts.failed += 1
        await asyncio.gather(self._forget(accepted.key), self._report(accepted.event, failure))

    async def _drop(self, accepted: _Accepted) -> None:
        is_new = accepted.is_new
        if is_new is not None and not is_new.cancelled() and not await is_new:
            self._counts.repeats += 1
            return
        self._counts.dropped += 1
        dropped = EventDropped("the program ended before this event was handled")
        await asyncio.gather(self._forget(accepted.key), self._report(accepted.event, dropped))

    async def _ask(self, store: DedupStore, key: EventKey) -> bool:
        """Whether an event is new. If that cannot be told, it is."""
        try:
            async with asyncio.timeout(STORE_TIMEOUT):
                return await store.add(key.text, self._ttl if key.certain else self._window)
        except Exception as error:
            self._store_failed(error)
            return True

    async def _forget(self, key: EventKey | None) -> None:
        """Have an event handled if it comes again."""
        if self._store is None or key is None:
            return
        try:
            async with asyncio.timeout(STORE_TIMEOUT):
                await self._store.discard(key.text)
        except Exception as error:
            self._store_failed(error)

    def _store_failed(self, error: Exception) -> None:
        self._counts.store_failures += 1
        log.warning("the store of %s failed: %r", type(self).__name__, error)

    async def _report(self, event: Event, failure: Exception) -> None:
        if self._on_error is None:
            log.error("handling an event of type %r failed", event.type, exc_info=failure)
            return
        try:
            async with asyncio.timeout(self._handler_timeout):
                pending = self._on_error(event, failure)
                if inspect.isawaitable(pending):
                    await pending
        except Exception:
            log.exception("on_error failed")

    # --- Life

    def _open(self) -> None:
        self._closed = False
        self._lanes = Lanes(self._handle, capacity=self._queue_size, concurrency=self._concurrency)

    async def _begin(self, _: web.Application) -> None:
        self._open()
        if self._hiding is None:
            self._hiding = self._path.hiding_filter()
            _ACCESS_LOG.addFilter(self._hiding)

    async def _end(self, _: web.Application) -> None:
        await self.aclose()

    async def _show_again(self, _: web.Application) -> None:
        if self._hiding is not None:
            _ACCESS_LOG.removeFilter(self._hiding)
            self._hiding = None


def _header(request: web.BaseRequest, name: bytes) -> list[bytes]:
    """All values of a header, as they came: decoded ones may hold what cannot be encoded again."""
    return [value for key, value in request.raw_headers if key.lower() == name]


def _is_json(content_type: bytes) -> bool:
    kind = content_type.partition(b";")[0].strip().lower()
    return kind in (b"application/json", b"text/json") or (kind.startswith(b"application/") and kind.endswith(b"+json"))


def _seconds(parameter: str, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < float("inf"):
        raise InvalidParameter(parameter, f"must be a number of seconds above 0, not {value!r}")
    return float(value)


def _seconds_or_none(parameter: str, value: float | None) -> float | None:
    return None if value is None else _seconds(parameter, value)


def _whole(parameter: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidParameter(parameter, f"must be a whole number from 1, not {value!r}")
    return value
