"""Checks of what a caller gives, in the same words everywhere."""

from __future__ import annotations

import math

from nusantara.errors import InvalidParameter

__all__ = ["check_flag", "check_mode", "check_seconds", "check_whole"]


def check_whole(
    parameter: str, value: object, *, least: int = 1, most: int | None = None, or_none: bool = False
) -> None:
    """Refuse what is no whole number from ``least`` to ``most``.

    Args:
        or_none: Whether None, for no bound or the server's default, will do.
    """
    if or_none and value is None:
        return
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or value < least or (most is not None and value > most):  # type: ignore[operator]
        bounds = f"from {least}{'' if most is None else f' to {most}'}{' or None' if or_none else ''}"
        raise InvalidParameter(parameter, f"must be a whole number {bounds}, not {_shown(value)}")


def check_seconds(parameter: str, value: object, *, zero: bool = False, or_none: bool = False) -> None:
    """Refuse what is no number of seconds above 0.

    Args:
        zero: Whether 0 will do.
        or_none: Whether None, for no bound, will do.
    """
    if or_none and value is None:
        return
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not (0 < value < math.inf or (zero and value == 0)):  # type: ignore[operator]
        bounds = f"{'from' if zero else 'above'} 0{' or None' if or_none else ''}"
        raise InvalidParameter(parameter, f"must be a number of seconds {bounds}, not {_shown(value)}")


def check_flag(parameter: str, value: object) -> None:
    """Refuse what is neither True nor False."""
    if not isinstance(value, bool):
        raise InvalidParameter(parameter, f"must be True or False, not {_shown(value)}")


def check_mode(parameter: str, value: object) -> None:
    """Refuse what is no rights of a file, as for ``os.open``, by which its owner may write."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 0o777 or not value & 0o200:
        shown = oct(value) if type(value) is int else _shown(value)
        raise InvalidParameter(parameter, f"must be a number like 0o600, by which the owner may write, not {shown}")


def _shown(value: object) -> str:
    """A number as it is; of anything else, which may be a credential or huge, the type."""
    return repr(value) if isinstance(value, (int, float)) else type(value).__name__
