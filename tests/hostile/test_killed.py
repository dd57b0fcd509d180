"""kill -9 on the way: the previous state is whole, and a restart gets the file."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hostile.conftest import SECRET, Serve
from support.faults import Seen
from support.files import CONTENT, export_record
from support.raw import Received, Wire

ROOT = Path(__file__).parents[2]
PIECES = 20
OLD = b"lama" * 1000

# Forks a child for each job, so that only one process has to import everything.
RUNNER = """
import json, os, sys, traceback
from datetime import date

import nusantara.download, nusantara.sync.portal, nusantara.transport.session
from nusantara.codec import structure
from qiscus_async import AsyncQiscus, Qiscus
from qiscus_async.models.transfers import Export

def sync_job(job):
    with Qiscus("toko", job["secret"], base_url=job["base_url"]) as q:
        if job["what"] == "download":
            q.exports.download(structure(job["export"], Export), job["target"], overwrite=True)
        else:
            q.exports.run("comments", date(2021, 1, 1), date(2021, 1, 31), job["target"], overwrite=True)

async def async_job(job):
    async with AsyncQiscus("toko", job["secret"], base_url=job["base_url"]) as q:
        if job["what"] == "download":
            await q.exports.download(structure(job["export"], Export), job["target"], overwrite=True)
        else:
            await q.exports.run("comments", date(2021, 1, 1), date(2021, 1, 31), job["target"], overwrite=True)

for line in sys.stdin:
    job = json.loads(line)
    child = os.fork()
    if child == 0:
        try:
            if job["flavour"] == "sync":
                sync_job(job)
            else:
                import asyncio
                asyncio.run(async_job(job))
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    print(child, flush=True)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


class ExportServer:
    """The vendor and the host of the file in one. The file leaves in pieces."""

    def __init__(self) -> None:
        self.base_url = ""
        self.pause = 0.0
        self.sent = asyncio.Condition()
        self.pieces = 0

    @property
    def record(self) -> dict[str, Any]:
        return export_record(
            status="finished", percentage=100, size=len(CONTENT), download_url=f"{self.base_url}/berkas.json"
        )

    async def has_sent(self, pieces: int) -> None:
        async with self.sent:
            await self.sent.wait_for(lambda: self.pieces >= pieces)

    async def __call__(self, wire: Wire, request: Received) -> None:
        if request.method == "POST":
            await wire.answer(body={"results": export_record(), "status": 200})
        elif request.target != "/berkas.json":
            await wire.answer(body={"results": {"backup_history": self.record}, "status": 200})
        else:
            await wire.send(f'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: {len(CONTENT)}\r\n\r\n'.encode())
            size = len(CONTENT) // PIECES
            for number in range(PIECES):
                await wire.send(CONTENT[number * size : (number + 1) * size])
                async with self.sent:
                    self.pieces += 1
                    self.sent.notify_all()
                await asyncio.sleep(self.pause)


@pytest.fixture
async def runner() -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error::ResourceWarning", "-c", RUNNER),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": f"{ROOT / 'common'}:{ROOT}", "PATH": "/usr/bin:/bin"},
    )
    yield process
    assert process.stdin is not None
    process.stdin.close()
    async with asyncio.timeout(20):
        await process.wait()


@pytest.mark.parametrize("what", ["download", "export"])
async def test_g75_kill_leaves_the_previous_state_whole(
    runner: asyncio.subprocess.Process, serve: Serve, tmp_path: Path, seen: Seen, flavour: str, what: str
) -> None:
    assert runner.stdin is not None
    assert runner.stdout is not None
    script = ExportServer()
    server = await serve(script)
    script.base_url = server.base_url
    target = tmp_path / "f.json"
    job = {"what": what, "flavour": flavour, "target": str(target), "base_url": server.base_url, "secret": SECRET}

    async def start() -> int:
        assert runner.stdin is not None
        assert runner.stdout is not None
        script.pieces = 0
        runner.stdin.write(json.dumps(job | {"export": script.record}).encode() + b"\n")
        return int(await runner.stdout.readline())

    async def exit_code() -> int:
        assert runner.stdout is not None
        return int(await runner.stdout.readline())

    kept = killed = 0
    async with asyncio.timeout(60):
        for moment, before in ((0, None), (3, OLD), (10, None), (17, OLD), (PIECES, OLD)):
            target.unlink(missing_ok=True)
            if before is not None:
                target.write_bytes(before)
            script.pause = 0.01
            child = await start()
            await script.has_sent(moment)
            os.kill(child, signal.SIGKILL)
            killed += await exit_code() == -signal.SIGKILL
            now = target.read_bytes() if target.exists() else None
            assert now == before or (moment == PIECES and now == CONTENT)
            kept += now == before
            others = [path.name for path in tmp_path.iterdir() if path != target]
            assert all(name.startswith(".f.json.") and name.endswith((".part", ".note", ".asked")) for name in others)
            script.pause = 0.0
            await start()
            assert await exit_code() == 0
            assert target.read_bytes() == CONTENT
    assert killed >= 4
    seen(f"{what}: {kept} of 5 times the previous state, else the new file whole", f"{killed} of 5 killed on the way")
