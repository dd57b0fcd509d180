"""The sandbox as a command: what it prints for a shell, and what it says when it cannot be run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import COMMAND, Command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its shells read no export lines")

MODULE = (sys.executable, "-m", "nusantara.sandbox")


def test_its_export_lines_connect_what_a_shell_starts(bare_command: Command, tmp_path: Path) -> None:
    file = tmp_path / "env.sh"
    with bare_command.start("sandbox", "--env", stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        # All lines come in one piece, and the sandbox keeps the pipe open.
        file.write_bytes(os.read(process.stdout.fileno(), 65536))
        script = '. "$0" && exec "$@"'
        program = (
            "import bukalapak_async as b\nwith b.Bukalapak.from_env() as client: next(iter(client.messages.inbox()))"
        )
        done = subprocess.run(
            ["/bin/sh", "-c", script, str(file), sys.executable, "-c", program],
            env=bare_command.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        process.terminate()
        assert process.wait(10) == 0
    assert (done.returncode, done.stderr) == (0, "")
    assert all(line.startswith("export ") for line in file.read_text().splitlines())


def test_it_prints_one_form_or_the_other(bare_command: Command) -> None:
    result = bare_command("sandbox", "--env", "--json")
    assert (result.code, "not allowed with" in result.err) == (2, True)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@pytest.mark.parametrize("program", [(*COMMAND, "sandbox"), (*COMMAND, "sandbox", "--env"), MODULE])
def test_a_full_disk_is_no_address_that_is_taken(bare_command: Command, program: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            program,
            env=bare_command.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, "error: the output cannot be written: No space left on device\n")


@pytest.mark.parametrize("program", [(*COMMAND, "sandbox"), MODULE])
def test_a_taken_port_is_told_with_what_to_do(bare_command: Command, program: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            (*program, "--port", port),
            env=bare_command.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(f"cannot listen on 127.0.0.1:{port}: ")
    assert done.stderr.endswith("; --port 0 takes a free port\n")


def test_the_package_runs_as_the_command(bare_command: Command) -> None:
    shown = [
        subprocess.run(
            (sys.executable, "-m", module, "--version"),
            env=bare_command.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout
        for module in ("nusantara", "nusantara.cli")
    ]
    assert shown[0] == shown[1] != ""
