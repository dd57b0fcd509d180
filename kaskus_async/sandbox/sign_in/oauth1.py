"""OAuth 1.0a (RFC 5849) from the server's side: the signature, its time and its nonce.

What is signed is what was on the wire: the address as the client used it, the query and, of an urlencoded body, its
fields. Of a multipart body nothing is signed. The arithmetic is oauthlib's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import attrs

from kaskus_async.sandbox.refusals import Unauthorized
from kaskus_async.sandbox.stores import App
from nusantara.sandbox.incoming import Incoming, Pairs

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["Signed", "check", "is_signed"]

_FIELD = re.compile(r'\s*([^\s=,"]+)\s*=\s*"([^"]*)"\s*(?:,|$)')
_NEEDED = ("oauth_consumer_key", "oauth_signature_method", "oauth_signature", "oauth_timestamp", "oauth_nonce")
_TIME = re.compile(r"[0-9]{1,12}").fullmatch


@attrs.frozen
class Signed:
    """A call whose signature is good."""

    app: App
    token: str
    """Empty where the application signed for itself."""
    fields: dict[str, str]
    """The ``oauth_`` parameters."""


@attrs.frozen
class _Request:
    """A request as oauthlib verifies it."""

    http_method: str
    uri: str
    params: Pairs
    signature: str


def is_signed(call: Incoming) -> bool:
    """Whether a call says that it is signed, in the header, the query or the form."""
    return any(name == "oauth_signature" for name, _ in _collected(call))


def check(state: KaskusState, call: Incoming, secret_of: Callable[[App, str], str | None]) -> Signed:
    """Check a call. Raises :exc:`Unauthorized`.

    :param secret_of: gives the secret of a token of an application, or ``None`` if it has no such token.
    """
    pairs = _collected(call)
    fields = {name: value for name, value in pairs if name.startswith("oauth_")}
    if len(fields) < sum(name.startswith("oauth_") for name, _ in pairs):
        raise Unauthorized("an oauth parameter is there twice")
    missing = [name for name in _NEEDED if not fields.get(name)]
    if missing:
        raise Unauthorized(f"the signature is not complete: {', '.join(missing)} missing")
    if fields.get("oauth_version", "1.0") != "1.0":
        raise Unauthorized("oauth_version must be 1.0")

    app = state.sessions.apps.get(fields["oauth_consumer_key"])
    if app is None:
        raise Unauthorized("no such consumer key")
    token = fields.get("oauth_token", "")
    token_secret = secret_of(app, token) if token else ""
    if token_secret is None:
        raise Unauthorized("no such token")

    verify = _verifier(state, fields["oauth_signature_method"])
    signed = tuple(pair for pair in pairs if pair[0] != "oauth_signature")
    request = _Request(call.method, call.url, signed, fields["oauth_signature"])
    try:
        good = verify(request, app.consumer_secret, token_secret)
    except ValueError:  # of text that cannot be signed
        good = False
    if not good:
        raise Unauthorized("the signature is wrong")
    _check_fresh(state, app, token, fields["oauth_timestamp"], fields["oauth_nonce"])
    return Signed(app, token, fields)


def _check_fresh(state: KaskusState, app: App, token: str, timestamp: str, nonce: str) -> None:
    if not _TIME(timestamp):
        raise Unauthorized("oauth_timestamp must be whole seconds")
    off = int(timestamp) - (state.now() + state.clock_skew)
    if abs(off) > state.timestamp_window:
        raise Unauthorized(f"oauth_timestamp is {abs(off)} seconds in the {'future' if off > 0 else 'past'}")
    if not state.sessions.use_nonce(int(timestamp), nonce, app.consumer_key, token):
        raise Unauthorized("oauth_nonce was used before")


def _verifier(state: KaskusState, method: str) -> Callable[[_Request, str, str], bool]:
    from oauthlib.oauth1.rfc5849 import signature

    if method not in state.signature_methods:
        raise Unauthorized(f"oauth_signature_method must be {' or '.join(state.signature_methods)}")
    verifiers: dict[str, Callable[[Any, str, str], bool]] = {
        "HMAC-SHA1": signature.verify_hmac_sha1,
        "HMAC-SHA256": signature.verify_hmac_sha256,
        "HMAC-SHA512": signature.verify_hmac_sha512,
        "PLAINTEXT": signature.verify_plaintext,
    }
    return verifiers[method]


def _collected(call: Incoming) -> Pairs:
    """All parameters that a signature covers, and the signature (RFC 5849, 3.4.1.3.1)."""
    form = call.form() if call.content_type == "application/x-www-form-urlencoded" else ()
    return (*call.query, *_header_fields(call.header("Authorization") or ""), *form)


def _header_fields(header: str) -> Pairs:
    scheme, _, text = header.strip().partition(" ")
    if scheme.lower() != "oauth":
        return ()
    fields = []
    position = 0
    while (match := _FIELD.match(text, position)) is not None:
        fields.append((unquote(match.group(1)), unquote(match.group(2))))
        position = match.end()
    if text[position:].strip():
        raise Unauthorized("the Authorization header cannot be read")
    return tuple(pair for pair in fields if pair[0].lower() != "realm")
