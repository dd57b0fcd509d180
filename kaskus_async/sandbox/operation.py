"""One operation of the API, as the modules of this package declare it."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import attrs

from kaskus_async.sandbox.asked import Asked

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["PUBLIC", "USER", "Access", "Guess", "Operation", "Run"]

Run = Callable[["KaskusState", Asked], Any]
"""Carries a call out and gives the document of the answer, which may be a :class:`Guess`.

The lock of the state is held meanwhile. Raises :exc:`~kaskus_async.sandbox.refusals.Refused`.
"""


@attrs.frozen
class Guess:
    """A document in which something nobody has documented stands, where the operation is known otherwise."""

    document: Any


class Access(enum.Enum):
    """Who may call."""

    PUBLIC = "an application, without a user"
    USER = "a user who is signed in"


PUBLIC, USER = Access.PUBLIC, Access.USER


@attrs.frozen
class Operation:
    """Verb and path below ``/api/oauth``, as the reference writes them, and what answers."""

    method: str
    path: str
    run: Run = attrs.field(repr=False)
    access: Access = USER
    documented: bool = True
    """Whether the shape of the answer is known. If not, the answer says so in a header."""
