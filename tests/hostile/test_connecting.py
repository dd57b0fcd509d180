"""Faults on the way to a connection: nothing has left this machine, and the error says so."""

from __future__ import annotations

import time
from typing import Any

import pytest
from support.faults import Seen
from support.flavours import Flavour
from support.raw import free_port

from nusantara.errors import ConnectFailed, Sent


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("where", ["closed port", "no such name"])
async def test_g01_nobody_there(open_client: Any, seen: Seen, where: str, method: str) -> None:
    host = f"127.0.0.1:{free_port()}" if where == "closed port" else "tidak-ada.invalid"
    client: Flavour[Any] = open_client(f"http://{host}")
    start = time.perf_counter()
    with pytest.raises(ConnectFailed) as caught:
        await client(lambda c: c.request(method, "/"))
    elapsed = time.perf_counter() - start
    assert caught.value.sent is Sent.NO
    assert len(caught.value.attempts) == 3
    assert elapsed < 6
    seen(caught.value, f"{elapsed:.1f} s for {method}, {where}")
