"""What this SDK's client puts around an exchange with the server: the deadline of the whole call, the rate limit, the
slot, the signer's turn, the judgement, and being ready to try again.

The exchange itself is replaced by one that has its answer at once, after a pass of the event loop; :mod:`sdk_nothing`
is that exchange alone. The difference between the two is the cost of the layers.
"""

from __future__ import annotations

from benchmarks.answers import Operation, Row
from benchmarks.contenders.sdk_nothing import Exchange, read
from nusantara.client import AsyncClient
from nusantara.limits import RateLimit
from nusantara.request import get
from nusantara.response import Response
from nusantara.signing import NoAuth
from nusantara.transport import Host


class WithoutNetwork(Host):
    """Whose exchange can be replaced."""


class Contender:
    async def open(self, base_url: str, operation: Operation) -> None:
        self._operation = operation
        # A limit that counts every call and holds back none.
        self._client = AsyncClient(
            base_url, NoAuth(), {"max_connections": 1000, "rate_limit": RateLimit(1_000_000_000)}
        )
        shared = self._client._shared
        shared.host = WithoutNetwork(shared.session, base_url, None)
        shared.host.exchange = Exchange(operation)  # type: ignore[method-assign, assignment]
        self._request = get(operation.full_path, params=operation.query)

    async def call(self) -> Response:
        return await self._client._exchange(self._request)

    def rows(self, result: Response) -> list[Row]:
        return read(self._operation, result)

    async def close(self) -> None:
        await self._client.aclose()
