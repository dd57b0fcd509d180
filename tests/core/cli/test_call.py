"""``nusantara call``: arguments, output, secrets."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import COMMAND, Command, Sandbox

WITHOUT_RICH = (
    sys.executable,
    "-c",
    "import sys; sys.modules.update({'rich': None, 'rich.console': None})\n"
    "from nusantara.cli import main\nsys.exit(main())",
)


def test_a_page_is_one_json_list(command: Command, sandbox: Sandbox) -> None:
    result = command("call", "bukalapak", "messages.inbox", "--per-page", "3")
    assert (result.code, result.err) == (0, "")
    assert [item["partner_name"] for item in result.document] == ["Laras Widuri", "Cakra Wibawa", "Intan Kirana"]
    assert [each["path"] for each in sandbox.requests] == ["/v1/messages.json?page=1&per_page=3"]


def test_all_pages_are_json_lines(command: Command, sandbox: Sandbox) -> None:
    result = command("call", "bukalapak", "messages.inbox", "--per-page=5", "--all")
    assert len(result.documents) == 12
    assert len({each["id"] for each in result.documents}) == 12
    assert len(sandbox.requests) == 3


def test_a_limit_fetches_no_more_pages_than_it_needs(command: Command, sandbox: Sandbox) -> None:
    listed = command("call", "bukalapak", "messages.inbox", "--per-page", "5", "--limit", "6")
    assert len(listed.document) == 6
    assert len(sandbox.requests) == 2
    streamed = command("call", "bukalapak", "messages.inbox", "--per-page", "5", "--all", "--limit", "6")
    assert streamed.documents == listed.document
    assert len(sandbox.requests) == 4


def test_a_listing_goes_on_at_a_page(command: Command) -> None:
    everything = command("call", "bukalapak", "messages.inbox", "--all").documents
    second = command("call", "bukalapak", "messages.inbox", "--per-page", "5", "--page", "2").document
    assert second == everything[5:10]


def test_positional_arguments_and_a_single_result(command: Command, sandbox: Sandbox) -> None:
    sent = command("call", "bukalapak", "messages.create", "155218", "Halo, é")
    assert sent.document["status"] == "OK"
    read = command("call", "bukalapak", "messages.get", sent.document["id"])
    assert (read.document["body"], read.document["receiver_id"]) == ("Halo, é", "155218")
    assert command("call", "bukalapak", "messages.delete", sent.document["id"]).code == 0
    assert [each["operation"] for each in sandbox.requests] == ["create_message", "get_message", "delete_message"]


def test_a_value_that_begins_with_a_dash(command: Command, sandbox: Sandbox) -> None:
    result = command("call", "bukalapak", "messages.create", "155218", "--", "--halo")
    assert result.code == 0
    assert '"body_bb":"--halo"' in sandbox.requests[0]["body"]


def test_options_may_stand_before_the_vendor(command: Command, sandbox: Sandbox) -> None:
    result = command("call", "--limit", "2", "--json", "bukalapak", "messages.inbox")
    assert len(result.document) == 2


def test_an_option_of_the_client_and_a_flag(command: Command, sandbox: Sandbox) -> None:
    result = command("call", "bukalapak", "messages.inbox", "--unread-only", "--api-version", "v2")
    assert result.code == 0
    assert sandbox.requests[0]["path"] == "/v2/messages.json?page=1&filter=unread"


def test_a_sandbox_of_its_own_needs_no_credentials_and_no_network(bare_command: Command) -> None:
    proxied = bare_command.with_variables(HTTP_PROXY="http://127.0.0.1:9", NO_PROXY="")
    result = proxied("call", "bukalapak", "messages.inbox", "--sandbox", "--limit", "1")
    assert (result.code, len(result.document)) == (0, 1)


def test_base_url_and_environment(command: Command, sandbox: Sandbox) -> None:
    elsewhere = command.with_variables(BUKALAPAK_BASE_URL="http://127.0.0.1:9")
    assert elsewhere("call", "bukalapak", "messages.inbox", "--base-url", sandbox.base_url).code == 0
    assert len(sandbox.requests) == 1


def test_an_enum_by_name_by_value_and_when_a_name_means_two_things(command: Command, sandbox: Sandbox) -> None:
    arguments = ("call", "bukalapak", "messages.create", "6", "Halo", "--category")
    ambiguous = command(*arguments, "question")
    assert ambiguous.code == 2
    assert ambiguous.err == (
        "error: category: 'question' means different things: write CategoryV1.QUESTION or CategoryV2.QUESTION\n"
    )
    assert not sandbox.requests
    for value, number in (("CategoryV1.question", 1), ("2", 2), ("partnership", None)):
        result = command(*arguments, value)
        if number is None:
            assert result.code == 2
            assert "is of the other API version" in result.err
        else:
            assert result.code == 0
            assert f'"category":"{number}"' in sandbox.requests[-1]["body"]


def test_a_wrong_name_brings_the_nearest(command: Command) -> None:
    for name in ("messages.inbx", "inbox", "message.inbox"):
        result = command("call", "bukalapak", name)
        assert (result.code, result.out) == (2, "")
        assert result.err == f"error: bukalapak has no operation '{name}'\nhint: did you mean messages.inbox?\n"


def test_a_wrong_option_brings_the_nearest_and_repeats_no_value(command: Command, sandbox: Sandbox) -> None:
    result = command("call", "bukalapak", "messages.inbox", "--perpage=hunter2")
    assert (result.code, result.err) == (2, "error: there is no option --perpage\nhint: did you mean --per-page?\n")
    assert not sandbox.requests


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--per-page", "many"), "per_page: must be a whole number, not 'many'"),
        (("--per-page", "0"), "per_page: must be a whole number from 1 or None, not 0"),
        (("--per-page",), "argument --per-page: expected one argument"),
        (("--api-version", "v3"), "api_version: must be v1 or v2, not 'v3'"),
        (("--search", "sadel"), "search: is known to API version v2 only; this client uses v1"),
        (("--limit", "0"), "--limit must be a whole number from 1, not 0"),
        (("--timeout", "-1"), "timeout.total: must be a number of seconds above 0 or None, not -1.0"),
        (("--attempts", "0"), "max_attempts: must be a whole number from 1, not 0"),
        (("--base-url", "ftp://x"), "base_url: must look like https://host or https://host/prefix"),
        (("--base-url", ""), "base_url: must not be empty"),
        (("--sandbox", "--base-url", "http://x"), "--sandbox and --base-url exclude each other"),
        (("one-too-many",), "there are more arguments than it takes"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_it(
    command: Command, sandbox: Sandbox, arguments: tuple[str, ...], problem: str
) -> None:
    result = command("call", "bukalapak", "messages.inbox", *arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines()[0] == f"error: {problem}"
    assert not sandbox.requests


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("call", "bukalapak"), "the name of an operation is missing"),
        (("call", "bukalapk", "messages.inbox"), "there is no vendor 'bukalapk'"),
        (("call",), "the following arguments are required: VENDOR"),
        (("call", "bukalapak", "messages.get"), "the following arguments are required: message_id"),
        (("call", "bukalapak", "messages.get", "1", "--all"), "there is no option --all"),
        (("call", "--all", "bukalapak", "messages.get", "1"), "--all is for operations with pages"),
        (("cal",), "there is no command 'cal'"),
        (("--token",), "there is no option --token"),
        (("sandbox", "--port", "99999"), "--port must be from 0 to 65535, not 99999"),
    ],
)
def test_a_wrong_command_line(command: Command, arguments: tuple[str, ...], problem: str) -> None:
    result = command(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"error: {problem}")
    assert len(result.err.splitlines()) <= 2


def test_help_of_an_operation_has_its_docstring_and_its_parameters(command: Command, sandbox: Sandbox) -> None:
    result = command("call", "bukalapak", "messages.create", "--help")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("usage: nusantara call bukalapak messages.create receiver_id text [OPTIONS]\n")
    for text in (
        "Send a message.",
        "POST /v1/messages.json",
        "BBCode. No length limit",
        "--product-id TEXT",
        "v1 or v2",
    ):
        assert text in result.out
    assert ":class:" not in result.out
    assert not sandbox.requests


@pytest.mark.parametrize("command_name", ["tour", "sandbox", "operations", "call"])
def test_help_of_each_command(bare_command: Command, command_name: str) -> None:
    assert command_name in bare_command("--help").out
    result = bare_command(command_name, "--help")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"usage: nusantara {command_name}")


def test_help_of_call_has_the_exit_codes(bare_command: Command) -> None:
    out = bare_command("call", "--help").out
    assert "exit codes:" in out
    assert "  8  no answer, and the call may or may not have been carried out" in out


def test_version_and_help_load_nothing_heavy() -> None:
    code = """
