"""What every test may use: the sandbox fixtures, and profiles for property tests."""

from __future__ import annotations

import gc
import os
import signal
import socket
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

pytest_plugins = ["support.canaries", "nusantara.testing", "support.faults"]

# Times depend on the machine, and the first example pays for imports and generated code.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("nightly", parent=settings.get_profile("default"), max_examples=10_000)
# What runs a second time, with other versions or on the other way, is there to show a difference, not to search anew.
settings.register_profile("again", parent=settings.get_profile("default"), max_examples=10)
# Whether a test fails is all that .ci/mutation wants to know, not the smallest example.
settings.register_profile(
    "mutation", parent=settings.get_profile("default"), phases=[Phase.explicit, Phase.generate], database=None
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# A shell that starts the tests in the background has them ignore Ctrl-C, and so would the programs that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, or all others would be waiting for it at the end."""
    items.sort(key=lambda item: item.path.name != "test_documents.py")


@pytest.fixture(autouse=True)
def _nothing_left_open() -> Iterator[None]:
    """What a test leaves unclosed is found at its own end, so that it fails and not the test after it."""
    yield
    gc.collect()
    gc.freeze()  # What outlives a test is not looked through again.


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port on which nothing listens, and which nobody else gets meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])
