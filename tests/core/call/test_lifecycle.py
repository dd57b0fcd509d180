"""Beginning and end of a client, in processes of their own, with every warning an error."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest

from nusantara.sandbox import Sandbox

PRELUDE = """
import asyncio, gc, os, sys, warnings
from bukalapak_async import AsyncBukalapak

def client():
    return AsyncBukalapak.from_env()

async def call(bukalapak):
    return (await bukalapak.messages.inbox(per_page=2).first()).items

def sockets():
    own = os.path.join("/proc", "self", "fd")
    return sum(os.path.exists(os.path.join(own, fd)) and os.readlink(os.path.join(own, fd)).startswith("socket:")
               for fd in os.listdir(own))
"""


def run(code: str, *, options: tuple[str, ...] = ("-X", "dev", "-W", "error")) -> tuple[str, str]:
    """Standard output and standard error, the latter without asyncio's remarks about slow callbacks."""
    done = subprocess.run(
        [sys.executable, *options, "-c", PRELUDE + textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    stderr = "\n".join(line for line in done.stderr.splitlines() if not line.startswith("Executing <"))
    assert done.returncode == 0, stderr
    return done.stdout, stderr


pytestmark = pytest.mark.usefixtures("sandbox_env")


def test_a_closed_client_leaves_nothing() -> None:
    out, err = run(
        """
        async def main():
            async with client() as bukalapak:
                await call(bukalapak)
            await asyncio.sleep(0)
        asyncio.run(main())
        print(sockets())
        """
    )
    assert (out, err) == ("0\n", "")


def test_one_client_works_in_loop_after_loop() -> None:
    out, err = run(
        """
        bukalapak = client()
        async def main():
            async with bukalapak:
                pass
        for _ in range(3):
            print(len(asyncio.run(call(bukalapak))), sockets(), end=" ")
        asyncio.run(main())
        print(sockets())
        """
    )
    assert (out, err) == ("2 0 2 0 2 0 0\n", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_has_connections_of_its_own(nusantara_sandbox: Sandbox) -> None:
    out, err = run(
        """
        async def main():
            bukalapak = client()
            before = await call(bukalapak)
            child = os.fork()
            if child == 0:
                return bukalapak, "child"
            _, status = os.waitpid(child, 0)
            assert status == 0, status
            assert await call(bukalapak) == before
            await bukalapak.aclose()
            return None, "parent"

        with asyncio.Runner() as runner:
            bukalapak, who = runner.run(main())
            if who == "child":
                os._exit(0)

        # A child that makes a loop of its own.
        bukalapak = client()
        async def once():
            found = await call(bukalapak)
            return found
        runner = asyncio.Runner()
        runner.run(once())
        child = os.fork()
        if child == 0:
            async def again():
                async with bukalapak:
                    return len(await call(bukalapak))
            print(asyncio.run(again()), flush=True)
            os._exit(0)
        os.waitpid(child, 0)
        async def end():
            print(len(await call(bukalapak)))
            await bukalapak.aclose()
        runner.run(end())
        runner.close()
        """
    )
    assert (out, err) == ("2\n2\n", "")


def test_leaving_with_a_call_in_flight_is_quiet_and_quick(nusantara_sandbox: Sandbox) -> None:
    from nusantara.sandbox import Fault

    nusantara_sandbox.faults.add(Fault.stall_before_answer())
    out, err = run(
        """
        import time
        async def main():
            async with client() as bukalapak:
                task = asyncio.create_task(call(bukalapak))
                await asyncio.sleep(0.2)
                task.cancel()
        start = time.monotonic()
        asyncio.run(main())
        print(time.monotonic() - start < 5)
        """
    )
    assert (out, err) == ("True\n", "")
