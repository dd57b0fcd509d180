"""What importing the package, making a client, and using a group of operations load."""

from __future__ import annotations

import ast
import asyncio
import functools
import graphlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.raw import RawServer, Received, Wire

import kaskus_async
from kaskus_async.client import AsyncKaskus
from kaskus_async.fjb.groups import Fjb

ROOT = Path(__file__).parents[3]
PATHS = os.pathsep.join([str(ROOT / "common"), str(ROOT)])

UNUSED = {
    "kaskus_async.sandbox",
    "kaskus_async.tour",
    "lxml",
    "nusantara.sandbox",
    "nusantara.codec.xml",
    "oauthlib",
    "orjson",
    "rich",
    "tenacity",
}
"""What no call with an answer in JSON needs. orjson comes with the first answer."""

SHARED = {"common", "loose", "paging", "posts", "threads"}
"""Models that are parts of many answers."""

OF_OTHERS = {
    "account": {"models.users"},
    "auth": {"oauth", "oauth.token_answers", "oauth.token_endpoint"},
    "content": {"models.forums"},
    "fjb.cart": {"models.fjb.cursors"},
    "fjb.lapak": {"models.fjb.threads", "posts"},
    "fjb.lapak_posts": {"models.fjb.lapak"},
    "fjb.listings": {"models.forums"},
    "fjb.offers": {"models.fjb.cursors"},
    "fjb.posts": {"models.fjb.lapak"},
    "fjb.threads": {"posts"},
    "following": {"models.users"},
    "registration": {"models.users"},
    "threads": {"posts"},
    "users": {"models.fjb.invoices"},
}
"""What else a group has in common with another."""

HELPERS = {"fjb", "fjb.amounts", "fjb.goods", "fjb.groups", "models", "models.fjb", "paging", "values"}


def groups_of(owner: type) -> list[str]:
    return [name for name, member in vars(owner).items() if isinstance(member, functools.cached_property)]


GROUPS = [name for name in groups_of(AsyncKaskus) if name != "fjb"] + [f"fjb.{name}" for name in groups_of(Fjb)]

TOUCH_EACH = """
import functools, json, operator, os, sys
from kaskus_async import {kind}
client = {kind}("kunci", "rahasia")
before = set(sys.modules)
loaded = {{}}
for group in {groups}:
    reading, writing = os.pipe()
    if os.fork() == 0:
        functools.reduce(getattr, group.split("."), client)
        os.write(writing, json.dumps(sorted(set(sys.modules) - before)).encode())
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:
        loaded[group] = json.load(pipe)
    os.wait()
print(json.dumps([sorted(before), loaded]))
"""


def run(code: str) -> str:
    """What a new interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": PATHS},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


@functools.cache
def loaded_by(kind: str) -> tuple[set[str], dict[str, set[str]]]:
    """What a client loads when it is made, and what each group adds."""
    before, groups = json.loads(run(TOUCH_EACH.format(kind=kind, groups=GROUPS)))
    return set(before), {group: set(modules) for group, modules in groups.items()}


def ours(modules: set[str]) -> set[str]:
    return {name.removeprefix("kaskus_async.") for name in modules if name.startswith("kaskus_async.")}


def test_a_client_loads_no_group_and_no_model() -> None:
    before, _ = loaded_by("AsyncKaskus")
    assert ours(before) == {"client", "enums", "refusals", "requests"}
    assert before & (UNUSED | {"nusantara.sync.facade", "nusantara.sync.portal", "nusantara.pagination"}) == set()


def test_a_synchronous_client_adds_only_the_facade() -> None:
    before, _ = loaded_by("Kaskus")
    assert ours(before) == {"client", "enums", "refusals", "requests", "sync", "sync.client"}
    assert before & UNUSED == set()


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_loads_its_own_models_only(group: str) -> None:
    loaded = loaded_by("AsyncKaskus")[1][group]
    own = {group, f"models.{group}", f"models.{group.removeprefix('fjb.')}"}
    allowed = own | HELPERS | {f"models.{name}" for name in SHARED} | OF_OTHERS.get(group, set())
    assert group in ours(loaded)
    assert ours(loaded) - allowed == set()
    assert OF_OTHERS.get(group, set()) - ours(loaded) == set()
    assert loaded & UNUSED == set()


@pytest.mark.parametrize("group", GROUPS)
def test_a_synchronous_group_adds_only_its_own_wrapper(group: str) -> None:
    more = loaded_by("Kaskus")[1][group] - loaded_by("AsyncKaskus")[1][group]
    assert ours(more) - {"sync.fjb", "sync.fjb.groups", "fjb.groups"} == {f"sync.{group}"}
    assert more & UNUSED == set()


def test_only_the_client_and_its_groups_import_each_other() -> None:
    """Imports for types and inside of functions count."""
    folder = Path(str(kaskus_async.__file__)).parent
    files = {".".join(path.relative_to(folder).with_suffix("").parts): path for path in folder.rglob("*.py")}
    uses: dict[str, set[str]] = {}
    for name, path in files.items():
        if name.split(".")[0] in ("sandbox", "sync"):
            continue
        found = {
            full.removeprefix("kaskus_async.")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom) and node.module
            for full in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
        }
        uses[name] = (found & files.keys()) - {name}
    for group in (*GROUPS, "fjb.groups"):
        uses[group].discard("client")
    graphlib.TopologicalSorter(uses).prepare()


def test_no_group_that_is_gone_is_listed() -> None:
    assert set(OF_OTHERS) <= set(GROUPS)


@pytest.mark.parametrize(
    ("body", "xml"), [(b'{"data": []}', False), (b"<return><data/></return>", True)], ids=["json", "xml"]
)
async def test_only_an_answer_in_xml_loads_its_reader(body: bytes, xml: bool) -> None:
    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer(body=body)

    async with RawServer(answer) as server:
        code = f"""
import asyncio, sys
from kaskus_async import AsyncKaskus
async def main():
    async with AsyncKaskus("kunci", "rahasia", token="t", token_secret="s", base_url="{server.base_url}") as kaskus:
        print((await kaskus.threads.hot()).data)
asyncio.run(main())
print(*sys.modules)
"""
        result, modules = (await asyncio.to_thread(run, code)).splitlines()
    loaded = set(modules.split())
    assert result == "[]"
    assert ("lxml" in loaded, "nusantara.codec.xml" in loaded) == (xml, xml)
    assert loaded & (UNUSED - {"lxml", "nusantara.codec.xml", "orjson"}) == set()
