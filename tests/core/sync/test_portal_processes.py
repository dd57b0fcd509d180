"""The portal in processes of its own: fork, signals, exit, notebooks. All under ``-W error -X dev``, stderr empty."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from core.sync.conftest import Server, Start

Finish = Callable[..., str]

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


# --- Fork


@needs_fork
def test_child_forked_at_idle_answers_in_under_a_second(server: Server, start: Start, finish: Finish) -> None:
    child = start(
        """
        portal = shared()
        portal.run(fetch, "/echo?a=1")
        def act():
            began = time.monotonic()
            assert portal.run(fetch, "/echo?a=2") == {"a": "2"}
            assert time.monotonic() - began < 1
        assert in_child(act) == 0
        assert portal.run(fetch, "/echo?a=3") == {"a": "3"}
        """,
        url=server.url,
    )
    finish(child)
    assert server.requests == ["/echo?a=1", "/echo?a=2", "/echo?a=3"]


@needs_fork
def test_child_forked_during_a_call_answers_and_the_call_of_the_parent_goes_on(
    server: Server, start: Start, finish: Finish
) -> None:
    child = start(
        """
        portal, results = shared(), []
        portal.run(fetch, "/echo")
        thread = threading.Thread(target=lambda: results.append(portal.run(fetch, "/hold?seconds=1")))
        thread.start()
        time.sleep(0.3)
        def act():
            began = time.monotonic()
            assert portal.run(fetch, "/echo?a=2") == {"a": "2"}
            assert time.monotonic() - began < 1
        assert in_child(act) == 0
        thread.join()
        assert results == [{"seconds": "1"}], results
        """,
        url=server.url,
    )
    finish(child)


@needs_fork
def test_children_forked_while_the_loop_starts_answer(server: Server, start: Start, finish: Finish) -> None:
    child = start(
        """
        sys.setswitchinterval(1e-5)
        async def one():
            return 1
        def act():
            began = time.monotonic()
            assert portal.run(one) == 1
            assert time.monotonic() - began < 1
        for delay in range(40):
            portal = Portal()
            thread = threading.Thread(target=portal.run, args=(one,))
            thread.start()
            until = time.perf_counter() + delay * 2e-5
            while time.perf_counter() < until:
                pass
            code = in_child(act)
            assert code == 0, (delay, code)
            thread.join()
            portal.close()
        """
    )
    finish(child, within=60)


@needs_fork
@pytest.mark.parametrize(
    ("held", "taken"),
    [("import slow_to_load", "import slow_to_load"), ("with lock: time.sleep(0.3)", "with lock: pass")],
    ids=["module", "lock"],
)
def test_child_forked_in_the_middle_of_a_step_finds_no_lock_held(
    start: Start, finish: Finish, tmp_path: Path, held: str, taken: str
) -> None:
    (tmp_path / "slow_to_load.py").write_text("import time\ntime.sleep(0.3)\n")
    child = start(
        f"""
        sys.path.insert(0, {str(tmp_path)!r})
        portal, lock = shared(), threading.Lock()
        async def hold():
            {held}
        def take():
            {taken}
        thread = threading.Thread(target=lambda: portal.run(hold))
        thread.start()
        time.sleep(0.1)
        assert in_child(take) == 0
        thread.join()
        """
    )
    finish(child)


@needs_fork
def test_a_step_that_does_not_end_holds_up_a_fork_for_a_second(start: Start, finish: Finish) -> None:
    child = start(
        """
        portal = shared()
        async def block():
            time.sleep(2.5)
        async def one():
            return 1
        thread = threading.Thread(target=lambda: portal.run(block))
        thread.start()
        time.sleep(0.1)
        began = time.monotonic()
        def act():
            assert portal.run(one) == 1
        assert in_child(act) == 0
        assert 0.9 < time.monotonic() - began < 2
        thread.join()
        assert portal.run(one) == 1
        """
    )
    finish(child)


@needs_fork
def test_fork_in_the_loop_itself(start: Start, finish: Finish) -> None:
    child = start(
        """
        portal = shared()
        async def fork():
            began = time.monotonic()
            code = in_child(lambda: None)
            return code, time.monotonic() - began
        code, seconds = portal.run(fork)
        assert code == 0 and seconds < 0.9, (code, seconds)
        """
    )
    finish(child)


@needs_fork
def test_fork_with_the_lock_of_the_start_held(start: Start, finish: Finish) -> None:
    child = start(
        """
        async def one():
            return 1
        portal = Portal()
        held = portal._lock
        held.acquire()
        thread = threading.Thread(target=portal.run, args=(one,))
        thread.start()
        time.sleep(0.1)
        assert in_child(lambda: portal.run(one) - 1) == 0
        held.release()
        thread.join()
        """
    )
    finish(child)


@needs_fork
def test_child_holds_none_of_the_sockets_of_the_parent(server: Server, start: Start, finish: Finish) -> None:
    child = start(
        """
        portal = shared()
        class Keeper:
            async def open(self):
                self.session = aiohttp.ClientSession()
                await self.use()
            async def use(self):
                async with self.session.get(URL + "/echo") as response:
                    await response.read()
            async def aclose(self):
                await self.session.close()
        keeper = Keeper()
        portal.run(keeper.open)
        def sockets():
            names = [os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]
            return [name for name in names if "socket:" in name]
        before = set(sockets())
        def act():
            left = set(sockets())
            # One end of the pair that wakes the parent's loop is not registered with its selector.
            assert len(before) == 3 and len(left) <= 1, (before, left)
        assert in_child(act) == 0
        assert set(sockets()) == before
        portal.run(keeper.use)
        assert set(sockets()) == before
        portal.run(keeper.aclose)
        """,
        url=server.url,
    )
    if not os.path.isdir("/proc/self/fd"):
        pytest.skip("descriptors are listed through /proc, which this system does not have")
    finish(child)


@needs_fork
def test_child_that_exits_the_long_way_is_silent_and_leaves_the_parent_working(
    server: Server, start: Start, finish: Finish
) -> None:
    child = start(
        """
        import gc
        portal = shared()
        portal.run(fetch, "/echo")
        if (pid := os.fork()) == 0:
            portal.run(fetch, "/echo?who=child")
            del portal
            gc.collect()
            sys.exit(7)
        _, status = os.waitpid(pid, 0)
        assert os.waitstatus_to_exitcode(status) == 7
        assert portal.run(fetch, "/echo?who=parent") == {"who": "parent"}
        """,
        url=server.url,
    )
    finish(child)
    assert server.requests[1:] == ["/echo?who=child", "/echo?who=parent"]


@needs_fork
def test_fork_beside_a_closed_portal(start: Start, finish: Finish) -> None:
    child = start(
        """
        closed = Portal()
        closed.run(asyncio.sleep, 0)
        closed.close()
        assert in_child(lambda: shared().run(asyncio.sleep, 0, 0)) == 0
        """
    )
    finish(child)


@needs_fork
def test_fork_of_a_fork(server: Server, start: Start, finish: Finish) -> None:
    child = start(
        """
        portal = shared()
        portal.run(fetch, "/echo")
        def grandchild():
            return 0 if portal.run(fetch, "/echo?a=3") == {"a": "3"} else 1
        def act():
            assert in_child(grandchild) == 0
            assert portal.run(fetch, "/echo?a=2") == {"a": "2"}
            return in_child(grandchild)
        assert in_child(act) == 0
        """,
        url=server.url,
    )
    finish(child)


@needs_fork
def test_signal_handler_that_forks_in_the_middle_of_a_call(server: Server, start: Start, finish: Finish) -> None:
    child = start(
        """
        import signal
        from nusantara.errors import NoAnswer
        children = []
        def handler(*_):
            children.append(os.fork())
        signal.signal(signal.SIGUSR1, handler)
        parent = os.getpid()
        threading.Timer(0.3, os.kill, (parent, signal.SIGUSR1)).start()
        try:
            assert shared().run(fetch, "/hold?seconds=1") == {"seconds": "1"}
        except NoAnswer as error:
            os._exit(5 if "forked" in str(error) and os.getpid() != parent else 6)
        assert os.getpid() == parent
        _, status = os.waitpid(children[0], 0)
        assert os.waitstatus_to_exitcode(status) == 5
        """,
        url=server.url,
    )
    finish(child)


@needs_fork
def test_multiprocessing_workers_of_both_kinds(server: Server, start: Start, finish: Finish) -> None:
    child = start(
        """
        import multiprocessing
        def work(number):
            return shared().run(fetch, f"/echo?a={number}")["a"]
        if __name__ == "__main__":
            shared().run(fetch, "/echo")
            for method in ("fork", "spawn"):
                with multiprocessing.get_context(method).Pool(2) as pool:
                    assert pool.map(work, range(4)) == ["0", "1", "2", "3"]
                    pool.close()
                    pool.join()
        """,
        url=server.url,
    )
    finish(child, within=60)


# --- Signals


def test_ctrl_c_returns_within_a_second_and_the_server_sees_the_caller_go(
    server: Server, start: Start, finish: Finish
) -> None:
    child = start(
        """
        try:
            shared().run(fetch, "/hold")
        except KeyboardInterrupt:
            print("interrupted")
        assert shared().run(fetch, "/echo?a=2") == {"a": "2"}
        """,
        url=server.url,
    )
    assert server.holding.acquire(timeout=20)
    time.sleep(0.1)
    sent = time.monotonic()
    child.send_signal(signal.SIGINT)
    assert server.gone.wait(2)
    assert server.gone_at[0] - sent < 1
    assert finish(child) == "interrupted\n"
    assert time.monotonic() - sent < 4


def test_ctrl_c_ends_a_script_that_does_not_handle_it_with_the_usual_code(server: Server, start: Start) -> None:
    child = start('shared().run(fetch, "/hold")', url=server.url)
    assert server.holding.acquire(timeout=20)
    time.sleep(0.1)
    child.send_signal(signal.SIGINT)
    began = time.monotonic()
    _, errors = child.communicate(timeout=20)
    assert time.monotonic() - began < 2.5
    assert child.returncode == -signal.SIGINT
    assert errors.strip().endswith("KeyboardInterrupt")
    assert "portal.py" in errors
    assert "Task was destroyed" not in errors
    assert "Unclosed" not in errors


def test_second_ctrl_c_returns_at_once(server: Server, start: Start, finish: Finish) -> None:
    child = start(
        """
        async def stubborn():
            try:
                await fetch("/hold")
            finally:
                await fetch("/hold?second=1")
        try:
            shared().run(stubborn)
        except KeyboardInterrupt:
            print(time.monotonic(), flush=True)
            os._exit(0)
        """,
        url=server.url,
    )
    assert server.holding.acquire(timeout=20)
    child.send_signal(signal.SIGINT)
    assert server.holding.acquire(timeout=5)
    second = time.monotonic()
    child.send_signal(signal.SIGINT)
    assert float(finish(child)) - second < 0.5


def test_exit_raised_by_a_signal_handler_keeps_its_code(server: Server, start: Start, finish: Finish) -> None:
    child = start(
        """
        import signal
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(9))
        shared().run(fetch, "/hold")
        """,
        url=server.url,
    )
    assert server.holding.acquire(timeout=20)
    began = time.monotonic()
    child.send_signal(signal.SIGTERM)
    finish(child, code=9)
    assert time.monotonic() - began < 2.5
    assert server.gone.wait(1)


# --- Exit


def ends_within(child: subprocess.Popen[str], finish: Finish, seconds: float, code: int = 0) -> None:
    """The script prints a line when it has nothing more to do."""
    assert child.stdout is not None
    assert child.stdout.readline() == "over\n"
    began = time.monotonic()
    finish(child, code=code)
    assert time.monotonic() - began < seconds


@pytest.mark.parametrize("code", [0, 5])
def test_exit_after_calls_is_quick_and_silent(server: Server, start: Start, finish: Finish, code: int) -> None:
    child = start(
        f"""
        shared().run(fetch, "/echo")
        print("over", flush=True)
        sys.exit({code})
        """,
        url=server.url,
    )
    ends_within(child, finish, 2, code)


def test_exit_after_an_uncaught_error_keeps_its_code(start: Start) -> None:
    child = start("shared().run(asyncio.sleep, 0)\nraise ValueError('of the user')")
    _, errors = child.communicate(timeout=20)
    assert child.returncode == 1
    assert errors.strip().endswith("ValueError: of the user")


@pytest.mark.parametrize("daemons", [1, 8])
def test_exit_with_calls_in_flight_is_quick_and_silent(
    server: Server, start: Start, finish: Finish, daemons: int
) -> None:
    child = start(
        f"""
        for _ in range({daemons}):
            threading.Thread(target=shared().run, args=(fetch, "/hold"), daemon=True).start()
        time.sleep(0.5)
        print("over", flush=True)
        sys.exit(5)
        """,
        url=server.url,
    )
    ends_within(child, finish, 2, 5)
    assert server.gone.wait(1)


def test_exit_while_daemon_threads_call_again_and_again(start: Start, finish: Finish) -> None:
    child = start(
        """
        def hammer():
            while True:
                shared().run(asyncio.sleep, 0)
        for _ in range(8):
            threading.Thread(target=hammer, daemon=True).start()
        time.sleep(0.5)
        print("over", flush=True)
        """
    )
    ends_within(child, finish, 2)


def test_exit_waits_for_the_call_of_an_ordinary_thread(server: Server, start: Start, finish: Finish) -> None:
    child = start(
        """
        shared().run(asyncio.sleep, 0)
        threading.Thread(target=lambda: print(shared().run(fetch, "/hold?seconds=1"))).start()
        """,
        url=server.url,
    )
    assert finish(child) == "{'seconds': '1'}\n"


def test_a_first_call_after_the_end_of_the_main_thread_is_answered_or_refused(
    server: Server, start: Start, finish: Finish
) -> None:
    child = start(
        """
        from nusantara.errors import ClosedClient
        def late():
            threading.main_thread().join()
            try:
                print(shared().run(fetch, "/hold?seconds=0"))
            except ClosedClient as error:
                print(error)
        threading.Thread(target=late).start()
        """,
        url=server.url,
    )
    # Python 3.12 lets no thread start then.
    assert finish(child) in ("{'seconds': '0'}\n", "the interpreter is exiting, so no call can be made\n")


def test_calls_in_exit_handlers_are_answered_or_refused_but_never_hang(start: Start, finish: Finish) -> None:
    child = start(
        """
        import atexit
        from nusantara.errors import ClosedClient
        portal = shared()
        class Late:
            def __del__(self, run=portal.run, fn=asyncio.sleep, refusal=ClosedClient, write=os.write):
                try:
                    run(fn, 0)
                except refusal:
                    write(1, b"refused\\n")
        portal.run(asyncio.sleep, 0)
        atexit.register(lambda: print("answered", portal.run(asyncio.sleep, 0, "yes"), flush=True))
        late = Late()
        """
    )
    assert finish(child) == "answered yes\nrefused\n"


def test_exit_handler_that_was_there_before_the_portal_is_refused(start: Start, finish: Finish) -> None:
    child = start(
        """
        import atexit, subprocess
        code = '''
        import atexit, asyncio
        def late():
            from nusantara.errors import ClosedClient
            try:
                shared().run(asyncio.sleep, 0)
            except ClosedClient as error:
                print(error)
        atexit.register(late)
        from nusantara.sync.portal import shared
        shared().run(asyncio.sleep, 0)
        '''
        import textwrap
        done = subprocess.run([sys.executable, "-W", "error", "-X", "dev", "-c", textwrap.dedent(code)],
                              capture_output=True, text=True, timeout=10)
        assert done.stderr == "", done.stderr
        assert done.stdout == "the interpreter is exiting, so no call can be made\\n", done.stdout
        """
    )
    finish(child)


def test_blocked_loop_does_not_hold_up_the_exit_for_long(start: Start) -> None:
    child = start(
        """
        async def block():
            time.sleep(30)
        threading.Thread(target=shared().run, args=(block,), daemon=True).start()
        time.sleep(0.3)
        print("over", flush=True)
        """
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "over\n"
    began = time.monotonic()
    child.communicate(timeout=20)
    assert time.monotonic() - began < 3


# --- Running loops


def test_slow_step_of_a_call_is_not_reported_in_development_mode(start: Start, finish: Finish) -> None:
    child = start(
        """
        async def slow():
            time.sleep(0.3)
        shared().run(slow)
        """
    )
    finish(child)


def test_call_under_asyncio_run_works(server: Server, start: Start, finish: Finish) -> None:
    child = start(
        """
        import warnings
        from nusantara.sync.portal import BlockingCallWarning
        async def main():
            asyncio.get_running_loop().slow_callback_duration = 60
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("default")
                for _ in range(3):
                    assert shared().run(fetch, "/echo?a=1") == {"a": "1"}
            assert [warning.category for warning in caught] == [BlockingCallWarning]
            try:
                shared().run(fetch, "/echo?never=1")
            except BlockingCallWarning:
                return "forbidden"
        shared().run(fetch, "/echo")
        assert asyncio.run(main()) == "forbidden"
        """,
        url=server.url,
    )
    finish(child)
    assert server.requests == ["/echo"] + ["/echo?a=1"] * 3


def test_uvloop_portal_ends_and_forks_quietly(server: Server, start: Start, finish: Finish) -> None:
    pytest.importorskip("uvloop", reason="uvloop is not installed, so its choice cannot be tested")
    child = start(
        """
        portal = shared()
        portal.run(fetch, "/echo")
        if hasattr(os, "fork"):
            if (pid := os.fork()) == 0:
                assert portal.run(fetch, "/echo?who=child") == {"who": "child"}
                sys.exit(7)
            assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
        assert portal.run(fetch, "/echo?who=parent") == {"who": "parent"}
        threading.Thread(target=portal.run, args=(fetch, "/hold"), daemon=True).start()
        time.sleep(0.3)
        """,
        url=server.url,
        env={"NUSANTARA_LOOP": "uvloop"},
    )
    finish(child)
