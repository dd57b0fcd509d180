"""One request and its answer: which route, which fault, what is logged."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Callable
from typing import cast

import attrs
from aiohttp import web

from nusantara.sandbox import wire
from nusantara.sandbox.answer import Answer
from nusantara.sandbox.control import PREFIX, Controls
from nusantara.sandbox.faults import Fault, FaultKind, Faults, FaultStage
from nusantara.sandbox.guard import CONTROL_BODY_LIMIT, Guard, shielded
from nusantara.sandbox.incoming import Incoming
from nusantara.sandbox.log import Entry, RequestLog
from nusantara.sandbox.router import Match, Router
from nusantara.sandbox.vendor import RouteUse

__all__ = ["Exchanges"]

logger = logging.getLogger("nusantara.sandbox")

_WITH_RIGHT_STATUS = frozenset(
    {
        FaultKind.STALL_MID_BODY,
        FaultKind.DRIP,
        FaultKind.RESET_MID_BODY,
        FaultKind.CUT_BODY,
        FaultKind.CUT_CHUNKED,
        FaultKind.CUT_UNSIZED,
        FaultKind.EXTRA_ANSWER,
        FaultKind.CLOSE_AFTER_ANSWER,
    }
)
_WITH_OWN_STATUS = frozenset({FaultKind.REFUSE_EARLY, FaultKind.GZIP_BOMB, FaultKind.ENDLESS_BODY})


@attrs.define(slots=True)
class Exchanges:
    """Answers the requests of all connections."""

    router: Router
    faults: Faults
    log: RequestLog
    controls: Controls
    guard: Guard
    released: Callable[[], asyncio.Event]
    """Gives the event that, once set, lets go whatever is held now."""
    max_connections: int
    _open: int = attrs.field(default=0, init=False)
    _bodies: wire.Bodies = attrs.field(factory=wire.Bodies, init=False)

    def connection_is_reset(self) -> bool:
        """Whether a fault strikes a connection before anything is read from it."""
        return self.faults.strike_connection() is not None

    def connection_made(self) -> bool:
        """Count a connection; whether it is one too many, or a fault strikes it at once."""
        self.log.add_connection()
        self._open += 1
        return self._open > self.max_connections or self.connection_is_reset()

    def connection_lost(self) -> None:
        """Count it no more."""
        self._open -= 1

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        try:
            return await self._answer(request, self.released())
        except ConnectionError:
            return wire.HangUp()
        finally:
            self._bodies.forget(request)

    async def _answer(self, request: web.BaseRequest, released: asyncio.Event) -> web.StreamResponse:
        connection = cast(wire.Connection, request.protocol)
        connection.begin()
        origin, target = _split_target(request)
        path = target.partition("?")[0]
        match = self.router.match(request.method, path)
        call = Incoming(
            method=request.method,
            target=target,
            headers=request.raw_headers,
            body=b"",
            origin=origin,
            params=match.params if match else {},
        )
        owner = match.vendor if match else self.router.owner(path)
        is_own = path.startswith(PREFIX)
        use = RouteUse.CONTROL if is_own else match.route.use if match else None
        refusal = self.guard.refusal(call, use, getattr(owner, "hosts", ()))
        if refusal is not None:
            return _closing(refusal)
        limit = CONTROL_BODY_LIMIT if use is RouteUse.CONTROL else wire.BODY_LIMIT
        if is_own:
            call = attrs.evolve(call, body=await self._bodies.read(request, limit + 1))
            if len(call.body) > limit:
                return _closing(_too_large(limit))
            connection.expect_next()
            return wire.plain(shielded(self.controls.answer(call), use))
        if (wanted := self.guard.preflight(call)) is not None and (
            asked := self.router.match(wanted, path)
        ) is not None:
            return _closing(self.guard.permission(call, asked.route.use))

        entry = self.log.add(
            method=call.method,
            target=target,
            headers=call.headers,
            vendor=owner.name if owner else None,
            operation=match.route.operation if match else None,
        )
        seconds, fault = self.faults.strike_call(call.method, path, entry.record.vendor, entry.record.operation)
        if fault is not None:
            entry.update(fault=fault.kind.value)

        if fault is not None and fault.stage is FaultStage.HEADERS:
            if seconds:
                await wire.pause(seconds, connection, released)
            if fault.kind is FaultKind.RESET_AFTER_HEADERS and fault.keep_bytes:
                entry.update(body=await self._bodies.read(request, fault.keep_bytes))
            return self._struck(fault, None, entry, released)

        call = attrs.evolve(call, body=await self._bodies.read(request, limit + 1))
        connection.expect_next()
        entry.update(body=call.body)
        if seconds:
            await wire.pause(seconds, connection, released)

        right: Answer | None = None
        if len(call.body) > limit:
            right = _too_large(limit)
        elif fault is None or fault.stage is FaultStage.EXECUTED:
            right = await self._execute(call, match)
            entry.update(executed=match is not None)
        if right is not None:
            right = self.guard.shared(call, shielded(right, use), use)

        if fault is None or fault.kind in (FaultKind.STATUS, FaultKind.RELABEL):
            answer = shielded(_replaced(fault, right), None)
            entry.update(status=answer.status)
            return wire.plain(answer)
        return self._struck(fault, right, entry, released)

    def _struck(self, fault: Fault, right: Answer | None, entry: Entry, released: asyncio.Event) -> wire.Raw:
        if fault.kind in _WITH_OWN_STATUS:
            entry.update(status=fault.status)
        elif fault.kind in _WITH_RIGHT_STATUS and right is not None:
            entry.update(status=right.status)
        return wire.Raw(lambda line: wire.apply(fault, right, line), released)

    async def _execute(self, call: Incoming, match: Match | None) -> Answer:
        try:
            if match is not None:
                answer = match.route.handler(call)
                return await answer if inspect.isawaitable(answer) else answer
            owner = self.router.owner(call.path)
            if owner is not None:
                return owner.not_found(call)
        except Exception:
            logger.exception("the sandbox failed at %s %s", call.method, call.path)
            return Answer.json({"error": "the sandbox failed; its log says why"}, status=500).undocumented()
        return Answer.json({"error": "the sandbox serves no such path", "serves": self.router.served()}, status=404)


def _too_large(limit: int) -> Answer:
    return Answer.json({"error": f"the sandbox takes at most {limit} bytes here"}, status=413)


def _closing(answer: Answer) -> web.Response:
    """An answer to a request whose body is not read, and the end of the connection."""
    response = wire.plain(answer)
    response.force_close()
    return response


def _split_target(request: web.BaseRequest) -> tuple[str, str]:
    """Scheme and authority, and path with query, as the client used them."""
    target = request.raw_path
    scheme, separator, rest = target.partition("://")
    if target.startswith("/") or not separator:
        return f"{request.scheme}://{request.headers.get('Host', '')}", target
    # The absolute form, which a client uses towards a proxy.
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority}", slash + path or "/"


def _replaced(fault: Fault | None, right: Answer | None) -> Answer:
    if fault is not None and fault.kind is FaultKind.STATUS:
        return Answer(fault.status, fault.headers, fault.body)
    assert right is not None
    for name, value in fault.headers if fault is not None else ():
        right = right.with_header(name, value)
    return right
