"""The documents: every program in them runs as it stands, on the sandbox, and the site builds without a warning."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.snippets import python_in, run

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "common" / "docs").glob("*.md"))
EXAMPLES = [
    pytest.param(example, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, example in enumerate(python_in(page))
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_runs(example: str, tmp_path: Path, sandbox_env: dict[str, str]) -> None:
    run(example, tmp_path)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("furo", reason="the extra 'docs' is not installed, so NOTHING IS KNOWN about the site")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", ROOT / "common" / "docs", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.mark.timeout(400)
def test_every_public_name_is_in_the_reference(site: Path) -> None:
    from sphinx.util.inventory import InventoryFile

    with (site / "objects.inv").open("rb") as file:
        inventory: Any = InventoryFile.load(file, "", lambda base, path: path)
    known = {name for kind, names in inventory.items() if kind.startswith("py:") for name in names}
    sys.path.insert(0, str(ROOT / "common" / "docs"))
    conf = importlib.import_module("conf")
    public = [f"{module}.{name}" for module in conf.CORE for name in importlib.import_module(module).__all__]
    for package in ("nusantara", *conf.VENDORS):
        door = importlib.import_module(package)
        public += [
            f"{door._WHERE[name]}.{name}"
            for name in door.__all__
            if door._WHERE.get(name, f"{package}.{name}") != f"{package}.{name}"
        ]
    assert [name for name in public if name not in known] == []
    assert len(public) > 400


def test_every_page_is_in_the_contents() -> None:
    index = (ROOT / "common" / "docs" / "index.md").read_text(encoding="utf-8")
    assert [page.stem for page in PAGES if page.stem != "index" and f"\n{page.stem}\n" not in index] == []


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 250
