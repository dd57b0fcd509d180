from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from support.flavours import FLAVOURS, Flavour
from support.market import open_lapak, save_address

from kaskus_async import AsyncKaskus, Kaskus
from nusantara.sandbox import Sandbox

OpenKaskus = Callable[..., Flavour[Any]]


@pytest.fixture(params=FLAVOURS)
async def open_kaskus(
    request: pytest.FixtureRequest, nusantara_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[OpenKaskus]:
    """Makes clients of one flavour for the sandbox, with the token in a user's credentials or without."""
    monkeypatch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.01)
    opened: list[Flavour[Any]] = []
    keys = nusantara_sandbox.credentials["kaskus"]

    def open_one(user: dict[str, Any] | None = None, **settings: Any) -> Flavour[Any]:
        settings = {"base_url": nusantara_sandbox.base_url, **settings}
        if user is not None:
            settings |= {name: user[name] for name in ("token", "token_secret")}
        kind = AsyncKaskus if request.param == "async" else Kaskus
        flavour: Flavour[Any] = Flavour(request.param, kind(keys["consumer_key"], keys["consumer_secret"], **settings))
        opened.append(flavour)
        return flavour

    yield open_one
    for flavour in opened:
        await flavour.close()


@pytest.fixture
def kaskus(open_kaskus: OpenKaskus, nusantara_sandbox: Sandbox) -> Flavour[Any]:
    """A client of the sandbox's main user."""
    return open_kaskus(nusantara_sandbox.credentials["kaskus"])


@pytest.fixture
def partner(open_kaskus: OpenKaskus, nusantara_sandbox: Sandbox) -> Flavour[Any]:
    """A client of a friend of the main user."""
    return open_kaskus(nusantara_sandbox.credentials["kaskus"]["partner"])


@pytest.fixture
def application(open_kaskus: OpenKaskus) -> Flavour[Any]:
    """A client that no user has signed in to."""
    return open_kaskus()


@pytest.fixture
async def lapak(kaskus: Flavour[Any]) -> str:
    """Something that the main user sells for 40,000 rupiah: the id of its thread."""
    return await open_lapak(kaskus)


@pytest.fixture
async def address_id(partner: Flavour[Any]) -> int:
    """Where the partner has things sent to."""
    return await save_address(partner)
