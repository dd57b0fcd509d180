"""Which operation a call belongs to, found out where somebody wants to know."""

from __future__ import annotations

import sys
from types import FrameType

__all__ = ["current_operation"]


def current_operation() -> str | None:
    """The operation that has made the innermost call under way, as in ``threads.hot``.

    That is the public method of a group of operations that is nearest on the stack, which coroutines that await one
    another are on. A call of another call's, such as that for a new token, belongs to no operation.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and not _is_call(frame):
        frame = frame.f_back
    while frame is not None and (_is_call(frame) or frame.f_code.co_name == "_watched"):
        frame = frame.f_back
    while frame is not None and not _is_call(frame):
        method = frame.f_code.co_qualname.partition(".<locals>")[0].rpartition(".")[2]
        if not method.startswith("_") and "self" in (*frame.f_code.co_varnames[:1], *frame.f_code.co_freevars):
            owner = frame.f_locals.get("self")
            client = getattr(owner, "_client", None)
            group = None if client is None else _group(client, owner)
            if group is not None:
                return f"{group}.{method}"
        frame = frame.f_back
    return None


def _is_call(frame: FrameType) -> bool:
    """Whether this is the function that is entered for each call."""
    return frame.f_code.co_name == "carry_out" and frame.f_globals.get("__name__") == "nusantara.call.loop"


_names: dict[tuple[type, type], str] = {}


def _group(client: object, owner: object) -> str | None:
    """The dotted name of a group of operations of a client."""
    kinds = type(client), type(owner)
    name = _names.get(kinds)
    if name is None:
        name = _find(client, owner)
        if name is not None:
            _names[kinds] = name
    return name


def _find(holder: object, owner: object) -> str | None:
    """Groups are kept in the object that has them, under their names, once they are made."""
    for name, value in getattr(holder, "__dict__", {}).items():
        if value is owner:
            return str(name)
        if not name.startswith("_") and hasattr(value, "_client"):
            below = _find(value, owner)
            if below is not None:
                return f"{name}.{below}"
    return None
