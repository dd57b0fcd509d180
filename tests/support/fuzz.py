"""How long fuzzing goes on: 500 examples as a rule, 10,000 where ``HYPOTHESIS_PROFILE`` is ``nightly``, 50 where the
tests run again with other versions (``again``)."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from support.canaries import watch

__all__ = ["FUZZ", "PATIENCE", "examples", "junk", "unwatched", "within"]


def examples(usual: int) -> int:
    """How many a test makes that usually makes so many."""
    return min(usual * settings().max_examples // 100, 10_000)


FUZZ: Final = settings(max_examples=examples(500))
"""Settings of every test that fuzzes a decoder. The profile is loaded before any test module is."""
PATIENCE: Final = pytest.mark.timeout(max(120, 120 * FUZZ.max_examples // 500))
"""As ``pytestmark`` of their modules: what is tried longer may take longer."""


_STATUS: Final = Path("/proc/self/status")
_MARK: Final = Path("/proc/self/clear_refs")


def _memory(name: str) -> int:
    """MiB."""
    found = re.search(rf"{name}:\s+(\d+)", _STATUS.read_text())
    assert found
    return int(found[1]) // 1024


@contextmanager
def within(seconds: float, mib: int = 64) -> Iterator[None]:
    """Fails if the block takes this thread more processor time, or the program at any moment more memory on top.

    What else the machine does is not counted. Memory is watched where the kernel tells the highest mark.
    """
    before = None
    if _MARK.exists():
        _MARK.write_text("5")  # The highest mark starts anew.
        before = _memory("VmRSS")
    start = time.thread_time()
    yield
    assert time.thread_time() - start < seconds
    if before is not None:
        assert _memory("VmHWM") - before < mib


@contextmanager
def unwatched() -> Iterator[None]:
    """What the block hides as a credential is made up, and may well show elsewhere: nobody searches for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watch, "plant", lambda text: None)
        yield


def junk(*pieces: bytes, longest: int = 12) -> st.SearchStrategy[bytes]:
    """Any bytes, and what can be put together from pieces of the real thing."""
    return st.binary(max_size=80) | st.lists(st.sampled_from(pieces), max_size=longest).map(b"".join)
