"""The command as a process of its own, and the sandbox that it starts."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import select
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

ROOT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-m", "nusantara.cli")


@attrs.frozen
class Result:
    """What a run of the command left behind."""

    code: int
    out: str
    err: str = ""

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    @property
    def documents(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@attrs.frozen
class Command:
    """Runs ``nusantara`` with an environment that knows one sandbox, or none."""

    variables: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        foreign = ("BUKALAPAK_", "KASKUS_", "QISCUS_", "NUSANTARA_", "COLUMNS", "PYTHON")
        kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(foreign)}
        path = os.pathsep.join((str(ROOT / "common"), str(ROOT)))
        return kept | {"PYTHONPATH": path, "PYTHONWARNINGS": "error", "NO_PROXY": "127.0.0.1", **self.variables}

    def with_variables(self, **variables: str) -> Command:
        return Command({**self.variables, **variables})

    def without(self, *names: str) -> Command:
        return Command({name: value for name, value in self.variables.items() if name not in names})

    def __call__(self, *arguments: str, stdin: str = "") -> Result:
        done = subprocess.run(
            [*COMMAND, *arguments],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str, python: tuple[str, ...] = COMMAND, **settings: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen([*python, *arguments], env=self.environment, **settings)

    def on_terminal(
        self, *arguments: str, typed: str = "", columns: int | str = 100, python: tuple[str, ...] = COMMAND
    ) -> Result:
        """Run it with a terminal for all three streams. Typed lines are given one by one, each after a prompt."""
        ours, theirs = pty.openpty()
        command = self.with_variables(COLUMNS=str(columns), TERM="xterm")
        process = command.start(
            *arguments, python=python, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        lines = typed.splitlines()
        shown = b""
        until = time.monotonic() + 60
        with contextlib.suppress(OSError):  # how a terminal says that nobody writes any more
            while time.monotonic() < until:
                if not select.select([ours], [], [], 0.1)[0]:
                    continue
                if not (piece := os.read(ours, 65536)):
                    break
                shown += piece
                if lines and shown.endswith(b": "):
                    os.write(ours, f"{lines.pop(0)}\n".encode())
        os.close(ours)
        return Result(process.wait(10), shown.decode().replace("\r\n", "\n"))


class Sandbox:
    """The sandbox, run as ``nusantara sandbox --json`` and driven over its own paths."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        self.base_url: str = facts["base_url"]

    def control(self, method: str, path: str, document: Any = None) -> Any:
        body = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(f"{self.base_url}/_sandbox/{path}", data=body, method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            return json.load(answer)

    def add_fault(self, kind: str, **details: Any) -> None:
        self.control("POST", "faults", {"kind": kind, **details})

    @property
    def requests(self) -> list[dict[str, Any]]:
        requests: list[dict[str, Any]] = self.control("GET", "requests")["requests"]
        return requests

    def wait_for_requests(self, count: int) -> None:
        until = time.monotonic() + 20
        while len(self.requests) < count:
            assert time.monotonic() < until, "the request never came"
            time.sleep(0.02)

    @property
    def variables(self) -> dict[str, str]:
        bukalapak = self.facts["bukalapak"]
        return {
            "BUKALAPAK_USER_ID": bukalapak["user_id"],
            "BUKALAPAK_TOKEN": bukalapak["token"],
            "BUKALAPAK_BASE_URL": self.base_url,
        }


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    process = Command().start("sandbox", "--json", stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        yield Sandbox(json.loads(process.stdout.readline()))
        process.terminate()
        assert process.wait(10) == 0


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Iterator[Sandbox]:
    running_sandbox.control("POST", "reset")
    yield running_sandbox
    running_sandbox.control("POST", "reset")


@pytest.fixture
def command(sandbox: Sandbox) -> Command:
    """The command, with the sandbox's credentials in its environment."""
    return Command(sandbox.variables)


@pytest.fixture
def bare_command() -> Command:
    """The command without credentials."""
    return Command()
