"""The README's examples run as they stand, on the sandbox, and its commands are the ones that are used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.snippets import is_test, python_in, run

from nusantara.sandbox import Sandbox

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = python_in(ROOT / "README.md")
PROGRAMS = [example for example in EXAMPLES if not is_test(example)]
TESTS = [example for example in EXAMPLES if is_test(example)]


def is_async(example: str) -> bool:
    return "asyncio.run(" in example


def test_the_first_examples_are_a_pair_and_print_the_same(
    sandbox_env: dict[str, str], nusantara_sandbox: Sandbox, tmp_path: Path
) -> None:
    assert [is_async(example) for example in PROGRAMS[:2]] == [True, False]
    assert len(PROGRAMS) >= 4
    outputs = []
    for example in PROGRAMS:
        nusantara_sandbox.reset()
        outputs.append(run(example, tmp_path))
    assert outputs[0] == outputs[1]


@pytest.mark.parametrize("example", TESTS)
def test_a_test_of_a_user_passes(example: str, tmp_path: Path) -> None:
    run(example, tmp_path)
    body = example.partition("def test_")[2].strip().splitlines()
    assert len(body) < 10, "under ten lines, as promised"


def test_the_first_block_runs_the_tour_and_the_second_the_tests() -> None:
    first, second = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)[:2]
    assert first.strip().splitlines()[-1].endswith("nusantara tour")
    assert "-m pytest" in second.strip().splitlines()[-1]
