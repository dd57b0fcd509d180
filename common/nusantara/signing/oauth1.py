"""OAuth 1.0a (RFC 5849): signatures in the ``Authorization`` header, and the answers that carry its tokens.

:class:`OAuth1` signs with HMAC-SHA1, which nearly every service wants, at a small part of what oauthlib takes for the
same header. :class:`OAuthlibSigner` has the other methods.
"""

from __future__ import annotations

import email.utils
import functools
import hashlib
import logging
import os
import random
import re
import threading
import time
from binascii import b2a_base64
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, Self
from urllib.parse import parse_qsl, urlsplit

from nusantara.errors import BadResponse, ConfigurationError, InvalidParameter, MissingExtra
from nusantara.request import Request, percent_encode
from nusantara.response import Response
from nusantara.secret import HiddenText, Secret, hide, reveal

__all__ = ["OAuth1", "OAuthlibSigner", "SignatureMethod", "parse_token_answer"]

SHORTEST_SKEW: Final = 60.0
"""Seconds. Below, it may as well be the time that the answer took."""
LONGEST_SKEW: Final = 24 * 60 * 60 + SHORTEST_SKEW
"""Seconds: a date that is wrong by one day is put up with."""


class _Clock:
    """The time that is put into signatures: this machine's, until a server has shown it to be wrong."""

    __slots__ = ("_offset",)

    def __init__(self) -> None:
        self._offset: float | None = None
        """From the monotonic clock to the server's, so that setting this machine's clock right does no harm."""

    def now(self) -> int:
        return int(time.time() if self._offset is None else time.monotonic() + self._offset)

    def refused(self, date: str | None, signed_at: int) -> bool:
        """Have a signature refused, and say whether the next one will have a time that is far from its own.

        The refused time gives way to the other: this machine's to the server's ``Date``, and that, should it be of no
        use, to this machine's again. Another server than the one that checks signatures may have written the ``Date``.
        """
        if abs(signed_at - self.now()) < SHORTEST_SKEW:
            server = _moment(date)
            if server is not None and abs(server - time.time()) <= LONGEST_SKEW:
                self._offset = server - time.monotonic() if abs(server - signed_at) >= SHORTEST_SKEW else None
        return abs(signed_at - self.now()) >= SHORTEST_SKEW

    def check(self, date: str | None) -> None:
        """Raise if this machine's clock and a server's are further apart than is put up with."""
        server = _moment(date)
        skew = 0.0 if server is None else time.time() - server
        if abs(skew) > LONGEST_SKEW:
            raise ConfigurationError(
                f"this machine's clock is {abs(skew) / 86_400:.1f} days {'ahead of' if skew > 0 else 'behind'} "
                "the server's, and signatures hold the time",
                hint="set this machine's clock",
            )


def _moment(date: str | None) -> float | None:
    """Seconds since 1970 of a ``Date`` header."""
    try:
        moment = email.utils.parsedate_to_datetime(date or "")
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return None if moment.tzinfo is None else moment.timestamp()


