"""The wall around aiohttp: every private name is listed, and without any one of them the calls still work."""

from __future__ import annotations

import asyncio
import functools
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest

from nusantara.transport.aiohttp_inside import NAMES, Inside

ROOT = Path(__file__).parents[3]
PACKAGES = [ROOT / "common" / "nusantara", *(ROOT / f"{vendor}_async" for vendor in ("bukalapak", "kaskus", "qiscus"))]
LIBRARIES = {"aiohttp": Path(aiohttp.__file__).parent, "asyncio": Path(asyncio.__file__).parent}

# --- Without it

# Where a name is another library's too, or an ordinary word, only what is meant is renamed.
MEANT = {
    "connect": r"(?<=async def )connect(?=\()|(?<=_connector\.)connect(?=\()",
    "protocol": r"(?<=def )protocol(?=\(self\))|(?<=\bconn\.)protocol|(?<=connection\.)protocol",
    "set_exception": r"(?<=def )set_exception(?=\(\s*self)|(?<=self\.)set_exception|(?<=super\(\)\.)set_exception",
}
# asyncio's futures keep theirs.
HELPER = ("fut.set_exception(exc)", "(fut.set_exception if asyncio.isfuture(fut) else fut.set_exception_2)(exc)")


def doctored(folder: Path, library: str, change: Callable[[str], str]) -> Path:
    """A copy of a library, changed."""
    source = LIBRARIES[library]
    changed = 0
    for path in source.rglob("*.py"):
        copy = folder / library / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8")
        after = change(before)
        changed += before != after
        copy.write_text(after, encoding="utf-8")
    assert changed
    return folder


def renamed(name: str, text: str) -> str:
    text = re.sub(MEANT.get(name, rf"\b{name}\b"), f"{name}_2", text)
    return text.replace(*HELPER) if name == "set_exception" else text


def run(folder: Path) -> list[str]:
    """What is warned of by a program that makes calls of every kind with the aiohttp in this folder."""
    path = os.pathsep.join(map(str, (folder, ROOT / "common", ROOT, ROOT / "tests")))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "support.doctored", folder],
        env={**os.environ, "PYTHONPATH": path, "AIOHTTP_NO_EXTENSIONS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr[-3000:]
    return done.stdout.splitlines()


def named(inside: Inside) -> str:
    return f"{inside.owner}.{inside.name}"


@pytest.mark.parametrize("inside", NAMES, ids=named)
def test_calls_work_without_a_name(inside: Inside, tmp_path: Path) -> None:
    library = inside.owner.partition(".")[0]
    [warning] = run(doctored(tmp_path, library, functools.partial(renamed, inside.name)))
    assert inside.name in warning
    assert inside.lost in warning
    assert "FAULTS.md" in warning


CHANGES = {
    "a parameter has another name": lambda text: re.sub(r"\bskip_payload\b", "skip_payload_2", text),
    "a hook is there and not called": lambda text: text.replace("self.feed_data((", "self.feed_data_2((").replace(
        "    def feed_eof(self) -> None:\n        self._eof = True",
        "    def feed_data_2(self, data, size=0):\n        DataQueue.feed_data(self, data, size)\n\n"
        "    def feed_eof(self) -> None:\n        self._eof = True",
    ),
    "the protocol is not the connector's": lambda text: text.replace(
        "self._wrap_create_connection(\n                    self._factory,",
        "self._wrap_create_connection(\n                    functools.partial(ResponseHandler, loop=self._loop),",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_calls_work_where_something_else_has_changed(what: str, tmp_path: Path) -> None:
    [warning] = run(doctored(tmp_path, "aiohttp", CHANGES[what]))
    assert "FAULTS.md" in warning


def test_an_aiohttp_as_it_is_gives_no_warning(tmp_path: Path) -> None:
    assert run(tmp_path) == []
