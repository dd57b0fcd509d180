"""``nusantara tour``: an honest run over a real socket."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys

import pytest

from nusantara.cli.stage import Stage
from nusantara.sandbox import Fault, Sandbox

from .conftest import Command


@pytest.fixture(scope="module")
def tour() -> str:
    result = Command()("tour")
    assert (result.code, result.err) == (0, "")
    return result.out


def step(tour: str, title: str) -> str:
    """The part of the output from a step's title to the next step."""
    found = re.search(rf"^\d+\. {re.escape(title)}.*?(?=^\d+\. |\n\n\n|\Z)", tour, re.DOTALL | re.MULTILINE)
    assert found is not None, title
    return found[0]


def test_it_shows_the_code_the_wire_and_the_result(tour: str) -> None:
    first_page = step(tour, "The first page of the inbox")
    assert "     page = await bukalapak.messages.inbox(per_page=3)\n" in first_page
    assert "   -> GET /v1/messages.json?page=1&per_page=3 <- 200\n" in first_page
    assert "   = 2017-08-26 Laras Widuri | Sudah saya bayar...\n" in first_page


def test_pages_are_fetched_as_needed(tour: str) -> None:
    assert len(re.findall(r"-> GET /v1/messages\.json\?page=[123]&per_page=5 <- 200", tour)) == 6


def test_a_refusal_has_the_words_of_the_vendor(tour: str) -> None:
    wrong = step(tour, "A wrong password")
    assert "   -> POST /v1/authenticate.json <- 401\n" in wrong
    assert "   = AuthFailed: POST /v1/authenticate.json: Invalid password\n" in wrong
    assert "Gagal membaca message" in step(tour, "Delete it.")


def test_a_broken_connection_is_survived(tour: str) -> None:
    broken = step(tour, "The connection breaks under a call that only reads")
    assert "<- no answer (fault reset_after_read; not carried out)\n" in broken
    assert "per_page=1 <- 200\n   = Laras Widuri\n" in broken


def test_an_unknown_outcome_has_happened_once(tour: str) -> None:
    lost = step(tour, "The answer to a new message is lost: it is not sent again")
    assert lost.count("-> POST /v1/messages.json") == 1
    assert "<- no answer (fault drop_after_execute; carried out)" in lost
    assert "= OutcomeUnknown: POST /v1/messages.json: it may or may not have been carried out" in lost
    assert tour.count("= messages with this text in the sandbox: 1\n") == 2


def test_it_walks_async_and_sync(tour: str) -> None:
    assert "\nbukalapak, async\n" in tour
    assert "\nbukalapak, sync: the same names, no await\n" in tour
    assert "with Bukalapak(user_id, wrong, base_url=base_url) as stranger:" in tour


def test_no_secret_is_shown(tour: str) -> None:
    credentials = Sandbox(vendors=["bukalapak"]).vendors["bukalapak"].credentials()
    for secret in (credentials["token"], credentials["password"], credentials["partner"]["token"]):
        assert secret not in tour


def test_it_is_quick(tour: str) -> None:
    seconds = re.search(r"^\d+ steps in ([\d.]+) s", tour, re.MULTILINE)
    assert seconds is not None
    assert float(seconds[1]) < 10


def test_one_vendor_whatever_the_environment_says() -> None:
    odd = Command(
        {
            "HTTP_PROXY": "http://127.0.0.1:9",
            "NO_PROXY": "",
            "NUSANTARA_MAX_ATTEMPTS": "1",
            "NUSANTARA_TIMEOUT": "0.001",
        }
    )
    result = odd("tour", "--vendor", "bukalapak")
    assert (result.code, result.err) == (0, "")
    assert "<- no answer (fault reset_after_read; not carried out)" in result.out


def test_rich_is_not_needed() -> None:
    code = (
        "import sys; sys.modules['rich'] = None\nfrom nusantara.cli import main\n"
        "code = main(['tour']); print('rich.console' in sys.modules); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=Command().environment, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("False\n")


def test_a_vendor_that_does_not_exist() -> None:
    result = Command()("tour", "--vendor", "bukalapk")
    assert (result.code, result.err) == (
        2,
        "error: there is no vendor 'bukalapk'\nhint: did you mean bukalapak?\n",
    )


def test_an_interrupted_tour_ends_with_130() -> None:
    code = """
import signal, sys, threading, os
import bukalapak_async.tour as tour
from nusantara.sandbox import Fault

def walk_sync(stage):
    stage.sandbox.faults.add(Fault.latency(60))
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    with tour.Bukalapak(base_url=stage.base_url) as bukalapak:
        bukalapak.account.authenticate("a", "b")

tour.walk_sync = walk_sync
from nusantara.cli import main
sys.exit(main(["tour"]))
"""
    process = Command().start(
        python=(sys.executable, "-c", code),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, b"error: interrupted\n")


def test_a_reader_that_goes_early_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = Command().start("tour", stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (141, b"")


def test_the_stage_prints_what_really_happened() -> None:
    import asyncio

    from bukalapak_async import AsyncBukalapak

    output = io.StringIO()
    with Sandbox(vendors=["bukalapak"]).in_thread() as sandbox:
        stage = Stage(sandbox, "bukalapak", output)
        user_id, token = stage.credentials["user_id"], stage.credentials["token"]

        async def walk() -> None:
            async with AsyncBukalapak(user_id, token, base_url=stage.base_url) as bukalapak:
                with stage.step("One call"):
                    sandbox.faults.add(Fault.unavailable("0"), times=1)
                    page = await bukalapak.messages.inbox(per_page=1)
                    stage.show(len(page.items), "item")

        asyncio.run(walk())
    assert output.getvalue() == (
        "\n1. One call\n"
        '     sandbox.faults.add(Fault.unavailable("0"), times=1)\n'
        "     page = await bukalapak.messages.inbox(per_page=1)\n"
        '     stage.show(len(page.items), "item")\n'
        "   -> GET /v1/messages.json?page=1&per_page=1 <- 503 (fault status; not carried out)\n"
        "   -> GET /v1/messages.json?page=1&per_page=1 <- 200\n"
        "   = 1 item\n"
    )
