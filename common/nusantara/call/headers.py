"""The headers of an attempt."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["with_headers"]


def with_headers(headers: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """Headers with others added, or put in the place of those of the same name in another case."""
    replaced = {name.lower() for name in more}
    return {**{name: value for name, value in headers.items() if name.lower() not in replaced}, **more}
