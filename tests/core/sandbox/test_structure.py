"""How the sandboxes are built: no circle among their modules or rooms, and one word for one thing."""

from __future__ import annotations

import ast
import graphlib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SANDBOXES = {
    "nusantara.sandbox": ROOT / "common" / "nusantara" / "sandbox",
    **{f"{vendor}_async.sandbox": ROOT / f"{vendor}_async" / "sandbox" for vendor in ("kaskus", "bukalapak", "qiscus")},
}


def arrows(package: str, folder: Path) -> dict[str, set[str]]:
    """What each module imports of its own sandbox, for types and inside of functions too."""
    paths = {}
    for path in folder.rglob("*.py"):
        name = ".".join((package, *path.relative_to(folder).with_suffix("").parts))
        paths[name.removesuffix(".__init__")] = path
    found: dict[str, set[str]] = {}
    for module, path in paths.items():
        found[module] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                targets = {f"{node.module}.{alias.name}" for alias in node.names}
                found[module] |= {target if target in paths else node.module for target in targets} & paths.keys()
            elif isinstance(node, ast.Import):
                found[module] |= {alias.name for alias in node.names} & paths.keys()
    return found


@pytest.mark.parametrize("package", SANDBOXES)
def test_there_is_no_circle(package: str) -> None:
    found = arrows(package, SANDBOXES[package])
    assert len(found) > 3
    graphlib.TopologicalSorter(found).prepare()

    def room(module: str) -> str:
        return module.removeprefix(package).strip(".").partition(".")[0]

    rooms: dict[str, set[str]] = {}
    for module, targets in found.items():
        rooms.setdefault(room(module), set()).update(room(target) for target in targets)
    graphlib.TopologicalSorter({one: others - {one} for one, others in rooms.items()}).prepare()


@pytest.mark.parametrize("package", SANDBOXES)
def test_a_room_says_what_it_is_for(package: str) -> None:
    for path in SANDBOXES[package].rglob("__init__.py"):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_a_class_of_the_sandbox_has_a_name_that_nothing_else_in_the_core_has() -> None:
    names = Counter[str]()
    own = set()
    for path in (ROOT / "common" / "nusantara").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                names[node.name] += 1
                if SANDBOXES["nusantara.sandbox"] in path.parents:
                    own.add(node.name)
    assert [name for name in own if names[name] > 1] == []
