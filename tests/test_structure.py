"""Which way imports point, that no two things share a name, and that a room is entered through its door.

Every import counts: at the head of a module, inside a function, and for type checkers only.
"""

from __future__ import annotations

import ast
import functools
import graphlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {
    "nusantara": ROOT / "common" / "nusantara",
    "bukalapak_async": ROOT / "bukalapak_async",
    "kaskus_async": ROOT / "kaskus_async",
    "qiscus_async": ROOT / "qiscus_async",
}
VENDORS = sorted(PACKAGES.keys() - {"nusantara"})

FLOORS = (
    {"__init__", "introspection"},
    {"errors"},
    {"display"},
    {"hooks", "progress", "record", "secret"},
    {"checks", "codec", "upload"},
    {"limits", "model", "options", "otel", "pagination", "request", "response"},
    {"answers", "signing", "transport"},
    {"call", "token_store"},
    {"download"},
    {"client", "oauth2"},
    {"catalogue", "sync", "syncgen"},
    {"__pyinstaller", "sandbox"},
    {"cli", "testing"},
    {"__main__"},
)
"""The rooms and the modules of the core, from the ground up. What stands on one floor may use the floors below it."""

SIDE_DOORS = {
    "nusantara.catalogue.operations": "loads the clients, which who asks for the vendors' names does not need",
    "nusantara.catalogue.vendors": "loads nothing",
    "nusantara.codec.charset": "nusantara.response finds out what a text is written in",
    "nusantara.codec.loose": "nusantara.model is the front of it",
    "nusantara.codec.models": "nusantara.model is the front of it",
    "nusantara.codec.xml": "loads lxml when it is used",
}
"""Modules of a room that others import beside its door, and why."""
FOR_VENDORS = {
    "nusantara.cli.stage": "what a tour is shown on",
    "nusantara.codec.json_arrays": "reads and writes files, not answers",
    "nusantara.sync.client": "the generated classes stand on it, and nothing else",
    "nusantara.sync.facade": "the generated classes stand on it, and nothing else",
    "nusantara.sync.pages": "the generated classes stand on it, and nothing else",
}
"""The same for the vendors' packages. A vendor's sandbox takes what it needs of the sandbox."""


@functools.cache
def modules() -> dict[str, Path]:
    found = {}
    for package, folder in PACKAGES.items():
        for path in folder.rglob("*.py"):
            parts = [package, *path.relative_to(folder).with_suffix("").parts]
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@functools.cache
def arrows() -> dict[str, frozenset[str]]:
    """The modules of ours that each module imports. What the core's own front shows to type checkers is no import."""
    found = {module: frozenset(_imported(path)) - {module} for module, path in modules().items()}
    return found | {"nusantara": found["nusantara"] - _for_types_only(modules()["nusantara"])}


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield from {name if name in modules() else node.module or ""} & modules().keys()
        elif isinstance(node, ast.Import):
            yield from {alias.name for alias in node.names} & modules().keys()


def _for_types_only(path: Path) -> set[str]:
    """What a module imports under ``if TYPE_CHECKING``, and nowhere else."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for block in ast.walk(tree):
        if isinstance(block, ast.If) and ast.unparse(block.test).endswith("TYPE_CHECKING"):
            found |= {node.module or "" for node in ast.walk(block) if isinstance(node, ast.ImportFrom)}
    return found


def room_of(module: str) -> str:
    """The first name below the package: a room, or a module that is in none."""
    return [*module.split("."), "__init__"][1]


def crossing() -> Iterator[tuple[str, str]]:
    """Imports of the core from one room to another."""
    for module, targets in arrows().items():
        if module.split(".")[0] == "nusantara":
            yield from ((module, target) for target in targets if room_of(target) != room_of(module))


# --- The core


def test_every_module_of_the_core_has_its_floor() -> None:
    named = [room for floor in FLOORS for room in floor]
    assert len(named) == len(set(named))
    assert {room_of(module) for module in modules() if module.split(".")[0] == "nusantara"} == set(named)


def test_imports_in_the_core_point_down() -> None:
    level = {room: number for number, floor in enumerate(FLOORS) for room in floor}
    up = [
        f"{module} imports {target}"
        for module, target in crossing()
        if level[room_of(target)] >= level[room_of(module)]
    ]
    assert up == []


def test_a_room_is_entered_through_its_door() -> None:
    past_it = {(module, target) for module, target in crossing() if target.count(".") > 1}
    assert sorted(f"{module} imports {target}" for module, target in past_it if target not in SIDE_DOORS) == []
    assert sorted(SIDE_DOORS.keys() - {target for _, target in past_it}) == []


def test_the_vendors_enter_the_rooms_of_the_core_through_their_doors_too() -> None:
    past_it = {
        (module, target)
        for module, targets in arrows().items()
        for target in targets
        if module.split(".")[0] in VENDORS and target.startswith("nusantara.") and target.count(".") > 1
    }
    sandbox = {(module, target) for module, target in past_it if ".sandbox" in module}
    allowed = SIDE_DOORS.keys() | FOR_VENDORS.keys()
    assert sorted(f"{module} imports {target}" for module, target in past_it - sandbox if target not in allowed) == []


def test_a_room_says_what_it_is_for() -> None:
    rooms = [path for module, path in modules().items() if path.name == "__init__.py"]
    assert [path for path in rooms if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))] == []


def test_a_name_means_one_thing_in_the_core() -> None:
    names = Counter(
        node.name.lstrip("_")
        for module, path in modules().items()
        if module.split(".")[0] == "nusantara"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1] == []


# --- All packages


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_make_no_circle_but_that_of_a_client_and_its_groups(package: str) -> None:
    """A client makes its groups, and a group names the type of its client."""
    own = [module for module in modules() if f"{module}.".startswith(f"{package}.")]
    graph = {
        module: {
            target
            for target in arrows()[module]
            if target in own and not (target == f"{package}.client" and target in _for_types_only(modules()[module]))
        }
        for module in own
    }
    graphlib.TopologicalSorter(graph).prepare()


def test_the_core_imports_no_vendor_and_no_vendor_another() -> None:
    crossed = [
        f"{module} imports {target}"
        for module, targets in arrows().items()
        for target in targets
        if target.split(".")[0] not in ("nusantara", module.split(".")[0])
    ]
    assert crossed == []


NOT_SHARED = {"call", "client", "codec", "messages", "model", "sync", "transport"}


def test_the_clients_share_no_code_with_the_sandbox() -> None:
    shared = []
    for module, targets in arrows().items():
        for target in targets:
            from_sandbox, to_sandbox = (".sandbox." in f"{name}." for name in (module, target))
            shows_it = module.startswith(("nusantara.cli", "nusantara.testing")) or module.endswith(".tour")
            if from_sandbox and not to_sandbox and not NOT_SHARED.isdisjoint(target.split(".")):
                shared.append(f"{module} imports {target}")
            if to_sandbox and not from_sandbox and not shows_it:
                shared.append(f"{module} imports {target}")
    assert shared == []
