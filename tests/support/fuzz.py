"""How long fuzzing goes on: 500 examples as a rule, 10,000 where ``HYPOTHESIS_PROFILE`` is ``nightly``."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from hypothesis import settings

__all__ = ["FUZZ", "within"]

FUZZ: Final = settings(max_examples=max(500, settings().max_examples))
"""Settings of every test that fuzzes a decoder. The profile is loaded before any test module is."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails if the block takes this thread more processor time. What else the machine does is not counted."""
    start = time.thread_time()
    yield
    assert time.thread_time() - start < seconds
