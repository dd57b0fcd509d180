"""Exports: asked for, finished later, downloaded whole or in parts without the secret, deleted."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nusantara.sandbox import Fault, Sandbox
from qiscus_async.sandbox import QiscusSandbox, Settings
from qiscus_async.sandbox.archives import MadeUp, Stored

YEAR = {"start_date": "2018-01-01", "end_date": "2018-12-31"}


async def finished(call: Any, resource: str = "comments", days: dict[str, str] = YEAR) -> Any:
    """The record of an export that is done."""
    made = await call("exports", json={"type": resource} | days)
    for _ in range(10):
        record = (await call(f"exports/{made['unique_id']}"))["backup_history"]
        if record["status"] == "finished":
            return record
    raise AssertionError("never finished")


async def fetch(url: str, **headers: str) -> tuple[int, Any, bytes]:
    """A download by somebody without credentials."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, headers={name.replace("_", "-"): value for name, value in headers.items()}) as answer,
    ):
        return answer.status, answer.headers, await answer.read()


async def test_an_export_is_started_and_finished_when_read_often_enough(call: Any) -> None:
    made = await call("exports", data={"type": "comments"} | YEAR)
    assert (made["status"], made["percentage"], made["size"], made["total_rows"]) == ("started", 0, 0, 0)
    assert made["download_url"] == made["error_message"] == ""
    assert made["original_filename"] == f"{made['created_at']}_exported_comments.json"
    assert made["created_at"].endswith("+07:00")
    path = f"exports/{made['unique_id']}"
    states = [(await call(path))["backup_history"] for _ in range(3)]
    assert [(one["status"], one["percentage"]) for one in states] == [
        ("started", 50),
        ("finished", 100),
        ("finished", 100),
    ]
    assert states[0]["download_url"] == ""
    assert states[2]["total_rows"] == 152


async def test_an_export_can_take_time_instead(call: Any, state: Any) -> None:
    state.backup_polls, state.backup_seconds = 0, 0.3
    made = await call("exports", json={"type": "users"} | YEAR)
    first = (await call(f"exports/{made['unique_id']}"))["backup_history"]
    assert first["status"] == "started"
    assert first["percentage"] < 100
    await asyncio.sleep(0.35)
    assert (await call(f"exports/{made['unique_id']}"))["backup_history"]["status"] == "finished"


async def test_reading_the_list_brings_exports_forward(call: Any) -> None:
    await call("exports", json={"type": "users"} | YEAR)
    await call("exports", json={"type": "rooms"} | YEAR)
    first, second = [(await call("exports", "GET"))["backup_histories"] for _ in range(2)]
    assert [one["resource_name"] for one in first] == ["rooms", "users"]
    assert {one["status"] for one in first} == {"started"}
    assert {one["status"] for one in second} == {"finished"}


async def test_exports_are_listed_20_a_page(call: Any) -> None:
    for _ in range(23):
        await call("exports", json={"type": "users"} | YEAR)
    pages = [(await call("exports", params={"page": page}))["backup_histories"] for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 3, 0]
    assert len({one["unique_id"] for page in pages for one in page}) == 23


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"type": "messages"}, {"type"}),
        ({"start_date": "01-02-2018"}, {"start_date"}),
        ({"end_date": "2018-02-30"}, {"end_date"}),
        ({"start_date": "20180101"}, {"start_date"}),
        ({"start_date": "2019-01-01"}, {"end_date"}),
        ({"type": "", "start_date": "", "end_date": ""}, {"type", "start_date", "end_date"}),
    ],
)
async def test_an_export_of_nonsense_is_refused(call: Any, changes: dict[str, str], names: set[str]) -> None:
    assert await call.invalid("exports", json={"type": "users"} | YEAR | changes) == names


async def test_an_export_that_is_not_there_is_404(call: Any) -> None:
    for method in ("GET", "DELETE"):
        assert set(await call.refused("exports/no-such", method, status=404)) == {"message"}


async def test_a_deleted_export_is_gone_with_its_file(call: Any) -> None:
    record = await finished(call)
    path = f"exports/{record['unique_id']}"
    assert (await call(path, "DELETE"))["backup_history"] == record
    await call.refused(path, status=404)
    await call.refused(path, "DELETE", status=404)
    assert (await fetch(record["download_url"]))[0] == 404


