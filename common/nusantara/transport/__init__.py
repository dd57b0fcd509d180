"""Where bytes travel: requests to a vendor and their answers, files, proxies, TLS. Only here is aiohttp's client used.

Importing this package loads nothing heavy; each name below is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nusantara import lazy

if TYPE_CHECKING:
    from nusantara.transport.address import checked_address as checked_address
    from nusantara.transport.address import is_local as is_local
    from nusantara.transport.exchange import Exchange as Exchange
    from nusantara.transport.failures import translate as translate
    from nusantara.transport.host import Host as Host
    from nusantara.transport.notes import hidden_start as hidden_start
    from nusantara.transport.notes import read_note as read_note
    from nusantara.transport.notes import write_note as write_note
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

# Written by "python -m nusantara.syncgen" from the imports above.
_WHERE = {
    "Connections": "nusantara.transport.pool",
    "Deadlines": "nusantara.transport.timers",
    "Exchange": "nusantara.transport.exchange",
    "Host": "nusantara.transport.host",
    "Intake": "nusantara.transport.read_file",
    "Note": "nusantara.transport.part_file",
    "PartFile": "nusantara.transport.part_file",
    "REDIRECTS": "nusantara.transport.read_answer",
    "Session": "nusantara.transport.session",
    "checked_address": "nusantara.transport.address",
    "codings_of": "nusantara.transport.read_answer",
    "connector_for_files": "nusantara.transport.read_file",
    "environment_proxy": "nusantara.transport.proxy",
    "hidden_start": "nusantara.transport.notes",
    "is_local": "nusantara.transport.address",
    "proxy_problem": "nusantara.transport.proxy",
    "read_note": "nusantara.transport.notes",
    "ssl_context": "nusantara.transport.tls",
    "translate": "nusantara.transport.failures",
    "write_note": "nusantara.transport.notes",
}

if not TYPE_CHECKING:
    __all__ = list(_WHERE)
    __getattr__, __dir__ = lazy(__name__, _WHERE)
