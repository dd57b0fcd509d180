"""The same tests at both ends of what pyproject.toml allows."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

from support.faults import Seen

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENT = re.compile(r"(?P<name>[\w-]+)>=(?P<floor>[\w.]+)(?P<cap>,<\d+)?").fullmatch


def floors() -> dict[str, str]:
    """The lowest version of every base dependency."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        required = tomllib.load(file)["project"]["dependencies"]
    found = [REQUIREMENT(one) for one in required]
    assert all(found), f"each of {required} names a floor, and no exact version"
    return {one["name"]: one["floor"] for one in found if one is not None}


def listed(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {versions[name]}" for name in sorted(versions))


def number(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def test_g76_lowest_versions(seen: Seen) -> None:
    """Each floor is pinned as it stands in pyproject.toml; the core and this folder run with the pins, too."""
    makes, script = ((ROOT / ".ci" / name).read_text() for name in ("environments", "lowest"))
    [program] = re.findall(r"<<'PYTHON'\n(.*?)\nPYTHON\n", makes, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    pinned = dict(line.split("==") for line in done.stdout.split())
    assert pinned == floors()
    assert set(pinned) == {"aiohttp", "attrs", "cattrs", "lxml", "oauthlib", "tenacity"}
    assert 'make python3 .venv-lowest -c "$lowest"' in makes, "the pins constrain what is installed"
    assert re.search(r"-m pytest tests/core tests/hostile (?!.*( -k | -m ))", script), "both run with them, whole"
    assert ".ci/lowest" in (ROOT / ".ci" / "run").read_text().splitlines()
    seen(
        "pinned for a run of the core and the hostile network: "
        + ", ".join(f"{name} {pinned[name]}" for name in sorted(pinned))
    )


def test_g76_versions_of_this_run(seen: Seen) -> None:
    installed = {name: version(name) for name in floors()}
    for name, floor in floors().items():
        assert number(installed[name]) >= number(floor), f"{name} {installed[name]} is below {floor}"
    seen(f"this run has {listed(installed)}")
