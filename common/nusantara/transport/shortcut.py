"""The shorter way of an ordinary call: aiohttp's connector, protocol and parser, without the session around them.

``ClientSession.request`` costs more than everything else in a call together. Of what it does, a call of this library
needs a connection, one write and one parsed answer. Connections, TLS, the look-up of names, HTTP parsing and flow
control stay aiohttp's. Where the inside of an aiohttp is another (:mod:`nusantara.transport.self_check`), or
``NUSANTARA_TRANSPORT=aiohttp`` is set, calls go through the session.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from typing import Any

import aiohttp
from yarl import URL

from nusantara.checks import encode_head
from nusantara.errors import ConfigurationError
from nusantara.request import Request

__all__ = ["LARGE_BODY", "Shortcut"]

LARGE_BODY = 64 * 1024
"""Bytes. A larger body has to leave in pieces."""

_BODILESS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Verbs of which nobody expects a body, so that its absence need not be said."""


class Shortcut:
    """To one base URL."""

    __slots__ = ("_host", "_prefix", "target")

    def __init__(self, session: aiohttp.ClientSession, base_url: str) -> None:
        url = URL(base_url, encoded=True)
        self._host = url.host_port_subcomponent
        self._prefix = url.raw_path.rstrip("/")
        self.target = _target(session, url)
        """Tells the connector where to connect to. Of a request, that is all that it looks at."""

    @staticmethod
    def suits(request: Request) -> bool:
        """Whether a request is one that can be written at once."""
        return not request.files and (request.body is None or len(request.body) <= LARGE_BODY)

    @staticmethod
    def is_wanted() -> bool:
        """Whether the environment leaves the choice to us."""
        choice = os.environ.get("NUSANTARA_TRANSPORT", "")
        if choice not in ("", "direct", "aiohttp"):
            raise ConfigurationError(f"NUSANTARA_TRANSPORT is {choice!r}", hint="it may be 'direct' or 'aiohttp'")
        return choice != "aiohttp"

    def message(self, request: Request, headers: Mapping[str, str]) -> bytes:
        """The bytes of a request."""
        body = request.body
        if body is not None:
            length = f"Content-Length: {len(body)}\r\n"
        else:
            length = "" if request.method in _BODILESS else "Content-Length: 0\r\n"
        start = f"{request.method} {self._prefix}{request.target} HTTP/1.1\r\nHost: {self._host}\r\n"
        head = encode_head(start, headers, f"{length}\r\n")
        return head if body is None else head + body


def _target(session: aiohttp.ClientSession, url: URL) -> aiohttp.ClientRequest:
    settings: dict[str, Any] = {"loop": asyncio.get_running_loop(), "session": session}
    key = aiohttp.ClientRequest("GET", url, **settings).connection_key
    # It would be computed anew for each call.
    kind = type("Target", (aiohttp.ClientRequest,), {"connection_key": key})
    target: aiohttp.ClientRequest = kind("GET", url, **settings)
    return target