import sys
from nusantara.cli import main
main(["--version"])
print(*{"aiohttp", "attrs", "asyncio", "rich", "nusantara.client", "nusantara.sandbox"} & set(sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=Command().environment, capture_output=True, text=True, timeout=30
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[0].startswith("nusantara 0.")
    assert done.stdout.splitlines()[1] == ""


# --- Credentials


def test_missing_credentials_are_named(bare_command: Command) -> None:
    result = bare_command("call", "bukalapak", "messages.inbox")
    assert (result.code, result.out) == (2, "")
    assert "set BUKALAPAK_USER_ID and BUKALAPAK_TOKEN in the environment" in result.err
    half = bare_command.with_variables(BUKALAPAK_USER_ID="71203")("call", "bukalapak", "messages.inbox")
    assert half.code == 2
    assert "set BUKALAPAK_TOKEN in the environment" in half.err


def test_missing_credentials_are_asked_for_on_a_terminal(command: Command, sandbox: Sandbox) -> None:
    bukalapak = sandbox.facts["bukalapak"]
    result = command.without("BUKALAPAK_USER_ID", "BUKALAPAK_TOKEN").on_terminal(
        *("call", "bukalapak", "messages.inbox", "--limit", "1", "--json"),
        typed=f"{bukalapak['user_id']}\n{bukalapak['token']}",
    )
    assert result.code == 0
    assert "bukalapak token (not shown): " in result.out
    assert "Laras Widuri" in result.out
    assert bukalapak["token"] not in result.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("bukalapak", "messages.inbox", "--token", "hunter2"),
        ("bukalapak", "messages.inbox", "--token=hunter2"),
        ("bukalapak", "messages.get", "--api-key", "hunter2"),
        ("bukalapak", "account.authenticate", "--secret=hunter2"),
        ("--access-token", "hunter2", "bukalapak", "messages.inbox"),
    ],
)
def test_a_credential_as_an_argument_is_refused_with_the_reason(
    command: Command, sandbox: Sandbox, arguments: tuple[str, ...]
) -> None:
    result = command("call", *arguments)
    assert (result.code, result.out) == (2, "")
    assert "credentials are never given as arguments" in result.err
    assert "hunter2" not in result.err
    assert not sandbox.requests


