"""What the generator writes, what it refuses, and what it finds out of date."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nusantara import syncgen
from nusantara.syncgen.files import differences
from nusantara.syncgen.layout import CallText, signature
from nusantara.syncgen.source import folder_of, joined

ROOT = Path(__file__).resolve().parents[3]

EXPECTED_TEAMS = '''\
# Written by "python -m nusantara.syncgen" from toy_async/groups/teams.py. Do not edit.
"""Synchronous twin of :mod:`toy_async.groups.teams`."""

from __future__ import annotations

from functools import cached_property

from nusantara.sync.facade import SyncResource
from toy_async.groups.teams import Players as AsyncPlayers
from toy_async.groups.teams import Teams as AsyncTeams

__all__ = ["Players", "Teams"]


class Players(SyncResource[AsyncPlayers]):
    """People in a team."""

    def of(self, team: str) -> str:
        """Whoever is in a team."""
        return self._portal.run(self._impl.of, team)


class Teams(SyncResource[AsyncTeams]):
    """Teams."""

    @cached_property
    def players(self) -> Players:
        """People in a team."""
        return Players(self._portal, self._impl.players)
'''


def sync_text(root: Path, name: str) -> str:
    return (root / "toy_async" / "sync" / name).read_text()


def body_of(text: str, name: str) -> str:
    """The source of one function in a module, from its first line of code on."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            segment = ast.get_source_segment(text, node)
            assert segment is not None
            return segment
    raise AssertionError(name)


def test_modules_are_mirrored(toy_root: Path) -> None:
    sync = toy_root / "toy_async" / "sync"
    files = {str(file.relative_to(sync)) for file in sync.rglob("*.py")}
    assert files == {"__init__.py", "client.py", "notes.py", "groups/__init__.py", "groups/teams.py"}


def test_a_whole_module(toy_root: Path) -> None:
    assert sync_text(toy_root, "groups/teams.py") == EXPECTED_TEAMS


def test_signature_keeps_every_kind_of_parameter_and_its_default(toy_root: Path) -> None:
    text = sync_text(toy_root, "notes.py")
    assert body_of(text, "create") == textwrap.dedent(
        '''\
        def create(
                self,
                text: str,
                *tags: str,
                colour: Colour = Colour.RED,
                order: Literal["first", "last"] = "last",
                when: dt.datetime | None = None,
                price: Decimal | None = None,
                extra: Mapping[str, str] | None = None,
            ) -> tuple[str, ...]:
                """Write one."""
                return self._portal.run(
                    self._impl.create, text, *tags, colour=colour, order=order, when=when, price=price, extra=extra
                )'''
    )
    assert "def get(self, number: int, /) -> dict[str, str]:" in text


def test_imports_are_those_that_signatures_need(toy_root: Path) -> None:
    text = sync_text(toy_root, "notes.py")
    start = text.index("import datetime")
    assert text[start : text.index("__all__")] == textwrap.dedent(
        """\
        import datetime as dt
        from collections.abc import Mapping, Sequence
        from typing import TYPE_CHECKING, Literal

        from nusantara.sync.facade import SyncResource
        from nusantara.sync.pages import SyncPager
        from toy_async.kinds import Colour
        from toy_async.notes import DEFAULT_SIZE, Order, T
        from toy_async.notes import Notes as AsyncNotes

        if TYPE_CHECKING:
            from decimal import Decimal

        """
    )


def test_marked_and_private_members_are_left_out(toy_root: Path) -> None:
    text = sync_text(toy_root, "client.py")
    assert "def events" not in text
    assert "_fetch" not in text
    assert "aclose" not in text.replace(":meth:`aclose`", "")


def test_text_does_not_depend_on_the_run(toy_root: Path) -> None:
    files = syncgen.generate("toy_async")
    assert files == syncgen.generate("toy_async")
    assert {file: file.read_text() for file in files} == files


