"""Fork, signals and forgotten clients, in processes of their own under ``-W error -X dev``."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import urlopen

import pytest
from support.faults import Seen
from support.raw import free_port
from support.scripts import Finish, Server, Start, child_environment, finish, finish_fixture, server, start

__all__ = ["finish", "finish_fixture", "server", "start"]

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
needs_proc = pytest.mark.skipif(
    not os.path.isdir("/proc/self/fd"), reason="descriptors are listed through /proc, which this system does not have"
)

HEAD = """
import gc, json, multiprocessing, signal, socket, warnings
from bukalapak_async import AsyncBukalapak, Bukalapak
def sockets():
    found = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            one = socket.socket(fileno=os.dup(int(name)))
        except OSError:
            continue
        with one:
            if one.family in (socket.AF_INET, socket.AF_INET6):
                found.add(os.fstat(one.fileno()).st_ino)
    return found
"""

CLIENTS = {
    "sync": """
client = Bukalapak("6", "kunci-rahasia-1945", base_url=URL)
def ask(path="/echo", other=None, **params):
    return (other or client).request("GET", path, params={"a": "1", **params}).json()["a"] == "1"
def close():
    client.close()
""",
    "async": """
client = AsyncBukalapak("6", "kunci-rahasia-1945", base_url=URL)
async def answer(path="/echo", **params):
    return (await client.request("GET", path, params={"a": "1", **params})).json()["a"] == "1"
runners = {}  # One a process: the loop of the parent stays the parent's.
def ask(path="/echo", **params):
    return runners.setdefault(os.getpid(), asyncio.Runner()).run(answer(path, **params))
def close():
    runners[os.getpid()].run(client.aclose())
    runners[os.getpid()].close()
""",
}


Script = Callable[[str], subprocess.Popen[str]]


@pytest.fixture
def script(flavour: str, server: Server, start: Start) -> Script:
    """Starts a script that has a client of the flavour, ``client``, and a function that makes a call, ``ask()``."""

    def start_one(source: str) -> subprocess.Popen[str]:
        return start(HEAD + CLIENTS[flavour] + textwrap.dedent(source), url=server.url)

    return start_one


# --- Fork


FORKS = {
    "sync": {
        "idle": "assert ask()\nfork_here = lambda: in_child(act)\n",
        "in a call": """
results = []
def hold():
    results.append(ask("/hold", seconds=0.5))
def fork_here():
    thread = threading.Thread(target=hold)
    thread.start()
    time.sleep(0.2)
    code = in_child(act)
    thread.join()
    assert results.pop()
    return code
assert ask()
""",
        "while starting": """
sys.setswitchinterval(1e-5)
def fork_here(delays=[0, 0.0002, 0.0005, 0.001, 0.003]):
    global client
    client.close()
    client = Bukalapak("6", "kunci-rahasia-1945", base_url=URL)
    client._portal = Portal()  # One whose loop is on its way up in another thread.
    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(delays.pop())
    code = in_child(act)
    thread.join()
    return code
""",
    },
    # A loop that has forked must not run on in the child, so a thread beside the loop forks.
    "async": {
        "idle": "assert ask()\nfork_here = lambda: in_child(act)\n",
        "in a call": """
async def main():
    call = asyncio.create_task(answer("/hold", seconds=0.5))
    await asyncio.sleep(0.2)
    code = await asyncio.to_thread(in_child, act)
    assert await call
    return code
assert ask()
fork_here = lambda: runners[os.getpid()].run(main())
""",
        "while starting": """
async def main():
    global client
    await client.aclose()
    client = AsyncBukalapak("6", "kunci-rahasia-1945", base_url=URL)
    call = asyncio.create_task(answer())
    await asyncio.sleep(0)
    code = await asyncio.to_thread(in_child, act)
    assert await call
    return code
