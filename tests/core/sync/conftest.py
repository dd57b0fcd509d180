"""A server on the loopback interface, scripts in child processes that talk to it, and a made-up vendor package."""

from __future__ import annotations

import importlib
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.scripts import Server, Start, finish, finish_fixture, server, start

from nusantara import syncgen
from nusantara.sync.portal import Portal

__all__ = ["Server", "Start", "finish", "finish_fixture", "server", "start"]


@pytest.fixture
def portal() -> Iterator[Portal]:
    with closing(Portal()) as own:
        yield own


# --- A vendor package

TOY = {
    "__init__.py": "",
    "kinds.py": """
        from __future__ import annotations

        import enum


        class Colour(enum.StrEnum):
            RED = "red"
            BLUE = "blue"
        """,
    "client.py": '''
        """The toy client."""

        from __future__ import annotations

        import os
        from functools import cached_property
        from typing import TYPE_CHECKING, Self, Unpack

        from nusantara.client import AsyncClient, Settings
        from nusantara.secret import Secret
        from nusantara.signing import HeaderAuth

        if TYPE_CHECKING:
            from toy_async.groups.teams import Teams
            from toy_async.notes import Notes

        __all__ = ["AsyncToy"]


        class AsyncToy(AsyncClient):
            """A vendor that does not exist.

            Args:
                key: Secret of the user.
                base_url: Where it is.
            """

            vendor = "toy"

            def __init__(self, key: Secret | str, *, base_url: str | None = None, **settings: Unpack[Settings]) -> None:
                """Open nothing yet."""
                super().__init__(base_url or "https://toy.example", HeaderAuth({"X-Key": key}), settings)
                self.colours: tuple[str, ...] = ("red", "blue")

            @classmethod
            def from_env(cls, **settings: Unpack[Settings]) -> Self:
                """A client from ``TOY_KEY`` and ``TOY_BASE_URL``."""
                return cls(os.environ["TOY_KEY"], base_url=os.environ["TOY_BASE_URL"], **settings)

            @cached_property
            def notes(self) -> Notes:
                """Notes, short ones."""
                from toy_async.notes import Notes

                return Notes(self)

            @cached_property
            def teams(self) -> Teams:
                """Teams."""
                from toy_async.groups.teams import Teams

                return Teams(self)

            @property
            def shouted(self) -> str:
                """The vendor's name in capitals."""
                return self.vendor.upper()

            async def _fetch(self, path: str) -> dict[str, str]:
                answer: dict[str, str] = (await self.request("GET", path)).json()
                return answer
        ''',
    "notes.py": '''
        """Notes."""

        from __future__ import annotations

        import datetime as dt
        from collections.abc import Mapping, Sequence
        from typing import TYPE_CHECKING, Literal, TypeVar

        from nusantara.client import Resource
        from nusantara.pagination import Page, Pager
        from nusantara.request import Params
        from toy_async.kinds import Colour

        if TYPE_CHECKING:
            from decimal import Decimal

            from toy_async.client import AsyncToy

        __all__ = ["Notes"]

        T = TypeVar("T")

        DEFAULT_SIZE = 3
        Order = Literal["old", "new"]


        class _Base(Resource):
            _client: AsyncToy

            async def ping(self) -> None:
                """Inherited from a private base."""
                await self._client.request("GET", "/ping")


        class Notes(_Base):
            """Short texts."""

            async def get(self, number: int, /) -> dict[str, str]:
                """Read one.

                ``GET /notes`` - a line that is long enough to be broken by a formatter if it looked at docstrings.
                """
                answer = await self._client.request("GET", "/notes", params={"number": number})
                document: dict[str, str] = answer.json()
                return document

            async def create(
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
                params: Params = {"text": text, "tags": list(tags), "colour": colour, "order": order}
                answer = await self._client.request("POST", "/notes", params=params)
                return tuple(str(part) for part in sorted(answer.json().items()))

            def all(self, *, size: int = DEFAULT_SIZE, order: Order = "new", limit: int = 5) -> Pager[int]:
                """List the numbers of all notes."""

                async def fetch(token: str | None) -> Page[int]:
                    start = int(token or 0)
                    await self._client.request("GET", "/list", params={"start": start})
                    after = start + size
                    return Page(items=list(range(start, min(after, limit))), next=str(after) if after < limit else None)

                return Pager(fetch)

            async def cast(self, into: type[T], values: Sequence[str]) -> list[T]:
                """Make something of each value."""
                return [into(value) for value in values]  # type: ignore[call-arg]

            async def fail(self) -> None:
                await self._client.request("GET", "/gone")

            async def hold(self, seconds: float = 30) -> dict[str, str]:
                """Wait for an answer."""
                answer = await self._client.request("GET", "/hold", params={"seconds": seconds})
                document: dict[str, str] = answer.json()
                return document

            def where(self, number: int) -> str:
                """Address of a note."""
                return f"{self._client.base_url}/notes/{number}"

            @staticmethod
            def parse(text: str) -> int:
                return int(text)
        ''',
    "groups/__init__.py": "",
    "groups/teams.py": '''
        """Teams and who is in them."""

        from __future__ import annotations

        from functools import cached_property

        from nusantara.client import Resource

        __all__ = ["Players", "Teams"]


        class Players(Resource):
            """People in a team."""

            async def of(self, team: str) -> str:
                """Whoever is in a team."""
                answer = await self._client.request("GET", "/players", params={"team": team})
                name: str = answer.json()["team"]
                return name


        class Teams(Resource):
            """Teams."""

            @cached_property
            def players(self) -> Players:
                """People in a team."""
                return Players(self._client)
        ''',
}


def write_package(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"))


@pytest.fixture(scope="session")
def toy_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of ``toy_async``, a vendor package with its sync twin, importable for the whole session."""
    root = tmp_path_factory.mktemp("toy")
    write_package(root / "toy_async", TOY)
    sys.path.insert(0, str(root))
    importlib.invalidate_caches()
    try:
        assert syncgen.main(["toy_async"]) == 0
        importlib.invalidate_caches()
        yield root
    finally:
        sys.path.remove(str(root))
        for name in [name for name in sys.modules if name.partition(".")[0] == "toy_async"]:
            del sys.modules[name]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Writes a package of one module with a name of its own and gives the name."""
    made: list[str] = []

    def make(source: str, *, imports: str = "") -> str:
        name = f"made_{tmp_path.name.replace('-', '_')}_{len(made)}"
        head = f"from __future__ import annotations\n{imports}\nfrom nusantara.client import Resource\n\n"
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
        (tmp_path / name / "part.py").write_text(head + textwrap.dedent(source))
        made.append(name)
        importlib.invalidate_caches()
        return name

    monkeypatch.syspath_prepend(tmp_path)
    yield make
    for module in [module for module in sys.modules if module.partition(".")[0] in made]:
        del sys.modules[module]