@pytest.mark.parametrize("plain", [("hunter2",), ("--password", "hunter2"), ("--password=hunter2",)])
def test_a_plain_password_is_refused_with_the_reason(
    command: Command, sandbox: Sandbox, plain: tuple[str, ...]
) -> None:
    result = command("call", "bukalapak", "account.authenticate", "warungkayuh", *plain)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: --password takes no credential")
    assert "hunter2" not in result.err
    assert not sandbox.requests


def test_without_a_terminal_a_missing_password_says_how_to_give_it(command: Command) -> None:
    result = command("call", "bukalapak", "account.authenticate", "warungkayuh")
    assert result.code == 2
    assert result.err.startswith("error: password is missing\nhint: give it on standard input with --password -")


@pytest.mark.shows_secrets(why="it asks for them with --show-secrets")
def test_a_login_works_without_credentials_and_its_token_is_masked(command: Command, sandbox: Sandbox) -> None:
    bukalapak = sandbox.facts["bukalapak"]
    anonymous = command.without("BUKALAPAK_USER_ID", "BUKALAPAK_TOKEN")
    login = ("call", "bukalapak", "account.authenticate", bukalapak["username"])
    from_stdin = anonymous(*login, "--password", "-", stdin=f"{bukalapak['password']}\n")
    assert (from_stdin.code, from_stdin.document["token"]) == (0, "***")
    assert bukalapak["token"] not in from_stdin.out
    from_variable = anonymous.with_variables(PW=bukalapak["password"])(*login, "--password", "env:PW", "--show-secrets")
    assert from_variable.document["token"] == bukalapak["token"]
    asked = anonymous.on_terminal(*login, typed=bukalapak["password"])
    assert asked.code == 0
    assert "***" in asked.out
    assert bukalapak["token"] not in asked.out
    assert bukalapak["password"] not in asked.out


@pytest.mark.shows_secrets(why="it asks for them with --show-secrets")
def test_both_tokens_of_version_2_are_masked(command: Command, sandbox: Sandbox) -> None:
    bukalapak = sandbox.facts["bukalapak"]
    login = (
        "call",
        "bukalapak",
        "account.authenticate",
        bukalapak["username"],
        "--api-version",
        "v2",
        "--password",
        "-",
    )
    masked = command(*login, stdin=bukalapak["password"]).document
    plain = command(*login, "--show-secrets", stdin=bukalapak["password"]).document
    assert {name for name in plain if plain[name] != masked[name]} == {"token", "omnikey"}


# --- Output


def test_a_terminal_gets_a_table(command: Command) -> None:
    result = command.on_terminal("call", "bukalapak", "messages.inbox", "--per-page", "3", columns=120)
    assert result.code == 0
    assert "partner_name" in result.out
    assert "│ Laras Widuri" in result.out
    assert "Cakra Wibawa" in result.out
    assert "not shown: user_name" in result.out
    assert "more: --page 2, or --all" in result.out
    assert max(map(len, re.sub(r"\x1b\[[0-9;]*m", "", result.out).splitlines())) <= 120


