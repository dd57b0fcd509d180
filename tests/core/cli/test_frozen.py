"""Programs made of one file: what PyInstaller is told to put in. A build takes a minute, so none is made here."""

from __future__ import annotations

import importlib
import pkgutil
import runpy
import sys
import types
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from nusantara.catalogue.vendors import VENDORS

PACKAGES = {"nusantara", *(package.name for package in VENDORS.values())}


def modules_of(package: str, filter: Callable[[str], bool] = lambda name: True) -> Iterator[str]:
    yield package
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        if filter(module.name):
            yield module.name


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the hook says, run with a stand-in for the two functions of PyInstaller that it uses."""
    stand_in: Any = types.ModuleType("PyInstaller.utils.hooks")
    stand_in.collect_submodules = lambda package, filter: list(modules_of(package, filter))
    stand_in.collect_data_files = lambda package: [(package, "data")]
    for name in ("PyInstaller", "PyInstaller.utils"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setitem(sys.modules, "PyInstaller.utils.hooks", stand_in)
    # Other packages have hooks of their own.
    [entry] = [
        one for one in entry_points(group="pyinstaller40", name="hook-dirs") if one.module.startswith("nusantara")
    ]
    [folder] = entry.load()()
    return runpy.run_path(str(Path(folder) / "hook-nusantara.py"))


def test_every_module_goes_in_with_its_source(hook: dict[str, Any]) -> None:
    everything = {module for package in PACKAGES for module in modules_of(package)}
    assert {name for name in everything if "pyinstaller" not in name} == set(hook["hiddenimports"])
    assert {"kaskus_async.sandbox.vendor", "qiscus_async.tour", "nusantara.cli.call"} <= set(hook["hiddenimports"])
    assert hook["module_collection_mode"] == dict.fromkeys(PACKAGES, "pyz+py")
    assert {package for package, _ in hook["datas"]} == PACKAGES
