"""The sandbox driven over HTTP, and as a program of its own."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from nusantara.sandbox import Fault, Sandbox

ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}

Control = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
async def control(sandbox: Sandbox) -> AsyncIterator[Control]:
    async with aiohttp.ClientSession(sandbox.base_url) as session:

        async def call(method: str, path: str, document: Any = None) -> tuple[int, Any]:
            data = document if isinstance(document, bytes) else json.dumps(document)
            headers = {} if document is None else {"Content-Type": "application/json"}
            body = None if document is None else data
            async with session.request(method, path, data=body, headers=headers) as answer:
                return answer.status, await answer.json()

        yield call


async def test_credentials_are_those_of_the_object(sandbox: Sandbox, control: Control) -> None:
    assert await control("GET", "/_sandbox/credentials") == (200, sandbox.credentials)


async def test_requests_are_listed_with_their_bodies_and_narrowed(sandbox: Sandbox, control: Control) -> None:
    await control("POST", "/v1/messages.json?a=%20", b"caf\xc3\xa9")
    await control("DELETE", "/v1/messages/x.json", b"\xff")
    await control("GET", "/elsewhere")
    _, listed = await control("GET", "/_sandbox/requests")
    first, second, third = listed["requests"]
    assert (first["path"], first["query"], first["body"], first["status"]) == (
        "/v1/messages.json?a=%20",
        [["a", " "]],
        "caf\u00e9",
        401,
    )
    assert base64.b64decode(second["body_base64"]) == b"\xff"
    assert third["vendor"] is None
    for question, found in (("vendor=bukalapak", [first, second]), ("operation=delete_conversation", [second])):
        assert (await control("GET", f"/_sandbox/requests?{question}"))[1] == {"requests": found}
    assert len(sandbox.requests) == 3


async def test_faults_are_switched_and_struck(sandbox: Sandbox, control: Control) -> None:
    status, added = await control(
        "POST",
        "/_sandbox/faults",
        {"kind": "status", "status": 503, "body": "{}", "headers": {"Content-Type": "application/json"}},
    )
    assert (status, added["number"], added["fired"]) == (201, 1, 0)
    assert (await control("GET", "/v1/messages.json"))[0] == 503
    sandbox.faults.add(Fault.latency(0))
    _, listed = await control("GET", "/_sandbox/faults")
    assert [fault["kind"] for fault in listed["faults"]] == ["status", "latency"]
    assert (await control("DELETE", "/_sandbox/faults/1"))[0] == 200
    for number in ("1", "02", "x", "9" * 5_000):
        assert (await control("DELETE", f"/_sandbox/faults/{number}"))[0] == 404
    assert (await control("DELETE", "/_sandbox/faults"))[0] == 200
    assert sandbox.faults.active == []


@pytest.mark.parametrize("document", [b"", b"{", b"[]", {"kind": "nonsense"}, {"kind": "latency", "seconds": -1}])
async def test_a_fault_that_makes_no_sense_is_a_400_that_says_why(control: Control, document: Any) -> None:
    status, answer = await control("POST", "/_sandbox/faults", document)
    assert status == 400
    assert answer["error"]


async def test_reset_over_http(sandbox: Sandbox, control: Control) -> None:
    sandbox.bukalapak.send("155218", "71203", "Kak?")
    await control("GET", "/v1/messages.json")
    assert (await control("POST", "/_sandbox/reset"))[0] == 200
    assert sandbox.requests == []
    assert sandbox.bukalapak.messages[-1].body_bb != "Kak?"


async def test_the_controls_are_neither_logged_nor_struck(sandbox: Sandbox, control: Control) -> None:
    sandbox.faults.add(Fault.drop_after_execute())
    assert (await control("GET", "/_sandbox/deliveries")) == (200, {"deliveries": []})
    assert (await control("GET", "/_sandbox/nothing"))[0] == 404
    assert sandbox.requests == []


@contextlib.contextmanager
def start(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "nusantara.sandbox", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
async def test_the_program_prints_one_json_line_serves_and_ends_cleanly(ending: signal.Signals) -> None:
    with start("--json") as process:
        assert process.stdout is not None
        facts = json.loads(await asyncio.to_thread(process.stdout.readline))
        user = facts["bukalapak"]
        basic = base64.b64encode(f"{user['user_id']}:{user['token']}".encode()).decode()
        async with (
            aiohttp.ClientSession(facts["base_url"], headers={"Authorization": f"Basic {basic}"}) as session,
            session.get("/v1/messages.json") as answer,
        ):
            assert (await answer.json())["status"] == "OK"
            process.send_signal(ending)
            output, errors = await asyncio.to_thread(process.communicate, timeout=10)
        assert (process.returncode, output, errors) == (0, "", "")


@pytest.mark.shows_secrets(why="the sandbox prints its own credentials for whoever wants to try it")
def test_the_program_prints_commands_that_can_be_pasted() -> None:
    with start() as process:
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or not lines[-1].startswith("  curl -X POST"):
            lines.append(process.stdout.readline().rstrip("\n"))
        commands = [line.strip() for line in lines if line.startswith("  curl ")]
        assert len(commands) >= 6
        if shutil.which("curl"):
            for command in commands:
                done = subprocess.run(command.replace("curl", "curl -sSf", 1), shell=True, capture_output=True)
                assert done.returncode == 0, (command, done.stderr)
                document = json.loads(done.stdout)
                assert document.get("status", "OK") in ("OK", 200)
        process.terminate()
        process.communicate(timeout=10)
        assert process.returncode == 0


def test_a_taken_port_ends_the_program_with_a_plain_message() -> None:
    with Sandbox().in_thread() as sandbox:
        port = sandbox.base_url.rpartition(":")[2]
        with start("--port", port) as process:
            output, errors = process.communicate(timeout=20)
        assert (process.returncode, output) == (1, "")
        assert errors.startswith(f"cannot listen on 127.0.0.1:{port}: ")
        assert errors.count("\n") == 1


def test_the_pytest_plugin_serves_sync_and_async_tests_in_its_first_state(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["nusantara.testing"]\n')
    (tmp_path / "test_program.py").write_text(
        textwrap.dedent(
            """
            import asyncio, json, os, urllib.error, urllib.request
            import pytest
            from nusantara.sandbox import Fault

            SEEN = set()

            def call(sandbox):
                try:
                    with urllib.request.urlopen(sandbox.base_url + "/v1/messages.json") as answer:
                        return answer.status
                except urllib.error.HTTPError as error:
                    error.close()
                    return error.code

            @pytest.mark.parametrize("n", range(3))
            def test_sync(nusantara_sandbox, n):
                SEEN.add(nusantara_sandbox.base_url)
                assert nusantara_sandbox.requests == []
                assert nusantara_sandbox.faults.active == []
                nusantara_sandbox.faults.add(Fault.unavailable())
                assert call(nusantara_sandbox) == 503

            async def test_async(nusantara_sandbox):
                SEEN.add(nusantara_sandbox.base_url)
                assert await asyncio.to_thread(call, nusantara_sandbox) == 401
                assert len(nusantara_sandbox.requests) == 1

            def test_env(sandbox_env, nusantara_sandbox):
                user = nusantara_sandbox.credentials["bukalapak"]
                assert os.environ["BUKALAPAK_USER_ID"] == user["user_id"]
                assert os.environ["BUKALAPAK_TOKEN"] == user["token"]
                assert os.environ["BUKALAPAK_BASE_URL"] == nusantara_sandbox.base_url
                assert all(os.environ[name] == value for name, value in sandbox_env.items())

            def test_env_is_gone():
                assert "BUKALAPAK_TOKEN" not in os.environ
                assert len(SEEN) == 1
            """
        )
    )
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\nfilterwarnings = error\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "pytest.ini", "."]
    done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed" in done.stdout
