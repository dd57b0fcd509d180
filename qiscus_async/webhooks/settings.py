"""What a receiver can be told, and what it counts."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypedDict

import attrs

from nusantara.checks import check_seconds, check_whole
from nusantara.errors import InvalidParameter
from nusantara.introspection import documented
from nusantara.secret import Secret
from qiscus_async.webhooks.dedup import DedupStore

__all__ = [
    "DEFAULTS",
    "Counts",
    "ReceiverSettings",
    "seconds",
    "seconds_or_none",
    "store_or_none",
    "whole",
    "whole_or_none",
]


_STORE: Final = ("claim", "renew", "done", "release", "is_done")


class ReceiverSettings(TypedDict, total=False):
    """Keyword settings of a receiver, all of them optional."""

    path_secret: Secret | str | None
    """The end of the path, which only Qiscus is told; see :func:`make_path_secret`. By default a new one each time."""
    prefix: str
    """What stands before it (``/qiscus``)."""
    signature_key: Secret | str | None
    """Refuse events that are not signed with this token. By default none is expected: the references know no
    signature, so that the secret path alone tells Qiscus from strangers."""
    max_age: float | None
    """Refuse signed events that say they are older, in seconds, or from more than a minute ahead, or that do not say
    it. For a sender that signs; it also refuses what such a sender delivers late. By default they may be of any age."""
    dedup_store: DedupStore | None
    """Handle an event that comes again once. One whose handling failed may come again. By default each one that comes
    is handled. Receivers at one path know each other's events there; those at others, as two bots, have their own."""
    dedup_ttl: float
    """Seconds for which an event is remembered (3600), from when it came."""
    dedup_window: float
    """The same for an event without an id, that is recognised by its body (20): two people, or one, may well say the
    same twice."""
    dedup_lease: float
    """Seconds after which a receiver whose process died no longer has a claim on the events it had accepted (30): when
    they come again, they are handled. A living one renews its claims."""
    queue_size: int
    """Events accepted and not handled yet that one room alone may have (1000). Several share the number equally, each
    with room for one at least; one that has its share gets 503, which holds up no other."""
    queue_bytes: int
    """Bytes of all these events (64 MiB), with 2 KiB for each beside its body: the bound for all rooms together. A room
    may have as many as it leaves to the others, so that half of them is the most for one alone."""
    concurrency: int
    """Events being handled at once (50)."""
    handler_timeout: float | None
    """Seconds that the handling of one event may take (300), None for no bound. It holds up its room that long."""
    grace: float
    """Seconds for what is accepted to be handled when the program ends (5)."""
    max_body: int
    """Largest body, in bytes (1 MiB)."""
    read_timeout: float
    """Seconds for a body to arrive (10). On the server of its own, the head before it has as long."""
    max_connections: int
    """Connections to the server of its own (2000), or as many as the system lets a process have. One more closes the
    oldest that has no request under way."""
    max_connections_per_address: int | None
    """The same for one address; one more is refused. By default half of all for an address on the internet, and no
    bound for one in the local network, where a proxy is."""
    clock: Callable[[], float]
    """Seconds since 1970, for ``max_age`` (``time.time``); for events that waited elsewhere."""


documented(ReceiverSettings)

DEFAULTS: Final[ReceiverSettings] = {
    "path_secret": None,
    "prefix": "/qiscus",
    "signature_key": None,
    "max_age": None,
    "dedup_store": None,
    "dedup_ttl": 3600.0,
    "dedup_window": 20.0,
    "dedup_lease": 30.0,
    "queue_size": 1000,
    "queue_bytes": 64 * 1024 * 1024,
    "concurrency": 50,
    "handler_timeout": 300.0,
    "grace": 5.0,
    "max_body": 1024 * 1024,
    "read_timeout": 10.0,
    "max_connections": 2000,
    "max_connections_per_address": None,
    "clock": time.time,
}
"""What a setting is when it is left out."""


@documented
@attrs.define(slots=True)
class Counts:
    """What a receiver has seen since it was made."""

    accepted: int = 0
    """Acknowledged with 200; each of them ends in one of the next four."""
    handled: int = 0
    failed: int = 0
    """The handler raised or took too long."""
    repeats: int = 0
    """Came before, and were not handled again."""
    dropped: int = 0
    """Not handled because the program ended."""
    refused: dict[int, int] = attrs.field(factory=dict)
    """By status."""
    store_failures: int = 0
    """The store failed or was too slow. An event that it could not be asked about was handled as a new one."""


def seconds(parameter: str, value: float) -> float:
    """A time that is not nothing and not endless."""
    check_seconds(parameter, value)
    return float(value)


def seconds_or_none(parameter: str, value: float | None) -> float | None:
    """The same, or no bound."""
    check_seconds(parameter, value, or_none=True)
    return None if value is None else float(value)


def whole(parameter: str, value: int) -> int:
    """A number of things."""
    check_whole(parameter, value)
    return value


def whole_or_none(parameter: str, value: int | None) -> int | None:
    """The same, or no bound."""
    check_whole(parameter, value, or_none=True)
    return value


def store_or_none(parameter: str, value: DedupStore | None) -> DedupStore | None:
    """An object with the methods of a store."""
    if value is not None and (
        isinstance(value, type) or not all(callable(getattr(value, name, None)) for name in _STORE)
    ):
        raise InvalidParameter(parameter, f"must have the async methods {', '.join(_STORE)}")
    return value
