"""Downloads and the disk: what cannot be written is told, removed, and leads nowhere else."""

from __future__ import annotations

import contextlib
import os
import resource
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hostile.conftest import OpenClient, Serve
from support.faults import Seen
from support.files import CONTENT, FileServer, export_at

from nusantara.errors import InvalidParameter, WriteFailed
from qiscus_async.models.transfers import Export

OLD = b"lama"


def fetch(export: Export, target: Path, client: Any) -> Any:
    return client.exports.download(export, target)


@contextlib.contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The system refuses larger files, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def without_privileges() -> Iterator[None]:
    """Permissions count for root, too."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("existing", [None, OLD], ids=["new", "existing"])
@pytest.mark.parametrize("size", [1, 8_192, 299_999])
async def test_g51_a_full_disk_leaves_nothing_behind(
    open_client: OpenClient, serve: Serve, tmp_path: Path, seen: Seen, size: int, existing: bytes | None
) -> None:
    server = await serve(FileServer())
    client = open_client(server.base_url, "qiscus")
    target = tmp_path / "f.json"
    if existing is not None:
        target.write_bytes(existing)
    with files_of_at_most(size), pytest.raises(WriteFailed) as caught:
        await client(
            lambda q: q.exports.download(export_at(f"{server.base_url}/f"), target, overwrite=existing is not None)
        )
    left = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert left == ({} if existing is None else {"f.json": existing})
    seen(caught.value, f"{', '.join(left) or 'nothing'} left, as before")


async def test_g51_a_small_file_on_a_full_disk_is_told_as_well(
    open_client: OpenClient, serve: Serve, tmp_path: Path
) -> None:
    server = await serve(FileServer(CONTENT[:100]))
    client = open_client(server.base_url, "qiscus")
    with files_of_at_most(99), pytest.raises(WriteFailed):
        await client(lambda q: q.exports.download(export_at(f"{server.base_url}/f"), tmp_path / "f.json"))
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def forbidden() -> Iterator[Path]:
    """A folder that may be read and not be written to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "f.json").write_bytes(OLD)
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)


async def test_g51_a_folder_that_may_not_be_written_to_is_told(
    open_client: OpenClient, serve: Serve, forbidden: Path, seen: Seen
) -> None:
    server = await serve(FileServer())
    client = open_client(server.base_url, "qiscus")
    export = export_at(f"{server.base_url}/f")
    await client(lambda q: q.exports.download(export, forbidden / "f.json", overwrite=True))  # What is loaded late, is.
    (forbidden / "f.json").write_bytes(OLD)
    before = len(server.requests)
    with without_privileges(), pytest.raises(InvalidParameter, match="Permission denied") as caught:
        await client(lambda q: q.exports.download(export, forbidden / "f.json", overwrite=True))
    assert (caught.value.parameter, len(server.requests)) == ("target", before)
    assert {path.name: path.read_bytes() for path in forbidden.iterdir()} == {"f.json": OLD}
    seen(caught.value, f"no permission: {len(server.requests) - before} requests")


async def test_g51_a_folder_that_may_not_be_entered_is_a_bad_target(
    open_client: OpenClient, serve: Serve, forbidden: Path, seen: Seen
) -> None:
    server = await serve(FileServer())
    client = open_client(server.base_url, "qiscus")
    forbidden.chmod(0o600)
    for target in (forbidden / "f.json", forbidden / "sub" / "g.json"):
        with without_privileges(), pytest.raises(InvalidParameter) as caught:
            await client(partial(fetch, export_at(f"{server.base_url}/f"), target))
        assert caught.value.parameter == "target"
    assert server.connections == 0
    seen(caught.value)


async def test_g51_a_target_that_exists_is_kept(
    open_client: OpenClient, serve: Serve, tmp_path: Path, seen: Seen
) -> None:
    server = await serve(FileServer())
    client = open_client(server.base_url, "qiscus")
    target, dangling = tmp_path / "f.json", tmp_path / "g.json"
    target.write_bytes(OLD)
    dangling.symlink_to(tmp_path / "tidak-ada")
    for one in (target, dangling):
        with pytest.raises(InvalidParameter) as caught:
            await client(partial(fetch, export_at(f"{server.base_url}/f"), one))
        assert caught.value.parameter == "target"
    assert (server.connections, target.read_bytes(), dangling.is_symlink()) == (0, OLD, True)
    done = await client(lambda q: q.exports.download(export_at(f"{server.base_url}/f"), target, overwrite=True))
    assert done.path.read_bytes() == CONTENT
    seen(caught.value, "target exists: 0 bytes asked for")


@pytest.mark.parametrize("kind", ["users", "../../x", "CON", "a" * 300, "", "rooms\0", "\N{PILE OF POO}", "..", "/etc"])
async def test_g51_a_name_of_the_servers_stays_in_the_chosen_folder(
    open_client: OpenClient, serve: Serve, tmp_path: Path, seen: Seen, kind: str
) -> None:
    server = await serve(FileServer())
    client = open_client(server.base_url, "qiscus")
    folder = tmp_path / "unduhan"
    folder.mkdir()
    export = export_at(f"{server.base_url}/f", resource_name=kind, unique_id=kind, original_filename=kind)
    done = await client(lambda q: q.exports.download(export, folder))
    assert done.path.parent == folder
    assert [path.name for path in folder.iterdir()] == [done.path.name]
    assert [path.name for path in tmp_path.iterdir()] == ["unduhan"]
    stem = done.path.name.removesuffix(".json")
    assert stem.isascii()
    assert set(stem) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
    assert stem.upper() not in {"CON", "NUL", "PRN", "AUX"}
    assert len(done.path.name) <= 110
    seen(f"{kind[:8]!r} becomes {done.path.name[:24]!r}")


@pytest.mark.parametrize(
    "name",
    ["a" * 300, "nol\0.json", "\ud800.json", "tidak/ada/f.json", "", 7, None],
    ids=["300 characters", "NUL", "lone surrogate", "no such folder", "empty", "number", "None"],
)
async def test_g51_a_target_that_no_disk_takes_is_refused_by_name(
    open_client: OpenClient, serve: Serve, tmp_path: Path, name: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "comments-dd2c46a8.json").write_bytes(OLD)
    server = await serve(FileServer())
    client = open_client(server.base_url, "qiscus")
    with pytest.raises(InvalidParameter) as caught:
        await client(lambda q: q.exports.download(export_at(f"{server.base_url}/f"), name))
    assert (caught.value.parameter, server.connections) == ("target", 0)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [OLD]


async def test_g51_the_longest_name_that_the_disk_takes_can_be_had(
    open_client: OpenClient, serve: Serve, tmp_path: Path
) -> None:
    server = await serve(FileServer())
    client = open_client(server.base_url, "qiscus")
    target = tmp_path / ("\N{BLACK STAR}" * 83 + ".json")
    assert len(target.name.encode()) == 254
    done = await client(lambda q: q.exports.download(export_at(f"{server.base_url}/f"), target))
    assert [path.name for path in tmp_path.iterdir()] == [done.path.name]
