"""The three steps of OAuth 1.0a in one, with the browser of this machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from kaskus_async.models.auth import RequestToken, UserToken
from nusantara.secret import Secret
from nusantara.signing import receive_callback

__all__ = ["Steps", "log_in"]


class Steps(Protocol):
    """The three steps, as :class:`kaskus_async.auth.Authentication` has them."""

    async def request_token(self, callback: str) -> RequestToken: ...
    def authorize_url(self, request_token: str) -> str: ...
    async def access_token(
        self, request_token: str, request_token_secret: Secret | str, *, verifier: str | None = None
    ) -> UserToken: ...


async def log_in(
    steps: Steps,
    *,
    port: int,
    timeout: float,
    open_browser: bool | Callable[[str], bool],
    paste: Callable[[str], str] | None,
) -> UserToken:
    """See :meth:`kaskus_async.auth.Authentication.log_in`."""
    asked: list[RequestToken] = []

    async def make_url(callback: str) -> str:
        asked.append(await steps.request_token(callback))
        return steps.authorize_url(asked[0].token)

    answer = await receive_callback(
        make_url,
        expect=lambda: {"oauth_token": asked[0].token},
        port=port,
        timeout=timeout,
        open_browser=open_browser,
        paste=paste,
        code="oauth_verifier",
    )
    verifier = answer.get("oauth_verifier") or None
    return await steps.access_token(asked[0].token, asked[0].token_secret, verifier=verifier)