async def test_the_file_lies_elsewhere_and_needs_no_secret(call: Any, sandbox: Sandbox, state: Any) -> None:
    record = await finished(call)
    url = urlsplit(record["download_url"])
    assert url.hostname == "localhost" != urlsplit(sandbox.base_url).hostname
    assert not url.path.startswith("/api/")
    assert url.path.endswith(record["original_filename"])
    status, headers, body = await fetch(record["download_url"])
    assert (status, len(body)) == (200, record["size"])
    assert headers["Content-Length"] == str(record["size"])
    rows = json.loads(body)
    assert len(rows) == record["total_rows"] == 152
    [seen] = [one for one in sandbox.requests if one.operation == "download_export"]
    assert seen.header("QISCUS_SDK_SECRET") is None


async def test_an_unfinished_export_has_no_file(call: Any, state: Any) -> None:
    record = await finished(call)
    state.backup_polls = 9
    other = await call("exports", json={"type": "comments"} | YEAR)
    guessed = record["download_url"].replace(record["unique_id"], other["unique_id"])
    assert (await fetch(guessed))[0] == 404


async def test_what_is_exported_follows_days_and_type(call: Any, state: Any) -> None:
    async def rows(resource: str, start: str, end: str) -> list[Any]:
        record = await finished(call, resource, {"start_date": start, "end_date": end})
        found = json.loads((await fetch(record["download_url"]))[2])
        assert len(found) == record["total_rows"]
        return list(found)

    assert [row["Email"] for row in await rows("users", "2018-01-01", "2018-12-31")] == [u.email for u in state.users]
    assert [row["UniqueId"] for row in await rows("rooms", "2018-03-02", "2018-03-02")] == [state.rooms[4].unique_id]
    day = await rows("comments", "2018-01-30", "2018-01-30")
    assert [row["CreatedAt"][:10] for row in day] == ["2018-01-30"] * 3
    assert await rows("comments", "2017-01-01", "2017-12-31") == []


async def test_part_of_a_file_can_be_had(call: Any) -> None:
    url = (await finished(call))["download_url"]
    _, headers, whole = await fetch(url)
    size, tag = len(whole), headers["ETag"]
    assert headers["Accept-Ranges"] == "bytes"
    for wanted, start, end in (
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=100-", 100, size),
        ("bytes=-100", size - 100, size),
        (f"bytes=-{size + 5}", 0, size),
        (f"bytes={size - 1}-{size + 100}", size - 1, size),
    ):
        for more in ({}, {"If_Range": tag}):
            status, headers, body = await fetch(url, Range=wanted, **more)
            assert status == 206
            assert body == whole[start:end]
            assert headers["Content-Range"] == f"bytes {start}-{end - 1}/{size}"
            assert headers["ETag"] == tag


async def test_a_range_beyond_the_end_is_416(call: Any) -> None:
    record = await finished(call)
    for wanted in (f"bytes={record['size']}-", "bytes=-0"):
        status, headers, _ = await fetch(record["download_url"], Range=wanted)
        assert status == 416
        assert headers["Content-Range"] == f"bytes */{record['size']}"


@pytest.mark.parametrize("wanted", ["bytes=0-1,5-6", "bytes=9-3", "bytes=-", "bytes=x-", "lines=0-1", "bytes", ""])
async def test_a_range_that_is_none_gives_the_whole_file(call: Any, wanted: str) -> None:
    record = await finished(call)
    status, _, body = await fetch(record["download_url"], Range=wanted)
    assert (status, len(body)) == (200, record["size"])


async def test_a_changed_file_is_sent_whole_and_an_unchanged_one_not_at_all(call: Any) -> None:
    record = await finished(call)
    url = record["download_url"]
    status, headers, body = await fetch(url, Range="bytes=5-", If_Range='"another"')
    assert (status, len(body)) == (200, record["size"])
    status, _, body = await fetch(url, If_None_Match=headers["ETag"])
    assert (status, body) == (304, b"")


async def test_a_head_tells_the_size(call: Any, session: aiohttp.ClientSession) -> None:
    record = await finished(call)
    async with session.head(record["download_url"]) as answer:
        assert (answer.status, answer.headers["Content-Length"]) == (200, str(record["size"]))
        assert await answer.read() == b""


async def test_a_download_can_be_redirected(call: Any, state: Any, session: aiohttp.ClientSession) -> None:
    state.download_redirect = True
    record = await finished(call)
    async with session.get(record["download_url"], allow_redirects=False) as answer:
        assert answer.status == 302
    status, _, body = await fetch(record["download_url"], Range="bytes=2-9")
    assert (status, len(body)) == (206, 8)

    def plainly() -> bytes:
        with urllib.request.urlopen(record["download_url"]) as answer:
            return bytes(answer.read())

    assert len(await asyncio.to_thread(plainly)) == record["size"]
    await call(f"exports/{record['unique_id']}", "DELETE")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        await asyncio.to_thread(plainly)