class _Signing:
    """What both signers have in common: the credentials and the clock."""

    __slots__ = ("_clock", "_consumer_key", "_consumer_secret", "_token", "_token_secret")

    def __init__(
        self,
        consumer_key: str,
        consumer_secret: Secret | str,
        token: str | None,
        token_secret: Secret | str | None,
    ) -> None:
        if (token is None) != (token_secret is None):
            missing = "token" if token is None else "token_secret"
            raise InvalidParameter(missing, "is missing: a token and its secret go together")
        given = {"consumer_key": consumer_key, "consumer_secret": consumer_secret, "token": token}
        for name, value in {**given, "token_secret": token_secret}.items():
            if value is None:
                continue
            if not isinstance(value, Secret | str):
                raise InvalidParameter(name, f"must be text, not {type(value).__name__}")
            if not reveal(value) and name != "token_secret":
                raise InvalidParameter(name, "must not be empty")
            percent_encode(reveal(value), name)
        self._consumer_key = consumer_key
        self._consumer_secret = _secret(consumer_secret)
        self._token = token
        self._token_secret = _secret(token_secret or "")
        self._clock = _Clock()

    def learn_skew(self, date: str | None, signed: Mapping[str, str]) -> bool:
        """Compare a server's clock with a signature that it refused.

        If they are at least a minute and at most a day apart, all later signatures, also those of signers made from
        this one, carry the server's time; until that is refused as well.

        Args:
            date: The ``Date`` header of the refusal.
            signed: The headers that :meth:`sign` returned for the refused attempt.

        Returns:
            Whether the refusal can be due to the clock, so that the call is worth repeating.
        """
        found = _TIMESTAMP(signed.get("Authorization", ""))
        return found is not None and self._clock.refused(date, int(found[1]))

    async def renew(self, signed: Mapping[str, str], refusal: Response) -> bool:
        """Whether an attempt that was refused for its credentials should be made once more, signed anew.

        Raises:
            ConfigurationError: This machine's clock is wrong by more than a day.
        """
        return self.refused(signed, refusal)

    def refused(self, signed: Mapping[str, str], refusal: Response) -> bool:
        """The same as :meth:`renew`, which has nothing to wait for here."""
        date = refusal.headers.get("Date")
        if self.learn_skew(date, signed):
            return True
        self._clock.check(date)
        return False

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"


class OAuth1(_Signing):
    """HMAC-SHA1 over the method, the URL, the query and the fields of an urlencoded form; not over JSON or files.

    Without a token the consumer alone signs, as for public data and for asking for a token.

    Args:
        consumer_key: Also called API key or client key.
        token: Also called access token or, while logging in, request token.
        token_secret: Goes with the token; may be empty.
    """

    __slots__ = ("_fixed_header", "_fixed_pairs", "_key")

    def __init__(
        self,
        consumer_key: str,
        consumer_secret: Secret | str,
        *,
        token: str | None = None,
        token_secret: Secret | str | None = None,
    ) -> None:
        consumer_secret, token_secret = hide(consumer_secret), hide(token_secret)
        super().__init__(consumer_key, consumer_secret, token, token_secret)
        fixed = [
            ("oauth_version", "1.0"),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_consumer_key", consumer_key),
        ]
        if token:
            fixed.append(("oauth_token", token))
        escaped = [(name, percent_encode(value)) for name, value in fixed]
        self._fixed_pairs = [f"{name}\0{value}" for name, value in escaped]
        self._fixed_header = ", ".join(f'{name}="{value}"' for name, value in escaped)
        self._key = _HmacSha1(_signing_key(self._consumer_secret, self._token_secret))

    def with_token(self, token: str, token_secret: Secret | str) -> Self:
        """A signer for the same consumer and another token, on the same clock."""
        token_secret = hide(token_secret)
        other = type(self)(self._consumer_key, self._consumer_secret, token=token, token_secret=token_secret)
        other._clock = self._clock
        return other

    def sign(self, request: Request, base_url: str) -> Mapping[str, str]:
        """The ``Authorization`` header, with a nonce and a time of its own each time."""
        nonce, timestamp = _nonce(), str(self._clock.now())
        pairs = [f"oauth_nonce\0{nonce}", f"oauth_timestamp\0{timestamp}", *self._fixed_pairs]
        # What is signed is what is sent: the target and an urlencoded body are encoded already, just as OAuth wants it.
        query = request.target[len(request.path) + 1 :]
        if query:
            pairs += query.replace("=", "\0").split("&")
        if request.body and request.form is not None:
            pairs += request.body.decode("ascii").replace("=", "\0").split("&")
        signature = self._key.sign(_base_string(_prefix(request.method, base_url, request.path), pairs))
        return {
            "Authorization": HiddenText(
                f'OAuth oauth_nonce="{nonce}", oauth_timestamp="{timestamp}", {self._fixed_header}, '
                f'oauth_signature="{signature}"'
            )
        }


