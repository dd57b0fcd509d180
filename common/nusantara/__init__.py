"""The shared core of the KASKUS, Bukalapak and Qiscus clients. It knows no vendor.

Most programs import a vendor package (:mod:`kaskus_async`, :mod:`bukalapak_async`, :mod:`qiscus_async`) and, from here,
:mod:`nusantara.errors`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

__version__ = "0.1.0"


def load(package: str, where: Mapping[str, str], name: str, namespace: dict[str, Any]) -> Any:
    """The value of a package's name that is loaded when it is first used (PEP 562), kept in ``namespace`` for the next
    time.

    Args:
        package: Name of the package.
        where: Submodule that defines each such name.
        namespace: The package's globals.
    """
    if name not in where:
        raise AttributeError(f"module {package!r} has no attribute {name!r}")
    value = namespace[name] = getattr(import_module(f"{package}.{where[name]}"), name)
    return value