async def test_an_export_can_fail(call: Any, state: Any) -> None:
    state.export_failure = "disk penuh"
    made = await call("exports", json={"type": "users"} | YEAR)
    assert made["error_message"] == ""
    await call("exports", "GET")
    record = (await call(f"exports/{made['unique_id']}"))["backup_history"]
    assert (record["status"], record["error_message"]) == ("failed", "disk penuh")
    assert (record["download_url"], record["size"]) == ("", 0)
    assert record["percentage"] < 100


async def test_a_broken_download_can_be_taken_up_again(call: Any, sandbox: Sandbox) -> None:
    record = await finished(call)
    whole = (await fetch(record["download_url"]))[2]
    sandbox.faults.add(Fault.cut_body(1000), operation="download_export", times=1)
    async with aiohttp.ClientSession() as session, session.get(record["download_url"]) as answer:
        tag = answer.headers["ETag"]
        got = await answer.content.readexactly(1000)
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.content.read()
    assert got == whole[:1000]
    status, _, rest = await fetch(record["download_url"], Range=f"bytes={len(got)}-", If_Range=tag)
    assert (status, got + rest) == (206, whole)


@pytest.mark.parametrize("resource", ["users", "rooms", "comments"])
async def test_made_up_exports_have_as_many_rows_as_wanted(call: Any, state: Any, resource: str) -> None:
    state.exports_rows = 2500
    record = await finished(call, resource)
    status, _, body = await fetch(record["download_url"])
    assert (status, len(body), record["total_rows"]) == (200, record["size"], 2500)
    rows = json.loads(body)
    assert len(rows) == 2500
    assert len({json.dumps(row) for row in rows}) == 2500
    if resource == "comments":
        assert state.data.room(rows[0]["RoomUniqueId"]) is not None


async def test_a_big_export_is_never_held_in_memory(who: Any) -> None:
    import resource

    settings = Settings(exports_rows=800_000, backup_polls=0)
    async with Sandbox(vendors=[QiscusSandbox(settings)]) as sandbox, aiohttp.ClientSession() as session:
        headers = {"QISCUS_SDK_SECRET": sandbox.qiscus.secret_key}
        url = f"{sandbox.base_url}/api/v2/rest/exports"
        async with session.post(url, json={"type": "comments"} | YEAR, headers=headers) as answer:
            name = (await answer.json())["results"]["unique_id"]
        async with session.get(f"{url}/{name}", headers=headers) as answer:
            record = (await answer.json())["results"]["backup_history"]
        assert record["size"] > 200_000_000
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        async with session.get(record["download_url"]) as answer:
            start = await answer.content.readexactly(5_000_000)
            middle_at = record["size"] // 2
            answer.close()
        _, _, again = await fetch(record["download_url"], Range="bytes=0-4999999")
        assert again == start
        status, _, end = await fetch(record["download_url"], Range=f"bytes={record['size'] - 1000}-")
        assert (status, len(end), end[-2:]) == (206, 1000, b"\n]")
        assert (await fetch(record["download_url"], Range=f"bytes={middle_at}-{middle_at + 9}"))[0] == 206
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert grown < 60_000, f"{grown} KiB"


@given(st.integers(0, 40), st.data())
def test_any_part_of_a_made_up_file_is_that_part(rows: int, data: st.DataObject) -> None:
    archive = MadeUp("comments", rows, email="a@b.example", room="r" * 30)
    whole = b"".join(archive.pieces(0, archive.size))
    assert len(whole) == archive.size
    assert len(json.loads(whole)) == rows
    start = data.draw(st.integers(0, archive.size))
    end = data.draw(st.integers(start, archive.size))
    assert b"".join(archive.pieces(start, end)) == whole[start:end]


@given(st.integers(0, 1), st.integers(600, 2000), st.data())
def test_any_part_of_a_file_over_many_blocks_is_that_part(made_up: int, rows: int, data: st.DataObject) -> None:
    archive = (
        MadeUp("users", rows, email="a@b.example", room="r")
        if made_up
        else Stored([{"Nomor": number, "Isi": "é" * 100} for number in range(rows)])
    )
    whole = b"".join(archive.pieces(0, archive.size))
    assert len(whole) == archive.size
    start = data.draw(st.integers(0, archive.size))
    end = data.draw(st.integers(start, archive.size))
    assert b"".join(archive.pieces(start, end)) == whole[start:end]
