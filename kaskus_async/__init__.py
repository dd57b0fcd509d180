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

_WHERE = {
    "AsyncKaskus": "client",
    "Condition": "search_filters",
    "Kaskus": "sync.client",
    "ListingKind": "search_filters",
    "Output": "enums",
    "Price": "search_filters",
    "Record": "client",
    "ReputationKind": "enums",
    "classified_query": "search_filters",
    "lapak_query": "search_filters",
}

if TYPE_CHECKING:
    # The same names, each as a module's __all__ has it.
    from kaskus_async.client import *  # noqa: F403
    from kaskus_async.enums import *  # noqa: F403
    from kaskus_async.search_filters import *  # noqa: F403
    from kaskus_async.sync.client import *  # noqa: F403
    from nusantara.record import *  # noqa: F403

__all__ = list(_WHERE)


def __getattr__(name: str) -> Any:
    from nusantara import load

    return load(__name__, _WHERE, name, globals())


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})