def test_formatter_and_linter_leave_the_text_as_it_is(toy_root: Path) -> None:
    pytest.importorskip("ruff", reason="ruff is not installed, so the layout of generated code cannot be checked")
    config = toy_root / "ruff.toml"
    lint = (ROOT / "pyproject.toml").read_text().partition("[tool.ruff]\n")[2]
    lint = lint.partition("[tool.ruff.lint.per-file-ignores]")[0].replace("[tool.ruff.", "[")
    config.write_text(f'{lint}\n[lint.isort]\nknown-first-party = ["nusantara", "toy_async"]\n')
    for command in (["check"], ["format", "--check", "--diff"]):
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "ruff",
                *command,
                "--no-cache",
                "--config",
                str(config),
                str(toy_root / "toy_async"),
            ],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_sync_classes_have_the_members_parameters_and_texts_of_the_async_ones(toy_root: Path) -> None:
    for module, cls, twin in [
        ("client", "AsyncToy", "Toy"),
        ("notes", "Notes", "Notes"),
        ("groups.teams", "Teams", "Teams"),
        ("groups.teams", "Players", "Players"),
    ]:
        source = getattr(importlib.import_module(f"toy_async.{module}"), cls)
        target = getattr(importlib.import_module(f"toy_async.sync.{module}"), twin)
        left_out = {"aclose", "events"}
        names = {name for name in dir(source) if not name.startswith("_")} - left_out
        assert {name for name in dir(target) if not name.startswith("_")} - {"close", "colours"} == names
        assert inspect.getdoc(target) == inspect.getdoc(source)
        for name in names | {"__init__"} & vars(target).keys():
            theirs, ours = inspect.getattr_static(source, name), inspect.getattr_static(target, name)
            theirs, ours = getattr(theirs, "__func__", theirs), getattr(ours, "__func__", ours)
            assert getattr(theirs, "__doc__", None) == getattr(ours, "__doc__", None), name
            if inspect.isfunction(theirs):
                left, right = inspect.signature(theirs), inspect.signature(ours)
                assert left.parameters == right.parameters, name
                assert right.return_annotation == left.return_annotation.replace("Pager[", "SyncPager["), name


def test_type_checker_sees_the_right_types_and_refuses_wrong_calls(toy_root: Path, tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="mypy is not installed, so the types of generated code cannot be checked")
    use = """
    import datetime
    from typing import assert_type
    from nusantara.pagination import Page
    from nusantara.sync.pages import SyncPager
    from nusantara.response import Response
    from toy_async.kinds import Colour
    from toy_async.sync.client import Toy
    from toy_async.sync.groups.teams import Players
    from toy_async.sync.notes import Notes
    with Toy("key", base_url="http://x", timeout=5.0) as toy:
        assert_type(toy, Toy)
        assert_type(toy.with_options(max_attempts=1), Toy)
        assert_type(Toy.from_env(max_attempts=1), Toy)
        assert_type(toy.notes, Notes)
        assert_type(toy.notes.get(1), dict[str, str])
        assert_type(toy.notes.create("x", "a", colour=Colour.BLUE, when=datetime.datetime.now()), tuple[str, ...])
        assert_type(toy.notes.all(size=2), SyncPager[int])
        for number in toy.notes.all():
            assert_type(number, int)
        for page in toy.notes.all().pages():
            assert_type(page, Page[int])
        assert_type(toy.notes.all().collect(limit=3), list[int])
        assert_type(toy.notes.cast(float, ["1"]), list[float])
        assert_type(toy.teams.players, Players)
        assert_type(toy.request("GET", "/x"), Response)
        assert_type(toy.colours, tuple[str, ...])
        assert_type(toy.notes.where(1), str)
        toy.notes.ping()
    """
    misuse = """
    from toy_async.sync.client import Toy
    toy = Toy("key")
    toy.notes.get("one")
    toy.notes.get(number=1)
    toy.notes.create("x", colour="red")
    toy.notes.create("x", nonsense=1)
    toy.notes.all(order="sideways")
    Toy("key", nonsense=1)
    toy.events
    for item in toy.notes.get: ...
    async def main() -> None:
        await toy.notes.get(1)
    """
    files = []
    for name, text in (("use.py", use), ("misuse.py", misuse)):
        files.append(tmp_path / name)
        files[-1].write_text(textwrap.dedent(text).lstrip())
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--explicit-package-bases", "--no-error-summary"),
            *("--cache-dir", str(tmp_path / "cache"), *map(str, files), str(toy_root / "toy_async")),
        ],
        capture_output=True,
        text=True,
        env={"MYPYPATH": f"{toy_root}:{ROOT / 'common'}", "PATH": "/usr/bin:/bin"},
    )
    assert not done.stderr
    errors = [line for line in done.stdout.splitlines() if ": error: " in line]
    ours = [line for line in errors if not line.startswith(("common/", str(ROOT / "common")))]
    lines = [int(line.split(":")[1]) for line in ours if line.startswith(str(files[1]))]
    assert [line for line in ours if not line.startswith(str(files[1]))] == [], done.stdout
    assert lines == [3, 4, 5, 6, 7, 8, 9, 10, 12], done.stdout


