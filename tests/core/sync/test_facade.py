"""Synchronous clients made by the generator, on the real base classes, against a real server."""

from __future__ import annotations

import asyncio
import gc
import importlib
import re
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from nusantara.errors import ClosedClient, InvalidParameter, NotFound
from nusantara.sync import portal as portal_module
from nusantara.sync.portal import Portal

if TYPE_CHECKING:
    from pathlib import Path

    from core.sync.conftest import Server

SECRET = "a-key-that-must-not-show"


@pytest.fixture
def own_portal(portal: Portal) -> Iterator[Portal]:
    """A portal of this test for all clients that it makes."""
    before = portal_module.replace_shared(portal)
    yield portal
    portal_module.replace_shared(before)


@pytest.fixture
def toy(toy_root: Path, own_portal: Portal) -> Any:
    """The sync class of the made-up vendor."""
    return importlib.import_module("toy_async.sync.client").Toy


@pytest.fixture
def client(toy: Any, server: Server) -> Iterator[Any]:
    with toy(SECRET, base_url=server.url) as client:
        yield client


def wait_for(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def loop_threads() -> int:
    return sum(thread.name == "nusantara-loop" for thread in threading.enumerate())


# --- Calls


def test_coroutine_is_called_and_its_result_comes_back(client: Any, server: Server) -> None:
    assert client.notes.get(7) == {"number": "7"}
    assert server.requests == ["/notes?number=7"]


def test_every_kind_of_argument_arrives(client: Any, server: Server) -> None:
    blue = importlib.import_module("toy_async.kinds").Colour.BLUE
    client.notes.create("a", "b", "c", colour=blue, order="first")
    assert server.requests == ["/notes?text=a&tags=b&tags=c&colour=blue&order=first"]


def test_inherited_coroutine(client: Any, server: Server) -> None:
    assert client.notes.ping() is None
    assert server.requests == ["/ping"]


def test_nested_group(client: Any) -> None:
    assert client.teams.players.of("red") == "red"


def test_groups_are_made_once_and_have_their_own_class(client: Any) -> None:
    players = importlib.import_module("toy_async.sync.groups.teams").Players
    assert client.notes is client.notes
    assert client.teams.players is client.teams.players
    assert type(client.teams.players) is players


def test_plain_methods_properties_and_attributes(client: Any, toy: Any, server: Server) -> None:
    assert client.notes.where(3) == f"{server.url}/notes/3"
    assert client.notes.parse("4") == 4
    assert client.shouted == "TOY"
    assert toy.vendor == client.vendor == "toy"
    assert client.colours == ("red", "blue")
    assert server.requests == []


def test_paging_fetches_as_it_goes(client: Any, server: Server) -> None:
    pager = client.notes.all(size=2, limit=5)
    assert server.requests == []
    numbers = []
    for number in pager:
        numbers.append(number)
        if number == 2:
            break
    assert numbers == [0, 1, 2]
    assert server.requests == ["/list?start=0", "/list?start=2"]
    assert list(pager) == [0, 1, 2, 3, 4]
    assert [page.items for page in pager.pages()] == [[0, 1], [2, 3], [4]]
    assert pager.first().items == [0, 1]
    assert pager.collect(limit=3) == [0, 1, 2]
    with pager.pages(ahead=1) as pages:
        assert next(pages).items == [0, 1]


def test_request_reaches_what_has_no_method(client: Any) -> None:
    assert client.request("GET", "/anything", params={"a": 1}).json() == {"a": "1"}


def test_error_is_that_of_the_async_client_with_few_frames_of_the_library_above_it(client: Any) -> None:
    with pytest.raises(NotFound) as caught:
        client.notes.fail()
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert caught.value.status == 404
    start = next(index for index, frame in enumerate(frames) if frame.filename.endswith("portal.py"))
    assert [frame.name for frame in frames[:3]] == [
        "test_error_is_that_of_the_async_client_with_few_frames_of_the_library_above_it",
        "fail",
        "run",
    ]
    assert not any(frame.filename.endswith("portal.py") for frame in frames[start + 1 :])


def test_bad_value_raises_before_anything_is_sent(client: Any, server: Server) -> None:
    with pytest.raises(InvalidParameter):
        client.request("GET", "no slash")
    assert server.requests == []


# --- Clients


def test_import_and_construction_start_nothing(toy: Any, server: Server) -> None:
    before = loop_threads()
    client = toy(SECRET, base_url=server.url)
    _ = client.notes, client.teams.players, client.with_options(timeout=1), client.notes.all(), repr(client)
    assert loop_threads() == before
    assert server.connections() == 0
    client.close()


def test_client_from_the_environment(toy: Any, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOY_KEY", SECRET)
    monkeypatch.setenv("TOY_BASE_URL", server.url)
    with toy.from_env(max_attempts=1) as client:
        assert type(client) is toy
        assert client.options.max_attempts == 1
        assert client.notes.get(1) == {"number": "1"}


def test_copy_with_other_options_shares_the_connections(client: Any, server: Server) -> None:
    client.notes.get(1)
    copy = client.with_options(max_attempts=7)
    assert type(copy) is type(client)
    assert (client.options.max_attempts, copy.options.max_attempts) == (3, 7)
    assert copy.notes is not client.notes
    assert copy.notes.get(2) == {"number": "2"}
    assert server.connections() == 1


def test_copy_of_a_subclass_keeps_what_the_subclass_added(toy: Any, server: Server) -> None:
    class Mine(toy):  # type: ignore[misc]
        def __init__(self, key: str) -> None:
            super().__init__(key, base_url=server.url)
            self.mine = "kept"

    with Mine(SECRET) as client:
        copy = client.with_options(max_attempts=1)
        assert type(copy) is Mine
        assert copy.mine == "kept"
        assert copy.notes.get(1) == {"number": "1"}


def test_closing_twice_is_fine_and_later_calls_are_refused(toy: Any, server: Server) -> None:
    client = toy(SECRET, base_url=server.url)
    client.notes.get(1)
    assert not client.closed
    client.close()
    client.close()
    assert client.closed
    assert wait_for(lambda: server.connections() == 0)
    with pytest.raises(ClosedClient, match=r"^(GET .*: )?Toy is closed"):
        client.notes.get(1)
    with pytest.raises(ClosedClient), client:
        client.notes.get(1)


def test_closing_a_client_that_was_never_used(toy: Any) -> None:
    client = toy(SECRET)
    client.close()
    with pytest.raises(ClosedClient):
        client.notes.get(1)


def test_closing_after_the_portal_is_quiet(toy: Any, server: Server, own_portal: Portal) -> None:
    client = toy(SECRET, base_url=server.url)
    client.notes.get(1)
    own_portal.close()
    assert wait_for(lambda: server.connections() == 0)
    client.close()
    assert client.closed

    def forget() -> None:
        nonlocal client
        del client

    assert collect_warnings(forget) == []


def test_nothing_secret_in_a_repr(client: Any) -> None:
    shown = f"{client!r} {client} {client.notes!r} {client.teams.players!r} {client.notes.all()!r} {vars(client)!r}"
    assert SECRET not in shown
    assert repr(client).startswith("<Toy http://127.0.0.1:")
    assert repr(client.notes).startswith("<Notes at http://127.0.0.1:")


def test_session_of_the_caller_is_refused(toy: Any, server: Server) -> None:
    import aiohttp

    async def make() -> None:
        async with aiohttp.ClientSession() as session:
            with pytest.raises(InvalidParameter, match="session"):
                toy(SECRET, base_url=server.url, session=session)

    asyncio.run(make())


# --- Forgotten clients


def collect_warnings(act: Callable[[], object]) -> list[warnings.WarningMessage]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        act()
        gc.collect()
    return list(caught)


def test_forgotten_client_gives_one_warning_with_its_class_and_line_and_frees_its_sockets(
    toy: Any, server: Server
) -> None:
    line = sys._getframe().f_lineno + 3

    def forget() -> None:
        client = toy(SECRET, base_url=server.url)
        client.notes.get(1)
        assert server.connections() == 1

    caught = collect_warnings(forget)
    assert [warning.category for warning in caught] == [ResourceWarning]
    text = str(caught[0].message)
    assert re.match(rf"Toy made at .*test_facade\.py:{line} ", text), text
    assert SECRET not in text
    assert wait_for(lambda: server.connections() == 0)


def test_client_that_never_called_may_be_forgotten(toy: Any, server: Server) -> None:
    assert collect_warnings(lambda: toy(SECRET, base_url=server.url).notes) == []


def part_of(client: Any, part: str) -> Any:
    client.notes.get(0)
    if part == "notes":
        return client.notes
    return client.with_options(max_attempts=1) if part == "copy" else client.notes.all(size=2, limit=4)


@pytest.mark.parametrize("part", ["notes", "pager", "copy"])
def test_part_of_a_client_keeps_its_connections(toy: Any, server: Server, part: str) -> None:
    def use() -> None:
        kept = part_of(toy(SECRET, base_url=server.url), part)
        gc.collect()
        if part == "notes":
            assert kept.get(1) == {"number": "1"}
        elif part == "copy":
            assert kept.notes.get(1) == {"number": "1"}
        else:
            assert list(kept) == [0, 1, 2, 3]
        assert server.connections() == 1

    assert [warning.category for warning in collect_warnings(use)] == [ResourceWarning]
    assert wait_for(lambda: server.connections() == 0)


# --- Loops
