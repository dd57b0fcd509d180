"""What is used here of the inside of aiohttp and asyncio: every name that their documentation does not promise.

Nothing else in the library uses such a name, and nothing outside of this room. They are asked for once, by
:mod:`nusantara.transport.self_check`; without any one of them plain ``aiohttp.TCPConnector`` and
``aiohttp.ClientSession`` serve. So whatever is taken from here can be imported though it is not there.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import aiohttp
import attrs

__all__ = ["EMPTY_PAYLOAD", "NAMES", "HttpProcessingError", "Inside", "ResponseHandler", "lacking"]


@attrs.frozen(slots=True)
class Inside:
    """One name."""

    owner: str
    """Module or class that has it; with ``()``, an object of that class, once it is made."""
    name: str
    lost: str
    """What there is not without it."""
    takes: tuple[str, ...] = ()
    """Parameters that we pass to it, or that it passes to what we put in its place."""


_GUARD = "the bounds on what comes beside an answer"
_LOOK = "the look at a kept connection before it is used"
_SHORTCUT = "the shorter way of small calls"
_EARLY = "the answer of a server that refuses a body and closes"

_HANDLER = "aiohttp.client_proto.ResponseHandler()"
_SETTINGS = ("skip_payload", "read_until_eof", "auto_decompress", "read_timeout", "max_line_size", "max_field_size")

NAMES = (
    Inside("aiohttp.client_proto", "ResponseHandler", _GUARD),
    Inside("aiohttp.TCPConnector()", "_factory", _GUARD),
    Inside(_HANDLER, "set_response_params", _GUARD, _SETTINGS),
    Inside(_HANDLER, "feed_data", _GUARD, ("data", "size")),
    Inside(_HANDLER, "set_exception", _GUARD, ("exc",)),
    Inside(_HANDLER, "force_close", _GUARD),
    Inside(_HANDLER, "start_timeout", "the time for the first byte, which an interim answer would put off"),
    Inside(_HANDLER, "read_timeout", "the time for each piece of a body"),
    Inside("aiohttp.http_exceptions", "HttpProcessingError", _GUARD),
    Inside("aiohttp.streams", "EMPTY_PAYLOAD", _GUARD),
    Inside("aiohttp.StreamReader", "total_bytes", _GUARD),
    Inside("aiohttp.StreamReader", "set_exception", _GUARD, ("exc",)),
    Inside("aiohttp.BaseConnector", "connect", _LOOK, ("req", "traces", "timeout")),
    Inside("aiohttp.connector.Connection", "protocol", _LOOK),
    Inside("aiohttp.connector.Connection", "add_callback", _LOOK, ("callback",)),
    Inside(_HANDLER, "transport", _SHORTCUT),
    Inside(_HANDLER, "should_close", _SHORTCUT),
    Inside(_HANDLER, "is_connected", _SHORTCUT),
    Inside("aiohttp.ClientRequest", "connection_key", _SHORTCUT),
    Inside("aiohttp", "ClientRequest", _SHORTCUT, ("method", "url", "loop", "session")),
    Inside("asyncio.sslproto._SSLProtocolTransport()", "_ssl_protocol", _EARLY),
    Inside("asyncio.sslproto.SSLProtocol()", "_incoming", _EARLY),
)

if TYPE_CHECKING:
    from aiohttp.client_proto import ResponseHandler
    from aiohttp.http_exceptions import HttpProcessingError
    from aiohttp.streams import EMPTY_PAYLOAD
else:

    def _found(module: str, name: str, instead: Any) -> Any:
        with suppress(ImportError):
            return getattr(importlib.import_module(module), name, instead)
        return instead

    ResponseHandler = _found("aiohttp.client_proto", "ResponseHandler", asyncio.Protocol)
    HttpProcessingError = _found("aiohttp.http_exceptions", "HttpProcessingError", type("Never", (Exception,), {}))
    EMPTY_PAYLOAD = _found("aiohttp.streams", "EMPTY_PAYLOAD", None)


async def lacking() -> list[Inside]:
    """The names that are not there, or do not take what they have to."""
    lacking = []
    async with aiohttp.TCPConnector() as connector:
        made: dict[str, Any] = {"aiohttp.TCPConnector()": connector}
        for inside in NAMES:
            if inside.owner not in made:
                with suppress(Exception):
                    made[inside.owner] = _make(inside.owner)
            if not _is_there(made.get(inside.owner), inside):
                lacking.append(inside)
    return lacking


def _make(owner: str) -> Any:
    """The module, class or object of this name."""
    if not owner.endswith("()"):
        return _resolved(owner)
    kind, loop = _resolved(owner[:-2]), asyncio.get_running_loop()
    if kind is ResponseHandler:
        return kind(loop=loop)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    protocol = _resolved("asyncio.sslproto.SSLProtocol")(loop, asyncio.Protocol(), context, None)
    protocol.connection_lost(None)  # Or its transport would warn that nobody closed it.
    if isinstance(protocol, kind):
        return protocol
    transport = kind(loop, protocol)
    transport.close()
    return transport


def _resolved(dotted: str) -> Any:
    module, _, name = dotted.rpartition(".")
    try:
        return importlib.import_module(dotted)
    except ImportError:
        return getattr(importlib.import_module(module), name)


def _is_there(owner: Any, inside: Inside) -> bool:
    if owner is None or not hasattr(owner, inside.name):
        return False
    if not inside.takes:
        return True
    try:
        signature = inspect.signature(getattr(owner, inside.name))
    except (TypeError, ValueError):
        return False
    return signature.parameters.keys() >= {*inside.takes}
