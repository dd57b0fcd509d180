"""What is shipped, what an import costs, and which way imports point."""

from __future__ import annotations

import ast
import configparser
import graphlib
import importlib
import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
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


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    done = subprocess.run([*map(str, command)], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel, made from what git tracks, so that nothing else can slip in."""
    source = tmp_path_factory.mktemp("source")
    names = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT).split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", out, source)
    [built] = out.glob("*.whl")
    return built


def test_the_wheel_holds_the_four_packages_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} - {"nusantara-0.1.0.dist-info"} == set(PACKAGES)
    assert {name for name in names if name.endswith("py.typed")} == {f"{package}/py.typed" for package in PACKAGES}
    shipped = {name for name in names if ".dist-info/" not in name}
    tracked = {
        f"{package}/{path.relative_to(folder).as_posix()}"
        for package, folder in PACKAGES.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert shipped == tracked


def test_the_wheel_needs_exactly_the_chosen_libraries(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    [metadata] = [name for name in archive.namelist() if name.endswith("/METADATA")]
    lines = archive.read(metadata).decode().splitlines()
    required = [line.partition(": ")[2] for line in lines if line.startswith("Requires-Dist: ")]
    base = {entry.split(">")[0].split("<")[0] for entry in required if "extra ==" not in entry}
    assert base == {"aiohttp", "attrs", "cattrs", "lxml", "oauthlib", "tenacity"}
    assert "License-Expression: MIT" in lines


def test_an_application_with_a_common_package_of_its_own_can_import_all_vendors(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=True)
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    run(python, "-m", "pip", "install", "--no-deps", "--no-index", wheel)
    # The dependencies come from this environment; a path file adds them without its editable install.
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    application = tmp_path / "application"
    (application / "common").mkdir(parents=True)
    (application / "common" / "__init__.py").write_text("MINE = True\n")
    (application / "main.py").write_text(
        "import common, nusantara, bukalapak_async, kaskus_async, qiscus_async\n"
        "from bukalapak_async import AsyncBukalapak, Bukalapak\n"
        "assert common.MINE\n"
        "print(nusantara.__file__)\n"
    )
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    assert str(site) in run(python, "main.py", cwd=application, env=clean)


def test_every_package_folder_is_listed() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    listed = set(config["options"]["packages"].split())
    found = {
        ".".join([package, *path.parent.relative_to(folder).parts])
        for package, folder in PACKAGES.items()
        for path in folder.rglob("__init__.py")
    }
    assert listed == found


def test_no_fact_stands_in_both_configuration_files() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    assert set(config["options"]) == {"package_dir", "packages"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "packages" not in project["tool"]["setuptools"]


def test_the_top_level_holds_what_was_agreed() -> None:
    names = {name.split("/")[0] for name in run("git", "ls-files", cwd=ROOT).splitlines()}
    assert {name for name in names if not name.startswith(".")} <= {
        "LICENSE",
        "README.md",
        "benchmarks",
        "bukalapak_async",
        "common",
        "kaskus_async",
        "pyproject.toml",
        "qiscus_async",
        "setup.cfg",
        "tests",
    }


# --- Imports

HEAVY = ("aiohttp", "cattrs", "lxml", "oauthlib", "orjson", "tenacity", "rich", "pytest", "uvloop")
UNUSED = (
    *HEAVY,
    "nusantara.sync.facade",
    "nusantara.sync.portal",
    "nusantara.sandbox",
    "nusantara.transport.session",
    "nusantara.cli",
)


def loaded_after(code: str) -> set[str]:
    return set(run(sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules, sep='\\n')").splitlines())


@pytest.mark.parametrize("package", [*VENDORS, "nusantara"])
def test_importing_a_package_loads_nothing_heavy(package: str) -> None:
    assert loaded_after(f"import {package}") & set(UNUSED) == set()


def test_a_client_that_is_made_loads_neither_xml_nor_signing_nor_the_facade() -> None:
    code = "from bukalapak_async import AsyncBukalapak\nAsyncBukalapak('1', 't').messages"
    loaded = loaded_after(code)
    assert "aiohttp" in loaded
    unwanted = {
        "lxml",
        "oauthlib",
        "tenacity",
        "nusantara.sync.facade",
        "nusantara.sync.portal",
        "nusantara.sandbox",
        "rich",
    }
    assert loaded & unwanted == set()


@pytest.mark.parametrize("package", ["bukalapak_async", "qiscus_async", "qiscus_async.models"])
def test_type_checkers_see_exactly_the_names_that_are_loaded_on_use(package: str) -> None:
    module = importlib.import_module(package)
    source = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    [block] = [node for node in source.body if isinstance(node, ast.If)]
    shown: dict[str, object] = {}
    for node in block.body:
        assert isinstance(node, ast.ImportFrom)
        where = importlib.import_module(str(node.module))
        for alias in node.names:
            names = where.__all__ if alias.name == "*" else [alias.name]
            shown |= {name: getattr(where, name) for name in names}
    assert shown == {name: getattr(module, name) for name in module.__all__}


def modules() -> Iterator[tuple[str, Path]]:
    for package, folder in PACKAGES.items():
        for path in folder.rglob("*.py"):
            parts = [package, *path.relative_to(folder).with_suffix("").parts]
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imported(path: Path, *, types: bool = False) -> Iterator[str]:
    """Our own modules that a file imports, also inside functions, but not for types only unless that is asked for."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in typing_only and not types:
            continue
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            # The names may be modules.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


# What each layer of the core may use, from the ground up. The parts not named stand beside the way of a call.
LAYERS = [
    {"errors", "secret", "transport.proxy", "transport.timers", "codec.charset"},
    {"model", "record", "options", "codec", "codec.xml", "limits"},
    {"request", "upload", "response", "hooks"},
    {
        "signing.plain",
        "call.budget",
        "call.headers",
        "call.lookup",
        "call.retry_after",
        "signing.clock",
        "signing.oauth1",
        "signing.token_answers",
        "signing.file_lock",
        "transport.answer_guard",
        "transport.early_answer",
        "transport.connector",
        "transport.send_body",
        "transport.shortcut",
        "transport.failures",
        "transport.read_answer",
    },
    {"transport.session"},
    {"call.caller", "call.deadline", "call.refusals"},
    {"call.state"},
    {"call.reports", "call.steps"},
    {"call.outcome"},
    {"call.loop"},
    {"pagination", "client"},
    {"sync.portal", "sync.facade"},
]
# The modules of the codec, each of which may use those before it.
CODEC = [
    f"nusantara.codec.{name}" for name in ("mismatches", "jsontext", "codegen", "shapes", "parts", "reading", "writing")
]


def upward(level: dict[str, int]) -> list[str]:
    return [
        f"{module} imports {target}"
        for module, path in modules()
        if module in level
        for target in imported(path)
        if target in level and level[target] > level[module]
    ]


def test_imports_in_the_core_point_one_way() -> None:
    level = {f"nusantara.{name}": number for number, names in enumerate(LAYERS) for name in names}
    assert upward(level | dict.fromkeys(CODEC, level["nusantara.codec"])) == []


def test_imports_inside_the_codec_point_one_way() -> None:
    readers = ["nusantara.codec", "nusantara.codec.json_arrays", "nusantara.codec.xml"]
    order = ["nusantara.codec.charset", *CODEC, *readers]
    level = {module: number for number, module in enumerate(order)}
    assert level.keys() == {module for module, _ in modules() if f"{module}.".startswith("nusantara.codec.")}
    assert upward(level) == []


def test_the_modules_of_the_codec_are_used_through_it() -> None:
    past_it = [
        f"{module} imports {target}"
        for module, path in modules()
        if module not in CODEC and module != "nusantara.codec"
        for target in imported(path)
        if target in CODEC
    ]
    assert past_it == []


def test_imports_in_the_generator_make_no_circle() -> None:
    paths = {module: path for module, path in modules() if module.startswith("nusantara.syncgen")}
    assert len(paths) > 1
    graphlib.TopologicalSorter({module: paths.keys() & imported(path) for module, path in paths.items()}).prepare()


@pytest.mark.parametrize("vendor", ["bukalapak_async", "qiscus_async"])
def test_imports_of_a_vendor_make_no_circle_but_that_of_client_and_groups(vendor: str) -> None:
    """Imports for types count; what a group needs of the client is nothing but its type."""
    own = {
        module: path
        for module, path in modules()
        if module.startswith(f"{vendor}.") and not f"{module}.".startswith((f"{vendor}.sandbox.", f"{vendor}.sync."))
    }
    names = own.keys() - {f"{vendor}.client", f"{vendor}.tour"}
    assert len(names) > 3
    graphlib.TopologicalSorter(
        {module: names.intersection(imported(own[module], types=True)) for module in names}
    ).prepare()


def test_the_core_imports_no_vendor_and_no_vendor_another() -> None:
    crossing = []
    for module, path in modules():
        package = module.split(".")[0]
        allowed = {package, "nusantara"}
        crossing += [
            f"{module} imports {target}"
            for target in imported(path)
            if target.split(".")[0] in PACKAGES and target.split(".")[0] not in allowed
        ]
    assert crossing == []


NOT_SHARED = {"client", "session", "messages", "codec", "model", "facade"}


def test_the_clients_share_no_code_with_the_sandbox() -> None:
    crossing = []
    for module, path in modules():
        for target in imported(path):
            from_sandbox = ".sandbox" in f"{module}."
            to_sandbox = ".sandbox" in f"{target}."
            if from_sandbox and not NOT_SHARED.isdisjoint(target.split(".")):
                crossing.append(f"{module} imports {target}")
            shows_it = module.startswith(("nusantara.cli", "nusantara.testing")) or module.endswith(".tour")
            if to_sandbox and not from_sandbox and not shows_it:
                crossing.append(f"{module} imports {target}")
    assert crossing == []
