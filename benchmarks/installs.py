"""With which optional packages something is measured.

Contenders that run in an environment of their own import this, so that it needs nothing but the standard library.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

__all__ = ["BASE", "INSTALLS", "SPEED", "UVLOOP", "Install", "loop_factory", "missing_package"]

_OPTIONAL = ("orjson", "uvloop")


@dataclass(frozen=True, slots=True)
class Install:
    """A set of packages; those that are not in it are hidden from the process."""

    name: str
    packages: tuple[str, ...] = ()

    def enter(self) -> None:
        """Make this process one that has just these packages. Nothing of the SDK may have been imported yet."""
        for package in _OPTIONAL:
            if package not in self.packages:
                sys.modules[package] = None  # type: ignore[assignment]
        os.environ["NUSANTARA_LOOP"] = "uvloop" if "uvloop" in self.packages else "asyncio"


BASE = Install("base")
SPEED = Install("speed", ("orjson",))
UVLOOP = Install("uvloop", ("orjson", "uvloop"))
INSTALLS = {install.name: install for install in (BASE, SPEED, UVLOOP)}


def loop_factory(install: Install) -> Callable[[], asyncio.AbstractEventLoop]:
    """Makes the event loop of the install."""
    if "uvloop" not in install.packages:
        return asyncio.new_event_loop
    factory: Callable[[], asyncio.AbstractEventLoop] = importlib.import_module("uvloop").new_event_loop
    return factory


def missing_package(packages: Iterable[str]) -> str | None:
    """The first of them that is not installed."""
    for name in packages:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            return name
    return None
