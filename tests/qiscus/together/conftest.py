from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from support.flavours import FLAVOURS, Flavour

from nusantara.sandbox import Sandbox
from qiscus_async import AsyncQiscus, Qiscus


@pytest.fixture(params=FLAVOURS)
async def qiscus(
    request: pytest.FixtureRequest, nusantara_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Flavour[Any]]:
    """A client of one flavour for the sandbox, whose waits are short; a comment is looked for once."""
    monkeypatch.setattr("qiscus_async.exports.FIRST_POLL", 0.01)
    monkeypatch.setattr("nusantara.download.PAUSE", 0.01)
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.01)
    mine = nusantara_sandbox.credentials["qiscus"]
    kind = AsyncQiscus if request.param == "async" else Qiscus
    flavour: Flavour[Any] = Flavour(
        request.param, kind(mine["app_id"], mine["secret_key"], base_url=nusantara_sandbox.base_url, settling_time=0)
    )
    yield flavour
    await flavour.close()
