"""The imports of a generated module."""

from __future__ import annotations

import sys
from typing import Any

import attrs

from nusantara.syncgen.layout import WIDTH, CallText
from nusantara.syncgen.source import Binding

__all__ = ["Imports"]


class Imports:
    """The names that a generated module needs, and where they come from."""

    def __init__(self, own_package: str) -> None:
        self._own = {"nusantara", own_package}
        self._names: dict[str, Binding] = {}

    def need(self, name: str, module: str, attribute: str | None, *, checking: bool = False) -> None:
        """Have a name imported, for type checkers only if nothing else needs it.

        Raises:
            ValueError: The name already stands for something else.
        """
        binding = Binding(module, attribute, checking)
        before = self._names.setdefault(name, binding)
        if attrs.evolve(before, checking=checking) != binding:
            raise ValueError(name)
        if before.checking and not checking:
            self._names[name] = binding

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def lines(self) -> list[str]:
        """The import statements, those for type checkers last."""
        if any(binding.checking for binding in self._names.values()):
            self.need("TYPE_CHECKING", "typing", "TYPE_CHECKING")
        lines = self._block(checking=False)
        checking = self._block(checking=True)
        if checking:
            lines += ["", "if TYPE_CHECKING:", *(f"    {line}" if line else "" for line in checking)]
        return lines

    def _block(self, *, checking: bool) -> list[str]:
        """In the order of isort: sections, plain imports first, constants before classes before the rest."""
        sections: dict[int, list[tuple[Any, list[str]]]] = {}
        grouped: dict[str, list[str]] = {}
        for name, binding in self._names.items():
            if binding.checking is not checking:
                continue
            if binding.attribute is None:
                line = f"import {binding.module}" + ("" if binding.module == name else f" as {name}")
                self._put(sections, binding.module, (0, binding.module.lower(), ()), [line])
            elif binding.attribute == name:
                grouped.setdefault(binding.module, []).append(name)
            else:
                line = f"from {binding.module} import {binding.attribute} as {name}"
                key = (1, binding.module.lower(), _member_order(binding.attribute))
                self._put(sections, binding.module, key, [line])
        for module, names in grouped.items():
            names.sort(key=_member_order)
            call = CallText(f"from {module} import ", names, "")
            lines = [call.flat()]
            if len(lines[0]) + 4 * checking > WIDTH:
                lines = [f"from {module} import (", *(f"    {name}," for name in names), ")"]
            self._put(sections, module, (1, module.lower(), _member_order(names[0])), lines)
        blocks = [
            [line for _, lines in sorted(entries, key=lambda entry: entry[0]) for line in lines]
            for _, entries in sorted(sections.items())
        ]
        return [line for index, block in enumerate(blocks) for line in (([""] if index else []) + block)]

    def _put(self, sections: dict[int, list[tuple[Any, list[str]]]], module: str, key: Any, lines: list[str]) -> None:
        root = module.partition(".")[0]
        section = 2 if root in self._own else 0 if root in sys.stdlib_module_names else 1
        sections.setdefault(section, []).append((key, lines))


def _member_order(name: str) -> tuple[int, str, str]:
    rank = 0 if len(name) > 1 and name.isupper() else 1 if name[0].isupper() else 2
    return rank, name.lower(), name