SignatureMethod = Literal[
    "HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512", "RSA-SHA1", "RSA-SHA256", "RSA-SHA512", "PLAINTEXT"
]


class OAuthlibSigner(_Signing):
    """Signatures by any method that oauthlib knows. Slower than :class:`OAuth1`; loads oauthlib on first use.

    Args:
        signature_method: ``PLAINTEXT`` sends the secrets themselves, so use it with https only.
        rsa_key: Private key in PEM, for the RSA methods, which need the package ``oauthlib[signedtoken]``.
    """

    __slots__ = ("_method", "_rsa_key")

    def __init__(
        self,
        consumer_key: str,
        consumer_secret: Secret | str,
        *,
        signature_method: SignatureMethod,
        token: str | None = None,
        token_secret: Secret | str | None = None,
        rsa_key: Secret | str | None = None,
    ) -> None:
        consumer_secret, token_secret, rsa_key = hide(consumer_secret), hide(token_secret), hide(rsa_key)
        super().__init__(consumer_key, consumer_secret, token, token_secret)
        from oauthlib.oauth1 import Client

        if signature_method not in Client.SIGNATURE_METHODS:
            known = ", ".join(sorted(Client.SIGNATURE_METHODS))
            raise InvalidParameter("signature_method", f"must be one of {known}")
        if signature_method.startswith("RSA-") != (rsa_key is not None):
            raise InvalidParameter("rsa_key", "goes with the RSA methods, and they with it")
        self._method = signature_method
        self._rsa_key = None if rsa_key is None else _secret(rsa_key)

    def sign(self, request: Request, base_url: str) -> Mapping[str, str]:
        """The ``Authorization`` header, with a nonce and a time of its own each time."""
        from oauthlib.oauth1 import Client

        client: Any = Client(
            self._consumer_key,
            client_secret=self._consumer_secret.reveal(),
            resource_owner_key=self._token,
            resource_owner_secret=self._token_secret.reveal(),
            signature_method=self._method,
            rsa_key=None if self._rsa_key is None else self._rsa_key.reveal(),
            nonce=_nonce(),
            timestamp=str(self._clock.now()),
        )
        covered = bool(request.body) and request.form is not None
        try:
            _, headers, _ = _signed_quietly(
                client,
                base_url + request.target,
                http_method=request.method,
                body=request.body.decode("ascii") if covered and request.body is not None else None,
                headers={"Content-Type": "application/x-www-form-urlencoded"} if covered else {},
            )
        except ImportError:
            raise MissingExtra(
                f"{self._method} needs cryptography and PyJWT", hint="pip install 'oauthlib[signedtoken]'"
            ) from None
        return {"Authorization": HiddenText(headers["Authorization"])}


_quiet = threading.local()
"""Whether this thread signs, so that oauthlib is not to write down what is signed: passwords are in it."""


def _speaks(_: logging.LogRecord) -> bool:
    return not getattr(_quiet, "now", False)


def _signed_quietly(client: Any, *args: Any, **kwargs: Any) -> Any:
    for name in ("oauthlib.oauth1.rfc5849", "oauthlib.oauth1.rfc5849.signature"):
        logging.getLogger(name).addFilter(_speaks)  # Adding it again does nothing.
    _quiet.now = True
    try:
        return client.sign(*args, **kwargs)
    finally:
        _quiet.now = False


class _HmacSha1:
    """HMAC-SHA1 (RFC 2104) of which the part that depends on the key alone is computed once."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        if len(key) > 64:
            key = hashlib.sha1(key, usedforsecurity=False).digest()
        key = key.ljust(64, b"\0")
        self._inner = hashlib.sha1(bytes(byte ^ 0x36 for byte in key), usedforsecurity=False)
        self._outer = hashlib.sha1(bytes(byte ^ 0x5C for byte in key), usedforsecurity=False)

    def sign(self, text: str) -> str:
        """The signature in Base64, percent-encoded."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text.encode("ascii"))
        outer.update(inner.digest())
        signature = b2a_base64(outer.digest(), newline=False).decode("ascii")
        return signature.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")


