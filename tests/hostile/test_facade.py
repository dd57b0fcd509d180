"""The sync clients where there is a loop already, in many threads, at the end of the program, and after a crash."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.faults import Seen
from support.flavours import Flavour
from support.scripts import Finish, Server, Start, finish, finish_fixture, server, start

from bukalapak_async import Bukalapak
from nusantara.errors import ClosedClient, NoAnswer, OutcomeUnknown, WrongLoop
from nusantara.hooks import Event, Hooks
from nusantara.sync import portal as portal_module
from nusantara.sync.portal import BlockingCallWarning, Portal

__all__ = ["finish", "finish_fixture", "server", "start"]

NO_FACADE = "an async client runs in the caller's own loop: there is no facade that could be used wrongly"

facade = pytest.mark.only("sync", why=NO_FACADE)


@pytest.fixture
def portal() -> Iterator[Portal]:
    """A loop of this test for all sync clients that it makes."""
    own = Portal()
    before = portal_module.replace_shared(own)
    yield own
    portal_module.replace_shared(before)
    own.close()


@pytest.fixture
def shop(server: Server, portal: Portal) -> Iterator[Bukalapak]:
    with Bukalapak("6", "kunci-rahasia-1945", base_url=server.url) as client:
        yield client


def until(condition: Callable[[], bool]) -> bool:
    """Whether something becomes so soon."""
    end = time.monotonic() + 5
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def echo(shop: Any, number: int = 1) -> Any:
    return shop.request("GET", "/echo", params={"n": number}).json()


@facade
async def test_g61_in_a_running_loop(shop: Bukalapak, seen: Seen) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(3):
            line = sys._getframe().f_lineno + 1
            assert shop.request("GET", "/echo", params={"n": 1}).json() == {"n": "1"}
        assert shop.request("GET", "/echo", params={"n": 2}).json() == {"n": "2"}
    ours = [warning for warning in caught if warning.category is BlockingCallWarning]
    assert {warning.filename for warning in ours} == {__file__}
    assert [warning.lineno for warning in ours] == [line, line + 1]
    assert "await bukalapak_async.client.AsyncBukalapak.request" in str(ours[0].message)
    await asyncio.to_thread(shop.close)
    seen(f"works; {len(ours)} {ours[0].category.__name__} that names the line and the coroutine")


@facade
def test_g61_in_a_notebook(server: Server, start: Start, seen: Seen) -> None:
    for module in ("nbclient", "ipykernel"):
        pytest.importorskip(module, reason=f"{module} is not installed, so NOTHING IS KNOWN about notebooks")
    child = start(
        f"""
        import warnings
        warnings.resetwarnings()
        warnings.simplefilter("ignore")  # Those of the notebook's own libraries are not ours.
        import nbclient, nbformat
        cells = [
            "import warnings; warnings.simplefilter('error')",
            "from bukalapak_async import AsyncBukalapak, Bukalapak",
            "shop, other = (kind('6', 'kunci', base_url='{server.url}') for kind in (Bukalapak, AsyncBukalapak))",
            "print(shop.request('GET', '/echo', params={{'n': 1}}).json(), end=' ')",
            "print((await other.request('GET', '/echo', params={{'n': 2}})).json())",
            "shop.close(); await other.aclose()",
        ]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
        outputs = [output for cell in notebook.cells for output in cell.outputs]
        assert {{output.get("name") for output in outputs}} == {{"stdout"}}, outputs
        print("".join(output.text for output in outputs))
        """
    )
    output, errors = child.communicate(timeout=100)
    assert child.returncode == 0, errors
    assert output.strip() == "{'n': '1'} {'n': '2'}"
    seen(f"works in a notebook, beside the async client: {output.strip()}")


@facade
def test_g61_in_its_own_hook(server: Server, portal: Portal, seen: Seen) -> None:
    caught: list[BaseException] = []
    took: list[float] = []

    def hook(event: Event) -> None:
        began = time.perf_counter()
        try:
            echo(shop, 2)
        except BaseException as error:
            caught.append(error)
        took.append(time.perf_counter() - began)

    with Bukalapak("6", "kunci-rahasia-1945", base_url=server.url, hooks=Hooks(before=hook)) as shop:
        assert echo(shop) == {"n": "1"}
    [error] = caught
    assert isinstance(error, WrongLoop)
    assert "await bukalapak_async.client.AsyncBukalapak.request" in str(error.hint)
    assert len(server.requests) == 1
    seen(error, f"{took[0] * 1000:.1f} ms, and the call goes on")


@facade
def test_g61_in_32_threads(server: Server, portal: Portal, seen: Seen) -> None:
    answers: list[Any] = []
    most = 0

    def caller(start: int) -> None:
        nonlocal most
        try:
            for number in range(start, start + 50):
                answers.append(echo(shop, number)["n"] == str(number))
                most = max(most, server.connections())
        except BaseException as error:
            answers.append(error)

    with Bukalapak("6", "kunci-rahasia-1945", base_url=server.url, max_connections=8) as shop:
        threads = [threading.Thread(target=caller, args=(start * 1000,)) for start in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        loops = sum(thread.name == "nusantara-loop" and thread is _thread(portal) for thread in threading.enumerate())
    assert answers == [True] * 1600
    assert len(server.requests) == 1600
    assert loops == 1
    assert 1 < most <= 8
    assert until(lambda: server.connections() == 0)
    seen(f"{sum(answers)} of 1600 calls answered, {loops} loop", f"{most} connections of at most 8")


def _thread(portal: Portal) -> threading.Thread:
    assert portal._worker is not None
    return portal._worker.thread


@facade
def test_g61_at_the_exit_of_the_interpreter(server: Server, start: Start, finish: Finish, seen: Seen) -> None:
    best = float("inf")
    for _ in range(3):
        child = start(
            """
            from bukalapak_async import Bukalapak
            shop = Bukalapak("6", "kunci-rahasia-1945", base_url=URL)
            for _ in range(4):
                threading.Thread(target=shop.request, args=("GET", "/hold"), daemon=True).start()
            time.sleep(0.5)
            print("over", flush=True)
            sys.exit(5)
            """,
            url=server.url,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "over\n"
        began = time.monotonic()
        assert finish(child, code=5) == ""
        best = min(best, time.monotonic() - began)
        if best < 2:
            break
    assert best < 2
    assert server.gone.wait(1)
    seen(f"exit code {child.returncode} with calls in flight, nothing printed", f"{best:.1f} s")


async def test_g61_after_close(flavour: str, open_client: Any, server: Server, seen: Seen) -> None:
    client: Flavour[Any] = open_client(server.url)
    await client(lambda shop: shop.request("GET", "/echo"))
    await client.close()
    await client.close()
    with pytest.raises(ClosedClient, match="Bukalapak is closed") as caught:
        await client(lambda shop: shop.request("GET", "/echo"))
    with pytest.raises(ClosedClient):
        await client(lambda shop: shop.with_options(timeout=1).request("GET", "/echo"))
    assert client.core.closed
    assert len(server.requests) == 1
    seen(caught.value)


class Crash(BaseException):
    """Not an Exception, so that few expect it."""


def kill(portal: Portal, crash: BaseException) -> threading.Thread:
    """Have the loop itself raise, once: asyncio passes on what its selector raises, whatever it is."""
    worker = portal._worker
    assert worker is not None
    assert worker.selector is not None

    def select(timeout: float | None = None) -> Any:
        del worker.selector.select  # type: ignore[union-attr]
        raise crash

    worker.selector.select = select  # type: ignore[method-assign]
    worker.loop.call_soon_threadsafe(lambda: None)
    worker.thread.join(5)
    assert not worker.thread.is_alive()
    return worker.thread


@facade
@pytest.mark.parametrize("kind", [Crash, SystemExit, KeyboardInterrupt])
def test_g62_the_thread_of_the_loop_is_killed(
    shop: Bukalapak, server: Server, portal: Portal, seen: Seen, kind: Callable[[str], BaseException]
) -> None:
    assert echo(shop) == {"n": "1"}
    killed = kill(portal, kind("injected"))
    with pytest.raises(NoAnswer, match="died") as caught:
        echo(shop, 2)
    assert type(caught.value.__cause__) is kind
    assert until(lambda: server.connections() == 0)
    served = [echo(shop, number) for number in range(3, 6)]
    assert served == [{"n": "3"}, {"n": "4"}, {"n": "5"}]
    assert [target.rpartition("=")[2] for target in server.requests] == ["1", "3", "4", "5"]
    assert _thread(portal) is not killed
    cause = type(caught.value.__cause__).__name__
    seen(f"{type(caught.value).__name__} once, caused by {cause}, then {len(served)} of 3 calls answered by a new loop")


@facade
def test_g62_the_loop_is_killed_during_calls(shop: Bukalapak, server: Server, portal: Portal, seen: Seen) -> None:
    errors: list[BaseException] = []

    def call() -> None:
        try:
            shop.request("POST", "/hold")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=call) for _ in range(5)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert server.holding.acquire(timeout=10)

    began = time.monotonic()
    kill(portal, Crash("injected"))
    for thread in threads:
        thread.join(10)
    elapsed = time.monotonic() - began
    assert [type(error) for error in errors] == [OutcomeUnknown] * 5
    assert {getattr(error, "sent", None) for error in errors} == {"maybe"}
    assert echo(shop, 2) == {"n": "2"}
    seen(errors[0], f"all {len(errors)} calls in flight end in {elapsed:.2f} s")
