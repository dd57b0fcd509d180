"""Fork, signals and forgotten clients, in processes of their own under ``-W error -X dev``."""

from __future__ import annotations

import json
import os
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


@pytest.fixture
def script(flavour: str, server: Server, start: Start) -> Callable[..., subprocess.Popen[str]]:
    """Starts a script that has a client of the flavour, ``client``, and a function that makes a call, ``ask()``."""

    def start_one(source: str) -> subprocess.Popen[str]:
        return start(HEAD + CLIENTS[flavour] + textwrap.dedent(source), url=server.url)

    return start_one


# --- Fork


BEFORE_THE_FORK = {
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
}


@needs_fork
@needs_proc
@pytest.mark.parametrize("moment", ["idle", "in a call", "while starting"])
def test_g59_fork(
    flavour: str, script: Callable[..., subprocess.Popen[str]], finish: Finish, server: Server, seen: Seen, moment: str
) -> None:
    if flavour == "async" and moment != "idle":
        pytest.skip("an async client has no loop of its own that could be starting or running elsewhere")
    child = script(
        BEFORE_THE_FORK[moment]
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
def test_g59_multiprocessing(
    script: Callable[..., subprocess.Popen[str]], finish: Finish, seen: Seen, method: str
) -> None:
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
    gunicorn = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--preload", "-w", "4", "-b", f"127.0.0.1:{port}", "shop:app"],
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