def _base_string(prefix: str, pairs: list[str]) -> str:
    """RFC 5849 section 3.4.1.1. Each pair is an encoded name, NUL, and an encoded value.

    NUL sorts before everything else, so that texts with it between name and value sort as pairs do.
    """
    pairs.sort()
    return prefix + "&".join(pairs).replace("%", "%25").replace("&", "%26").replace("\0", "%3D")


def _prefix(method: str, base_url: str, path: str) -> str:
    """The part of the base string before the parameters (RFC 5849 section 3.4.1.2)."""
    if _PLAIN_PATH(path):
        return _origin(method, base_url) + path.replace("%", "%25").replace("/", "%2F") + "&"
    return _origin(method, base_url) + percent_encode(path) + "&"


_PLAIN_PATH = re.compile(r"[A-Za-z0-9_.~%/-]*").fullmatch


@functools.lru_cache(maxsize=64)
def _origin(method: str, base_url: str) -> str:
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    authority = f"[{host}]" if ":" in host else host
    if parts.port is not None and (parts.scheme, parts.port) not in (("http", 80), ("https", 443)):
        authority += f":{parts.port}"
    return f"{percent_encode(method.upper())}&{percent_encode(f'{parts.scheme}://{authority}{parts.path}')}"


def _signing_key(consumer_secret: Secret, token_secret: Secret) -> bytes:
    return f"{percent_encode(consumer_secret.reveal())}&{percent_encode(token_secret.reveal())}".encode("ascii")


def _secret(text: Secret | str) -> Secret:
    return text if isinstance(text, Secret) else Secret(text)


_TIMESTAMP = re.compile(r'oauth_timestamp="(\d+)"').search


def _nonce() -> str:
    return f"{_nonces.getrandbits(128):032x}"


# A nonce has to be new, not secret, and the system's own source costs several times as much.
_nonces = random.Random(os.urandom(32))  # noqa: S311
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: _nonces.seed(os.urandom(32)))


MAX_TOKEN_ANSWER: Final = 8 * 1024
_ENCODED: Final = re.compile(rb"(?:[^\0-\x20\x7f-\xff%]|%[0-9A-Fa-f]{2})*").fullmatch


def parse_token_answer(body: bytes) -> dict[str, str]:
    """The fields of an answer to a token request, as in ``oauth_token=...&oauth_token_secret=...``.

    Which fields there have to be, and which of them say no, is the vendor's rule. The values do not show in a repr.

    Raises:
        BadResponse: It is not an urlencoded form, or has a field twice.
    """
    problem = None
    pairs: list[tuple[str, str]] = []
    text = body.strip()
    if not text:
        problem = "it is empty"
    elif len(text) > MAX_TOKEN_ANSWER:
        problem = f"it is longer than {MAX_TOKEN_ANSWER} bytes"
    elif not _ENCODED(text) or not all(b"=" in piece for piece in text.split(b"&")):
        problem = "it is not an urlencoded form"
    else:
        try:
            pairs = parse_qsl(text.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict")
        except ValueError:
            problem = "its text is not UTF-8"
        else:
            problem = _problem_of(pairs)
    if problem is not None:
        raise BadResponse(f"the answer to a token request cannot be used: {problem}")
    return {name: HiddenText(value) for name, value in pairs}


def _problem_of(pairs: Iterable[tuple[str, str]]) -> str | None:
    seen: set[str] = set()
    for name, value in pairs:
        if not name or not name.isprintable():
            return "a field has no proper name"
        if name in seen:
            return "it has a field twice"
        if not value.isprintable() and name.startswith("oauth_"):
            return "a token holds control characters"
        seen.add(name)
    return None
