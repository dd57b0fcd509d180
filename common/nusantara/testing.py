"""Pytest fixtures for programs that use the clients: the sandbox instead of the vendors.

Installed as a pytest plugin; where plugins are not loaded by themselves, put ``pytest_plugins = ["nusantara.testing"]``
into ``conftest.py``. A test needs no account and no network::

    from bukalapak_async import Bukalapak
    from nusantara.sandbox import Fault


    def test_tells_that_the_vendor_is_down(nusantara_sandbox, sandbox_env):
        nusantara_sandbox.faults.add(Fault.unavailable())
        with Bukalapak.from_env() as bukalapak:
            assert my_program.unread_text(bukalapak) == "Bukalapak is down"

Importing this module loads nothing but pytest: the sandbox starts with the first test that asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from nusantara.sandbox import Sandbox

__all__ = ["nusantara_sandbox", "sandbox_env"]


@pytest.fixture(scope="session")
def _nusantara_sandbox_thread() -> Iterator[Sandbox]:
    from nusantara.sandbox import Sandbox

    with Sandbox().in_thread() as sandbox:
        yield sandbox


@pytest.fixture
def nusantara_sandbox(_nusantara_sandbox_thread: Sandbox) -> Iterator[Sandbox]:
    """The sandbox in its first state, for sync and async tests alike.

    One server in a thread of its own serves the whole session. State, request log and faults are reset before and after
    each test; calls that a fault still holds are cut.
    """
    _nusantara_sandbox_thread.reset()
    yield _nusantara_sandbox_thread
    _nusantara_sandbox_thread.reset()


@pytest.fixture
def sandbox_env(nusantara_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment variables that make ``from_env()`` of every client use the sandbox; set for the test."""
    from nusantara.catalogue.vendors import VENDORS

    variables: dict[str, str] = {}
    credentials = nusantara_sandbox.credentials
    for vendor, package in VENDORS.items():
        if vendor in credentials:
            variables |= package.environment(credentials["base_url"], credentials[vendor])
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables
