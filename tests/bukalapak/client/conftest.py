from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from support.flavours import FLAVOURS, Flavour

from bukalapak_async import AsyncBukalapak, Bukalapak
from nusantara.sandbox import Sandbox


@pytest.fixture(params=FLAVOURS)
async def open_bukalapak(
    request: pytest.FixtureRequest, nusantara_sandbox: Sandbox
) -> AsyncIterator[Callable[..., Flavour[Any]]]:
    """Makes clients of one flavour for the sandbox, with the settings given."""
    opened: list[Flavour[Any]] = []
    mine = nusantara_sandbox.credentials["bukalapak"]

    def open_one(user_id: Any = mine["user_id"], token: Any = mine["token"], **settings: Any) -> Flavour[Any]:
        settings.setdefault("base_url", nusantara_sandbox.base_url)
        kind = AsyncBukalapak if request.param == "async" else Bukalapak
        flavour: Flavour[Any] = Flavour(request.param, kind(user_id, token, **settings))
        opened.append(flavour)
        return flavour

    yield open_one
    for flavour in opened:
        await flavour.close()


@pytest.fixture
def bukalapak(open_bukalapak: Callable[..., Flavour[Any]]) -> Flavour[Any]:
    """A client of the sandbox's main user, API version v1."""
    return open_bukalapak()


@pytest.fixture
def bukalapak_v2(open_bukalapak: Callable[..., Flavour[Any]]) -> Flavour[Any]:
    """A client of the sandbox's main user, API version v2."""
    return open_bukalapak(api_version="v2")
