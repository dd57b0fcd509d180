"""A synchronous client in processes of its own: fork, Ctrl-C, exit, notebooks. ``-W error -X dev``, stderr empty."""

from __future__ import annotations

import os
import signal
import textwrap
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from core.sync.conftest import Server, Start

Finish = Callable[..., str]
Script = Callable[[str], "subprocess.Popen[str]"]

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


@pytest.fixture
def script(toy_root: Path, server: Server, start: Start) -> Script:
    """Starts a script that knows the made-up vendor and where it is."""
    head = f"""
import sys
sys.path.insert(0, {str(toy_root)!r})
from toy_async.sync.client import Toy
from toy_async.client import AsyncToy
"""
    return lambda source: start(head + textwrap.dedent(source), url=server.url)


# --- Fork


@needs_fork
@pytest.mark.parametrize("used", [False, True])
def test_client_made_before_a_fork_serves_parent_and_child(
    server: Server, script: Script, finish: Finish, used: bool
) -> None:
    child = script(
        f"""
        toy = Toy("key", base_url=URL)
        if {used}:
            toy.notes.get(0)
        def act():
            began = time.monotonic()
            assert toy.notes.get(1) == {{"number": "1"}}
            assert list(toy.notes.all(size=2, limit=4)) == [0, 1, 2, 3]
            assert time.monotonic() - began < 1
            toy.close()
        assert in_child(act) == 0
        assert toy.notes.get(2) == {{"number": "2"}}
        assert in_child(act) == 0
        toy.close()
        """
    )
    finish(child)


@needs_fork
def test_fork_during_a_call(server: Server, script: Script, finish: Finish) -> None:
    child = script(
        """
        toy, results = Toy("key", base_url=URL), []
        thread = threading.Thread(target=lambda: results.append(toy.notes.hold(1)))
        thread.start()
        time.sleep(0.5)
        def act():
            began = time.monotonic()
            assert toy.notes.get(1) == {"number": "1"}
            assert time.monotonic() - began < 1
        assert in_child(act) == 0
        thread.join()
        assert results == [{"seconds": "1"}], results
        toy.close()
        """
    )
    finish(child)


@needs_fork
def test_fork_at_any_moment_of_the_first_call(server: Server, script: Script, finish: Finish) -> None:
    child = script(
        """
        def act():
            began = time.monotonic()
            assert toy.notes.get(1) == {"number": "1"}
            assert time.monotonic() - began < 1
        for delay in (0, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02):
            portal = Portal()
            toy = Toy("key", base_url=URL)
            toy._portal = portal
            thread = threading.Thread(target=toy.notes.get, args=(0,))
            thread.start()
            time.sleep(delay)
            code = in_child(act)
            assert code == 0, (delay, code)
            thread.join()
            toy.close()
            portal.close()
        """
    )
    finish(child, within=60)


@needs_fork
def test_child_that_exits_the_long_way_is_silent(server: Server, script: Script, finish: Finish) -> None:
    child = script(
        """
        toy = Toy("key", base_url=URL)
        toy.notes.get(0)
        if (pid := os.fork()) == 0:
            toy.notes.get(1)
            sys.exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
        assert toy.notes.get(2) == {"number": "2"}
        """
    )
    finish(child)


# --- Signals


def test_ctrl_c_cancels_the_request_and_the_client_works_on(server: Server, script: Script, finish: Finish) -> None:
    child = script(
        """
        with Toy("key", base_url=URL) as toy:
            try:
                toy.notes.hold()
            except KeyboardInterrupt:
                print("interrupted")
            assert toy.notes.get(1) == {"number": "1"}
        """
    )
    assert server.holding.acquire(timeout=20)
    time.sleep(0.1)
    sent = time.monotonic()
    child.send_signal(signal.SIGINT)
    assert server.gone.wait(2)
    assert server.gone_at[0] - sent < 1
    assert finish(child) == "interrupted\n"


# --- Exit


