"""Where bytes travel: requests to a vendor and their answers, files, proxies, TLS. Only here is aiohttp's client used.

Importing this package loads nothing heavy; each name below is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nusantara.transport.exchange import Exchange as Exchange
    from nusantara.transport.pool import Connections as Connections
    from nusantara.transport.proxy import environment_proxy as environment_proxy
    from nusantara.transport.proxy import proxy_problem as proxy_problem
    from nusantara.transport.session import Session as Session
    from nusantara.transport.timers import Deadlines as Deadlines
    from nusantara.transport.tls import ssl_context as ssl_context

_WHERE = {
    "Connections": "pool",
    "Deadlines": "timers",
    "Exchange": "exchange",
    "Session": "session",
    "environment_proxy": "proxy",
    "proxy_problem": "proxy",
    "ssl_context": "tls",
}

__all__ = list(_WHERE)


def __getattr__(name: str) -> Any:
    from nusantara.lazy import load

    return load(__name__, _WHERE, name, globals())


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})
