"""Where bytes travel: requests to a vendor and their answers, files, proxies, TLS. Only here is aiohttp's client used.

Importing this package loads nothing heavy; each name below is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nusantara.transport.address import checked_address as checked_address
    from nusantara.transport.address import is_local as is_local
    from nusantara.transport.exchange import Exchange as Exchange
    from nusantara.transport.failures import translate as translate
    from nusantara.transport.part_file import Note as Note
    from nusantara.transport.part_file import PartFile as PartFile
    from nusantara.transport.pool import Connections as Connections
    from nusantara.transport.proxy import environment_proxy as environment_proxy
    from nusantara.transport.proxy import proxy_problem as proxy_problem
    from nusantara.transport.read_answer import REDIRECTS as REDIRECTS
    from nusantara.transport.read_answer import codings_of as codings_of
    from nusantara.transport.read_file import Intake as Intake
    from nusantara.transport.read_file import connector_for_files as connector_for_files
    from nusantara.transport.session import Session as Session
    from nusantara.transport.timers import Deadlines as Deadlines
    from nusantara.transport.tls import ssl_context as ssl_context

_WHERE = {
    "Connections": "pool",
    "Deadlines": "timers",
    "Exchange": "exchange",
    "Intake": "read_file",
    "Note": "part_file",
    "PartFile": "part_file",
    "REDIRECTS": "read_answer",
    "Session": "session",
    "checked_address": "address",
    "codings_of": "read_answer",
    "connector_for_files": "read_file",
    "environment_proxy": "proxy",
    "is_local": "address",
    "proxy_problem": "proxy",
    "ssl_context": "tls",
    "translate": "failures",
}

__all__ = list(_WHERE)


def __getattr__(name: str) -> Any:
    from nusantara import load

    return load(__name__, _WHERE, name, globals())


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})
