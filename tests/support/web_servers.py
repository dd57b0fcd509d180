"""Programs of other people's frameworks with a receiver in them, each behind a real server."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import uvicorn
from aiohttp import web

from qiscus_async.webhooks import Receiver

Place = Callable[[Receiver], AbstractAsyncContextManager[str]]


@asynccontextmanager
async def under_uvicorn(app: Any, **settings: Any) -> AsyncIterator[str]:
    """Serves an ASGI application, with every log on, until the block ends; gives its base URL."""
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="trace",
        **{"lifespan": "on", "timeout_graceful_shutdown": 5, **settings},
    )
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            await asyncio.sleep(0.01)
            if task.done():
                await task
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def alone(receiver: Receiver) -> AsyncIterator[str]:
    async with under_uvicorn(receiver.asgi()) as base_url:
        yield base_url + receiver.path


@asynccontextmanager
async def in_starlette(receiver: Receiver) -> AsyncIterator[str]:
    from starlette.applications import Starlette
    from starlette.routing import Mount

    app = Starlette(routes=[Mount("/", receiver.asgi())], lifespan=lambda _: receiver.running())
    async with under_uvicorn(app) as base_url:
        yield base_url + receiver.path


@asynccontextmanager
async def in_fastapi(receiver: Receiver) -> AsyncIterator[str]:
    from fastapi import FastAPI

    app = FastAPI(lifespan=lambda _: receiver.running())
    app.mount("/chat", receiver.asgi())
    async with under_uvicorn(app, root_path="/behind-a-proxy") as base_url:
        yield f"{base_url}/chat/{receiver.path.rpartition('/')[2]}"


def beside(site: Any, receiver: Receiver) -> Any:
    """An application of both: the site is told nothing of the beginning and the end."""
    hook = receiver.asgi()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        ours = scope["type"] == "lifespan" or scope["path"].startswith("/qiscus/")
        await (hook if ours else site)(scope, receive, send)

    return application


@asynccontextmanager
async def beside_django(receiver: Receiver) -> AsyncIterator[str]:
    """Django tells nobody of the beginning and the end, so that the receiver listens to the server itself."""
    import django
    from django.conf import settings
    from django.core.asgi import get_asgi_application

    if not settings.configured:
        settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="x", LOGGING_CONFIG=None)
        django.setup()
    async with under_uvicorn(beside(get_asgi_application(), receiver)) as base_url:
        yield base_url + receiver.path


urlpatterns: list[Any] = []
"""Of Django."""


@asynccontextmanager
async def beside_flask(receiver: Receiver) -> AsyncIterator[str]:
    from asgiref.wsgi import WsgiToAsgi
    from flask import Flask

    site = WsgiToAsgi(Flask(__name__))  # type: ignore[no-untyped-call]
    async with under_uvicorn(beside(site, receiver)) as base_url:
        yield base_url + receiver.path


@asynccontextmanager
async def in_aiohttp(receiver: Receiver) -> AsyncIterator[str]:
    app = web.Application()
    receiver.attach(app)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}{receiver.path}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def by_itself(receiver: Receiver) -> AsyncIterator[str]:
    async with receiver.serving() as url:
        yield str(url)


PLACES: dict[str, Place] = {
    "own": by_itself,
    "aiohttp": in_aiohttp,
    "uvicorn": alone,
    "starlette": in_starlette,
    "fastapi": in_fastapi,
    "django": beside_django,
    "flask": beside_flask,
}
