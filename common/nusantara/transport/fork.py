"""What becomes of open connections in a forked child: they are the parent's, and are never touched again there."""

from __future__ import annotations

import os
from typing import Protocol

__all__ = ["keep_for_ever", "unwatch_forks", "watch_forks"]


class Forgetful(Protocol):
    """Whoever has connections open."""

    def forget(self) -> None:
        """Let go of them without closing them. Called in the child, before anything else runs there."""


# Strong references: when a dropped client is collected as part of a cycle, aiohttp's destructors could otherwise run
# before ours and warn of objects that the user has never seen.
_open: set[Forgetful] = set()


def watch_forks(one: Forgetful) -> None:
    """It has connections open from now on."""
    _open.add(one)


def unwatch_forks(one: Forgetful) -> None:
    """It has none open any more, and so nothing to forget."""
    _open.discard(one)


def keep_for_ever(*objects: object) -> None:
    """See that no destructor of these ever runs.

    A loop's selector is shared with the parent: unregistering a socket here would deafen the parent.
    """
    import ctypes

    for one in objects:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(one))


def _forget_all() -> None:
    for one in list(_open):
        one.forget()
    _open.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
