"""The sync clients are the async ones: same groups, methods, parameters, defaults, words; only the waiting differs."""

from __future__ import annotations

import functools
import importlib
import inspect
import subprocess
import sys
import typing
from collections.abc import Iterator
from typing import Any

import pytest

from nusantara.catalogue.vendors import VENDORS
from nusantara.client import AsyncClient, Resource


def classes(vendor: str) -> tuple[type, type]:
    package = VENDORS[vendor]
    module = importlib.import_module(package.name)
    return getattr(module, package.client), getattr(module, package.client.removeprefix("Async"))


def pairs(source: type, twin: type, where: str) -> Iterator[tuple[str, Any, Any]]:
    """Every public member of the async class beside its twin, groups within groups included."""
    for name in dir(source):
        member = inspect.getattr_static(source, name)
        if name.startswith("_") or name == "aclose":
            continue
        other = inspect.getattr_static(twin, name, None)
        yield f"{where}.{name}", member, other
        if isinstance(member, functools.cached_property) and isinstance(other, functools.cached_property):
            yield from pairs(group_of(member), group_of(other), f"{where}.{name}")


def group_of(member: functools.cached_property[Any]) -> type:
    module = sys.modules[member.func.__module__]
    name = member.func.__annotations__["return"]
    source = inspect.getsource(module)
    for line in source.splitlines():
        words = line.split()
        if words[:1] == ["from"] and name in [word.strip(",()") for word in words[3:]]:
            found: type = getattr(importlib.import_module(words[1]), name)
            return found
    raise AssertionError(f"{module.__name__} does not import {name}")


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_public_member_has_a_twin_that_differs_in_nothing_but_waiting(vendor: str) -> None:
    source, twin = classes(vendor)
    seen = 0
    for where, member, other in pairs(source, twin, vendor):
        assert other is not None, f"{where} is missing in the sync client"
        if isinstance(member, (classmethod, staticmethod)):
            member, other = member.__func__, other.__func__
        if not inspect.isfunction(member):
            continue
        seen += 1
        assert not inspect.iscoroutinefunction(other), where
        mine, theirs = inspect.signature(member), inspect.signature(other)
        assert list(mine.parameters) == list(theirs.parameters), where
        for name in list(mine.parameters)[1:]:
            left, right = mine.parameters[name], theirs.parameters[name]
            assert (left.kind, left.default, left.annotation) == (right.kind, right.default, right.annotation), where
        expected = str(mine.return_annotation).replace("Pager[", "SyncPager[")
        assert str(theirs.return_annotation) == expected, where
        assert member.__doc__ == other.__doc__, where
    assert seen > 5


def test_the_generated_files_are_fresh_and_none_is_left_over() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nusantara.syncgen", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("vendor", VENDORS)
def test_public_signatures_say_what_they_give(vendor: str) -> None:
    """No bare Any comes back from an operation."""
    source, _ = classes(vendor)
    for where, member, _ in pairs(source, source, vendor):
        if inspect.iscoroutinefunction(member) and where != f"{vendor}.request":
            assert member.__annotations__.get("return") not in (None, "Any"), where


def test_the_bases_are_what_the_walk_relies_on() -> None:
    for vendor in VENDORS:
        source, _ = classes(vendor)
        assert issubclass(source, AsyncClient)
        members = [member for _, member, _ in pairs(source, source, vendor)]
        groups = [member for member in members if isinstance(member, functools.cached_property)]
        assert groups
        assert all(issubclass(group_of(group), Resource) for group in groups)
    assert typing.get_type_hints(AsyncClient.aclose)["return"] is type(None)
