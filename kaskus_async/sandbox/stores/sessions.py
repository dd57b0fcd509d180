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
    """An application that developers register."""

    name: str
    """Of the sandbox's own: empty for the one that is there from the start."""
    consumer_key: str
    consumer_secret: str = attrs.field(repr=False)
    client_id: str
    client_secret: str = attrs.field(repr=False)


@attrs.define
class RequestToken:
    """Asks a user for consent."""

    token: str
    secret: str = attrs.field(repr=False)
    consumer_key: str
    """Whose it is."""
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
    consumer_key: str
    """Whose it is: no other application can sign with it."""
    userid: int


@attrs.frozen
class Bearer:
    """An OAuth 2 token, of a user or of the application itself."""

    access_token: str = attrs.field(repr=False)
    client_id: str
    """Whose it is."""
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
        self._nonces: dict[tuple[int, str, str, str], None] = {}
        self._enough_nonces = 10_000
        self.app = self._new_app("")
        self.apps = {self.app.consumer_key: self.app}
        """By consumer key."""
        self.request_tokens: dict[str, RequestToken] = {}
        self.tokens: dict[str, Token] = {}
        self.bearers: dict[str, Bearer] = {}
        self.refresh_tokens: dict[str, Bearer] = {}

    def add_app(self) -> App:
        """Another application."""
        app = self._new_app(str(len(self.apps)))
        self.apps[app.consumer_key] = app
        return app

    def ask(self, app: App, callback: str) -> RequestToken:
        """A new request token."""
        name = self._new()
        request = RequestToken(
            self._secret(f"{name}:request"),
            self._secret(f"{name}:secret"),
            app.consumer_key,
            callback,
            self._secret(f"{name}:v")[:12],
        )
        self.request_tokens[request.token] = request
        return request

    def sign_in(self, app: App, userid: int) -> Token:
        """A new token of a user."""
        name = self._new()
        token, secret = self._secret(f"{name}:token"), self._secret(f"{name}:secret")
        return self._keep(Token(token, secret, app.consumer_key, userid))

    def add_standing(self, app: App, userid: int) -> None:
        """A token and a bearer token that are there from the start and do not end."""
        self._keep(self.standing_token(app, userid))
        bearer = Bearer(self.standing_bearer(app, userid), app.client_id, userid, "", float("inf"))
        self.bearers[bearer.access_token] = bearer

    def standing_token(self, app: App, userid: int) -> Token:
        """The token that a user has from the start."""
        name = self._standing(app, userid)
        return Token(self._secret(f"{name}:token"), self._secret(f"{name}:token_secret"), app.consumer_key, userid)

    def standing_bearer(self, app: App, userid: int) -> str:
        """The bearer token that a user has from the start."""
        return self._secret(f"{self._standing(app, userid)}:bearer")

    def sign_out(self, token: str) -> None:
        """Forget a token."""
        self.tokens.pop(token, None)

    def issue(self, client_id: str, userid: int | None, scope: str) -> Bearer:
        """A new bearer token, with one to refresh it if it is a user's."""
        name = self._new()
        bearer = Bearer(
            self._secret(f"{name}:bearer"),
            client_id,
            userid,
            scope,
            self._now() + self._settings.bearer_lifetime,
            "" if userid is None else self._secret(f"{name}:refresh"),
        )
        self.bearers[bearer.access_token] = bearer
        if bearer.refresh_token:
            self.refresh_tokens[bearer.refresh_token] = bearer
        return bearer

    def refresh(self, client_id: str, refresh_token: str) -> Bearer | None:
        """A new bearer token for an old one. What refreshes is good once; the old bearer token ends, too."""
        old = self.refresh_tokens.get(refresh_token)
        if old is None or old.client_id != client_id:
            return None
        del self.refresh_tokens[refresh_token]
        self.bearers.pop(old.access_token, None)
        return self.issue(client_id, old.userid, old.scope)

    def bearer(self, access_token: str) -> Bearer | None:
        """A bearer token that has not ended."""
        found = self.bearers.get(access_token)
        return found if found is not None and found.expires_at > self._now() else None

    def expire_bearers(self) -> None:
        """End every bearer token now, but not those that refresh them."""
        self.bearers.clear()

    def use_nonce(self, timestamp: int, nonce: str, consumer_key: str, token: str) -> bool:
        """Note that a nonce was used; ``False`` if it was already, at the same time and with the same credentials."""
        key = (timestamp, consumer_key, token, nonce)
        if key in self._nonces:
            return False
        if len(self._nonces) >= self._enough_nonces:
            # Signatures from before the window are refused for their age, so their nonces need not be kept.
            oldest = self._now() + self._settings.clock_skew - self._settings.timestamp_window
            self._nonces = {used: None for used in self._nonces if used[0] >= oldest}
            self._enough_nonces = max(10_000, 2 * len(self._nonces))
        self._nonces[key] = None
        return True

    def has_client(self, client_id: str, client_secret: str) -> bool:
        """Whether these are an application's OAuth 2 credentials."""
        return any(
            client_id == app.client_id and hmac.compare_digest(client_secret.encode(), app.client_secret.encode())
            for app in self.apps.values()
        )

    def _new_app(self, name: str) -> App:
        mark = f"{name}:" if name else ""
        return App(
            name,
            consumer_key=self._digest(f"{mark}consumer_key")[:32],
            consumer_secret=self._digest(f"{mark}consumer_secret")[:40],
            client_id=self._digest(f"{mark}client_id")[:16],
            client_secret=self._digest(f"{mark}client_secret")[:40],
        )

    def _standing(self, app: App, userid: int) -> str:
        return f"{app.name}:{userid}" if app.name else str(userid)

    def _keep(self, token: Token) -> Token:
        self.tokens[token.token] = token
        return token

    def _new(self) -> str:
        self._made += 1
        return str(self._made)

    def _secret(self, name: str) -> str:
        return self._digest(f"session:{name}")[:40]
