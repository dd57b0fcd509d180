"""Whether this aiohttp is inside as we know it: every name is there, and what we put in its place is really called."""

from __future__ import annotations

import asyncio
import functools
import logging
import os
import socket
import threading
from typing import Any

import aiohttp

from nusantara.request import CallClass, Request
from nusantara.transport.aiohttp_inside import lacking
from nusantara.transport.connector import Connector, guard
from nusantara.transport.descriptors import Sockets
from nusantara.transport.early_answer import EarlyAnswerGuard
from nusantara.transport.exchange import Exchange
from nusantara.transport.shortcut import Shortcut

__all__ = ["aiohttp_fits"]

TIME = 8.0
"""Seconds that the look may take: milliseconds, unless aiohttp has changed, or the machine stands still."""
HOOKS = ("set_response_params", "start_timeout", "feed_data", "set_exception")
"""What aiohttp calls of our protocol, and may call by another name some day."""
WHERE = "http://127.0.0.1/"
ANSWER = b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

_log = logging.getLogger("nusantara.transport")
_alone = threading.Lock()


def aiohttp_fits() -> bool:
    """Whether our own connector can serve. Asked once in a process; a no is logged as a warning."""
    with _alone:
        return _fits()


@functools.cache
def _fits() -> bool:
    found: list[str] = []
    # In a loop of its own, which no loop that runs in this thread allows.
    look = threading.Thread(target=_look, args=(found,), name="nusantara-self-check", daemon=True)
    look.start()
    look.join()
    if not found:
        return True
    _log.warning(
        "aiohttp %s is not inside as this library knows it: %s. Its plain connector and session serve instead: slower, "
        "and without some of what FAULTS.md promises",
        aiohttp.__version__,
        "; ".join(found),
    )
    return False


def _begin_anew() -> None:
    global _alone
    _alone = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)  # The thread that held it may not be there.


def _look(found: list[str]) -> None:
    try:
        with asyncio.Runner(debug=False, loop_factory=_Memory) as runner:
            found += runner.run(_problems())
    except Exception as error:
        found.append(f"a call in memory ended in {type(error).__name__}")


async def _problems() -> list[str]:
    missing = await lacking()
    if missing:
        return [
            f"{inside.owner} has no {inside.name} of the old kind, so that {inside.lost} is lost" for inside in missing
        ]
    async with asyncio.timeout(TIME):
        silent = await _silent_hooks()
    return [f"{name} is not called" for name in silent]


async def _silent_hooks() -> list[str]:
    """Make calls on each way; the hooks that nobody called."""
    called: set[str] = set()
    connector = Connector(
        keep_alive=TIME, max_age=None, make_room=lambda: False, keep_within_limit=lambda: None, sockets=Sockets()
    )
    guard(connector, _watched(called))
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        request = Request(
            method="POST", template="/", path="/", target="/", call_class=CallClass.UNREPEATABLE, body=b"ok"
        )
        for kept in (False, True):
            async with session.post(WHERE, data=request.body, timeout=aiohttp.ClientTimeout(sock_read=TIME)) as answer:
                _expect(await answer.read() == b"ok")
            _expect(connector.reused is kept and len(connector.idle) == 1)
        shortcut = Shortcut(session, WHERE)
        line = await connector.open(shortcut.target, aiohttp.ClientTimeout())
        try:
            _expect(line.was_kept)
            message, content = await line.ask(shortcut.message(request, {}), Exchange(request))
            _expect(message.code == 200 and await content.read() == b"ok")
            connector.keep(line, shortcut)
            _expect(connector.take(shortcut) is line)
        finally:
            connector.keep(line, shortcut)
        _expect(connector.close_idle() and connector.idle == [])
        try:
            async with session.post(WHERE, data=b"??"):
                pass
        except aiohttp.ClientResponseError:
            return sorted({*HOOKS} - called)
    raise AssertionError


def _expect(fact: bool) -> None:
    if not fact:
        raise AssertionError


def _watched(called: set[str]) -> type[EarlyAnswerGuard]:
    """Our protocol, which notes what is called of it."""

    def watch(name: str) -> Any:
        hook = getattr(EarlyAnswerGuard, name)

        def noting(self: EarlyAnswerGuard, *args: Any, **settings: Any) -> Any:
            called.add(name)
            return hook(self, *args, **settings)

        return noting

    return type("Watched", (EarlyAnswerGuard,), {name: watch(name) for name in HOOKS})


class _Memory(asyncio.SelectorEventLoop):
    """Connects to a server in this process, whatever address is asked for."""

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        pass

    async def create_connection(self, protocol_factory: Any, *_: Any, **settings: Any) -> Any:
        settings["sock"].close()
        ours, theirs = socket.socketpair()
        for end in ours, theirs:
            end.setblocking(False)
        await self.connect_accepted_socket(_Server, theirs)
        return await super().create_connection(protocol_factory, sock=ours)


class _Server(asyncio.Protocol):
    transport: asyncio.Transport

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if data.endswith(b"ok"):
            self.transport.write(ANSWER)
        elif data.endswith(b"??"):
            self.transport.write(b"?? no HTTP ??\r\n\r\n")
