"""The receiver in aiohttp's server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from aiohttp import web

from qiscus_async.webhooks.requests import Reply

__all__ = ["answer"]

CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


async def answer(receive: Callable[..., Awaitable[Reply]], request: web.BaseRequest, secret: str) -> web.Response:
    """Answer a request.

    Args:
        receive: :meth:`Receiver.receive <qiscus_async.webhooks.Receiver.receive>`.
        secret: What stands in its path where the secret should.
    """
    reply = await receive(request.method, secret, request.raw_headers, _pieces(request))
    response = web.Response(status=reply.status, headers=reply.headers)
    if reply.closes:
        response.force_close()
    return response


async def _pieces(request: web.BaseRequest) -> AsyncIterator[bytes]:
    in_application = isinstance(request, web.Request)
    if not in_application and request.headers.get("Expect", "").lower() == "100-continue" and request.transport:
        # The router of an application has done so already.
        request.transport.write(CONTINUE)
    while piece := await request.content.readany():
        yield piece
