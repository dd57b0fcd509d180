"""Who a call speaks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.sandbox.refusals import Unauthorized
from kaskus_async.sandbox.sign_in import oauth1
from kaskus_async.sandbox.stores import App
from nusantara.sandbox.incoming import Incoming

if TYPE_CHECKING:
    from kaskus_async.sandbox.entities import User
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["identify", "is_bearer", "signed"]


def identify(state: KaskusState, call: Incoming) -> User | None:
    """The user whom a call speaks for; ``None`` for the application itself. Raises :exc:`Unauthorized`."""
    if is_bearer(call):
        bearer = state.sessions.bearer(_bearer_token(call))
        if bearer is None:
            raise Unauthorized("the access token is not good, or no more", oauth2="invalid_token")
        return None if bearer.userid is None else state.users[bearer.userid]
    if not oauth1.is_signed(call):
        raise Unauthorized("the call is not signed")
    token = signed(state, call).token
    return state.users[state.sessions.tokens[token].userid] if token else None


def signed(state: KaskusState, call: Incoming) -> oauth1.Signed:
    """The application, and the user's token if there is one, that a call is signed with. Raises :exc:`Unauthorized`."""

    def secret_of(app: App, token: str) -> str | None:
        known = state.sessions.tokens.get(token)
        return known.secret if known is not None and known.consumer_key == app.consumer_key else None

    return oauth1.check(state, call, secret_of)


def is_bearer(call: Incoming) -> bool:
    """Whether a call comes with a token of OAuth 2."""
    return (call.header("Authorization") or "").partition(" ")[0].lower() == "bearer"


def _bearer_token(call: Incoming) -> str:
    return (call.header("Authorization") or "").partition(" ")[2].strip()
