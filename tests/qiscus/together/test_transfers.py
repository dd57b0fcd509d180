"""Exports and imports on the sandbox, both flavours."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest
from support.files import export_record
from support.flavours import Flavour
from support.raw import RawServer, Received, Wire

from nusantara.codec import structure
from nusantara.errors import ApiError, BadResponse, ConnectFailed, InvalidParameter, Sent, ServerError, Timeout
from nusantara.sandbox import Fault, Sandbox
from qiscus_async.errors import ExportFailed, ImportStopped
from qiscus_async.exports import _target
from qiscus_async.imports import CommentRow, RoomRow, UserRow
from qiscus_async.models.transfers import Export, ExportAnswer, ExportCreated

Client = Flavour[Any]
WHEN = datetime(2021, 5, 6, 7, 8, 9, tzinfo=UTC)
FIRST, LAST = date(2018, 1, 1), date(2026, 12, 31)


# --- Exports


async def test_an_export_is_made_waited_for_fetched_and_read(
    qiscus: Client, nusantara_sandbox: Sandbox, tmp_path: Path
) -> None:
    seen: list[tuple[int, int | None]] = []
    done = await qiscus(
        lambda q: q.exports.run("comments", FIRST, LAST, tmp_path, progress=lambda *now: seen.append(now))
    )
    assert done.verified
    assert done.path.parent == tmp_path
    assert done.path.name.startswith("comments-")
    rows = await qiscus.items(lambda q: q.exports.rows(done.path))
    assert rows == json.loads(done.path.read_text())
    assert len(rows) > 100
    assert seen[-1] == (done.size, done.size)
    assert (100, 100) in seen


async def test_the_files_host_gets_no_credential(qiscus: Client, nusantara_sandbox: Sandbox, tmp_path: Path) -> None:
    await qiscus(lambda q: q.exports.run("users", FIRST, LAST, tmp_path / "u.json"))
    secret = nusantara_sandbox.credentials["qiscus"]["secret_key"].encode()
    fetched = [request for request in nusantara_sandbox.requests if request.path.startswith("/_files/")]
    assert fetched
    for request in fetched:
        assert secret not in b"".join(name + value for name, value in request.headers)


async def test_an_export_that_is_cut_is_resumed(qiscus: Client, nusantara_sandbox: Sandbox, tmp_path: Path) -> None:
    nusantara_sandbox.faults.add(Fault.cut_body(keep_bytes=20_000), path="/_files/*", times=2)
    done = await qiscus(lambda q: q.exports.run("comments", FIRST, LAST, tmp_path / "c.json"))
    assert len(json.loads(done.path.read_text())) > 100
    fetched = [request for request in nusantara_sandbox.requests if request.path.startswith("/_files/")]
    assert [request.header("Range") is not None for request in fetched] == [False, True, True]


async def test_exports_are_listed_and_deleted(qiscus: Client) -> None:
    made = [await qiscus(lambda q: q.exports.create("rooms", FIRST, LAST)) for _ in range(22)]
    listed = await qiscus.items(lambda q: q.exports.history())
    assert {export.unique_id for export in made} <= {export.unique_id for export in listed}
    gone = await qiscus(lambda q: q.exports.delete(made[0].unique_id))
    assert gone.unique_id == made[0].unique_id
    with pytest.raises(ApiError):
        await qiscus(lambda q: q.exports.get(made[0].unique_id))


async def test_an_unfinished_export_has_no_file(qiscus: Client, tmp_path: Path) -> None:
    export = await qiscus(lambda q: q.exports.create("rooms", FIRST, LAST))
    with pytest.raises(ExportFailed, match="'started'"):
        await qiscus(lambda q: q.exports.download(export, tmp_path / "r.json"))


async def wait_for(qiscus: Client, document: dict[str, Any]) -> Any:
    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer(body={"results": {"backup_history": document}, "status": 200})

    async with RawServer(answer) as server:
        kind = type(qiscus.client)
        other: Client = Flavour(qiscus.name, kind("toko", "kunci", base_url=server.base_url))
        try:
            return await other(lambda q: q.exports.wait("dd2c46a8", timeout=0.05))
        finally:
            await other.close()


async def test_a_failed_export_ends_the_wait(qiscus: Client) -> None:
    with pytest.raises(ExportFailed, match="disk penuh"):
        await wait_for(qiscus, export_record(error_message="disk penuh"))
    with pytest.raises(ExportFailed, match="'failed'"):
        await wait_for(qiscus, export_record(status="failed"))


async def test_a_slow_export_ends_the_wait_and_goes_on(qiscus: Client) -> None:
    with pytest.raises(Timeout, match=r"at 40 % after 0\.05 s"):
        await wait_for(qiscus, export_record())


def test_the_servers_file_name_is_never_used(tmp_path: Path) -> None:
    export = structure(export_record(unique_id="../../x/\0:*"), Export)
    assert _target(tmp_path, export) == tmp_path / "comments-______x____.json"


async def test_a_file_of_another_size_than_the_record_says_is_refused(qiscus: Client, tmp_path: Path) -> None:
    export = await qiscus(lambda q: q.exports.create("users", FIRST, LAST))
    export = await qiscus(lambda q: q.exports.wait(export))
    with pytest.raises(BadResponse, match="announced"):
        await qiscus(lambda q: q.exports.download(attrs.evolve(export, size=export.size - 1), tmp_path / "u.json"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda q: q.exports.create("messages", FIRST, LAST), "kind"),
        (lambda q: q.exports.create("users", "2018-01-01", LAST), "start"),
        (lambda q: q.exports.get(".."), "unique_id"),
        (lambda q: q.exports.rows("/nowhere").starting_at("x").first(), "token"),
        (lambda q: q.imports.create("users", b"x" * (4 * 1024 * 1024 + 1)), "file"),
        (lambda q: q.imports.create("users", b"{}"), "file"),
        (lambda q: q.imports.run("messages", []), "kind"),
        (lambda q: q.imports.run("users", [None]), "rows[0]"),
    ],
)
async def test_bad_values_are_refused_by_name_before_anything_is_sent(
    qiscus: Client, nusantara_sandbox: Sandbox, call: Any, name: str
) -> None:
    with pytest.raises(InvalidParameter) as caught:
        await qiscus(call)
    assert caught.value.parameter == name
    assert not nusantara_sandbox.requests


@pytest.mark.parametrize("kind", [ExportCreated, ExportAnswer])
def test_the_record_is_read_from_both_of_its_places(kind: Any) -> None:
    results: Any = export_record() if kind is ExportCreated else {"backup_history": export_record()}
    document = {"results": results, "status": 200}
    assert structure(document, kind).to_document() == document


# --- Imports


def run_import(kind: str, rows: list[Any], client: Any) -> Any:
    return client.imports.run(kind, rows)


def user_rows(count: int, *, start: int = 0) -> Iterator[UserRow]:
    for number in range(start, start + count):
        yield UserRow(
            email=f"orang-{number}@toko.test",
            name=f"Orang {number}",
            authentication_token=f"token-{number}",
            password="rahasia",
            created_at=WHEN,
        )


async def test_rows_of_all_kinds_are_loaded(qiscus: Client, nusantara_sandbox: Sandbox) -> None:
    room = RoomRow(
        name="Uji",
        type="group",
        unique_id="ruang-uji",
        creator_email="orang-0@toko.test",
        participant_emails=["orang-0@toko.test", "orang-1@toko.test"],
        created_at=WHEN,
    )
    first = CommentRow(
        message="Halo",
        unique_id="k-1",
        creator_email="orang-0@toko.test",
        room_unique_id="ruang-uji",
        created_at=WHEN,
    )
    reply = attrs.evolve(first, message="Ya?", unique_id="k-2", type="reply", parent_unique_id="k-1")
    for kind, rows in (("users", list(user_rows(3))), ("rooms", [room]), ("comments", [first, reply])):
        [report] = await qiscus(partial(run_import, kind, rows))
        assert (report.number, report.first_row, report.rows) == (0, 0, len(rows))
    history = await qiscus.items(lambda q: q.imports.history())
    assert [one.problem for one in history[:3]] == [None, None, None]
    greeting, answer = nusantara_sandbox.qiscus.comments("ruang-uji")
    assert (greeting.message, answer.message.splitlines()[-1]) == ("Halo", "Ya?")


async def test_many_rows_become_files_within_the_limit(
    qiscus: Client, nusantara_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qiscus_async.imports.group.LARGEST_FILE", 2_000)
    seen: list[int] = []
    reports = await qiscus(
        lambda q: q.imports.run("users", user_rows(100), on_file=lambda report: seen.append(report.number))
    )
    assert len(reports) > 5
    assert seen == [report.number for report in reports] == list(range(len(reports)))
    assert sum(report.rows for report in reports) == 100
    assert all(report.size <= 2_000 for report in reports)
    known = {user.email for user in nusantara_sandbox.qiscus.users}
    assert {f"orang-{number}@toko.test" for number in range(100)} <= known


async def test_an_import_goes_on_after_the_file_that_failed(
    qiscus: Client, nusantara_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qiscus_async.imports.group.LARGEST_FILE", 2_000)
    nusantara_sandbox.faults.add(Fault.reset_after_read(), operation="create_import", after=2, times=1)
    with pytest.raises(ImportStopped) as caught:
        await qiscus(lambda q: q.imports.run("users", user_rows(60)))
    stopped = caught.value
    assert (stopped.file_number, len(stopped.reports)) == (2, 2)
    assert stopped.first_row == sum(report.rows for report in stopped.reports)
    assert stopped.sent is Sent.MAYBE
    assert "history" in str(stopped)
    rest = await qiscus(lambda q: q.imports.run("users", user_rows(60), skip_files=stopped.file_number))
    assert rest[0].number == 2
    assert sum(report.rows for report in (*stopped.reports, *rest)) == 60
    known = [user.email for user in nusantara_sandbox.qiscus.users]
    assert sum(email.startswith("orang-") for email in known) == 60


async def test_a_broken_row_stops_before_its_own_file(
    qiscus: Client, nusantara_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qiscus_async.imports.group.LARGEST_FILE", 2_000)

    def rows() -> Iterator[UserRow]:
        yield from user_rows(30)
        yield from user_rows(1)

    with pytest.raises(ImportStopped, match=r"rows\[30\]\.email") as caught:
        await qiscus(lambda q: q.imports.run("users", rows()))
    assert len(caught.value.reports) == sum(request.method == "POST" for request in nusantara_sandbox.requests)


async def test_an_import_is_never_handed_in_twice(qiscus: Client, nusantara_sandbox: Sandbox) -> None:
    nusantara_sandbox.faults.add(Fault.drop_after_execute(), operation="create_import")
    with pytest.raises(ImportStopped, match="may or may not"):
        await qiscus(lambda q: q.imports.run("users", user_rows(2)))
    assert sum(request.method == "POST" for request in nusantara_sandbox.requests) == 1


# --- Operations made of others


LOCAL: dict[str, tuple[Any, str]] = {
    "a folder that is not there": (lambda q, here: run_export(q, here / "none" / "u.json"), "target"),
    "a folder that cannot be written to": (lambda q, here: run_export(q, "/proc/u.json"), "target"),
    "the same, as a folder": (lambda q, here: run_export(q, "/proc"), "target"),
    "a file that is there": (lambda q, here: run_export(q, here / "there.json"), "target"),
    "a file where a folder should be": (lambda q, here: run_export(q, here / "there.json" / "u.json"), "target"),
    "a name that no file can have": (lambda q, here: run_export(q, here / "a\0b"), "target"),
    "a name that is too long": (lambda q, here: run_export(q, here / ("x" * 300)), "target"),
    "no path": (lambda q, here: run_export(q, None), "target"),
    "progress that is no function": (lambda q, here: run_export(q, here / "u.json", progress=5), "progress"),
    "a timeout that is a text": (lambda q, here: run_export(q, here / "u.json", timeout="1"), "timeout"),
    "a timeout below 0": (lambda q, here: run_export(q, here / "u.json", timeout=-1), "timeout"),
    "a timeout that is no number": (lambda q, here: run_export(q, here / "u.json", timeout=float("nan")), "timeout"),
    "a flag that is none": (lambda q, here: run_export(q, here / "u.json", resume="no"), "resume"),
    "no kind": (lambda q, here: q.exports.run("messages", FIRST, LAST, here), "kind"),
    "no date": (lambda q, here: q.exports.run("users", FIRST, "2026-12-31", here), "end"),
    "waiting with no function": (lambda q, here: q.exports.wait("dd2c46a8", progress=5), "progress"),
    "waiting for a text": (lambda q, here: q.exports.wait("dd2c46a8", timeout="1"), "timeout"),
    "files to skip below 0": (lambda q, here: q.imports.run("users", [], skip_files=-1), "skip_files"),
    "files to skip that are a text": (lambda q, here: q.imports.run("users", [], skip_files="1"), "skip_files"),
    "on_file that is no function": (lambda q, here: q.imports.run("users", user_rows(1), on_file=5), "on_file"),
    "rows that are none": (lambda q, here: q.imports.run("users", 5), "rows"),
    "a file that is text": (lambda q, here: q.imports.create("users", "[]"), "file"),
}


def run_export(client: Any, target: Any, **options: Any) -> Any:
    return client.exports.run("users", FIRST, LAST, target, **options)


@pytest.mark.parametrize("what", LOCAL)
async def test_what_is_wrong_here_is_told_before_the_first_step(
    qiscus: Client, nusantara_sandbox: Sandbox, tmp_path: Path, what: str
) -> None:
    (tmp_path / "there.json").touch()
    call, name = LOCAL[what]
    with pytest.raises(InvalidParameter) as caught:
        await qiscus(lambda q: call(q, tmp_path))
    assert (caught.value.parameter, caught.value.sent) == (name, Sent.NO)
    assert not nusantara_sandbox.requests
    assert [path.name for path in tmp_path.iterdir()] == ["there.json"]


@pytest.mark.parametrize("step", ["wait", "download"])
async def test_what_fails_after_the_export_was_made_says_so_and_has_the_export(
    qiscus: Client, nusantara_sandbox: Sandbox, tmp_path: Path, step: str
) -> None:
    target = tmp_path / "u.json"

    def come_meanwhile(done: int, total: int | None) -> None:
        if step == "download":
            target.touch()

    timeout = 0.0 if step == "wait" else 60.0
    with pytest.raises((InvalidParameter, Timeout)) as caught:
        await qiscus(lambda q: q.exports.run("users", FIRST, LAST, target, timeout=timeout, progress=come_meanwhile))
    error = caught.value
    assert error.sent is Sent.YES
    assert isinstance(error.made, Export)
    finished = await qiscus(lambda q: q.exports.wait(error.made.unique_id))
    done = await qiscus(lambda q: q.exports.download(finished, target, overwrite=True))
    assert done.verified
    assert sum(request.method == "POST" for request in nusantara_sandbox.requests) == 1


DAY = 86_400.0


async def leave_export(qiscus: Client, target: Path, **options: Any) -> Export:
    """An export that was asked for by a run that had no time to wait."""
    with pytest.raises(Timeout) as caught:
        await qiscus(lambda q: run_export(q, target, timeout=0, **options))
    assert isinstance(caught.value.made, Export)
    return caught.value.made


def asked(sandbox: Sandbox) -> int:
    return sum(request.method == "POST" for request in sandbox.requests)


def notes(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.endswith(".asked")]


@pytest.mark.parametrize("name", ["u.json", "", "x" * 255])
async def test_an_export_that_was_left_is_gone_on_with_once(
    qiscus: Client, nusantara_sandbox: Sandbox, tmp_path: Path, name: str
) -> None:
    made = await leave_export(qiscus, tmp_path / name)
    [note] = notes(tmp_path)
    assert note.stat().st_mode & 0o777 == 0o600
    done = await qiscus(lambda q: run_export(q, tmp_path / name))
    assert (asked(nusantara_sandbox), done.verified) == (1, True)
    assert name or made.unique_id in done.path.name
    assert list(tmp_path.iterdir()) == [done.path]
    await qiscus(lambda q: run_export(q, tmp_path / name, overwrite=True))
    assert asked(nusantara_sandbox) == 2


OTHERS: dict[str, Any] = {
    "another kind": lambda q, target: q.exports.run("rooms", FIRST, LAST, target),
    "another first day": lambda q, target: q.exports.run("users", date(2018, 1, 2), LAST, target),
    "another last day": lambda q, target: q.exports.run("users", FIRST, date(2026, 12, 30), target),
    "another target": lambda q, target: run_export(q, target.with_name("v.json")),
    "the folder": lambda q, target: run_export(q, target.parent),
    "not wanted": lambda q, target: run_export(q, target, resume=False),
}


@pytest.mark.parametrize("what", OTHERS)
async def test_an_export_is_asked_for_where_another_was_left(
    qiscus: Client, nusantara_sandbox: Sandbox, tmp_path: Path, what: str
) -> None:
    await leave_export(qiscus, tmp_path / "u.json")
    await qiscus(lambda q: OTHERS[what](q, tmp_path / "u.json"))
    assert asked(nusantara_sandbox) == 2


async def test_an_export_of_another_app_is_not_gone_on_with(
    qiscus: Client, nusantara_sandbox: Sandbox, tmp_path: Path
) -> None:
    await leave_export(qiscus, tmp_path / "u.json")
    before = len(nusantara_sandbox.requests)
    client = Flavour[Any](qiscus.name, qiscus.client.with_app("lain", "kunci"))
    with pytest.raises(ApiError):  # The sandbox knows no such app.
        await client(lambda q: run_export(q, tmp_path / "u.json"))
    assert [request.method for request in nusantara_sandbox.requests[before:]] == ["POST"]
    await client.close()


@pytest.mark.parametrize("what", ["deleted", "failed", "stranger's", "spoilt", "half"])
async def test_an_export_that_is_of_no_use_is_asked_for_anew(
    qiscus: Client, nusantara_sandbox: Sandbox, tmp_path: Path, what: str
) -> None:
    made = await leave_export(qiscus, tmp_path / "u.json")
    [note] = notes(tmp_path)
    if what == "deleted":
        await qiscus(lambda q: q.exports.delete(made.unique_id))
    elif what == "failed":
        note.unlink()
        nusantara_sandbox.qiscus.export_failure = "disk penuh"
        with pytest.raises(ExportFailed):
            await qiscus(lambda q: run_export(q, tmp_path / "u.json"))
        assert notes(tmp_path) == []
        nusantara_sandbox.qiscus.export_failure = ""
    elif what == "stranger's":
        note.chmod(0o666)
    else:
        note.write_bytes(b"[" * 8_000 if what == "spoilt" else note.read_bytes()[:-5])
    before = asked(nusantara_sandbox)
    done = await qiscus(lambda q: run_export(q, tmp_path / "u.json"))
    assert (asked(nusantara_sandbox), done.verified) == (before + 1, True)
    assert list(tmp_path.iterdir()) == [done.path]


@pytest.mark.parametrize(
    ("last", "later", "again"),
    [
        (date(2021, 5, 6), 3_500.0, False),
        (date(2021, 5, 6), 3_700.0, True),
        (date(2021, 5, 5), 3_700.0, True),  # In the last time zone it is still the 5th at 7:08 UTC.
        (date(2021, 5, 4), 3_700.0, False),
        (date(2021, 5, 4), DAY - 60, False),
        (date(2021, 5, 4), DAY + 60, True),
        (date(2021, 5, 4), -60.0, True),
    ],
)
async def test_an_export_is_too_old_when_a_new_one_would_hold_more(
    qiscus: Client,
    nusantara_sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    last: date,
    later: float,
    again: bool,
) -> None:
    now = WHEN.timestamp()
    monkeypatch.setattr("qiscus_async.asked_exports.time.time", lambda: now)
    with pytest.raises(Timeout):
        await qiscus(lambda q: q.exports.run("users", FIRST, last, tmp_path / "u.json", timeout=0))
    now += later
    await qiscus(lambda q: q.exports.run("users", FIRST, last, tmp_path / "u.json"))
    assert asked(nusantara_sandbox) == 1 + again


async def test_notes_that_count_no_more_are_swept(qiscus: Client, nusantara_sandbox: Sandbox, tmp_path: Path) -> None:
    await leave_export(qiscus, tmp_path / "old.json")
    await leave_export(qiscus, tmp_path / "new.json")
    [old] = [note for note in notes(tmp_path) if note.name.startswith(".old.json.")]
    os.utime(old, (1, 1))
    await leave_export(qiscus, tmp_path / "third.json")
    assert sorted(note.name.split(".")[1] for note in notes(tmp_path)) == ["new", "third"]


async def test_an_export_that_cannot_be_looked_at_now_is_not_asked_for_again(
    qiscus: Client, nusantara_sandbox: Sandbox, tmp_path: Path
) -> None:
    made = await leave_export(qiscus, tmp_path / "u.json")
    nusantara_sandbox.faults.add(Fault.html(503), path=f"*{made.unique_id}*", times=3)
    with pytest.raises(ServerError):
        await qiscus(lambda q: run_export(q, tmp_path / "u.json"))
    await qiscus(lambda q: run_export(q, tmp_path / "u.json"))
    assert asked(nusantara_sandbox) == 1


async def test_an_export_is_picked_up_after_the_connection_was_refused(
    qiscus: Client, nusantara_sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*arguments: Any, **options: Any) -> Any:
        raise ConnectFailed("the port is closed")

    monkeypatch.setattr("qiscus_async.exports.download", refuse)
    with pytest.raises(ConnectFailed) as caught:
        await qiscus(lambda q: run_export(q, tmp_path))
    assert caught.value.sent is Sent.YES
    assert isinstance(caught.value.made, Export)
    assert "error.made" in str(caught.value)


async def test_an_import_that_stops_before_a_later_file_left_has_sent_the_others(
    qiscus: Client, nusantara_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qiscus_async.imports.group.LARGEST_FILE", 2_000)

    def rows() -> Iterator[UserRow]:
        yield from user_rows(30)
        yield from user_rows(1)

    with pytest.raises(ImportStopped) as caught:
        await qiscus(lambda q: q.imports.run("users", rows()))
    assert caught.value.sent is Sent.YES


@pytest.mark.parametrize("where", ["rows", "on_file"])
async def test_an_error_of_the_callers_own_says_where_to_go_on(
    qiscus: Client, nusantara_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr("qiscus_async.imports.group.LARGEST_FILE", 2_000)

    def rows() -> Iterator[UserRow]:
        yield from user_rows(60)
        if where == "rows":
            raise OSError("the source is gone")

    def note(report: Any) -> None:
        if where == "on_file" and report.number == 1:
            raise OSError("the disk is full")

    with pytest.raises(OSError, match=r"gone|full") as caught:
        await qiscus(lambda q: q.imports.run("users", rows(), on_file=note))
    [words] = caught.value.__notes__
    sent = sum(request.method == "POST" for request in nusantara_sandbox.requests)
    assert words.endswith(f"go on with skip_files={sent}")
