"""Keywords: what signatures show of them, and what is said of one that nobody knows."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from types import FunctionType
from typing import Any, TypeVar

__all__ = ["check_keywords", "show_keywords", "suggesting", "unknown_keyword"]

T = TypeVar("T", bound=type[Any])


def show_keywords(cls: type, settings: type, defaults: Mapping[str, Any]) -> None:
    """Have signatures of a class and of its functions show each setting in the place of ``**settings``.

    Args:
        settings: The TypedDict of the settings.
        defaults: What each of them is when it is left out.
    """
    for member in vars(cls).values():
        function = getattr(member, "__func__", member)
        if isinstance(function, FunctionType) and f"Unpack[{settings.__name__}]" in function.__annotations__.values():
            function.__signature__ = _expanded(function, settings, defaults)  # type: ignore[attr-defined]


def _expanded(function: FunctionType, settings: type, defaults: Mapping[str, Any]) -> Any:
    import inspect

    signature = inspect.signature(function)
    *parameters, _ = signature.parameters.values()
    for name, kind in settings.__annotations__.items():
        annotation = getattr(kind, "__forward_arg__", kind)
        parameters.append(
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=defaults[name], annotation=annotation)
        )
    return signature.replace(parameters=parameters)


def check_keywords(cls: type, given: Iterable[str], settings: type) -> None:
    """Refuse settings of a class that it does not have.

    Raises:
        TypeError: It names them, and for each the nearest parameter.
    """
    unknown = set(given) - settings.__annotations__.keys()
    if unknown:
        import inspect

        raise unknown_keyword(f"{cls.__name__} has no setting", unknown, inspect.signature(cls).parameters)


def unknown_keyword(problem: str, unknown: Iterable[str], known: Iterable[str]) -> TypeError:
    """The error for keywords that nobody knows: the problem, their names, and the nearest known ones."""
    from difflib import get_close_matches

    names = sorted(unknown)
    nearest = [near for name in names for near in get_close_matches(name, [*known], n=1)]
    hint = f"; did you mean {', '.join(nearest)}?" if nearest else ""
    return TypeError(f"{problem} {', '.join(names)}{hint}")


def suggesting(cls: T) -> T:
    """Have the constructor of a class of fields name the nearest field for a keyword that it does not know."""
    make = cls.__init__

    @functools.wraps(make)
    def __init__(self: Any, *values: Any, **fields: Any) -> None:
        try:
            make(self, *values, **fields)
        except TypeError:
            known = cls.__init__.__annotations__.keys() - {"return"}
            unknown = fields.keys() - known
            if not unknown:
                raise
            raise unknown_keyword(f"{cls.__name__} has no field", unknown, known) from None

    cls.__init__ = __init__
    return cls
