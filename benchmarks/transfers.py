"""Memory of large transfers: an import of a million rows, an export of 200 MB. ``python -m benchmarks.transfers``.

The server runs in a process of its own. Peak memory is the resident set's, above what the process had after its first
small call.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from nusantara.sandbox import Sandbox
from qiscus_async import AsyncQiscus
from qiscus_async.import_rows import CommentRow, UserRow
from qiscus_async.sandbox import QiscusSandbox
from qiscus_async.sandbox.settings import Settings

ROW_BYTES = 315
"""About the size of a made-up export row of the sandbox."""
WHEN = datetime(2020, 1, 2, tzinfo=UTC)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows to import")
    parser.add_argument("--megabytes", type=int, default=200, help="size of the export to fetch")
    options = parser.parse_args()
    figures = {
        "import of users": measure(import_users, options.rows),
        "import of comments": measure(import_comments, options.rows),
        "download of an export": measure(fetch_export, options.megabytes * 1_000_000 // ROW_BYTES),
    }
    print(f"{'what':<24}{'peak growth':>14}{'CPU':>10}{'wall':>10}  amount")
    for name, (growth, cpu, wall, amount) in figures.items():
        print(f"{name:<24}{growth / 2**20:>10.1f} MiB{cpu:>8.1f} s{wall:>8.1f} s  {amount}")
    return 0


Figure = tuple[int, float, float, str]


def measure(what: object, size: int) -> Figure:
    """Run one measurement in a fresh process, with its server in another."""
    context = multiprocessing.get_context("spawn")
    server_end, mine = context.Pipe()
    server = context.Process(target=serve, args=(server_end, size), daemon=True)
    server.start()
    address = mine.recv()
    result_end, results = context.Pipe()
    client = context.Process(target=run, args=(what, address, size, result_end), daemon=True)
    client.start()
    result_end.close()
    try:
        figure: Figure = results.recv()
    finally:
        client.join(30)
        mine.send("stop")
        server.join(10)
    return figure


def run(what: object, address: dict[str, str], size: int, results: Connection) -> None:
    figure = asyncio.run(what(address, size))  # type: ignore[operator]
    results.send(figure)


def serve(pipe: Connection, rows: int) -> None:
    """The sandbox with exports of made-up rows; imports go to a server that throws them away."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        record = {
            "created_at": "2020-01-02T00:00:00Z",
            "errors": {},
            "original_filename": "x.json",
            "resource_name": "users",
            "size": 1,
            "status": "started",
            "total_rows": 0,
            "unique_id": "u",
        }
        body = json.dumps({"results": {"backup_history": record}, "status": 200}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        while True:
            try:
                request = await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            left = int(request.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            while left:
                left -= len(await reader.read(min(left, 1 << 20)))
            writer.write(head + body)
        writer.close()

    async def until_told() -> None:
        sandbox = Sandbox(vendors=[QiscusSandbox(Settings(exports_rows=rows, backup_polls=0))])
        async with sandbox:
            sink = await asyncio.start_server(answer, "127.0.0.1", 0)
            port = sink.sockets[0].getsockname()[1]
            credentials = sandbox.credentials["qiscus"]
            pipe.send(
                {
                    "sink": f"http://127.0.0.1:{port}",
                    "sandbox": sandbox.base_url,
                    "app_id": credentials["app_id"],
                    "secret_key": credentials["secret_key"],
                }
            )
            await asyncio.to_thread(pipe.recv)
            sink.close()

    asyncio.run(until_told())


def peak() -> int:
    """Highest resident set of this process so far, in bytes."""
    high = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return high if sys.platform == "darwin" else high * 1024


def users(count: int) -> Iterator[UserRow]:
    for number in range(count):
        yield UserRow(
            email=f"orang-{number}@toko.test",
            name=f"Orang {number}",
            authentication_token=f"token-{number:032d}",
            password="rahasia",
            created_at=WHEN,
        )


def comments(count: int) -> Iterator[CommentRow]:
    for number in range(count):
        yield CommentRow(
            message=f"Pesan nomor {number}",
            unique_id=f"android_{number:032d}",
            creator_email="orang-1@toko.test",
            room_unique_id="4e6c208b-3436-46a0-a6d7-add9b90dfc77",
            created_at=WHEN,
        )


async def import_users(address: dict[str, str], count: int) -> Figure:
    async with AsyncQiscus("toko", "kunci", base_url=address["sink"]) as qiscus:
        await qiscus.imports.run("users", users(10))
        before, start, cpu = peak(), time.perf_counter(), time.process_time()
        reports = await qiscus.imports.run("users", users(count))
        assert sum(report.rows for report in reports) == count
        growth = peak() - before
        return growth, time.process_time() - cpu, time.perf_counter() - start, f"{count} rows, {len(reports)} files"


async def import_comments(address: dict[str, str], count: int) -> Figure:
    async with AsyncQiscus("toko", "kunci", base_url=address["sink"]) as qiscus:
        await qiscus.imports.run("comments", comments(10))
        before, start, cpu = peak(), time.perf_counter(), time.process_time()
        reports = await qiscus.imports.run("comments", comments(count))
        assert sum(report.rows for report in reports) == count
        growth = peak() - before
        return growth, time.process_time() - cpu, time.perf_counter() - start, f"{count} rows, {len(reports)} files"


async def fetch_export(address: dict[str, str], count: int) -> Figure:
    client = AsyncQiscus(address["app_id"], address["secret_key"], base_url=address["sandbox"])
    with tempfile.TemporaryDirectory() as folder:
        async with client as qiscus:
            export = await qiscus.exports.create("comments", date(2020, 1, 1), date(2020, 1, 2))
            export = await qiscus.exports.wait(export)
            before, start, cpu = peak(), time.perf_counter(), time.process_time()
            done = await qiscus.exports.download(export, Path(folder) / "export.json")
            spent, wall = time.process_time() - cpu, time.perf_counter() - start
            fetched = peak() - before
            rows = 0
            async for page in qiscus.exports.rows(done.path).pages():
                rows += len(page.items)
            assert rows == count
            growth = peak() - before
            amount = f"{done.size / 1e6:.0f} MB; with reading its {rows} rows {growth / 2**20:.1f} MiB"
            return fetched, spent, wall, amount


if __name__ == "__main__":
    sys.exit(main())
