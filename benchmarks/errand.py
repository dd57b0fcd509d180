"""A function that runs in a process of its own, pinned to the contenders' core: ``run_errand("module:function")``."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from benchmarks.installs import BASE, INSTALLS, Install
from benchmarks.processes import PATIENCE, STEADY_HEAP, Child, begin, hear, say

__all__ = ["main", "run_errand"]


def run_errand(
    function: str,
    arguments: dict[str, Any],
    *,
    install: Install = BASE,
    timeout: float = PATIENCE,
    variables: Mapping[str, str] = STEADY_HEAP,
) -> dict[str, Any]:
    """Call a function with arguments made of JSON values, and get its result, which is an object of such values.

    Args:
        function: ``module:name``. The module is imported in the new process only.
        timeout: Seconds.
        variables: See :class:`~benchmarks.processes.Child`.
    """
    with Child("benchmarks.errand", variables=variables) as child:
        return child.ask({"function": function, "arguments": arguments, "install": install.name}, timeout)


def main() -> None:
    """Run one errand."""
    begin()
    asked = hear()
    INSTALLS[asked["install"]].enter()
    module, _, name = asked["function"].partition(":")
    say(getattr(importlib.import_module(module), name)(**asked["arguments"]))


if __name__ == "__main__":
    main()
