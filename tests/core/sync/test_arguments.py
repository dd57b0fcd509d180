"""The Args of docstrings that the generator writes: from the settings, and from what the constructor explains."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nusantara import syncgen
from nusantara.syncgen.arguments import with_arguments

SETTINGS = '''from typing import TypedDict


class Kitchen(TypedDict, total=False):
    """What a kitchen takes."""

    heat: float
    """Degrees (200), of the oven and
    not of the room."""
    cook: str | None
    """Who cooks; by default nobody."""
'''
CAFE = '''from __future__ import annotations

from typing import Self, Unpack

from {name}.kitchens import Kitchen


class Cafe:
    """A cafe.

    Args:
        town: Where it is.
        sign: What is
            over the door.
        settings: See elsewhere.
    """

    def __init__(self, town: str, *, sign: str = "-", **settings: Unpack[Kitchen]) -> None:
        ...

    @classmethod
    def anywhere(cls, *, sign: str = "-", **settings: Unpack[Kitchen]) -> Self:
        """A cafe somewhere."""
        ...

    @classmethod
    def with_other(cls, *, town: int, sign: str = "-", **settings: Unpack[Kitchen]) -> Self:
        """Another.

        Args:
            town: Its number.

        Raises:
            ValueError: There is none.
        """
        ...

    def _private(self, **settings: Unpack[Kitchen]) -> None: ...
'''
WRITTEN = {
    "Cafe": """A cafe.

Args:
    town: Where it is.
    sign: What is
        over the door.
    heat: Degrees (200), of the oven and not of the room.
    cook: Who cooks; by default nobody.
""",
    "anywhere": """A cafe somewhere.

Args:
    sign: What is over the door.
    heat: Degrees (200), of the oven and not of the room.
    cook: Who cooks; by default nobody.
""",
    "with_other": """Another.

Args:
    town: Its number.
    sign: What is over the door.
    heat: Degrees (200), of the oven and not of the room.
    cook: Who cooks; by default nobody.

Raises:
    ValueError: There is none.
""",
}


@pytest.fixture
def cafe(package: Any, tmp_path: Path) -> tuple[str, Path]:
    name = package("class Part(Resource):\n    async def f(self) -> None: ...\n")
    (tmp_path / name / "kitchens.py").write_text(SETTINGS)
    file = tmp_path / name / "cafes.py"
    file.write_text(CAFE.replace("{name}", name))
    return name, file


def docstrings(file: Path) -> dict[str, str]:
    found = {}
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            found[node.name] = ast.get_docstring(node, clean=False) or ""
    return {name: inspect.cleandoc(text) + "\n" for name, text in found.items() if text}


def test_every_setting_is_explained_where_it_can_be_given(cafe: tuple[str, Path]) -> None:
    name, file = cafe
    assert syncgen.main([name, "--check"]) == 1
    assert syncgen.main([name]) == 0
    assert docstrings(file) == WRITTEN
    before = file.read_text()
    assert syncgen.main([name, "--check"]) == 0
    assert syncgen.main([name]) == 0
    assert file.read_text() == before


def test_what_is_said_elsewhere_by_hand_is_brought_up_to_date(cafe: tuple[str, Path]) -> None:
    name, file = cafe
    assert syncgen.main([name]) == 0
    text = file.read_text().replace("Who cooks", "Who does not cook").replace("What is over the door", "A lie")
    file.write_text(text)
    assert syncgen.main([name, "--check"]) == 1
    assert syncgen.main([name]) == 0
    assert docstrings(file) == WRITTEN


def test_a_setting_without_a_docstring_is_refused(cafe: tuple[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    name, file = cafe
    kitchens = file.with_name("kitchens.py")
    kitchens.write_text(kitchens.read_text() + "    light: bool\n")
    assert syncgen.main([name]) == 2
    assert "the setting 'light' has no docstring" in capsys.readouterr().err


def test_so_is_what_takes_settings_and_says_nothing(cafe: tuple[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    name, file = cafe
    file.write_text(file.read_text().replace('        """A cafe somewhere."""\n', ""))
    assert syncgen.main([name]) == 2
    assert "anywhere has no docstring" in capsys.readouterr().err


WORDS = st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30), min_size=1, max_size=60)


@given(words=WORDS)
def test_no_words_are_lost_or_too_wide(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    folder = tmp_path_factory.mktemp("words")
    file = folder / "cafes.py"
    settings = f'class Kitchen(TypedDict):\n    heat: float\n    """{" ".join(words)}"""\n'
    file.write_text(settings + CAFE.replace("from {name}.kitchens import Kitchen\n", ""))
    text = with_arguments(folder)[file]
    file.write_text(text)
    explained = docstrings(file)["anywhere"].partition("heat: ")[2]
    assert explained.split() == words
    assert max(map(len, text.splitlines()[3:])) <= 120
    assert with_arguments(folder)[file] == text
