"""What the modules of this package declare: the operations, and what they give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import attrs

from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.state import KaskusState
from nusantara.sandbox.operation import Access, ServedOperation

__all__ = ["PUBLIC", "Guess", "Operation", "Run"]

Run = Callable[[KaskusState, Params], Any]
"""Carries a call out and gives the document of the answer, which may be a :class:`Guess`.

The lock of the state is held meanwhile. Raises :exc:`~kaskus_async.sandbox.refusals.Refused`.
"""

Operation: TypeAlias = ServedOperation[Run]
"""The path is that below ``/api/oauth``."""

PUBLIC = Access.APP


@attrs.frozen
class Guess:
    """A document in which something nobody has documented stands, where the operation is known otherwise."""

    document: Any
