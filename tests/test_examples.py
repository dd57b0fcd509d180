"""The programs in ``common/examples`` do what they say, on the sandbox."""

from __future__ import annotations

import importlib.util
import json
import runpy
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from support.hook import PATH_SECRET
from support.web_servers import under_uvicorn

from bukalapak_async import Bukalapak
from nusantara.sandbox import Fault, Sandbox

EXAMPLES = Path(__file__).parents[1] / "common" / "examples"


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_example_is_tried_here() -> None:
    tried = {"bot_fastapi", "crawler", "comments_to_pandas"}
    assert {path.stem for path in EXAMPLES.glob("*.py")} == tried


async def test_the_bot_answers_and_drains(
    nusantara_sandbox: Sandbox, sandbox_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_SECRET", PATH_SECRET)
    module = loaded("bot_fastapi")
    shop: Any = nusantara_sandbox.qiscus
    customer = "sinta.maheswari@pelanggan.example"
    async with under_uvicorn(module.app) as base_url:
        shop.webhook_url = f"{base_url}/qiscus/{PATH_SECRET}"
        for text in ("/help", "pesanan 77", "pesanan 78", "Batalkan"):
            shop.user_writes(41003, customer, text)
            await shop.delivered()
        await module.bot.idle()
    said = [one.message for one in shop.comments(41003)[-10:]]
    assert "Ketik: pesanan dan nomornya." in said
    assert "Pesanan 78 tidak ada." in said
    assert any("Pesanan 77 sedang dikirim." in text for text in said)


def test_the_crawler_goes_on_after_a_kill(
    nusantara_sandbox: Sandbox, sandbox_env: dict[str, str], tmp_path: Path
) -> None:
    target = tmp_path / "inbox.jsonl"
    with Bukalapak.from_env() as bukalapak:
        wanted = [one.to_document() for one in bukalapak.messages.inbox().collect()]
    assert len(wanted) > 10
    fault = Fault.latency(30)
    nusantara_sandbox.faults.add(fault, operation="inbox", after=2)
    process = subprocess.Popen([sys.executable, EXAMPLES / "crawler.py", target], stdout=subprocess.DEVNULL)
    while not (target.exists() and len(target.read_bytes().splitlines()) >= 10):
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    with target.open("ab") as file:
        file.write(b'{"id": "half')
    nusantara_sandbox.faults.clear()
    done = subprocess.run(
        [sys.executable, EXAMPLES / "crawler.py", target], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert found == wanted
    assert [path.name for path in tmp_path.iterdir()] == ["inbox.jsonl"]


def test_comments_become_a_table(
    sandbox_env: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["comments_to_pandas.py", "41002"])
    runpy.run_path(str(EXAMPLES / "comments_to_pandas.py"), run_name="__main__")
    table = capsys.readouterr().out
    assert "comments" in table
    assert "cs.ratna@tehsenja.example" in table
