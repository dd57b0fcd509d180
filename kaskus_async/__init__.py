"""Async client for the KASKUS forum and marketplace, with a synchronous twin.

    async with AsyncKaskus(consumer_key, consumer_secret) as kaskus:
        hot = await kaskus.threads.hot()
        async for post in kaskus.threads.read(hot.data[0].thread_id):
            ...

    with Kaskus(consumer_key, consumer_secret) as kaskus:
        hot = kaskus.threads.hot()
        for post in kaskus.threads.read(hot.data[0].thread_id):
            ...

Importing this package loads nothing heavy; each name below is loaded when it is first used. The models of a group of
operations are in :mod:`kaskus_async.models`, its enumerations beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus as AsyncKaskus
    from kaskus_async.enums import Output as Output
    from kaskus_async.enums import ReputationKind as ReputationKind
    from kaskus_async.search_filters import Price as Price
    from kaskus_async.search_filters import classified_query as classified_query
    from kaskus_async.search_filters import lapak_query as lapak_query
    from kaskus_async.sync.client import Kaskus as Kaskus
    from nusantara.record import Record as Record

_WHERE = {
    "AsyncKaskus": "client",
    "Kaskus": "sync.client",
    "Output": "enums",
    "Price": "search_filters",
    "Record": "client",
    "ReputationKind": "enums",
    "classified_query": "search_filters",
    "lapak_query": "search_filters",
}

__all__ = list(_WHERE)


def __getattr__(name: str) -> Any:
    from nusantara.lazy import load

    return load(__name__, _WHERE, name, globals())


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})
