"""The receiver as an ASGI application, for uvicorn, hypercorn and daphne, and to be mounted in others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any

from qiscus_async.webhooks.requests import Reply

__all__ = ["ASGIApp", "asgi"]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Message, Receive, Send], Awaitable[None]]
Answer = Callable[..., Awaitable[Reply]]
Running = Callable[[], AbstractAsyncContextManager[None]]


def asgi(answer: Answer, running: Running, prefix: str) -> ASGIApp:
    """The application of a receiver.

    Args:
        answer: :meth:`Receiver.receive <qiscus_async.webhooks.Receiver.receive>`.
        running: Its life, for a server that tells of its own.
        prefix: What stands before the secret where nothing is said of a mount.
    """

    async def application(scope: Message, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http":
                await _serve(answer, prefix, scope, receive, send)
            case "lifespan":
                await _live(running, receive, send)
            case "websocket":
                await receive()
                await send({"type": "websocket.close"})
            case other:
                raise ValueError(f"the receiver speaks HTTP, not {other!r}")

    return application


async def _serve(answer: Answer, prefix: str, scope: Message, receive: Receive, send: Send) -> None:
    # Where it is mounted, the server's part of the path is said apart from it, and yet stands in it.
    place, _, secret = str(scope["path"]).removeprefix(str(scope.get("root_path", ""))).rpartition("/")
    if place not in ("", prefix):
        secret = ""
    reply = await answer(scope["method"], secret, scope["headers"], _pieces(receive))
    headers = [(name.lower().encode(), value.encode()) for name, value in reply.headers.items()]
    headers.append((b"content-length", b"0"))
    if reply.closes and scope.get("http_version", "1.1").startswith("1"):
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _pieces(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError("the sender is gone")
        more = message.get("more_body", False)
        yield message.get("body", b"")


async def _live(running: Running, receive: Receive, send: Send) -> None:
    async with AsyncExitStack() as stack:
        while True:
            message = await receive()
            try:
                if message["type"] == "lifespan.startup":
                    await stack.enter_async_context(running())
                else:
                    await stack.aclose()
            except Exception as error:
                await send({"type": f"{message['type']}.failed", "message": str(error)})
                raise
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
