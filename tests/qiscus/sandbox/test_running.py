"""The sandbox as a program: found by name, driven by curl and from another process."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from typing import Any

import pytest

from nusantara.sandbox import Fault, Sandbox

ENV = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


async def test_the_sandbox_finds_the_vendor_by_itself() -> None:
    async with Sandbox() as sandbox:
        assert sandbox.credentials["qiscus"]["app_id"] == "teh-senja"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
async def test_the_examples_work_as_pasted(sandbox: Sandbox, state: Any) -> None:
    for title, command in sandbox.vendors["qiscus"].examples():
        process = await asyncio.create_subprocess_shell(
            f"{command} --fail --silent --show-error", stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        output, _ = await process.communicate()
        assert process.returncode == 0, (title, output)
        assert isinstance(json.loads(output), dict)
    assert state.webhook_url == "http://127.0.0.1:8000/"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
async def test_curl_imports_a_file_and_resumes_a_download(sandbox: Sandbox, state: Any, tmp_path: Any) -> None:
    async def curl(*arguments: str) -> bytes:
        process = await asyncio.create_subprocess_exec("curl", "-sS", "-f", *arguments, stdout=subprocess.PIPE)
        output, _ = await process.communicate()
        assert process.returncode == 0
        return output

    secret, rest = f"QISCUS_SDK_SECRET: {state.secret_key}", f"{sandbox.base_url}/api/v2/rest"
    (tmp_path / "orang.json").write_text(json.dumps([{"Email": "curl-1", "Name": "Curl"}]))
    await curl("-H", secret, "-F", "type=users", "-F", f"file=@{tmp_path / 'orang.json'}", f"{rest}/imports")
    assert state.data.user("curl-1") is not None

    state.exports_rows, state.backup_polls = 20_000, 0
    days = ("-d", "start_date=2018-01-01", "-d", "end_date=2018-12-31")
    made = json.loads(await curl("-H", secret, "-d", "type=comments", *days, f"{rest}/exports"))
    record = json.loads(await curl("-H", secret, f"{rest}/exports/{made['results']['unique_id']}"))
    url, size = record["results"]["backup_history"]["download_url"], record["results"]["backup_history"]["size"]
    target = tmp_path / "arsip.json"
    target.write_bytes(await curl("-r", "0-999999", url))
    await curl("-C", "-", "-o", str(target), url)
    assert target.stat().st_size == size
    assert len(json.loads(target.read_bytes())) == 20_000


async def test_another_process_drives_it(sandbox: Sandbox, call: Any, state: Any, who: Any, where: Any) -> None:
    async def post(path: str, document: Any, status: int = 200) -> Any:
        async with call.session.post(f"{sandbox.base_url}/_qiscus/{path}", json=document) as answer:
            assert answer.status == status
            return await answer.json()

    settings = await post("settings", {"edition": "documented", "webhook_urls": ["http://127.0.0.1:9/"]})
    assert (settings["edition"], settings["webhook_urls"]) == ("documented", ["http://127.0.0.1:9/"])
    assert "webhook_secret" not in settings
    async with call.session.get(f"{sandbox.base_url}/_qiscus/settings") as answer:
        assert await answer.json() == settings
    written = await post("writes", {"room_id": where.talk, "email": who.sinta, "content": "dari luar"})
    assert written["comment"]["message"] == "dari luar"
    pressed = {"room_id": where.talk, "email": who.sinta, "content": {"url": "https://a.example", "method": "get"}}
    assert (await post("writes", pressed))["comment"]["type"] == "button_postback_response"
    await post("reads", {"room_id": where.talk, "email": who.ratna})
    assert state.data.unread(state.data.room(where.talk), who.ratna) == 0

    for path, document in (
        ("settings", {"edition": "documented", "colour": "red"}),
        ("settings", {"duplicates": "store", "webhook_urls": 5}),
        ("settings", {"duplicates": "store", "backup_polls": -1}),
        ("settings", []),
        ("writes", {"room_id": where.talk}),
        ("writes", {"room_id": where.talk, "email": who.sinta, "content": 5}),
        ("reads", {"room_id": 1, "email": who.sinta}),
    ):
        assert (await post(path, document, 400))["error"]
    assert state.duplicates == "ignore", "of a refused change nothing stays"


async def test_faults_strike_operations_by_name(sandbox: Sandbox, call: Any, state: Any, who: Any, where: Any) -> None:
    import aiohttp

    fields = {"sender_email": who.ratna, "room_id": where.talk, "message": "hilang", "unique_temp_id": "u-9"}
    sandbox.faults.add(Fault.drop_after_execute(), operation="qiscus.post_comment", times=1)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await call("post_comment", json=fields)
    assert state.comments(where.talk)[-1].unique_temp_id == "u-9"
    assert (await call("post_comment", json=fields))["comment"]["id"] == state.comments(where.talk)[-1].id
    assert [one.operation for one in sandbox.requests] == ["post_comment"] * 2


@pytest.mark.parametrize("fault", [Fault.drip(0, 200_000), Fault.extra_answer(), Fault.close_after_answer()])
async def test_faults_that_rewrite_an_answer_can_strike_a_download(
    sandbox: Sandbox, call: Any, state: Any, fault: Fault
) -> None:
    state.exports_rows, state.backup_polls = 1000, 0
    wanted = {"type": "comments", "start_date": "2018-01-01", "end_date": "2018-12-31"}
    name = (await call("exports", json=wanted))["unique_id"]
    record = (await call(f"exports/{name}"))["backup_history"]
    sandbox.faults.add(fault, operation="download_export", times=1)
    async with call.session.get(record["download_url"]) as answer:
        assert len(json.loads(await answer.read())) == 1000


def test_importing_the_vendor_loads_no_http() -> None:
    code = (
        "import sys; from nusantara.sandbox import Sandbox; Sandbox();"
        "print([m for m in ('aiohttp', 'lxml', 'oauthlib', 'tenacity') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=ENV)
    assert done.stdout.strip() == "[]"


def test_the_package_does_not_use_the_client() -> None:
    code = (
        "import sys; import qiscus_async.sandbox;"
        "print(sorted(m for m in sys.modules if m.startswith('qiscus_async.') and '.sandbox' not in m))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=ENV)
    assert done.stdout.strip() == "[]"
