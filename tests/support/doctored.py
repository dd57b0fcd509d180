"""A program that makes calls of every kind with whatever aiohttp it finds, and judges what comes of them.

Run as a script; prints what was warned of. Its first argument is where files go.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from nusantara.client import AsyncClient, Settings
from nusantara.download import Source, download
from nusantara.errors import BadResponse, ConnectFailed, ConnectionLost, NoAnswer, OutcomeUnknown, Sent
from nusantara.options import Timeouts
from nusantara.signing import HeaderAuth
from nusantara.upload import File
from support.raw import RawServer, Received, Wire, free_port

CONTENT = bytes(range(256)) * 12_000
LARGE = 300_000


async def script(wire: Wire, request: Received) -> bool:
    what = request.target.removeprefix("/")
    if what == "drop":
        return True
    if what == "silence":
        await asyncio.sleep(30)
    if what == "nonsense":
        await wire.send(b"?? no HTTP ??\r\n\r\n")
        return True
    if what == "interim":
        await wire.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        await asyncio.sleep(0.01)
    if what == "file":
        await wire.answer(200, CONTENT)
    else:
        await wire.answer(body={"size": len(request.body)})
    return what == "end"


async def fails(kind: type[NoAnswer], sent: Sent, call: Any) -> None:
    with pytest.raises(NoAnswer) as caught:
        await call
    error = caught.value
    assert type(error) is kind, repr(error)
    assert error.sent is sent, (error, error.sent)
    assert len(error.attempts) == 1


async def calls(folder: Path) -> None:
    async with RawServer(script) as server:
        settings = Settings(max_attempts=1, timeout=Timeouts(total=20, first_byte=5, idle_read=5), proxy=None)
        async with AsyncClient(server.base_url, HeaderAuth({"X-Key": "kunci"}), settings) as client:
            for _ in range(4):
                assert (await client.request("GET", "/")).json() == {"size": 0}
            assert (await client.request("GET", "/interim")).json() == {"size": 0}
            assert (await client.request("GET", "/")).json() == {"size": 0}
            assert server.connections == 1, "kept alive"
            for _ in range(3):
                assert (await client.request("POST", "/", form={"a": "1"})).json() == {"size": 3}
            assert (await client.request("POST", "/interim", json="x")).json() == {"size": 3}
            assert server.connections == 2, "kept alive"
            for _ in range(2):
                assert (await client.request("POST", "/", json="x" * LARGE)).json() == {"size": LARGE + 2}
            assert server.connections <= 3, "kept alive"
            file = File(b"x" * LARGE, name="bukti.jpg")
            assert (await client.request("POST", "/", form={"a": "1"}, files={"f": file})).json()["size"] > LARGE

            assert (await client.request("GET", "/end")).json() == {"size": 0}
            assert (await client.request("POST", "/end")).json() == {"size": 0}
            await asyncio.sleep(0.05)
            assert (await client.request("GET", "/")).json() == {"size": 0}
            assert (await client.request("POST", "/")).json() == {"size": 0}

            made = len(server.requests)
            await fails(ConnectionLost, Sent.MAYBE, client.request("GET", "/drop"))
            await fails(OutcomeUnknown, Sent.MAYBE, client.request("DELETE", "/drop"))
            await fails(OutcomeUnknown, Sent.MAYBE, client.request("POST", "/drop"))
            await fails(OutcomeUnknown, Sent.MAYBE, client.request("POST", "/drop", json="x" * LARGE))
            await fails(BadResponse, Sent.MAYBE, client.request("GET", "/nonsense"))
            await fails(OutcomeUnknown, Sent.MAYBE, client.request("POST", "/nonsense"))
            hurried = client.with_options(timeout=Timeouts(total=0.1))
            await fails(OutcomeUnknown, Sent.MAYBE, hurried.request("POST", "/silence"))
            hurried = client.with_options(timeout=Timeouts(total=20, first_byte=0.1, idle_read=0.1))
            await fails(OutcomeUnknown, Sent.MAYBE, hurried.request("POST", "/silence"))
            assert len(server.requests) - made == 8, "one request for each attempt"
        got = await download(Source(url=f"{server.base_url}/file", local=True), folder / "berkas", overwrite=True)
        assert (got.verified, (folder / "berkas").read_bytes() == CONTENT) == (True, True)
    nowhere = f"http://127.0.0.1:{free_port()}"
    async with AsyncClient(nowhere, HeaderAuth({}), settings) as client:
        await fails(ConnectFailed, Sent.NO, client.request("POST", "/"))


def main() -> None:
    warned: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.WARNING:
                warned.append(record.getMessage())

    logging.getLogger().addHandler(Listener())
    for way in ("direct", "aiohttp"):
        os.environ["NUSANTARA_TRANSPORT"] = way
        asyncio.run(calls(Path(sys.argv[1])))
    sys.stdout.write("\n".join(warned))


if __name__ == "__main__":
    main()
