"""Who is signed in: request tokens, tokens of users, and what OAuth 2 has instead."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from kaskus_async.sandbox.settings import Settings

__all__ = ["App", "Bearer", "RequestToken", "Sessions", "Token"]


@attrs.frozen
class App:
    """The application that developers register."""

    consumer_key: str
    consumer_secret: str = attrs.field(repr=False)
    client_id: str
    client_secret: str = attrs.field(repr=False)


@attrs.define
class RequestToken:
    """Asks a user for consent."""

    token: str
    secret: str = attrs.field(repr=False)
    callback: str
    """An address, or ``oob`` where the user is to copy the verifier."""
    verifier: str = attrs.field(repr=False)
    userid: int | None = None
    """Who allowed it."""
    denied: bool = False


@attrs.frozen
class Token:
    """An OAuth 1 token of a user. How long the vendor's last is not known; these do until they are given back."""

    token: str = attrs.field(repr=False)
    secret: str = attrs.field(repr=False)
    userid: int


@attrs.frozen
class Bearer:
    """An OAuth 2 token, of a user or of the application itself."""

    access_token: str = attrs.field(repr=False)
    userid: int | None
    scope: str
    expires_at: float
    refresh_token: str = attrs.field(default="", repr=False)
    """Empty for the application itself, which asks for a new token instead."""


class Sessions:
    """Tokens of all kinds, and the nonces that were used."""

    def __init__(self, settings: Settings, now: Callable[[], int], digest: Callable[[str], str]) -> None:
        self._settings, self._now, self._digest = settings, now, digest
        self._made = 0
        self._nonces: dict[tuple[int, str, str], None] = {}
        self._enough_nonces = 10_000
        self.app = App(
            consumer_key=digest("consumer_key")[:32],
            consumer_secret=digest("consumer_secret")[:40],
            client_id=digest("client_id")[:16],
            client_secret=digest("client_secret")[:40],
        )
        self.request_tokens: dict[str, RequestToken] = {}
        self.tokens: dict[str, Token] = {}
        self.bearers: dict[str, Bearer] = {}
        self.refresh_tokens: dict[str, Bearer] = {}

    def ask(self, callback: str) -> RequestToken:
        """A new request token."""
        name = self._new()
        request = RequestToken(
            self._secret(f"{name}:request"), self._secret(f"{name}:secret"), callback, self._secret(f"{name}:v")[:12]
        )
        self.request_tokens[request.token] = request
        return request

    def sign_in(self, userid: int) -> Token:
        """A new token of a user."""
        name = self._new()
        return self._keep(Token(self._secret(f"{name}:token"), self._secret(f"{name}:secret"), userid))

    def add_standing(self, userid: int) -> None:
        """A token and a bearer token that are there from the start and do not end."""
        self._keep(Token(self._secret(f"{userid}:token"), self._secret(f"{userid}:token_secret"), userid))
        bearer = Bearer(self.standing_bearer(userid), userid, "", float("inf"))
        self.bearers[bearer.access_token] = bearer

    def standing_token(self, userid: int) -> Token:
        """The token that a user has from the start."""
        return Token(self._secret(f"{userid}:token"), self._secret(f"{userid}:token_secret"), userid)

    def standing_bearer(self, userid: int) -> str:
        """The bearer token that a user has from the start."""
        return self._secret(f"{userid}:bearer")

    def sign_out(self, token: str) -> None:
        """Forget a token."""
        self.tokens.pop(token, None)

    def issue(self, userid: int | None, scope: str) -> Bearer:
        """A new bearer token, with one to refresh it if it is a user's."""
        name = self._new()
        bearer = Bearer(
            self._secret(f"{name}:bearer"),
            userid,
            scope,
            self._now() + self._settings.bearer_lifetime,
            "" if userid is None else self._secret(f"{name}:refresh"),
        )
        self.bearers[bearer.access_token] = bearer
        if bearer.refresh_token:
            self.refresh_tokens[bearer.refresh_token] = bearer
        return bearer

    def refresh(self, refresh_token: str) -> Bearer | None:
        """A new bearer token for an old one. What refreshes is good once; the old bearer token ends, too."""
        old = self.refresh_tokens.pop(refresh_token, None)
        if old is None:
            return None
        self.bearers.pop(old.access_token, None)
        return self.issue(old.userid, old.scope)

    def bearer(self, access_token: str) -> Bearer | None:
        """A bearer token that has not ended."""
        found = self.bearers.get(access_token)
        return found if found is not None and found.expires_at > self._now() else None

    def expire_bearers(self) -> None:
        """End every bearer token now, but not those that refresh them."""
        self.bearers.clear()

    def use_nonce(self, timestamp: int, nonce: str, token: str) -> bool:
        """Note that a nonce was used; ``False`` if it was already, at the same time and with the same token."""
        key = (timestamp, token, nonce)
        if key in self._nonces:
            return False
        if len(self._nonces) >= self._enough_nonces:
            # Signatures from before the window are refused for their age, so their nonces need not be kept.
            oldest = self._now() + self._settings.clock_skew - self._settings.timestamp_window
            self._nonces = {used: None for used in self._nonces if used[0] >= oldest}
            self._enough_nonces = max(10_000, 2 * len(self._nonces))
        self._nonces[key] = None
        return True

    def is_app(self, client_id: str, client_secret: str) -> bool:
        """Whether these are the application's OAuth 2 credentials."""
        return client_id == self.app.client_id and hmac.compare_digest(
            client_secret.encode(), self.app.client_secret.encode()
        )

    def _keep(self, token: Token) -> Token:
        self.tokens[token.token] = token
        return token

    def _new(self) -> str:
        self._made += 1
        return str(self._made)

    def _secret(self, name: str) -> str:
        return self._digest(f"session:{name}")[:40]