# --- Out of date


PLAIN = '''
class Part(Resource):
    """A part."""

    async def get(self, number: int) -> str:
        """Get it."""
        return str(number)
'''


def test_check_is_silent_when_all_is_fresh(package: Any, capsys: pytest.CaptureFixture[str]) -> None:
    name = package(PLAIN)
    assert syncgen.main([name]) == 0
    capsys.readouterr()
    assert syncgen.main(["--check", name]) == 0
    assert capsys.readouterr().out == ""
    assert syncgen.main([name]) == 0
    assert capsys.readouterr().out == ""


def test_check_lists_changed_missing_and_orphan_files_and_writing_mends_them(
    package: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = package(PLAIN)
    assert syncgen.main([name]) == 0
    sync = tmp_path / name / "sync"
    fresh = (sync / "part.py").read_text()
    (sync / "part.py").write_text(fresh.replace("number: int", "number: str"))
    (sync / "__init__.py").unlink()
    (sync / "old").mkdir()
    (sync / "old" / "stale.py").write_text(fresh)
    (sync / "__pycache__").mkdir()
    (sync / "__pycache__" / "part.cpython-311.pyc").write_text("")
    capsys.readouterr()
    assert syncgen.main(["--check", name]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"changed: {sync / 'part.py'}",
        f"missing: {sync / '__init__.py'}",
        f"orphan: {sync / 'old' / 'stale.py'}",
    ]
    assert syncgen.main([name]) == 0
    assert syncgen.main(["--check", name]) == 0
    assert (sync / "part.py").read_text() == fresh
    assert not (sync / "old" / "stale.py").exists()


def test_what_every_client_has_is_generated_once_beside_files_written_by_hand() -> None:
    from nusantara.sync.client import SyncClient
    from qiscus_async import Qiscus

    folder = folder_of("nusantara")
    file = folder / "sync" / "client.py"
    text = syncgen.generate("nusantara")[file]
    assert differences(folder, {file: text}) == []
    assert differences(folder, {file: text + "#"}) == [("changed", file)]
    assert not {"request", "with_options", "base_url"} & vars(Qiscus).keys()
    assert {"request", "with_options", "base_url"} <= vars(SyncClient).keys()


def test_cut_file_is_found(package: Any, tmp_path: Path) -> None:
    name = package(PLAIN)
    assert syncgen.main([name]) == 0
    part = tmp_path / name / "sync" / "part.py"
    part.write_text(part.read_text()[:-60])
    assert syncgen.main(["--check", name]) == 1


def test_file_that_somebody_wrote_is_never_deleted(package: Any, tmp_path: Path, capsys: Any) -> None:
    name = package(PLAIN)
    assert syncgen.main([name]) == 0
    mine = tmp_path / name / "sync" / "mine.py"
    mine.write_text("# by hand\n")
    assert syncgen.main([name]) == 2
    assert str(mine) in capsys.readouterr().err
    assert mine.exists()


def test_broken_generated_files_do_not_stop_the_generator(package: Any, tmp_path: Path) -> None:
    name = package(PLAIN)
    assert syncgen.main([name]) == 0
    for file in (tmp_path / name / "sync").glob("*.py"):
        file.write_text("this is not Python\n")
    (tmp_path / name / "sync" / "__init__.py").write_text("raise SystemExit\n")
    command = [sys.executable, "-m", "nusantara.syncgen"]
    environment = {"PYTHONPATH": f"{ROOT / 'common'}", "PATH": "/usr/bin:/bin"}
    assert subprocess.run([*command, "--check"], cwd=tmp_path, env=environment).returncode == 1
    assert subprocess.run(command, cwd=tmp_path, env=environment).returncode == 0
    assert subprocess.run([*command, "--check", name], cwd=tmp_path, env=environment).returncode == 0


def test_unknown_package_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert syncgen.main(["no_such_package"]) == 2
    assert "no_such_package" in capsys.readouterr().err


# --- What has no rule

REFUSED = {
    "async generator": ("async def f(self) -> AsyncIterator[int]:\n    yield 1", "async generator"),
    "async iterator": ("def f(self) -> AsyncIterator[int]: ...", "AsyncIterator can be used by async code only"),
    "awaitable result": ("def f(self) -> Awaitable[int]: ...", "Awaitable can be used by async code only"),
    "nested awaitable": ("def f(self) -> list[Awaitable[int]]: ...", "async code only"),
    "task": ("def f(self) -> asyncio.Task[int]: ...", "asyncio.Task can be used by async code only"),
    "awaitable property": ("@property\ndef f(self) -> Awaitable[int]: ...", "async code only"),
    "async property": ("@property\nasync def f(self) -> int: ...", "async property"),
    "callback": ("async def f(self, then: Callable[[int], Awaitable[None]]) -> None: ...", "async code only"),
    "callback behind a name": (
        "async def f(self, then: Callback) -> None: ...",
        "Callback can be used by async code only",
    ),
    "async context manager": ("def f(self) -> AbstractAsyncContextManager[int]: ...", "async code only"),
    "overload": (
        "@overload\ndef f(self, x: int) -> int: ...\n@overload\ndef f(self, x: str) -> str: ...",
        "overloaded",
    ),
    "decorator": ("@lru_cache\ndef f(self) -> int: ...", "decorator 'lru_cache' has no rule"),
    "decorator call": ("@lru_cache(1)\ndef f(self) -> int: ...", "decorator 'lru_cache(1)' has no rule"),
    "setter": ("@property\ndef f(self) -> int: ...\n@f.setter\ndef f(self, x: int) -> None: ...", "has no rule"),
    "dunder": ("def __len__(self) -> int: ...", "__len__ has no rule"),
    "class in a class": ("class Inner: ...", "public class 'Inner'"),
    "condition in a class": ("if True:\n    def f(self) -> int: ...", "If in a class body"),
    "untyped parameter": ("async def f(self, x) -> int: ...", "parameter 'x' has no type"),
    "untyped result": ("async def f(self): ...", "'f' has no return type"),
    "untyped attribute": ("size = 3", "attribute 'size' has no type"),
    "undeclared attribute": ("def __init__(self) -> None:\n    self.size = 3", "public attribute 'size' has no type"),
    "quoted annotation": ("async def f(self, x: 'int') -> int: ...", "quoted annotation"),
    "unbound name": ("async def f(self, x: Nowhere) -> int: ...", "'Nowhere' is not bound"),
    "lambda": ("async def f(self, x: object = lambda: 1) -> int: ...", "default value of 'x'"),
    "coroutine with a pager": ("async def f(self) -> Pager[int]: ...", "Pager has a rule only"),
    "pager in a list": ("def f(self) -> list[Pager[int]]: ...", "Pager has a rule only"),
    "pager as parameter": ("async def f(self, x: Pager[int]) -> None: ...", "Pager has a rule only"),
    "pager behind a name": ("def f(self) -> Numbers: ...", "Numbers can be used by async code only"),
    "resource behind a name": ("def f(self) -> Groups: ...", "Groups can be used by async code only"),
    "two names for a value": ("a = b = 1", "assignment in a class body"),
    "bare pager": ("def f(self) -> Pager: ...", "Pager has a rule only"),
    "Self in a list": ("async def f(self) -> list[Self]: ...", "Self has a rule only"),
    "resource as result": ("def f(self) -> Resource: ...", "Resource has a rule only"),
    "foreign resource": ("@property\ndef f(self) -> Resource: ...", "not a public resource"),
    "name that hides a type": ("def list(self) -> int: ...\nasync def f(self) -> list[int]: ...", "'list' hides"),
    "taken name": ("async def close(self) -> None: ...", "'close' belongs"),
    "nothing public": ("async def _f(self) -> None: ...", "nothing public"),
    "long parameter": (f"async def f(self, {'x' * 120}: int) -> None: ...", "too long"),
}

REFUSED_IMPORTS = """
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import lru_cache
from typing import Self, overload
from nusantara.client import AsyncClient
from nusantara.pagination import Pager
Callback = Callable[[int], Awaitable[None] | None]
Numbers = Pager[int]
Groups = list["Resource"] | list[AsyncClient]
"""


@pytest.mark.parametrize(("body", "message"), REFUSED.values(), ids=REFUSED)
def test_construct_without_a_rule_stops_with_file_and_line(
    package: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str, message: str
) -> None:
    name = package(f"class Part(Resource):\n{textwrap.indent(body, '    ')}\n", imports=REFUSED_IMPORTS)
    assert syncgen.main([name]) == 2
    error = capsys.readouterr().err
    assert message in error
    file, line, _ = error.split(":", 2)
    assert file == str(tmp_path / name / "part.py")
    assert int(line) >= (tmp_path / name / "part.py").read_text().split("class Part")[0].count("\n")
    assert not (tmp_path / name / "sync").exists()


def test_relative_import_is_refused(package: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = package("from .other import Thing\nclass Part(Resource):\n    async def f(self) -> Thing: ...\n")
    (tmp_path / name / "other.py").write_text("class Thing: ...\n")
    assert syncgen.main([name]) == 2
    assert "relative import" in capsys.readouterr().err


def test_two_meanings_of_a_name_are_refused(package: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = package(
        "from {name}.base import Base\nfrom datetime import date as When\n"
        "class Part(Base):\n    async def f(self) -> When: ...\n"
    )
    (tmp_path / name / "base.py").write_text(
        "from __future__ import annotations\nfrom datetime import time as When\nfrom nusantara.client import Resource\n"
        "class Base(Resource):\n    async def g(self) -> When: ...\n"
    )
    part = tmp_path / name / "part.py"
    part.write_text(part.read_text().replace("{name}", name))
    assert syncgen.main([name]) == 2
    assert "'When' stands for two things" in capsys.readouterr().err


# --- Names that are loaded when they are first used

FRONT = """from __future__ import annotations
from typing import TYPE_CHECKING
if TYPE_CHECKING:
{imports}
_WHERE = {{"Gone": "elsewhere"}}
"""


def front(package: Any, tmp_path: Path, imports: str, **modules: str) -> tuple[str, Path]:
    """A package whose front shows such imports to type checkers."""
    name = package("class Part(Resource):\n    async def f(self) -> None: ...\n")
    for module, text in modules.items():
        (tmp_path / name / f"{module}.py").write_text(text)
    file = tmp_path / name / "__init__.py"
    file.write_text(FRONT.format(imports=textwrap.indent(imports.format(name=name), "    ")))
    return name, file


def table(file: Path) -> dict[str, str]:
    scope: dict[str, Any] = {}
    exec(file.read_text(), scope)
    where: dict[str, str] = scope["_WHERE"]
    return where


def test_the_table_of_names_is_written_from_what_type_checkers_see(package: Any, tmp_path: Path) -> None:
    name, file = front(
        package,
        tmp_path,
        "from {name} import kinds as kinds\nfrom {name}.kinds import *\nfrom {name}.part import Part as Part",
        kinds='__all__ = ["Red", "Blue"]',
    )
    assert syncgen.main([name, "--check"]) == 1
    assert syncgen.main([name]) == 0
    assert table(file) == {
        "Blue": f"{name}.kinds",
        "Part": f"{name}.part",
        "Red": f"{name}.kinds",
        "kinds": f"{name}.kinds",
    }
    assert syncgen.main([name, "--check"]) == 0


def test_a_star_import_of_such_a_package_gives_its_names_where_they_are(package: Any, tmp_path: Path) -> None:
    name, file = front(package, tmp_path, "from {name}.inner import *", kinds='__all__ = ["Red"]')
    (tmp_path / name / "inner").mkdir()
    inner = tmp_path / name / "inner" / "__init__.py"
    inner.write_text(FRONT.format(imports=f"    from {name}.kinds import *"))
    assert syncgen.main([name]) == 0
    assert table(file) == table(inner) == {"Red": f"{name}.kinds"}


@pytest.mark.parametrize(
    ("imports", "kinds", "said"),
    [
        ("from {name}.kinds import *", "Red = 1", "has no __all__"),
        ("from {name}.kinds import *", "__all__ = list('ab')", "has no __all__"),
        ("from {name}.gone import *", "", "gone is not to be found"),
        ("import {name}.kinds", "", "only 'from module import names'"),
        ("from {name}.kinds import *\nfrom {name}.part import Part", '__all__ = ["Part"]', "'Part' is in"),
    ],
)
def test_names_without_a_place_or_with_two_are_refused(
    package: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], imports: str, kinds: str, said: str
) -> None:
    name, file = front(package, tmp_path, imports, kinds=kinds)
    before = file.read_text()
    assert syncgen.main([name]) == 2
    assert said in capsys.readouterr().err
    assert file.read_text() == before


def test_the_twins_of_a_package_are_at_the_front_of_them(toy_root: Path) -> None:
    from toy_async import sync  # type: ignore[import-not-found]

    assert sync.__all__ == ["Notes", "Players", "Teams", "Toy"]
    assert [getattr(sync, name).__name__ for name in sync.__all__] == sync.__all__


# --- Layout


def nested(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    items = st.lists(children, min_size=1, max_size=4)
    return st.builds("{}[{}]".format, st.sampled_from(["dict", "Literal"]), items.map(", ".join)) | items.map(
        lambda parts: f"({', '.join(parts)},)" if len(parts) == 1 else f"({', '.join(parts)})"
    )


expressions = st.recursive(st.sampled_from(["int", "'a, b'", "None", "x.y", '"["']), nested, max_leaves=8)


def spread(text: str) -> str:
    """The same expression over many lines, with the commas and comments that people write."""
    pieces: list[str] = []
    quote = ""
    for char in text:
        quote = "" if char == quote else char if not quote and char in "'\"" else quote
        pieces.append(char)
        if not quote and char in "([":
            pieces.append("  # why\n    ")
        elif not quote and char == ",":
            pieces.append("\n    ")
    return "".join(pieces).replace("]", ",\n]") if "'" not in text and '"' not in text else "".join(pieces)


@given(expressions)
def test_joining_lines_keeps_the_meaning(text: str) -> None:
    result = joined(spread(text))
    assert "\n" not in result
    assert ast.dump(ast.parse(f"({result})")) == ast.dump(ast.parse(f"({spread(text)})"))


words = st.integers(1, 40).map(lambda length: "a" * length)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(words, st.lists(words, max_size=8), st.booleans()), min_size=20, max_size=60))
def test_calls_and_signatures_are_laid_out_as_the_formatter_does(
    tmp_path_factory: pytest.TempPathFactory, shapes: list[tuple[str, list[str], bool]]
) -> None:
    pytest.importorskip("ruff", reason="ruff is not installed, so the layout of generated code cannot be checked")
    lines = ["class A:"]
    for index, (name, words, alone) in enumerate(shapes):
        arguments = [f"{word}{number}={word}" for number, word in enumerate(words)]
        call = CallText(f"self._impl.{name}(", arguments)
        outer = CallText("return outer(", [call] if alone else ["self._portal", call])
        parameters = ["self", *(f"{word}{number}: int" for number, word in enumerate(words))]
        lines += [] if index == 0 else [""]
        lines += [*signature(f"f{index}", parameters, "int"), *outer.lines(8)]
    file = tmp_path_factory.mktemp("layout") / "laid_out.py"
    file.write_text("\n".join(lines) + "\n")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "format",
            "--isolated",
            "--line-length",
            "120",
            "--diff",
            "--no-cache",
            str(file),
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
