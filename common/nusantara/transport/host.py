"""One request in, one whole answer out, every failure named. Only here does a call reach aiohttp.

What is switched off in aiohttp, and why:

- its hidden repeat of GET, PUT, DELETE and others after a dropped connection: a user who asks for one attempt gets one;
- redirects: they would carry credentials or bodies to another place;
- cookies: they would tie the calls of different users of one client together;
- ``trust_env``: it reads netrc, and costs more than a whole request each time. :mod:`nusantara.transport.proxy` finds
  proxies.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
import attrs
from yarl import URL

from nusantara.checks import encode_head, with_headers
from nusantara.errors import ClosedClient, ConnectFailed, ConnectionLost, NusantaraError, Sent
from nusantara.options import NOT_GIVEN, NotGiven, Options
from nusantara.request import Request
from nusantara.response import Response
from nusantara.transport.exchange import Exchange, current
from nusantara.transport.failures import through_proxy, translate
from nusantara.transport.pool import Pool
from nusantara.transport.proxy import environment_proxy
from nusantara.transport.read_answer import read_response
from nusantara.transport.send_body import Pace, in_memory
from nusantara.transport.session import Session
from nusantara.transport.shortcut import LARGE_BODY, Shortcut

__all__ = ["Host"]


class Host:
    """Where requests go: one base URL, over the connections of a session, of which it uses those to itself alone."""

    __slots__ = ("_goes_directly", "_of_environment", "_proxy", "base_url", "session")

    def __init__(
        self, session: Session, base_url: str, proxy: str | NotGiven | None, *, of_environment: bool = False
    ) -> None:
        self.session = session
        self.base_url = base_url
        self._proxy = proxy
        self._of_environment = of_environment
        self._goes_directly: bool | None = None
        """Whether ordinary calls take the shorter way; None before the first one."""

    @property
    def proxy(self) -> str | None:
        """What stands between. What the environment says of another base URL is looked up by the first call."""
        if isinstance(self._proxy, NotGiven):
            self._proxy = environment_proxy(self.base_url)
        return self._proxy

    def beside(self, base_url: str) -> Host:
        """Another one, over the same session."""
        other = NOT_GIVEN if self._of_environment and base_url != self.base_url else self._proxy
        return Host(self.session, base_url, other, of_environment=self._of_environment)

    def _choose_way(self) -> bool:
        # Proxies and foreign sessions need more than the shorter way knows.
        self._goes_directly = self.proxy is None and self.session.goes_directly
        return self._goes_directly

    def end(self) -> None:
        """Refuse new calls, and leave the connections to those who have the session too."""
        self.session = self.session.ended()

    def begin(self, request: Request) -> Exchange:
        """A record of one attempt."""
        return Exchange(request)

    async def exchange(
        self, opened: Pool, exchange: Exchange, headers: Mapping[str, str], options: Options
    ) -> Response:
        """Send one attempt and read its whole answer. The caller holds a slot."""
        pace: Pace | None = None
        body: Any = None
        way = None
        directly = self._choose_way() if self._goes_directly is None else self._goes_directly
        if directly and opened.guarded and Shortcut.suits(exchange.request):
            way = opened.ways.get(self.base_url) or opened.way_to(self.base_url)
        if way is None:  # Where the body cannot be made, nothing has left, and the failure is that of its maker.
            pace, headers, body = await self._prepared(exchange, headers, options)
        try:
            if way is not None:
                return await self._directly(opened, way, exchange, headers, options)
            if pace is None:
                return await self._through_session(opened, exchange, headers, body, options)
            async with pace:
                response = await self._through_session(opened, exchange, headers, body, options)
            if response.status < 300 and not pace.done:  # Without our own connector there is no hold on early answers.
                raise ConnectionLost("the server answered before the whole body had left, which was cut off")
            return response
        except Exception as error:
            own = None if pace is None else pace.failure
            if own is not None and not isinstance(own, NusantaraError):
                raise own from None  # Of the caller's own file or function.
            failure = self._named(own or error, options.timeout.connect)
            if failure is None:
                raise
            if self.proxy is not None and not exchange.connected:
                failure = through_proxy(failure)
            elif isinstance(failure, ConnectionLost) and self.base_url.startswith("http:") and not opened.answered:
                failure.hint = "if the server speaks TLS, base_url must begin with https://"
            if isinstance(failure, ConnectionLost) and exchange.kept:
                failure.kept = True
                opened.close_idle(exchange.request.call_class, way)
            if not isinstance(failure, ConnectFailed):
                failure.sent = Sent.furthest((failure.sent, exchange.sent))
            # The frames of aiohttp hold whole requests in their variables: they do not belong in a user's traceback.
            raise failure.with_traceback(None) from None

    async def _directly(
        self, opened: Pool, way: Shortcut, exchange: Exchange, headers: Mapping[str, str], options: Options
    ) -> Response:
        request, timeouts = exchange.request, options.timeout
        connector = opened.connector_for(request.call_class)
        line = connector.take(way)
        exchange.kept = line is not None
        if line is None:
            line = await connector.open(way.target, _aiohttp_timeout(timeouts.connect, None))
            exchange.kept = line.was_kept
        try:
            message = way.message(request, headers)
            answered = line.ask(message, exchange)
            del message  # It holds credentials, and this frame may be seen in a traceback.
            deadlines, first_byte = opened.deadlines, timeouts.first_byte
            if first_byte is not None:
                deadlines.begin(first_byte, line)
            try:
                answer, content = await answered
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
        connector.keep(line, way)
        return response

    async def _prepared(
        self, exchange: Exchange, headers: Mapping[str, str], options: Options
    ) -> tuple[Pace | None, Mapping[str, str], Any]:
        """Headers and body as aiohttp's session takes them."""
        request, idle_write = exchange.request, options.timeout.idle_write
        encode_head("", headers, "")  # aiohttp refuses some of them with errors of its own.
        body = request.body
        if request.files:
            from nusantara.transport.multipart import Form

            form = await Form.of(request)
            pace = Pace(idle_write, exchange, form.close)
            headers = with_headers(headers, {"Content-Type": form.content_type})
            if form.length is not None:
                headers["Content-Length"] = str(form.length)
            return pace, headers, pace.chunks(form.pieces())
        if body is not None and len(body) > LARGE_BODY:
            pace = Pace(idle_write, exchange)
            return pace, {**headers, "Content-Length": str(len(body))}, pace.chunks(in_memory(body))
        return None, headers, body

    async def _through_session(
        self, opened: Pool, exchange: Exchange, headers: Mapping[str, str], body: Any, options: Options
    ) -> Response:
        request, timeouts = exchange.request, options.timeout
        session = opened.session_for(request.call_class)
        if not exchange.harmless:
            await _let_what_is_due_happen()
        if opened.guarded:
            silence = timeouts.first_byte
        else:
            # aiohttp has one time for the first byte and all others.
            silence = _longer(timeouts.first_byte, timeouts.idle_read)
            options = attrs.evolve(options, timeout=attrs.evolve(timeouts, idle_read=silence))
        if session.closed:
            raise ClosedClient(f"the connections of this {self.session.owner} are closed")
        # Where our own connector does not serve, a connection may be there before we hear of it.
        exchange.connected = not (opened.owned and opened.guarded)
        before = current.set(exchange)
        try:
            answer = await session.request(
                request.method,
                URL(self.base_url + request.target, encoded=True),
                data=body,
                headers=headers,
                timeout=_aiohttp_timeout(timeouts.connect, silence),
                allow_redirects=False,
                proxy=self.proxy,
                auto_decompress=False,
                middlewares=(exchange,),
                trace_request_ctx=exchange,
            )
        finally:
            current.reset(before)
        try:
            connection = answer.connection if opened.guarded else None
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
        if self.session.closed and isinstance(error, (ConnectionLost, aiohttp.ClientError, RuntimeError)):
            return ClosedClient(f"{self.session.owner} was closed during the call")
        return error if isinstance(error, NusantaraError) else translate(error, connect)


async def _let_what_is_due_happen() -> None:
    """Wait for as long as the loop takes for what it had to do before: cancellations and timeouts that are over.

    aiohttp's session may write a request before it first waits, as :meth:`AnswerGuard.ask` would.
    """
    loop = asyncio.get_running_loop()
    turn = loop.create_future()

    def end() -> None:
        if not turn.done():
            turn.set_result(None)

    loop.call_at(loop.time(), end)
    await turn


def _longer(*seconds: float | None) -> float | None:
    return None if None in seconds else max(one for one in seconds if one is not None)


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
