"""The sandbox itself: one local server for all vendors."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Collection, Generator, Sequence
from typing import TYPE_CHECKING, Any

from nusantara.errors import ConfigurationError, InvalidParameter
from nusantara.sandbox.control import Controls
from nusantara.sandbox.faults import Faults
from nusantara.sandbox.guard import Guard
from nusantara.sandbox.log import RecordedRequest, RequestLog
from nusantara.sandbox.outbox import Delivery, Outbox
from nusantara.sandbox.router import Router
from nusantara.sandbox.vendor import Site, Vendor, load_vendors

if TYPE_CHECKING:
    from nusantara.sandbox.exchange import Exchanges

__all__ = ["Sandbox"]


class Sandbox:
    """A local server that behaves as KASKUS, Bukalapak and Qiscus do, on one port, at their real paths.

    Async, in the running loop::

        async with Sandbox() as sandbox:
            print(sandbox.base_url, sandbox.credentials["bukalapak"])

    Sync, in a thread of its own::

        with Sandbox().in_thread() as sandbox: ...

    ``sandbox.bukalapak`` and so on give the state of a vendor. Everything here but starting and stopping may be used
    from any thread.

    :param port: 0 takes a free one.
    :param vendors: names, or vendors made with settings of their own; by default all that are installed.
    :param seed: decides identifiers, and which calls a fault with a probability strikes. The same seed gives the same
        run.
    :param clock: seconds since the epoch, for the times that the vendors write and check.
    :param idle_timeout: seconds after which a kept connection without a request is closed.
    :param ssl_context: serve https with it.
    :param hosts: names besides ``localhost`` under which it may be called, such as that of a container. A page can make
        a name of its own lead to this machine, so a request under any other name is refused.
    :param origins: origins of web applications, such as ``http://localhost:3000``, whose pages may call the vendors'
        operations. The sandbox's own paths are for no page but its own.
    :param max_connections: further ones are reset.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        vendors: Sequence[str | Vendor] | None = None,
        seed: int = 0,
        clock: Callable[[], float] | None = None,
        idle_timeout: float = 75.0,
        ssl_context: ssl.SSLContext | None = None,
        hosts: Collection[str] = (),
        origins: Collection[str] = (),
        max_connections: int = 2_000,
    ) -> None:
        if isinstance(max_connections, bool) or not isinstance(max_connections, int) or max_connections < 1:
            raise InvalidParameter("max_connections", f"must be a whole number from 1, not {max_connections!r}")
        self._guard = Guard(host, hosts, origins)
        self._max_connections = max_connections
        self._host = host
        self._port = port
        self._idle_timeout = idle_timeout
        self._ssl_context = ssl_context
        self._outbox = Outbox()
        self._vendors = load_vendors(vendors)
        site = Site(clock=clock or time.time, seed=seed, base_url=lambda: self.base_url, outbox=self._outbox)
        for vendor in self._vendors.values():
            vendor.attach(site)
        self._router = Router(self._vendors.values())
        self._faults = Faults(seed)
        self._log = RequestLog()
        self._address: tuple[str, int] | None = None
        self._listener: _Listening | None = None
        self._thread: _Thread | None = None

    @property
    def base_url(self) -> str:
        """Where it listens, such as ``http://127.0.0.1:41957``, without a slash at the end.

        Known from the first start on. A sandbox that listens on all interfaces gives its loopback address.
        """
        if self._address is None:
            raise ConfigurationError("the sandbox has no address before it is started")
        host, port = self._address
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
        return f"{'https' if self._ssl_context else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"

    @property
    def credentials(self) -> dict[str, Any]:
        """``base_url``, and for each vendor what its client needs. JSON-able."""
        return {"base_url": self.base_url} | {name: vendor.credentials() for name, vendor in self._vendors.items()}

    @property
    def vendors(self) -> dict[str, Vendor]:
        """The vendors that are served, by name."""
        return dict(self._vendors)

    def __getattr__(self, name: str) -> Any:
        # Only called for what is not found otherwise. Which vendors there are is not known before the sandbox is made.
        vendors: dict[str, Vendor] = self.__dict__.get("_vendors", {})
        if name in vendors:
            return vendors[name].state
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    @property
    def faults(self) -> Faults:
        """The faults, to switch on and off."""
        return self._faults

    @property
    def requests(self) -> list[RecordedRequest]:
        """The last requests since the last reset, oldest first: a copy. Calls of ``/_sandbox/`` are left out.

        At most 10,000 and 64 MiB of them are kept. Nor is there what was refused because it came from a page.
        """
        return self._log.snapshot()

    @property
    def connection_count(self) -> int:
        """Connections accepted since the last reset, those included that a fault reset at once."""
        return self._log.connections

    @property
    def deliveries(self) -> list[Delivery]:
        """The webhooks sent since the last reset that were answered or failed, oldest first: a copy."""
        return self._outbox.deliveries

    async def delivered(self) -> None:
        """Wait until every webhook caused so far is answered or has failed. From any loop."""
        if (listener := self._listener) is not None:
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._outbox.idle(), listener.loop))

    def wait_delivered(self, timeout: float | None = 10.0) -> None:
        """The same for sync code beside :meth:`in_thread`. Raises :exc:`TimeoutError`."""
        if (listener := self._listener) is not None:
            asyncio.run_coroutine_threadsafe(self._outbox.idle(), listener.loop).result(timeout)

    def reset(self) -> None:
        """Back to the first state: data, settings, request log, faults and their generator.

        Calls that a fault holds are let go: their connections close.
        """
        self._faults.reset()
        if (listener := self._listener) is not None:
            listener.release()
        for vendor in self._vendors.values():
            vendor.reset()
        self._outbox.reset()
        self._log.reset()

    async def start(self) -> None:
        """Listen in the running loop. Raises :exc:`OSError` where the address cannot be had."""
        if self._listener is not None:
            raise ConfigurationError("the sandbox is running already")
        # aiohttp takes a tenth of a second to import, so only a sandbox that starts does so.
        from nusantara.sandbox.exchange import Exchanges

        listener = _Listening()
        exchanges = Exchanges(
            self._router,
            self._faults,
            self._log,
            Controls(lambda: self.credentials, self.reset, self._log, self._faults, self._outbox),
            self._guard,
            lambda: listener.released,
            self._max_connections,
        )
        self._address = await listener.listen(exchanges, self._host, self._port, self._ssl_context, self._idle_timeout)
        self._listener = listener
        self._outbox.open(listener.loop)

    async def stop(self) -> None:
        """Stop listening, cut the calls that are held, and close all connections. State stays readable."""
        listener, self._listener = self._listener, None
        if listener is not None:
            await listener.stop()
            await self._outbox.close()

    async def __aenter__(self) -> Sandbox:
        await self.start()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.stop()

    def start_in_thread(self) -> Sandbox:
        """Run in a thread with a loop of its own; returns once it listens. End it with :meth:`stop_thread`."""
        if self._thread is not None or self._listener is not None:
            raise ConfigurationError("the sandbox is running already")
        thread = _Thread(self)
        thread.start_and_wait()
        self._thread = thread
        return self

    def stop_thread(self) -> None:
        """End what :meth:`start_in_thread` started."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop_and_join()

    @contextlib.contextmanager
    def in_thread(self) -> Generator[Sandbox]:
        """Run in a thread for the length of a ``with`` block."""
        self.start_in_thread()
        try:
            yield self
        finally:
            self.stop_thread()


class _Listening:
    """The listening socket and its connections. Belongs to the loop in which it is made."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.released = asyncio.Event()
        """Once it is set, whatever is held now is let go."""

    async def listen(
        self, exchanges: Exchanges, host: str, port: int, ssl_context: ssl.SSLContext | None, idle_timeout: float
    ) -> tuple[str, int]:
        """Listen; the address that was taken."""
        from aiohttp import web

        from nusantara.sandbox.wire import Connection

        self._manager = web.Server(exchanges.answer)
        self._server = await self.loop.create_server(
            lambda: Connection(self._manager, exchanges, loop=self.loop, keepalive_timeout=idle_timeout),
            host,
            port,
            ssl=ssl_context,
        )
        address = self._server.sockets[0].getsockname()
        return address[0], address[1]

    def release(self) -> None:
        """Let go whatever is held. From any thread."""
        with contextlib.suppress(RuntimeError):  # its loop has closed, so nothing is held
            self.loop.call_soon_threadsafe(self._release)

    def _release(self) -> None:
        self.released.set()
        self.released = asyncio.Event()

    async def stop(self) -> None:
        self._server.close()
        self._release()
        self._manager.pre_shutdown()
        await self._manager.shutdown(1.0)
        await self._server.wait_closed()


class _Thread:
    """Runs a sandbox in a thread."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._settled = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._main, name="nusantara-sandbox", daemon=True)

    def start_and_wait(self) -> None:
        """Return once it listens; raise what kept it from it."""
        self._thread.start()
        self._settled.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure

    def stop_and_join(self) -> None:
        with contextlib.suppress(RuntimeError):  # its loop has closed already
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _main(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
        finally:
            self._settled.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with self._sandbox:
            self._settled.set()
            await self._stop.wait()
