"""The claims that a receiver has on events at the store that it shares with others."""

from __future__ import annotations

import asyncio
import contextvars
import enum
from collections.abc import Awaitable, Callable
from typing import Final

import attrs

from qiscus_async.webhooks.dedup import DedupStore, EventKey

__all__ = ["Claim", "Claims", "Standing"]

STORE_TIMEOUT: Final = 2.0
_RENEWALS: Final = 3
"""Times that a claim is renewed within a lease, so that one may fail."""


class Standing(enum.Enum):
    """What an event that came is to its receiver."""

    NEW = enum.auto()
    REPEAT = enum.auto()
    """Done, or accepted by this receiver already."""
    ELSEWHERE = enum.auto()
    """Another receiver has claimed it and not done it: it may be at work on it, or may have died."""


@attrs.define(slots=True, eq=False)
class Claim:
    """A claim on a key."""

    key: str
    ends: float
    """By the loop's clock, when the event is forgotten: counted from when it came."""
    calling: asyncio.Lock = attrs.field(factory=asyncio.Lock, repr=False)
    """So that no renewal can overtake the word that it is done."""


class Claims:
    """Claims keys, renews the claims while their events wait and are handled, and says what became of them.

    A store that fails is no reason not to handle an event: it is new then, and no claim is held.

    Args:
        scope: What the keys are kept apart by from those of others in the store.
        lease: Seconds for which a claim outlives its process.
        ttl: Seconds for which a certain key is remembered.
        window: The same for one that is not.
        failed: Called with what the store raised.
    """

    def __init__(
        self,
        store: DedupStore,
        *,
        scope: str,
        lease: float,
        ttl: float,
        window: float,
        failed: Callable[[Exception], None],
    ) -> None:
        self._store = store
        self._scope = scope
        self._lease = lease
        self._ttl = ttl
        self._window = window
        self._failed = failed
        self._held: dict[str, Claim] = {}
        self._renewing: asyncio.Task[None] | None = None

    async def take(self, key: EventKey) -> tuple[Standing, Claim | None]:
        """Claim a key, if it is to be had."""
        clock = asyncio.get_running_loop().time
        name = f"{self._scope}:{key.text}"
        claim = Claim(name, clock() + (self._ttl if key.certain else self._window))
        if self._has(name):
            return Standing.REPEAT, None
        try:
            async with asyncio.timeout(STORE_TIMEOUT):
                if await self._store.claim(name, self._lease_of(claim)):
                    self._held[name] = claim
                    self._keep_renewing()
                    return Standing.NEW, claim
                # Two of the same may have asked at once.
                if self._has(name) or await self._store.is_done(name):
                    return Standing.REPEAT, None
                return Standing.ELSEWHERE, None
        except Exception as error:
            self._failed(error)
            return Standing.NEW, None

    async def done(self, claim: Claim) -> None:
        """The event was handled."""
        left = claim.ends - asyncio.get_running_loop().time()
        await self._end(claim, (lambda: self._store.done(claim.key, left)) if left > 0 else None)

    async def release(self, claim: Claim) -> None:
        """It was not, and may come again."""
        await self._end(claim, lambda: self._store.release(claim.key))

    def stop(self) -> None:
        """Renew nothing more."""
        if self._renewing is not None:
            self._renewing.cancel()
            self._renewing = None

    async def _end(self, claim: Claim, call: Callable[[], Awaitable[None]] | None) -> None:
        async with claim.calling:
            if self._held.get(claim.key) is not claim:
                # Its time was over, and somebody else may have it.
                return
            if call is not None:
                await self._ask(call)
            if self._held.get(claim.key) is claim:
                del self._held[claim.key]
        if not self._held:
            self.stop()

    async def _ask(self, call: Callable[[], Awaitable[None]]) -> None:
        try:
            async with asyncio.timeout(STORE_TIMEOUT):
                await call()
        except Exception as error:
            self._failed(error)

    def _has(self, key: str) -> bool:
        claim = self._held.get(key)
        return claim is not None and claim.ends > asyncio.get_running_loop().time()

    def _lease_of(self, claim: Claim) -> float:
        return min(self._lease, claim.ends - asyncio.get_running_loop().time())

    def _keep_renewing(self) -> None:
        if self._renewing is None:
            # Not in the context of the event that happens to be first.
            context = contextvars.Context()
            self._renewing = asyncio.get_running_loop().create_task(self._renew(), context=context)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._lease / _RENEWALS)
            await asyncio.gather(*map(self._renew_one, list(self._held.values())))

    async def _renew_one(self, claim: Claim) -> None:
        async with claim.calling:
            lease = self._lease_of(claim)
            if self._held.get(claim.key) is claim and lease > 0:
                await self._ask(lambda: self._store.renew(claim.key, lease))
