"""A vendor of OAuth 2 tokens, and KASKUS clients of both flavours that need them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

from kaskus_async import AsyncKaskus, Kaskus
from support.flavours import Flavour
from support.raw import RawServer, Received, Script, Wire

__all__ = ["TokenVendor", "bearer_client"]


class TokenVendor:
    """Issues numbered tokens and takes all of them but the refused."""

    def __init__(self) -> None:
        self.grants: list[dict[str, str]] = []
        """What the token endpoint was asked, in order."""
        self.asked_at: list[float] = []
        self.answered_at: list[float] = []
        """Both by the monotonic clock."""
        self.calls: list[str] = []
        """The tokens that calls came with, in order."""
        self.issued = 0
        self.pause = 0.0
        self.gate: asyncio.Event | None = None
        """What the token endpoint waits for before it answers."""
        self.life = 3600
        self.refused: set[str] = set()
        self.status = 401
        self.token_answer: tuple[int, Any] | None = None
        self.drop_tokens = 0
        """How many answers of the token endpoint are lost."""

    async def __call__(self, wire: Wire, request: Received) -> bool:
        if request.target == "/oauth/access-token":
            assert "authorization" not in request.headers
            return await self._grant(wire, request)
        token = request.headers["authorization"].removeprefix("Bearer ")
        self.calls.append(token)
        if token in self.refused:
            await wire.answer(self.status, {"error": "invalid_token", "error_description": "no more"})
        else:
            await wire.answer(body={"data": []})
        return False

    async def _grant(self, wire: Wire, request: Received) -> bool:
        self.grants.append(dict(parse_qsl(request.body.decode(), strict_parsing=True)))
        self.asked_at.append(time.monotonic())
        await asyncio.sleep(self.pause)
        if self.gate is not None:
            await self.gate.wait()
        self.answered_at.append(time.monotonic())
        if self.drop_tokens:
            self.drop_tokens -= 1
            return True
        if self.token_answer is not None:
            await wire.answer(*self.token_answer)
            return False
        self.issued += 1
        document: dict[str, Any] = {
            "access_token": f"akses-{self.issued}",
            "token_type": "Bearer",
            "expires_in": self.life,
        }
        if self.grants[-1]["grant_type"] != "client_credentials":
            document["refresh_token"] = f"segar-{self.issued}"
        await wire.answer(body=document)
        return False


@asynccontextmanager
async def bearer_client(flavour: str, vendor: Script, **given: Any) -> AsyncIterator[tuple[RawServer, Flavour[Any]]]:
    """A server that runs the vendor, and a client that signs with its tokens."""
    async with RawServer(vendor) as server:
        kind = AsyncKaskus if flavour == "async" else Kaskus
        made = kind.with_oauth2("aplikasi", "rahasia-aplikasi", base_url=server.base_url, **given)
        client: Flavour[Any] = Flavour(flavour, made)
        try:
            yield server, client
        finally:
            await client.close()
