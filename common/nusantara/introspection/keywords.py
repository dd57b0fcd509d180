"""Keywords: what signatures show of them, and what is said of one that nobody knows."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from types import FunctionType
from typing import Any, TypeVar

__all__ = ["check_keywords", "show_keywords", "suggesting", "unknown_keyword"]

T = TypeVar("T", bound=type[Any])


def show_keywords(cls: type, settings: type, defaults: Mapping[str, object]) -> None:
    """Have the signatures of a class's functions show each setting in the place of ``**settings``, and nothing in that
    of keywords that are there to be refused.

    Args:
        settings: The TypedDict of the settings.
        defaults: What each of them is when it is left out.
    """
    for member in vars(cls).values():
        function = getattr(member, "__func__", member)
        if isinstance(function, FunctionType):
            annotations = function.__annotations__.values()
            if f"Unpack[{settings.__name__}]" in annotations:
                _replace_last(function, settings.__annotations__, defaults)
            elif "Never" in annotations:
                _replace_last(function, {}, {})


def _replace_last(function: FunctionType, types: Mapping[str, Any], defaults: Mapping[str, object]) -> None:
    """Show these keywords in the place of the last parameter, which stands for any."""
    import inspect

    signature = inspect.signature(function)
    *parameters, _ = signature.parameters.values()
    for name, kind in types.items():
        text = getattr(kind, "__forward_arg__", kind)
        keyword = inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=defaults[name], annotation=text)
        parameters.append(keyword)
    function.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]


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
