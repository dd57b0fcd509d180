"""A token store whose failures are told in our words, whatever library it is made with."""

from __future__ import annotations

import logging
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from nusantara.errors import NusantaraError, StoreUnavailable

if TYPE_CHECKING:
    from nusantara.token_store import TokenStore

__all__ = ["GuardedStore"]

log = logging.getLogger("nusantara.oauth2")


class GuardedStore:
    """Another store, of which each failure that is not one of ours becomes a :exc:`StoreUnavailable`."""

    def __init__(self, store: TokenStore) -> None:
        self._store = store

    async def load(self) -> dict[str, Any] | None:
        with _named("loaded"):
            return await self._store.load()

    async def save(self, document: Mapping[str, Any]) -> None:
        with _named("saved", document):
            await self._store.save(document)

    async def delete(self) -> None:
        with _named("deleted"):
            await self._store.delete()

    @asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        with _named("locked"):
            lock = self._store.lock()
            await lock.__aenter__()
        try:
            yield
        finally:
            try:
                with _named("unlocked"):
                    await lock.__aexit__(*sys.exc_info())
            except NusantaraError as error:
                # What it was held for is done, or has failed for a reason of its own.
                log.warning("the lock of the token store is left to its end: %s", error)


@contextmanager
def _named(what: str, document: Mapping[str, Any] | None = None) -> Iterator[None]:
    try:
        yield
    except NusantaraError:
        raise
    except Exception as error:
        failure = error
    else:
        return
    made = StoreUnavailable(f"the token could not be {what}: the store raised {type(failure).__name__}")
    chain = list(_chain_of(failure))
    for one in chain:
        one.__traceback__ = None  # The frames of a store hold what it was given.
    secrets = [value for value in (document or {}).values() if isinstance(value, str) and value]
    del document
    if any(secret in f"{one} {one!r}" for one in chain for secret in secrets):
        del secrets, failure, chain
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