assert ask()
fork_here = lambda: runners[os.getpid()].run(main())
""",
    },
}


@needs_fork
@needs_proc
@pytest.mark.parametrize("moment", ["idle", "in a call", "while starting"])
def test_g59_fork(flavour: str, script: Script, finish: Finish, server: Server, seen: Seen, moment: str) -> None:
    child = script(
        FORKS[flavour][moment]
        + textwrap.dedent(
            """
            def act():
                began = time.monotonic()
                assert ask()
                elapsed = time.monotonic() - began
                print(json.dumps([elapsed, list(sockets())]), flush=True)
                close()
            for attempt in range(3):
                before = sockets()
                code = fork_here()
                assert code == 0, code
                print(json.dumps([list(before), list(sockets())]), flush=True)
                assert ask(), "the parent does not work on"
            close()
            """
        )
    )
    told = [json.loads(line) for line in finish(child).splitlines()]
    children, parents = told[::2], told[1::2]
    best = min(elapsed for elapsed, _ in children)
    shared = sum(
        len({*sockets} & {*before, *after}) for (_, sockets), (before, after) in zip(children, parents, strict=True)
    )
    lost = sum(len({*before} - {*after}) for before, after in parents) if moment != "while starting" else 0
    assert len(children) == 3
    assert best < 1
    assert (shared, lost) == (0, 0)
    assert not server.gone.is_set()
    seen(f"{len(children)} children answered, {shared} shared sockets", f"{best * 1000:.0f} ms {moment}")


@needs_fork
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_g59_multiprocessing(script: Script, finish: Finish, seen: Seen, method: str) -> None:
    child = script(
        f"""
        def work(number):
            assert ask()
            return os.getpid()
        if __name__ == "__main__":
            assert work(0) == os.getpid()
            with multiprocessing.get_context({method!r}).Pool(2) as pool:
                pids = pool.map(work, range(20), chunksize=1)
                pool.close()
                pool.join()
            assert os.getpid() not in pids
            assert ask()
            close()
            print(len(pids))
        """
    )
    answered = int(finish(child, within=60))
    assert answered == 20
    seen(f"{answered} of 20 calls answered in workers by {method}")


@needs_fork
def test_g59_prefork_server(flavour: str, server: Server, seen: Seen, tmp_path: Path) -> None:
    """gunicorn loads the program, which has made a call already, and then forks its workers."""
    pytest.importorskip("gunicorn", reason="gunicorn is not installed, so NOTHING IS KNOWN about its workers")
    (tmp_path / "shop.py").write_text(
        "import asyncio, os, time\nURL = os.environ['TEST_URL']\n"
        + HEAD
        + CLIENTS[flavour]
        + textwrap.dedent(
            """
            assert ask()
            def app(environ, start_response):
                answered = ask()
                start_response("200 OK" if answered else "500 Broken", [("Content-Type", "text/plain")])
                return [str(os.getpid()).encode()]
            """
        )
    )
    port = free_port()
    settings = ["--preload", "--workers=4", f"--bind=127.0.0.1:{port}"]
    settings.append("--graceful-timeout=5")  # A worker that is only starting may not hear that it should end.
    gunicorn = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *settings, "shop:app"],
        cwd=tmp_path,
        env=child_environment(TEST_URL=server.url),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        pids = _answers(f"http://127.0.0.1:{port}", 200)
    finally:
        gunicorn.terminate()
        log, _ = gunicorn.communicate(timeout=20)
    assert len(pids) == 200, log
    assert len({*pids}) > 1, log
    assert str(gunicorn.pid) not in pids
    assert len(server.requests) == 201
    assert gunicorn.returncode == 0, log
    assert "Traceback" not in log, log
    seen(f"{len(pids)} of 200 requests served by {len({*pids})} workers of gunicorn --preload")


def _answers(url: str, count: int) -> list[str]:
    """What the server says to each of so many requests, once it is up."""

    def ask(_: int) -> str:
        until = time.monotonic() + 20
        while True:
            try:
                with urlopen(url, timeout=10) as response:
                    return str(response.read().decode())
            except ConnectionError:
                raise
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    first = ask(0)
    with ThreadPoolExecutor(8) as threads:
        return [first, *threads.map(ask, range(count - 1))]


# --- Signals


HOLDING = {
    "sync": 'hold = lambda: ask("/hold")\n',
    # In a task of asyncio.run, as in a program.
    "async": 'hold = lambda: asyncio.run(answer("/hold"))\n',
}


@pytest.mark.parametrize("handled", [True, False], ids=["caught", "uncaught"])
def test_g60_sigint(flavour: str, script: Script, server: Server, seen: Seen, handled: bool) -> None:
    ending = """
    try:
        hold()
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    assert ask()
    close()
    """
    best = float("inf")
    for _ in range(3):
        server.gone.clear()
        child = script(HOLDING[flavour] + (textwrap.dedent(ending) if handled else "hold()\n"))
        assert server.holding.acquire(timeout=20)
        time.sleep(0.1)
        began = time.monotonic()
        child.send_signal(signal.SIGINT)
        if handled:
            assert child.stdout is not None
            assert child.stdout.readline() == "interrupted\n"
        else:
            child.wait(10)
        returned = time.monotonic() - began
        output, errors = child.communicate(timeout=20)
        assert child.returncode == (0 if handled else -signal.SIGINT), errors
        if handled:
            assert (output, errors) == ("", "")
        else:
            assert errors.strip().endswith("KeyboardInterrupt")
            assert "ResourceWarning: unclosed" not in errors
            assert "never retrieved" not in errors
        assert server.gone.wait(2)
        gone = server.gone_at[-1] - began
        best = min(best, max(returned, gone))
        if best < 1:
            break
    assert best < 1
    seen(f"exit code {child.returncode}, the server saw the close", f"{best * 1000:.0f} ms")


def test_g60_sigint_twice(flavour: str, script: Script, server: Server, seen: Seen) -> None:
    """The first one meets a rate limit of the caller's own making that will not stop waiting."""
    child = script(
        f"""
        from nusantara.limits import RateLimit
        class Stubborn(RateLimit):
            async def wait(self, *details):
                print("begun", flush=True)
                try:
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    print("held up", flush=True)
                    await asyncio.sleep(60)
        client = type(client)("6", "kunci-rahasia-1945", base_url=URL, rate_limit=Stubborn(1))
        try:
            {"asyncio.run(answer())" if flavour == "async" else "ask()"}
        except KeyboardInterrupt:
            print(time.monotonic(), flush=True)
            os._exit(0)
        """
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "begun\n"
    child.send_signal(signal.SIGINT)
    assert child.stdout.readline() == "held up\n"
    second = time.monotonic()
    child.send_signal(signal.SIGINT)
    output, errors = child.communicate(timeout=20)
    assert child.returncode == 0, errors
    took = float(output) - second
    assert took < 0.9  # Of the second that the first one may take to clean up, most is left.
    seen("the second one returns while the first still waits", f"{took * 1000:.0f} ms")


@pytest.mark.parametrize("code", [-signal.SIGTERM, 9], ids=["no handler", "a handler that exits"])
def test_g60_sigterm(flavour: str, script: Script, server: Server, seen: Seen, code: int) -> None:
    handler = "signal.signal(signal.SIGTERM, lambda *_: sys.exit(9))\n" if code == 9 else ""
    child = script(handler + HOLDING[flavour] + "hold()\n")
    assert server.holding.acquire(timeout=20)
    time.sleep(0.1)
    began = time.monotonic()
    child.send_signal(signal.SIGTERM)
    assert server.gone.wait(5)
    _, errors = child.communicate(timeout=20)
    assert child.returncode == code, errors
    assert errors == ""
    gone = server.gone_at[-1] - began
    assert gone < 1
    seen(f"exit code {child.returncode}, the server saw the close", f"{gone * 1000:.0f} ms")


# --- Clients that are dropped


DROPPED = {
    "sync": "client.request('GET', '/echo')\ndel client\ngc.collect()\ntime.sleep(0.3)\n",
    "async, in its loop": """
async def main():
    global client
    await client.request("GET", "/echo")
    del client
    gc.collect()
    await asyncio.sleep(0)
    print(len(sockets()))
asyncio.run(main())
""",
    "async, after its loop": """
async def main():
    await client.request("GET", "/echo")
asyncio.run(main())
del client
gc.collect()
""",
}


@needs_proc
@pytest.mark.parametrize("where", ["sync", "async, in its loop", "async, after its loop"])
def test_g63_dropped_without_close(server: Server, start: Start, seen: Seen, where: str) -> None:
    kind = "Bukalapak" if where == "sync" else "AsyncBukalapak"
    child = start(
        HEAD
        + f'client = {kind}("6", "kunci-rahasia-1945", base_url=URL)\n'
        + DROPPED[where]
        + "print(len(sockets()))\n",
        url=server.url,
    )
    output, errors = child.communicate(timeout=20)
    assert child.returncode == 0, errors
    # Raised in a destructor, where nobody could catch it, a warning is printed.
    warned = [line for line in errors.splitlines() if line.startswith("ResourceWarning:")]
    assert len(warned) == 1, errors
    assert re.search(rf"{kind} made at .+:\d", warned[0])
    assert "was never closed" in warned[0]
    assert errors.count("Warning:") == 1, errors
    assert "Event loop is closed" not in errors
    assert "rahasia" not in errors
    assert set(output.split()) == {"0"}
    seen(
        f"{len(warned)} {warned[0].partition(':')[0]} that names {kind} and its line",
        f"{output.split()[-1]} sockets left",
    )


def test_g63_open_at_exit(flavour: str, script: Script, server: Server, seen: Seen) -> None:
    """A client that a module holds to the end is no mistake: the end closes it."""
    child = script("assert ask()\n" if flavour == "sync" else "assert asyncio.run(answer())\n")
    output, errors = child.communicate(timeout=20)
    assert (child.returncode, output, errors) == (0, "", "")
    until = time.monotonic() + 5
    while server.connections() and time.monotonic() < until:
        time.sleep(0.01)
    assert server.connections() == 0
    seen("nothing is printed", f"{server.connections()} connections left at the server")
