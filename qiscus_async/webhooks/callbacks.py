"""Functions that are handed in: told at once if they cannot be called as they will be."""

from __future__ import annotations

import inspect
from typing import Any

from nusantara.errors import InvalidParameter

__all__ = ["async_function", "takes"]


def async_function(parameter: str, function: Any, *arguments: str) -> Any:
    """The function, if it is an async one that can be called with so many arguments.

    What blocks would hold up every room and the acknowledgements.
    """
    called = getattr(function, "__call__", None)  # noqa: B004
    if not inspect.iscoroutinefunction(function) and not inspect.iscoroutinefunction(called):
        raise InvalidParameter(parameter, f"{function!r} must be an async function")
    return takes(parameter, function, *arguments)


def takes(parameter: str, function: Any, *arguments: str) -> Any:
    """The function, if it can be called with so many arguments."""
    if not callable(function):
        raise InvalidParameter(parameter, f"{function!r} must be a function")
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        raise InvalidParameter(
            parameter, f"{function!r} must take {' and '.join(arguments)}, and nothing else"
        ) from None
    except ValueError:
        # Written in C, without a signature.
        pass
    return function
