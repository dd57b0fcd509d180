"""The file descriptors that connections take: how many the process can spare, and which are ours."""

from __future__ import annotations

import errno
import os
import socket
import weakref
from typing import Any

__all__ = ["NO_DESCRIPTOR", "Sockets", "affordable", "is_one_of_the_last"]

NO_DESCRIPTOR = frozenset({errno.EMFILE, errno.ENFILE})
RESERVE = 8
"""Descriptors left to the rest of the program: its files and modules, and the look-up of names."""


class Sockets:
    """Makes the sockets of connections, and knows those that are open."""

    __slots__ = ("_made",)

    def __init__(self) -> None:
        self._made: weakref.WeakSet[socket.socket] = weakref.WeakSet()

    def __call__(self, address: Any) -> socket.socket:
        """A new socket for an address as ``socket.getaddrinfo`` gives it."""
        family, kind, protocol, _, _ = address
        made = socket.socket(family=family, type=kind, proto=protocol)
        self._made.add(made)
        return made

    def disown(self) -> None:
        """In a forked child: let the parent's connections end when the parent closes them.

        Each descriptor gives way to the null device under the same number, which tells nobody and no selector.
        """
        null = os.open(os.devnull, os.O_RDWR)
        for one in self._made:
            if one.fileno() >= 0:
                os.dup2(null, one.fileno(), inheritable=False)
        os.close(null)


def affordable(wanted: int) -> int:
    """How many connections at once the limit on open descriptors allows: half of it, at most ``wanted``."""
    limit = _limit()
    return wanted if limit is None else max(1, min(wanted, limit // 2))


def is_one_of_the_last(descriptor: int) -> bool:
    """Whether hardly any are left. A descriptor gets the lowest free number, so the number tells."""
    limit = _limit()
    return limit is not None and descriptor >= limit - min(RESERVE, limit // 8)


def _limit() -> int | None:
    """How many descriptors the process may open; None for any number."""
    try:
        import resource
    except ImportError:  # Windows has no such limit.
        return None
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if limit == resource.RLIM_INFINITY else limit
