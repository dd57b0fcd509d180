"""Webhooks that the sandbox sends out."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

import attrs

from nusantara.introspection import documented

if TYPE_CHECKING:
    from aiohttp import ClientSession

__all__ = ["Delivery", "Outbox"]

TIMEOUT = 10.0


@documented
@attrs.frozen(slots=True, kw_only=True)
class Delivery:
    """One webhook call and how it ended."""

    vendor: str
    url: str
    headers: tuple[tuple[str, str], ...] = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)
    status: int | None = None
    """HTTP status of the receiver's answer; ``None`` where none came."""
    error: str | None = None
    """Why no answer came."""


class _Finished:
    """The newest deliveries, as many as may be kept; the last one always is."""

    def __init__(self) -> None:
        self.deliveries: deque[Delivery] = deque()
        self.gone = 0
        """How many are not kept any more."""
        self._bytes = 0

    def add(self, delivery: Delivery, limit: int, size: int) -> None:
        self.deliveries.append(delivery)
        self._bytes += len(delivery.body)
        while len(self.deliveries) > 1 and (len(self.deliveries) > limit or self._bytes > size):
            self._bytes -= len(self.deliveries.popleft().body)
            self.gone += 1


class Outbox:
    """Sends each webhook once, in the background, and keeps what became of it.

    No vendor documents that it repeats a webhook, so nothing is repeated. Redirects are not followed.
    """

    def __init__(self, limit: int = 10_000, size: int = 64 << 20) -> None:
        self._limit, self._size = limit, size
        self._finished = _Finished()
        self._lock = threading.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Send from this loop."""
        self._loop = loop

    def post(self, vendor: str, url: str, body: bytes, headers: tuple[tuple[str, str], ...]) -> None:
        """Send a POST soon. From any thread; while the sandbox is stopped, nothing is sent."""
        if self._loop is not None:
            delivery = Delivery(vendor=vendor, url=url, headers=headers, body=body)
            self._loop.call_soon_threadsafe(self._begin, delivery, self._finished)

    @property
    def deliveries(self) -> list[Delivery]:
        """The finished deliveries since the last reset, oldest first: a copy. At most 10,000 and 64 MiB are kept."""
        with self._lock:
            return list(self._finished.deliveries)

    def deliveries_from(self, number: int) -> tuple[list[Delivery], int]:
        """Those that finished after the first ``number`` since the last reset, and how many there are in all."""
        with self._lock:
            found, gone = self._finished.deliveries, self._finished.gone
            return list(islice(found, max(number - gone, 0), None)), gone + len(found)

    async def idle(self) -> None:
        """Wait until everything posted so far is delivered or has failed."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    def reset(self) -> None:
        """Forget the deliveries, also those still on their way."""
        with self._lock:
            self._finished = _Finished()

    async def close(self) -> None:
        """Give up what is on its way and close the connections."""
        self._loop = None
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _begin(self, delivery: Delivery, finished: _Finished) -> None:
        task = asyncio.get_running_loop().create_task(self._send(delivery, finished))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, delivery: Delivery, finished: _Finished) -> None:
        from aiohttp import ClientError, ClientSession, ClientTimeout

        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(total=TIMEOUT))
        try:
            answer = await self._session.post(
                delivery.url, data=delivery.body, headers=delivery.headers, allow_redirects=False
            )
            answer.release()
            delivery = attrs.evolve(delivery, status=answer.status)
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            delivery = attrs.evolve(delivery, error=str(error) or type(error).__name__)
        with self._lock:
            finished.add(delivery, self._limit, self._size)
