"""One exit code for each kind of error, and one or two lines that say what happened."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from nusantara import errors
from nusantara.cli.exits import EXIT_CODES, exit_code

from .conftest import Command, Sandbox

INBOX = ("messages.inbox", "--attempts", "1", "--timeout", "10")
CREATE = ("messages.create", "155218", "Halo", "--timeout", "10")


@pytest.mark.parametrize(
    ("fault", "arguments", "code"),
    [
        ({"kind": "status", "status": 401}, INBOX, 3),
        ({"kind": "status", "status": 403}, INBOX, 3),
        ({"kind": "status", "status": 404}, INBOX, 4),
        ({"kind": "status", "status": 400}, INBOX, 5),
        ({"kind": "status", "status": 500}, INBOX, 5),
        ({"kind": "status", "status": 200, "body": '{"status": "ERROR", "message": "Gagal"}'}, INBOX, 5),
        ({"kind": "status", "status": 429, "headers": {"Retry-After": "900"}}, INBOX, 6),
        ({"kind": "reset_after_read"}, INBOX, 7),
        ({"kind": "stall_before_answer"}, ("messages.inbox", "--timeout", "0.3"), 7),
        ({"kind": "drop_after_execute"}, CREATE, 8),
        ({"kind": "stall_before_answer"}, ("messages.create", "155218", "Halo", "--timeout", "0.3"), 8),
        ({"kind": "status", "status": 200, "body": "<html><title>Log in</title>"}, INBOX, 9),
        ({"kind": "status", "status": 200, "body": '{"status": "OK", "inbox": 7}'}, INBOX, 9),
        ({"kind": "status", "status": 302, "headers": {"Location": "https://example.com/"}}, INBOX, 9),
    ],
)
def test_the_code_tells_the_kind_of_error(
    command: Command, sandbox: Sandbox, fault: dict[str, Any], arguments: tuple[str, ...], code: int
) -> None:
    sandbox.add_fault(**fault)
    result = command("call", "bukalapak", *arguments)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith("error: ")
    assert len(result.err.splitlines()) <= 2
    assert "Traceback" not in result.err
    assert sandbox.facts["bukalapak"]["token"] not in result.err


def test_no_connection(command: Command) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        result = command("call", "bukalapak", *CREATE, "--attempts", "1", "--base-url", url)
    assert (result.code, result.out) == (7, "")
    assert result.err.startswith("error: POST /v1/messages.json: no connection")


def test_an_unknown_outcome_says_to_look_first(command: Command, sandbox: Sandbox) -> None:
    sandbox.add_fault("drop_after_execute", times=1)
    result = command("call", "bukalapak", *CREATE)
    assert "it may or may not have been carried out" in result.err
    assert "hint: look before trying again" in result.err
    assert [each["executed"] for each in sandbox.requests] == [True]


def test_the_wait_that_a_server_asks_for_is_told(command: Command, sandbox: Sandbox) -> None:
    sandbox.add_fault("status", status=429, headers={"Retry-After": "900"})
    assert "note: the server asks to wait 900 s\n" in command("call", "bukalapak", *INBOX).err


def test_a_connection_that_breaks_under_a_read_is_survived(command: Command, sandbox: Sandbox) -> None:
    sandbox.add_fault("reset_after_read", times=1)
    assert command("call", "bukalapak", "messages.inbox").code == 0
    assert len(sandbox.requests) == 2


def test_debug_shows_where_it_comes_from_without_secrets(command: Command, sandbox: Sandbox) -> None:
    sandbox.add_fault("status", status=404)
    result = command.with_variables(NUSANTARA_DEBUG="1")("call", "bukalapak", *INBOX)
    assert result.code == 4
    assert result.err.startswith("Traceback")
    assert "nusantara.errors.NotFound" in result.err
    assert sandbox.facts["bukalapak"]["token"] not in result.err


def test_every_error_of_the_library_has_a_documented_code() -> None:
    documented = {int(line.split()[0]) for line in EXIT_CODES.splitlines() if line[:5].strip().isdecimal()}
    for name in errors.__all__:
        cls = getattr(errors, name)
        if isinstance(cls, type) and issubclass(cls, errors.NusantaraError):
            assert exit_code(cls.__new__(cls)) in documented - {0, 1}, name
    assert exit_code(KeyboardInterrupt()) == 130
    assert exit_code(RuntimeError()) == 1
