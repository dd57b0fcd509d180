"""Names of a package that are loaded when they are first used (PEP 562)."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

__all__ = ["load"]


def load(package: str, where: Mapping[str, str], name: str, namespace: dict[str, Any]) -> Any:
    """The value of a package's lazy ``name``, kept in ``namespace`` for the next time.

    Args:
        package: Name of the package.
        where: Submodule that defines each lazy name.
        namespace: The package's globals.
    """
    if name not in where:
        raise AttributeError(f"module {package!r} has no attribute {name!r}")
    value = namespace[name] = getattr(import_module(f"{package}.{where[name]}"), name)
    return value
