"""How long fuzzing goes on: 500 examples as a rule, 10,000 where ``HYPOTHESIS_PROFILE`` is ``nightly``."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psutil
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from support.canaries import watch

__all__ = ["FUZZ", "bounded", "junk", "unwatched", "within"]

FUZZ: Final = settings(max_examples=max(500, settings().max_examples))
"""Settings of every test that fuzzes a decoder. The profile is loaded before any test module is."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails if the block takes this thread more processor time. What else the machine does is not counted."""
    start = time.thread_time()
    yield
    assert time.thread_time() - start < seconds


@contextmanager
def bounded(mib: int = 64) -> Iterator[None]:
    """Fails if the program is larger by so much after the block."""
    process = psutil.Process()
    before = process.memory_info().rss
    yield
    assert process.memory_info().rss - before < mib * 1024 * 1024


@contextmanager
def unwatched() -> Iterator[None]:
    """What the block hides as a credential is made up, and may well show elsewhere: nobody searches for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watch, "plant", lambda text: None)
        yield


def junk(*pieces: bytes, longest: int = 12) -> st.SearchStrategy[bytes]:
    """Any bytes, and what can be put together from pieces of the real thing."""
    return st.binary(max_size=80) | st.lists(st.sampled_from(pieces), max_size=longest).map(b"".join)
