"""The README's examples run as they stand, on the sandbox, and its commands are the ones that are used."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from nusantara.sandbox import Sandbox

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
PROGRAMS = [example for example in EXAMPLES if "\ndef test_" not in example]
TESTS = [example for example in EXAMPLES if "\ndef test_" in example]


def is_async(example: str) -> bool:
    return "asyncio.run(" in example


def test_the_first_examples_are_a_pair_and_print_the_same(
    sandbox_env: dict[str, str], nusantara_sandbox: Sandbox
) -> None:
    assert [is_async(example) for example in PROGRAMS[:2]] == [True, False]
    assert len(PROGRAMS) >= 4
    outputs = []
    for example in PROGRAMS:
        nusantara_sandbox.reset()
        done = subprocess.run(
            [sys.executable, "-X", "dev", "-W", "error", "-c", example], capture_output=True, text=True, check=False
        )
        assert (done.returncode, quiet(done.stderr)) == (0, "")
        assert done.stdout.strip()
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1]


def quiet(stderr: str) -> str:
    """Without asyncio's debug remark about slow callbacks, which the first import of aiohttp causes."""
    return "\n".join(line for line in stderr.splitlines() if not line.startswith("Executing <"))


@pytest.mark.parametrize("example", TESTS)
def test_a_test_of_a_user_passes(example: str, tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(example)
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["nusantara.testing"]\n')
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    body = example.partition("def test_")[2].strip().splitlines()
    assert len(body) < 10, "under ten lines, as promised"


def test_the_first_block_runs_the_tour_and_the_second_the_tests() -> None:
    first, second = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)[:2]
    assert first.strip().splitlines()[-1].endswith("nusantara tour")
    assert "-m pytest" in second.strip().splitlines()[-1]
