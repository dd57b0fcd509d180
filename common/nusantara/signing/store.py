"""What is asked of a token store, and how its failures are told in our words, whatever library it is made with."""

from __future__ import annotations

import asyncio
import functools
import logging
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final, Protocol, TypeVar

from nusantara.errors import InvalidParameter, NusantaraError, StoreUnavailable
from nusantara.secret import HiddenText

__all__ = ["GuardedStore", "TokenStore"]

log = logging.getLogger("nusantara.oauth2")

T = TypeVar("T")

_METHODS: Final = ("load", "save", "delete", "lock")
PATIENCE: Final = 10.0
"""Seconds for a store to load, save, delete or unlock."""
LOCK_PATIENCE: Final = 120.0
"""Seconds for its lock, which others may hold for as long as their token endpoint takes, or a lease lasts."""


class TokenStore(Protocol):
    """A place for one credential: an object of JSON values, with the secrets in clear.

    Its methods are coroutines, so that a store may also be a file on a slow disk or a server.
    """

    async def load(self) -> dict[str, Any] | None:
        """What was saved last, or None."""
        ...

    async def save(self, document: Mapping[str, Any]) -> None:
        """Replace what is there. Either all of it is saved or the old document stays."""
        ...

    async def delete(self) -> None:
        """Forget what is there, if anything is."""
        ...

    def lock(self) -> AbstractAsyncContextManager[None]:
        """Keep everyone else who uses the same store from passing this point, as while a token is renewed.

        A holder that disappears must not keep the others out for ever.
        """
        ...


class GuardedStore:
    """Another store, of which silence, and each failure that is not one of ours, becomes a :exc:`StoreUnavailable`."""

    def __init__(self, store: TokenStore) -> None:
        if isinstance(store, type) or not all(callable(getattr(store, name, None)) for name in _METHODS):
            raise InvalidParameter("store", f"must have the methods {', '.join(_METHODS)}, as a FileStore has")
        self._store = store

    async def load(self) -> dict[str, Any] | None:
        return await _told("loaded", self._store.load)

    async def save(self, document: Mapping[str, Any]) -> None:
        secrets = [HiddenText(value) for value in document.values() if isinstance(value, str) and value]
        save = _saving(self._store, document)
        del document  # It is in clear, and this frame may be seen in a traceback.
        await _told("saved", save, secrets)

    async def delete(self) -> None:
        await _told("deleted", self._store.delete)

    @asynccontextmanager
    async def lock(self) -> AsyncGenerator[None]:
        async def take() -> Any:
            lock = self._store.lock()
            await lock.__aenter__()
            return lock

        lock = await _told("locked", take, within=LOCK_PATIENCE)
        try:
            yield
        finally:
            leave = functools.partial(lock.__aexit__, *sys.exc_info())
            try:
                await _told("unlocked", leave)
            except NusantaraError as failure:
                # What it was held for is done, or has failed for a reason of its own.
                log.warning("the lock of the token store is left to its end: %s", failure)


def _saving(store: TokenStore, document: Mapping[str, Any]) -> Callable[[], Awaitable[None]]:
    return lambda: store.save(document)


async def _told(
    what: str, act: Callable[[], Awaitable[T]], secrets: Iterable[str] = (), *, within: float | None = None
) -> T:
    within = PATIENCE if within is None else within
    problem = ""
    scope = asyncio.timeout(within)
    try:
        async with scope:
            return await act()
    except NusantaraError as error:
        failure: Exception = error
    except Exception as error:
        failure = error
        problem = f"did not within {within:g} s" if scope.expired() else f"raised {type(error).__name__}"
    chain = list(_chain_of(failure))
    for one in chain:
        one.__traceback__ = None  # The frames of a store hold what it was given.
    if isinstance(failure, NusantaraError):
        raise failure
    made = StoreUnavailable(f"the token could not be {what}: the store {problem}")
    if any(secret in f"{one} {one!r}" for one in chain for secret in secrets):
        del failure, chain, one  # pyright: ignore[reportPossiblyUnboundVariable]
        raise made
    raise made from failure


def _chain_of(error: BaseException) -> Iterator[BaseException]:
    """An error and what led to it."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__]