@pytest.mark.parametrize("ending", ["toy.close()", "", "del toy", "sys.exit(0)"])
def test_exit_is_quick_and_silent(server: Server, script: Script, finish: Finish, ending: str) -> None:
    if ending == "del toy":
        # Dropped before the end, it is told; the warning itself is tested elsewhere.
        ending = "import warnings; warnings.simplefilter('ignore'); del toy; import gc; gc.collect()"
    child = script(
        f"""
        toy = Toy("key", base_url=URL)
        assert toy.notes.get(1) == {{"number": "1"}}
        copy = toy.with_options(max_attempts=1)
        assert copy.notes.get(1) == {{"number": "1"}}
        print(time.time(), flush=True)
        {ending}
        """
    )
    over = float(finish(child))
    assert time.time() - over < 2


def test_client_closed_by_an_exit_handler_or_a_destructor(server: Server, script: Script, finish: Finish) -> None:
    child = script(
        """
        import atexit
        toy = Toy("key", base_url=URL)
        toy.notes.get(1)
        atexit.register(toy.close)
        class Late:
            def __del__(self, close=toy.close):
                close()
        late = Late()
        """
    )
    finish(child)


# --- Loops


def test_import_starts_nothing_and_loads_no_http_library(script: Script, finish: Finish, start: Start) -> None:
    child = start(
        """
        import subprocess
        code = '''
        import sys, threading, nusantara.sync.facade
        assert threading.active_count() == 1
        assert "aiohttp" not in sys.modules
        '''
        import textwrap
        code = textwrap.dedent(code)
        subprocess.run([sys.executable, "-W", "error", "-X", "dev", "-c", code], check=True)
        """
    )
    finish(child)


def test_sync_client_under_asyncio_run(server: Server, script: Script, finish: Finish) -> None:
    child = script(
        """
        import warnings
        from nusantara.sync.portal import BlockingCallWarning
        async def main():
            asyncio.get_running_loop().slow_callback_duration = 60
            async with AsyncToy("key", base_url=URL) as other:
                assert await other.notes.get(2) == {"number": "2"}
                with warnings.catch_warnings(record=True) as caught:
                    warnings.simplefilter("default")
                    for _ in range(3):
                        toy.notes.get(1)
                assert [warning.category for warning in caught] == [BlockingCallWarning]
                assert caught[0].filename == __file__
        with Toy("key", base_url=URL) as toy:
            toy.notes.get(0)
            asyncio.run(main())
        """
    )
    finish(child)


def test_both_clients_in_one_notebook_cell(server: Server, toy_root: Path, start: Start, finish: Finish) -> None:
    for module in ("nbclient", "ipykernel"):
        pytest.importorskip(module, reason=f"{module} is not installed, so NOTHING IS KNOWN about notebooks")
    child = start(
        f"""
        import warnings
        warnings.resetwarnings()
        warnings.simplefilter("ignore")  # Those of the notebook's own libraries are not ours.
        import nbclient, nbformat
        cells = [
            "import sys, warnings; sys.path.insert(0, {str(toy_root)!r})",
            "warnings.simplefilter('error')",
            "from toy_async.sync.client import Toy; from toy_async.client import AsyncToy",
            "toy = Toy('key', base_url='{server.url}'); other = AsyncToy('key', base_url='{server.url}')",
            "print(toy.notes.get(1), list(toy.notes.all(size=2, limit=4)), await other.notes.get(2))",
            "toy.close(); await other.aclose()",
        ]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        nbclient.NotebookClient(notebook, timeout=30, kernel_name="python3").execute()
        outputs = [output for cell in notebook.cells for output in cell.outputs]
        assert [output.output_type for output in outputs] == ["stream"], outputs
        assert outputs[0].name == "stdout", outputs
        print(outputs[0].text)
        """
    )
    output, errors = child.communicate(timeout=100)
    assert child.returncode == 0, errors
    assert output.strip() == "{'number': '1'} [0, 1, 2, 3] {'number': '2'}"
