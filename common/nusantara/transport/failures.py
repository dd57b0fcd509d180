"""What went wrong below a call, in our own words: for each failure of aiohttp, the system or TLS its error and hint."""

from __future__ import annotations

import re
import ssl

import aiohttp
from yarl import URL

from nusantara.errors import (
    BadResponse,
    ConnectFailed,
    ConnectionLost,
    NoAnswer,
    NusantaraError,
    Phase,
    Sent,
    Timeout,
    UnsafeRedirect,
)
from nusantara.response import excerpt_of
from nusantara.transport.aiohttp_inside import HttpProcessingError
from nusantara.transport.descriptors import NO_DESCRIPTOR

__all__ = ["incomplete", "lost_text", "refused_redirect", "through_proxy", "translate"]


def translate(error: Exception, connect: float | None) -> NoAnswer | None:
    """Our name for a failure of aiohttp, the system or TLS; None for what is not one, as an error of the caller's own
    file or function."""
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return Timeout(Phase.CONNECT, f"no connection within {connect:g} s")
    if isinstance(error, aiohttp.ServerTimeoutError):
        return Timeout(Phase.FIRST_BYTE, "the server did not begin to answer in time")
    if isinstance(error, (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError, ssl.SSLError)):
        return _permanent(f"TLS failed: {_reason(error)}", _tls_hint(error))
    if isinstance(error, aiohttp.ClientHttpProxyError):
        refused = ConnectFailed(
            f"the proxy refused the connection with status {error.status}",
            hint="the proxy wants a user name and a password, as in http://name:password@host:port"
            if error.status == 407
            else "check the proxy setting",
        )
        refused.permanent = error.status < 500  # With 5xx it could not reach the server, which may pass.
        return refused
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return ConnectFailed(f"the proxy cannot be reached: {_reason(error)}", hint="check the proxy setting")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return ConnectFailed(
            f"the host name does not resolve: {_reason(error)}", hint="check the base URL and the network"
        )
    if isinstance(error, aiohttp.ClientConnectorError):
        return ConnectFailed(
            f"no connection: {_reason(error)}",
            hint="raise the limit on open files (ulimit -n), or lower max_connections"
            if error.errno in NO_DESCRIPTOR
            else "check the base URL and the network",
        )
    if isinstance(error, (aiohttp.InvalidURL, UnicodeError)):
        return _permanent("the base URL cannot be connected to", "check base_url")
    if isinstance(error, aiohttp.ClientPayloadError):
        return incomplete("the body was cut short or broken on its way")
    if isinstance(error, (aiohttp.ClientResponseError, HttpProcessingError)) and _TLS_ALERT in error.message:
        return BadResponse("the server speaks TLS, not plain HTTP", hint="base_url must begin with https://")
    if isinstance(error, (aiohttp.ClientResponseError, HttpProcessingError)):
        return incomplete(f"what came is not a valid HTTP answer: {_protocol_text(error.message)}")
    if isinstance(error, (aiohttp.ClientError, OSError)):
        return ConnectionLost(lost_text(error))
    return _unexpected(error)


_TRANSPORT = ("aiohttp", "aiohappyeyeballs", "asyncio", "multidict", "nusantara.transport", "ssl", "uvloop", "yarl")


def _unexpected(error: Exception) -> NoAnswer | None:
    """For an error that was raised in what carries a call, and that nobody there should raise."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None:
        return None
    module = place.tb_frame.f_globals.get("__name__", "")
    if not f"{module}.".startswith(tuple(f"{package}." for package in _TRANSPORT)):
        return None
    # Only these are known to quote names, and no values.
    text = f": {excerpt_of(str(error).encode(), 200)}" if isinstance(error, (AttributeError, TypeError)) else ""
    return NoAnswer(
        f"{type(error).__name__} in {module}, line {place.tb_lineno}, of aiohttp {aiohttp.__version__}{text}",
        hint="this should not happen: is this version of aiohttp one that the library was made for?",
    )


_TLS_ALERT = r"b'\x15\x03"  # As aiohttp shows the first bytes of an answer that is not HTTP.


def _tls_hint(error: BaseException) -> str:
    inner = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error
    if isinstance(inner, ssl.SSLCertVerificationError):
        if inner.verify_code in (9, 10):
            return "renew the server's certificate, or set this machine's clock"
        if inner.verify_code in (62, 64):
            return "the certificate is of another host: check base_url"
        return "if the server's authority is private, give its certificates as ca_bundle= or in SSL_CERT_FILE"
    if getattr(inner, "reason", None) in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"):
        return "the server does not speak TLS there: is it http:// or another port?"
    return "check base_url, and which versions of TLS the server has"


def through_proxy(failure: NusantaraError) -> NusantaraError:
    """A failure on the way to the server, named for the proxy that stands there."""
    if isinstance(failure, Timeout):
        return Timeout(failure.phase, f"{failure.message} through the proxy", hint="check the proxy setting")
    if isinstance(failure, (ConnectionLost, BadResponse)):
        return ConnectFailed(f"the proxy failed: {failure.message}", hint="check the proxy setting")
    return failure


def _permanent(message: str, hint: str) -> ConnectFailed:
    error = ConnectFailed(message, hint=hint)
    error.permanent = True
    return error


def incomplete(message: str) -> BadResponse:
    error = BadResponse(message)
    error.incomplete = True
    return error


def _reason(error: BaseException) -> str:
    inner = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error
    text = getattr(inner, "verify_message", None) or getattr(inner, "strerror", None) or str(inner)
    return excerpt_of(str(text or "the server closed the connection").encode(), 120)


def _protocol_text(message: str) -> str:
    """aiohttp's reason on one line, then at most 64 escaped bytes of what it quotes from the answer."""
    text = " ".join(message.rstrip("^ ").split())
    quote = re.search(r"\bb['\"]", text)
    reason = text if quote is None else text[: quote.start()]
    return excerpt_of(reason.encode(), 100) + excerpt_of(text[len(reason) :].encode(), 64)


def lost_text(error: BaseException) -> str:
    if isinstance(error, ConnectionResetError) or "reset" in str(error).lower():
        return "the connection was reset before the whole answer came"
    return "the server closed the connection before the whole answer came"


def refused_redirect(status: int, location: str) -> UnsafeRedirect:
    try:
        url = URL(location)
        scheme = f"{url.scheme}:" if url.scheme else ""
        place = f"{scheme}//{url.host}" if url.host else f"a {scheme} address" if scheme else "the same host"
    except ValueError:
        place = "an unreadable address"
    error = UnsafeRedirect(
        f"the server redirects to {excerpt_of(place.encode(errors='backslashreplace'), 100)} (status {status})",
        hint="redirects of API calls are not followed; is base_url right?",
    )
    error.status, error.sent = status, Sent.YES
    return error