def test_a_narrow_terminal_gets_fewer_columns(command: Command) -> None:
    result = command.on_terminal("call", "bukalapak", "messages.inbox", columns=40)
    assert "not shown: " in result.out
    assert "last_message" in result.out.partition("not shown: ")[2]


def test_a_single_result_is_a_table_of_its_fields(command: Command, sandbox: Sandbox) -> None:
    message_id = command("call", "bukalapak", "messages.create", "155218", "Halo").document["id"]
    result = command.on_terminal("call", "bukalapak", "messages.get", message_id)
    assert "receiver_name" in result.out
    assert "Laras Widuri" in result.out


def test_json_on_a_terminal_if_asked_for(command: Command) -> None:
    result = command.on_terminal("call", "bukalapak", "messages.inbox", "--limit", "1", "--json")
    assert result.document[0]["partner_name"] == "Laras Widuri"


def test_without_rich_a_terminal_gets_plain_text(command: Command) -> None:
    result = command.on_terminal("call", "bukalapak", "messages.inbox", python=WITHOUT_RICH, columns=110)
    assert result.code == 0
    header, first, *_ = result.out.splitlines()
    assert header.split()[:3] == ["id", "updated_at", "partner_id"]
    assert "Laras Widuri" in first
    assert "\x1b" not in result.out
    assert all(len(line) <= 110 for line in result.out.splitlines())


def test_control_characters_of_others_do_not_reach_a_terminal(command: Command, sandbox: Sandbox) -> None:
    hostile = "\x1b]0;owned\x07\x1b[2Jhalo"
    message_id = command("call", "bukalapak", "messages.create", "155218", hostile).document["id"]
    for python in (COMMAND, WITHOUT_RICH):
        shown = command.on_terminal("call", "bukalapak", "messages.get", message_id, python=python).out
        assert "\x1b]0" not in shown
        assert "\x1b[2J" not in shown
        assert r"\x1b]0;owned\x07" in shown


def test_a_server_that_refuses_in_control_characters_does_not_reach_a_terminal(
    command: Command, sandbox: Sandbox
) -> None:
    sandbox.add_fault("status", status=400, body='{"status": "ERROR", "message": "no\\u001b[2J\\nno"}')
    result = command("call", "bukalapak", "messages.inbox")
    assert result.code == 5
    assert "\x1b" not in result.err
    assert r"no\x1b[2J no" in result.err


def test_an_ascii_only_output_is_still_json(command: Command, sandbox: Sandbox) -> None:
    command("call", "bukalapak", "messages.create", "155218", "é \N{GRINNING FACE}")
    plain = command.with_variables(PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    result = plain("call", "bukalapak", "messages.inbox", "--limit", "1")
    assert result.document[0]["last_message"].startswith("é \N{GRINNING FACE}")


def test_a_reader_that_goes_early_is_no_error(command: Command) -> None:
    process = command.start(
        "call", "bukalapak", "messages.inbox", "--all", stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait(30) == 141


# --- Interruption


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("messages.inbox",), "error: interrupted\n"),
        (
            ("messages.create", "155218", "Halo"),
            "error: interrupted: the call may or may not have been carried out\n",
        ),
    ],
)
def test_an_interrupted_call_ends_at_once(
    command: Command, sandbox: Sandbox, arguments: tuple[str, ...], said: str
) -> None:
    sandbox.add_fault("latency", seconds=60)
    process = command.start(
        *("call", "bukalapak", *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A test run in the background may have been started with SIGINT ignored, which is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    sandbox.wait_for_requests(1)
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err.decode()) == (130, b"", said)


EXPORT = ("call", "qiscus", "exports.run", "users", "2018-01-01", "2030-01-01")


def test_an_export_draws_a_bar_on_a_terminal(command: Command, tmp_path: Path) -> None:
    result = command.on_terminal(*EXPORT, str(tmp_path / "users.json"), "--sandbox", columns=120)
    assert result.code == 0
    assert "exports.run" in result.out
    assert "100 %" in result.out
    assert (tmp_path / "users.json").exists()


def test_an_export_is_quiet_where_nobody_looks(command: Command, tmp_path: Path) -> None:
    target = tmp_path / "users.json"
    result = command(*EXPORT, str(target), "--sandbox")
    assert (result.code, result.err) == (0, "")
    done = json.loads(result.out)
    assert (done["path"], done["size"], done["verified"]) == (str(target), target.stat().st_size, True)
