"""The OAuth 2 token endpoint, which stands outside the base path of everything else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kaskus_async.values import joined
from nusantara.errors import InvalidParameter
from nusantara.oauth2 import BearerAuth, ClientCredentials, Grant, Password, Token, read_token
from nusantara.request import CallClass, Request, post
from nusantara.secret import Secret, check_credential, credential, hide

if TYPE_CHECKING:
    from nusantara.token_store import TokenStore

__all__ = ["bearer_auth", "token_request"]

TEMPLATE = "/oauth/access-token"


def token_request(
    client_id: str, client_secret: Secret | str, fields: Mapping[str, str | None], call_class: CallClass
) -> Request:
    """A request for a token. Its answer is JSON, whatever format the client asks for elsewhere."""
    check_credential("client_id", client_id)
    # Not oauthlib's prepare_token_request: its body would be plain text, with the secrets in it, among the variables
    # that a traceback shows, and an empty credential would be left out instead of refused.
    form = {
        "client_id": client_id,
        "client_secret": credential("client_secret", client_secret),
        **fields,
    }
    return post(TEMPLATE, form=form, headers=(("Return-Type", "text/json"),), call_class=call_class)


def bearer_auth(
    ask: Callable[[Request], Awaitable[Any]],
    client_id: str,
    client_secret: Secret | str,
    *,
    username: str | None,
    password: Secret | str | None,
    scope: Sequence[str] | None,
    token: Token | None,
    store: TokenStore | None,
) -> BearerAuth:
    """What signs for an application or a user.

    Args:
        ask: Makes a request to the token endpoint, without other credentials than are in it, and gives the document.
    """
    client_secret, password = hide(client_secret), hide(password)
    # Everything is checked now, before a call needs a token.
    token_request(client_id, client_secret, {}, CallClass.REPEATABLE)

    async def fetch(fields: Mapping[str, str]) -> Token:
        # A refresh token is good once: who sends it again may lose the user's consent.
        once = fields["grant_type"] == "refresh_token"
        call_class = CallClass.UNREPEATABLE if once else CallClass.REPEATABLE
        return read_token(await ask(token_request(client_id, client_secret, fields, call_class)))

    grant = _grant(username, password, joined("scope", scope), token, store)
    return BearerAuth(fetch, grant=grant, token=token, store=store)


def _grant(
    username: str | None,
    password: Secret | None,
    scope: str | None,
    token: Token | None,
    store: TokenStore | None,
) -> Grant | None:
    """How to get a token from nothing. Never one of the application in the place of a user's."""
    if username is None:
        if password is not None:
            raise InvalidParameter("username", "is missing: the two go together")
        return ClientCredentials(scope=scope) if token is None else None
    if password is not None:
        check_credential("password", password)
        check_credential("username", username)
        return Password(username=username, password=password, scope=scope)
    if token is None and store is None:
        raise InvalidParameter("password", "is missing: without it the user's token has to be given, or in a store")
    return None
