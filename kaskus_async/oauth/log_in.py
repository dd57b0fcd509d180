"""The three steps of OAuth 1.0a in one, with the browser of this machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kaskus_async.models.auth import RequestToken, UserToken
from nusantara.signing.browser import receive_callback

if TYPE_CHECKING:
    from kaskus_async.auth import Authentication

__all__ = ["log_in"]


async def log_in(
    auth: Authentication,
    *,
    port: int,
    timeout: float,
    open_browser: bool | Callable[[str], bool],
    paste: Callable[[str], str] | None,
) -> UserToken:
    """See :meth:`kaskus_async.auth.Authentication.log_in`, whose steps ``auth`` takes."""
    asked: list[RequestToken] = []

    async def make_url(callback: str) -> str:
        asked.append(await auth.request_token(callback))
        return auth.authorize_url(asked[0].token)

    answer = await receive_callback(
        make_url,
        expect=lambda: {"oauth_token": asked[0].token},
        port=port,
        timeout=timeout,
        open_browser=open_browser,
        paste=paste,
        code="oauth_verifier",
    )
    return await auth.access_token(asked[0].token, asked[0].token_secret, verifier=answer.get("oauth_verifier") or None)
