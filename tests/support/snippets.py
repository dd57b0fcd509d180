"""Programs in documents, run as they stand."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

__all__ = ["is_test", "python_in", "run"]


def python_in(page: Path) -> list[str]:
    """The programs in a page."""
    return re.findall(r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def is_test(example: str) -> bool:
    """Whether it is to be run by pytest."""
    return "\ndef test_" in example


def run(example: str, folder: Path) -> str:
    """Run one, by itself or by pytest; gives what it prints. It has to end well, and without a warning if by itself."""
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", example]
    if is_test(example):
        (folder / "test_mine.py").write_text(example)
        (folder / "conftest.py").write_text('pytest_plugins = ["nusantara.testing"]\n')
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    # Without asyncio's debug remark about slow callbacks, which the first import of aiohttp causes.
    said = "\n".join(line for line in done.stderr.splitlines() if not line.startswith("Executing <"))
    assert (done.returncode, "" if is_test(example) else said) == (0, ""), done.stdout
    assert done.stdout.strip()
    return done.stdout
