"""aiohttp is looked at before any of these tests changes something in it."""

from __future__ import annotations

import pytest

from nusantara.transport.self_check import aiohttp_fits


@pytest.fixture(autouse=True, scope="session")
def _aiohttp_as_it_is() -> None:
    assert aiohttp_fits()
