"""What is shipped, and what an import costs."""

from __future__ import annotations

import ast
import configparser
import enum
import importlib
import inspect
import json
import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from nusantara.catalogue.vendors import VENDORS as VENDOR_PACKAGES
from nusantara.client import AsyncClient, Resource
from nusantara.model import Model
from nusantara.sync.facade import SyncResource

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


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it: its folder of programs."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, with_pip=True)
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    run(programs / "python", "-m", "pip", "install", "--no-deps", "--no-index", wheel)
    # The dependencies come from this environment; a path file adds them without its editable install.
    site = run(programs / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    (Path(site) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return programs


def test_an_application_with_a_common_package_of_its_own_can_import_all_vendors(
    installed: Path, tmp_path: Path
) -> None:
    (tmp_path / "common").mkdir()
    (tmp_path / "common" / "__init__.py").write_text("MINE = True\n")
    (tmp_path / "main.py").write_text(
        "import common, nusantara, bukalapak_async, kaskus_async, qiscus_async\n"
        "from bukalapak_async import AsyncBukalapak, Bukalapak\n"
        "assert common.MINE\n"
        "print(nusantara.__file__)\n"
    )
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    assert str(installed.parent) in run(installed / "python", "main.py", cwd=tmp_path, env=clean)


@pytest.mark.timeout(300)
def test_a_type_checker_knows_every_public_type(installed: Path, tmp_path: Path) -> None:
    checker = pytest.importorskip("basedpyright", reason="basedpyright is not installed")
    environment = os.environ | {"PATH": f"{installed}{os.pathsep}{os.environ['PATH']}"}
    environment["VIRTUAL_ENV"] = str(installed.parent)
    for package in PACKAGES:
        command = [sys.executable, "-m", checker.__name__, "--verifytypes", package, "--ignoreexternal", "--outputjson"]
        # It fails where it would rather have an annotation than infer a type, which is not asked here.
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        found = json.loads(done.stdout)["typeCompleteness"]
        counts = [found["exportedSymbolCounts"], found["otherSymbolCounts"]]
        assert counts[0]["withKnownType"] > 100
        assert [count["withUnknownType"] for count in counts] == [0, 0], package


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


def test_importing_the_core_loads_nothing_of_ours_but_itself() -> None:
    loaded = loaded_after("import nusantara")
    assert {name for name in loaded if name.partition(".")[0] in PACKAGES} == {"nusantara"}


# --- Names

WITH_NAMES = [
    "nusantara",
    *VENDORS,
    *(f"{vendor}.sync" for vendor in VENDORS),
    "kaskus_async.models",
    "qiscus_async.models",
    "nusantara.transport",
]


@pytest.mark.parametrize("package", WITH_NAMES)
def test_type_checkers_see_exactly_the_names_that_are_loaded_on_use(package: str) -> None:
    module = importlib.import_module(package)
    source = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    [block] = [node for node in source.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    shown: dict[str, object] = {}
    for node in block.body:
        assert isinstance(node, ast.ImportFrom)
        where = importlib.import_module(str(node.module))
        for alias in node.names:
            names = where.__all__ if alias.name == "*" else [alias.name]
            shown |= {name: getattr(where, name) for name in names}
    assert shown == {name: getattr(module, name) for name in module.__all__}


FRONT = [
    *(
        f"nusantara.{file.stem}"
        for file in sorted(PACKAGES["nusantara"].glob("*.py"))
        if not file.stem.startswith("__")
    ),
    "nusantara.sandbox",
    "nusantara.sync.client",
    "nusantara.sync.pages",
]
NOT_AT_THE_ROOT = {
    "nusantara.download": (
        {"Source", "check_folder", "check_source", "check_target", "download", "is_local", "path_of"},
        "for clients and vendors' packages",
    ),
    "nusantara.model": (
        {"LooseBool", "LooseInt", "LooseStr", "Mismatch", "SecretStr", "UnixTime", "Via", "field", "model"},
        "for vendors' packages, which define models",
    ),
    "nusantara.oauth2": (
        {"BearerAuth", "ClientCredentials", "Fetch", "Grant", "Password", "read_token"},
        "for vendors' packages",
    ),
    "nusantara.otel": ({"OpenTelemetry"}, "needs a package that may not be there, which a star import would ask for"),
    "nusantara.pagination": ({"Fetch", "numbered"}, "for vendors' packages"),
    "nusantara.progress": ({"Meter"}, "for vendors' packages"),
    "nusantara.request": (
        {"Pairs", "PathPart", "Request", "delete", "get", "post", "put"},
        "for vendors' packages",
    ),
    "nusantara.response": ({"excerpt_of"}, "for vendors' packages"),
    "nusantara.sandbox": ({"Vendor", "add_arguments", "serve"}, "for vendors' sandboxes and the command"),
    "nusantara.secret": (
        {
            "HiddenBytes",
            "check_credential",
            "credential",
            "credential_problem",
            "hide",
            "hide_in",
            "is_mask",
            "reveal",
        },
        "for vendors' packages",
    ),
    "nusantara.testing": ({"nusantara_sandbox", "sandbox_env"}, "fixtures, which pytest finds"),
}
"""Public names of the front that programs do not import from the root, and why."""


@pytest.mark.parametrize("name", FRONT)
def test_what_programs_import_is_at_the_root(name: str) -> None:
    module = importlib.import_module(name)
    left_out, _ = NOT_AT_THE_ROOT.get(name, (set(), ""))
    root = importlib.import_module("nusantara")
    assert set(module.__all__) - set(root.__all__) == left_out
    assert [name for name in {*module.__all__} - left_out if getattr(root, name) is not getattr(module, name)] == []


def test_only_what_is_in_the_front_is_left_out_of_the_root() -> None:
    assert NOT_AT_THE_ROOT.keys() <= set(FRONT)


NO_MODELS = {"kaskus_async.models.loose": "forms of values, not what an operation answers"}


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_has_its_models_groups_and_enumerations_at_its_root(vendor: str) -> None:
    package = importlib.import_module(vendor)
    wanted: dict[str, object] = {}
    for file in PACKAGES[vendor].rglob("*.py"):
        parts = file.relative_to(PACKAGES[vendor]).with_suffix("").parts
        if {"sandbox", "sync", "payloads", "webhooks", "__init__"} & {*parts}:
            continue
        module = importlib.import_module(".".join([vendor, *parts]))
        for name in getattr(module, "__all__", ()):
            value = getattr(module, name)
            public = isinstance(value, type) and issubclass(value, (Model, Resource, enum.Enum, AsyncClient))
            if (public or "models" in parts) and module.__name__ not in NO_MODELS:
                wanted[name] = value
    assert wanted.items() <= {name: getattr(package, name) for name in package.__all__}.items()


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_synchronous_twins_have_the_names_of_the_groups(vendor: str) -> None:
    package, twins = importlib.import_module(vendor), importlib.import_module(f"{vendor}.sync")
    groups = {name for name in package.__all__ if _is_group(getattr(package, name))}
    synchronous = {name for name in twins.__all__ if issubclass(getattr(twins, name), SyncResource)}
    assert groups == synchronous
    assert groups
    assert [name for name in groups if getattr(package, name) is getattr(twins, name)] == []
    client = VENDOR_PACKAGES[vendor.removesuffix("_async")].client.removeprefix("Async")
    assert getattr(twins, client) is getattr(package, client)


def _is_group(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Resource)


@pytest.mark.parametrize("package", WITH_NAMES)
def test_no_name_is_that_of_another_module(package: str) -> None:
    """Or it would stand for one of the two, by what was imported before."""
    module = importlib.import_module(package)
    folder = Path(str(module.__file__)).parent
    modules = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    clashes = [name for name in module.__all__ if name in modules and not inspect.ismodule(getattr(module, name))]
    assert clashes == []


@pytest.mark.parametrize("package", WITH_NAMES)
def test_a_wrong_name_is_refused_with_what_a_suggestion_needs(package: str) -> None:
    module = importlib.import_module(package)
    wrong = f"{module.__all__[0]}s"
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute '{wrong}'") as caught:
        getattr(module, wrong)
    assert (caught.value.name, caught.value.obj) == (wrong, module)
    assert module.__all__[0] in dir(module)


def test_a_wrong_name_comes_with_the_nearest() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import kaskus_async; kaskus_async.Thred"], capture_output=True, text=True, check=False
    )
    assert "Did you mean: 'Thread'?" in done.stderr
